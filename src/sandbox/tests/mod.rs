//! The sandbox as a stranger meets it: raw requests, raw answers.

mod desk;

mod audience;
mod draft;
mod fault;
mod kept;
mod kinds;
mod material;
mod mass;
mod news;
mod preview;
mod quota;
mod repeat;
mod retract;
mod service;
mod temporary;
mod token;
mod upload;

use std::time::Duration;

use desk::{
    Desk, JPEG, MP4, PNG, article, clock, code, media, mp3, openids, part, service, subscription,
    text_to_vip, with,
};
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

use super::{Keep, Rules, Sandbox, SandboxClock, openid};
