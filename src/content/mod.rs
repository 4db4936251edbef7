//! Articles that WeChat keeps.
mod article;
mod desired;
mod read_back;

pub use article::Body;
pub use desired::{
    Article, Content, Desired, DesiredAfter, DesiredAudience, DesiredSend, ImageFile, ImageFormat,
    OpenIdList,
};
pub use read_back::missing;
