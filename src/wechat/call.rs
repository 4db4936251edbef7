//! The calls that this client makes: one line each, with the path, the verb, and what a repeat does.

use std::fmt;

use reqwest::Method;

use crate::terms::MassEndpoint;

/// What it means to make a call again after an answer that was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeat {
    /// It harms nobody; at worst a copy is left that nobody knows.
    Freely,
    /// What was to go is gone: 40007 the second time means that the first one did it.
    UntilGone,
    /// Nothing is repeated before the outcome has been asked for.
    AfterAsking,
}

macro_rules! calls {
    ($( $(#[$doc:meta])+ $name:ident = $path:literal $method:ident $repeat:ident; )+) => {
        /// The calls that this client makes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Call {
            $( $(#[$doc])+ $name, )+
        }

        impl Call {
            /// Every call, in the order of the table.
            #[cfg(test)]
            pub(super) const ALL: &[Self] = &[$( Self::$name, )+];

            /// The path below `/cgi-bin/`, which is also how errors name the call.
            pub fn path(self) -> &'static str {
                match self {
                    $( Self::$name => $path, )+
                }
            }

            pub(super) fn method(self) -> Method {
                match self {
                    $( Self::$name => Method::$method, )+
                }
            }

            pub(super) fn repeat(self) -> Repeat {
                match self {
                    $( Self::$name => Repeat::$repeat, )+
                }
            }
        }
    };
}

calls! {
    /// 获取稳定版接口调用凭据.
    StableToken = "stable_token" POST Freely;

    /// 上传图文消息内的图片.
    UploadImage = "media/uploadimg" POST Freely;
    /// 新增临时素材.
    UploadTemporary = "media/upload" POST Freely;
    /// 新增永久素材.
    AddMaterial = "material/add_material" POST Freely;
    /// 获取永久素材.
    MaterialGet = "material/get_material" POST Freely;
    /// 删除永久素材.
    MaterialDelete = "material/del_material" POST UntilGone;
    /// 上传群发视频: a temporary video becomes one that can be sent.
    ConvertVideo = "media/uploadvideo" POST Freely;
    /// 上传图文消息素材, the old way of articles; a repeat uses up one of ten a day.
    UploadNews = "media/uploadnews" POST Freely;

    /// 新建草稿.
    DraftAdd = "draft/add" POST Freely;
    /// 修改草稿.
    DraftUpdate = "draft/update" POST Freely;
    /// 获取草稿.
    DraftGet = "draft/get" POST Freely;
    /// 删除草稿.
    DraftDelete = "draft/delete" POST UntilGone;

    /// 群发, to everyone or a tag.
    SendAll = "message/mass/sendall" POST AfterAsking;
    /// 群发, to a list of openids.
    Send = "message/mass/send" POST AfterAsking;
    /// 获取卡券 `api_ticket`.
    CardTicket = "ticket/getticket" GET Freely;
    /// 预览.
    Preview = "message/mass/preview" POST Freely;
    /// 查询群发状态.
    MassGet = "message/mass/get" POST Freely;
    /// 删除群发.
    MassDelete = "message/mass/delete" POST AfterAsking;

    /// 获取群发速度.
    SpeedGet = "message/mass/speed/get" POST Freely;
    /// 设置群发速度.
    SpeedSet = "message/mass/speed/set" POST Freely;

    /// 查询接口调用额度.
    CallQuota = "openapi/quota/get" POST Freely;
    /// 获取微信接口服务器 IP.
    ApiDomainIps = "get_api_domain_ip" GET Freely;

    /// 获取标签.
    Tags = "tags/get" GET Freely;
    /// 获取关注者列表.
    Followers = "user/get" GET Freely;
    /// 获取标签下粉丝列表.
    TagMembers = "user/tag/get" POST Freely;
}

impl Call {
    /// Whether it makes a mass send job, so that its answer must be judged with care.
    pub fn is_mass_send(self) -> bool {
        matches!(self, Self::SendAll | Self::Send)
    }
}

impl From<MassEndpoint> for Call {
    fn from(endpoint: MassEndpoint) -> Self {
        match endpoint {
            MassEndpoint::SendAll => Self::SendAll,
            MassEndpoint::Send => Self::Send,
        }
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.path())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_call_has_a_path_of_its_own() {
        let paths: BTreeSet<&str> = Call::ALL.iter().map(|call| call.path()).collect();
        assert_eq!(paths.len(), Call::ALL.len());
        for path in paths {
            assert!(!path.starts_with('/') && !path.contains('?'), "{path}");
        }
    }

    #[test]
    fn no_mass_send_is_repeated_before_its_outcome_is_asked_for() {
        for call in Call::ALL.iter().filter(|call| call.is_mass_send()) {
            assert_eq!(call.repeat(), Repeat::AfterAsking, "{call}");
        }
    }
}
