//! Articles that WeChat keeps: from a campaign as written to what should be true of it.
//!
//! Comes in: a [`Campaign`](crate::campaign::Campaign) and the [`Bundle`](crate::campaign::Bundle)
//! of its files. Goes out: a [`Desired`] with every article rendered, every picture found and every
//! audience read, or all the problems at once. This room does no I/O and knows neither history nor
//! clock: the same inputs give the same bytes, and a picture counts by its bytes, for its address
//! exists only after the upload.
//!
//! A body goes through six hands, each in a file of its own:
//!
//! ```text
//! launch.md ─▶ template ─▶ markdown ─▶ html ─▶ theme ─▶ gate ─▶ article
//!              names,       comrak      laid    inline    the     addresses and mini
//!              mini                     out     styles    list    programs last
//!              programs                 anew
//! ```
//!
//! Mini programs and pictures travel as marks from where a template writes them to the very
//! end, behind the gate, so that no text can pass for one. What WeChat would drop without a word, a
//! foreign picture above all, is an error here; what merely does not survive is a warning.
//!
//! ```
//! use qunfa::campaign::{self, Bundle};
//! use qunfa::content::{self, Content};
//!
//! let campaign = "
//! version: 1
//! campaign: notice
//! account: demo
//! vars: { day: 周五 }
//! targets: { all: { everyone: true } }
//! sends:
//!   hours:
//!     text: \"{{ day }}起营业到二十二点\"
//!     to: all
//!     window: { until: 2099-01-01T00:00:00+08:00 }
//! ";
//! let bundle = Bundle::from_files(&[
//!     ("qunfa.yaml", b"version: 1\naccounts: { demo: { kind: service, api: sandbox } }\n"),
//!     ("notice/campaign.yaml", campaign.as_bytes()),
//! ]);
//! let (campaign, _) = campaign::parse(&bundle);
//! let (desired, problems) = content::render(&campaign.unwrap(), &bundle);
//! assert!(problems.is_empty());
//! let Content::Text(text) = &desired.unwrap().sends[0].content else { panic!("no text") };
//! assert_eq!(text, "周五起营业到二十二点");
//! ```

mod article;
mod block;
mod codes;
mod desired;
mod desk;
mod dom;
mod gate;
mod html;
mod image;
mod length;
mod link;
mod mark;
mod markdown;
mod media;
mod medium;
mod mini_program;
mod page;
mod render;
mod read_back;
mod retraction;
mod send;
mod style;
mod template;
mod template_error;
mod text_link;
mod theme;
mod written;

#[cfg(test)]
mod tests;

pub use article::Body;
pub use codes::CODES;
pub use desired::{
    Article, Content, Desired, DesiredAfter, DesiredAudience, DesiredRetraction, DesiredSend,
    ImageFile, ImageFormat, Images, OpenIdList,
};
pub use medium::{MaterialFile, Medium, Video, VideoFile, VoiceFile, VoiceFormat};
pub use read_back::missing;
pub use render::render;
pub use retraction::retractions;
