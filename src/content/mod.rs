//! Articles that WeChat keeps.
mod article;
mod desired;

pub use article::Body;
pub use desired::{
    Article, Content, Desired, DesiredAfter, DesiredAudience, DesiredSend, ImageFile, ImageFormat,
    OpenIdList,
};
