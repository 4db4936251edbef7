//! The table of WeChat's numbers (返回码): one line a code, under what they ask for.
//!
//! A block says: class, action, what the code proves when it answers a mass send, and what a person
//! should do. `NotDone` is for codes that WeChat's pages list as refusals of a mass send (群发) or of
//! any call at all. The rest proves nothing there, however much it sounds like a refusal: a block is
//! split where only some of its codes are on those lists. Too much `Unknown` costs a question under
//! the same clientmsgid; too much `NotDone` costs a second send.

use std::time::Duration;

use super::codes::{Class, CodeFact, MINUTE, Text};
use super::error::Advice::{Done, Retry, Stop, Tomorrow, Wait};
use super::error::{Advice, Certainty};

macro_rules! code_table {
    ($(
        $class:ident $action:expr, $on_send:ident => $do_en:literal $do_zh:literal {
            $( $code:literal $en:literal $zh:literal; )+
        }
    )+) => {
        /// Every code that is known, by subject.
        pub(super) static CODES: &[CodeFact] = &[$($(
            CodeFact {
                code: $code,
                meaning: Text { en: $en, zh: $zh },
                class: Class::$class,
                action: $action,
                on_send: Certainty::$on_send,
                to_do: Text { en: $do_en, zh: $do_zh },
            },
        )+)+];
    };
}

code_table! {
    // Passing troubles.
    Transient Retry, Unknown
        => "try again in a while; after a mass send the outcome is settled first"
           "稍后重试；若为群发，须先确认结果" {
        -1 "system busy" "系统繁忙";
        268_487_001 "platform busy" "平台繁忙";
        268_487_002 "platform busy" "平台繁忙";
        268_488_001 "platform busy (one source only)" "平台繁忙（仅见于单一来源）";
        45085 "the speed setting failed on WeChat's side" "设置群发速度时服务端出错";
    }
    Transient Wait(Duration::from_secs(45)), Unknown
        => "wait until the video is transcoded" "等待视频转码完成" {
        46007 "the video is still being transcoded" "视频正在转码，请稍后";
    }
    Transient Wait(Duration::from_hours(1)), Unknown
        => "ask again in an hour; yesterday's numbers come after 08:00" "一小时后再查询；前一日数据约 8 点后就绪" {
        61503 "the statistics are not ready" "统计数据尚未就绪";
    }

    // The token, the secret, the address.
    Token Advice::Token, NotDone
        => "the token is renewed once; if it stays, look for a program that forces refreshes"
           "程序会换取一次新凭据；若持续出现，请检查是否有其他程序强制刷新" {
        40001 "access_token not valid or not the latest" "access_token 无效或不是最新";
        40014 "access_token not valid" "不合法的 access_token";
        42001 "access_token expired" "access_token 已过期";
        42007 "password changed, the authorisation is void" "用户修改密码，授权已失效";
    }
    Input Stop, NotDone
        => "compare AppID and AppSecret with the console (设置与开发)" "请与公众平台后台的 AppID、AppSecret 核对" {
        40013 "AppID not valid" "不合法的 AppID";
    }
    Input Stop, Unknown
        => "compare AppID and AppSecret with the console (设置与开发)" "请与公众平台后台的 AppID、AppSecret 核对" {
        40125 "AppSecret wrong" "AppSecret 不正确";
    }
    Input Stop, Unknown
        => "this is a mistake of the program: report it with the rid" "这是程序错误，请附上 rid 反馈" {
        40002 "grant_type not valid" "不合法的凭证类型";
        41002 "appid missing" "缺少 appid 参数";
        41003 "refresh_token missing" "缺少 refresh_token 参数";
        41004 "secret missing" "缺少 secret 参数";
    }
    Input Stop, NotDone
        => "this is a mistake of the program: report it with the rid" "这是程序错误，请附上 rid 反馈" {
        41001 "access_token missing" "缺少 access_token 参数";
        43001 "GET is required" "需要 GET 请求";
        43002 "POST is required" "需要 POST 请求";
        43003 "HTTPS is required" "需要 HTTPS 请求";
        44002 "the POST body is empty" "POST 的数据包为空";
        47001 "the body is not well-formed" "解析 JSON/XML 内容错误";
        40033 "the body holds \\uXXXX escapes" "请求字符不合法，不能包含 \\uxxxx 格式的字符";
        47002 "the body holds \\uXXXX escapes" "请求字符不合法，不能包含 \\uxxxx 格式的字符";
        40008 "msgtype not valid or not that of the branch" "不合法的消息类型，或与内容字段不符";
        45067 "clientmsgid too long" "clientmsgid 过长";
    }
    Permission Stop, NotDone
        => "add this address to the IP allow-list (IP白名单) of this account, in the console"
           "请在公众平台后台（设置与开发）将该 IP 加入本公众号的 IP 白名单" {
        40164 "the caller's IP is not on the allow-list" "调用接口的 IP 不在白名单中";
    }
    Permission Stop, Unknown
        => "add this address to the IP allow-list (IP白名单) of this account, in the console"
           "请在公众平台后台（设置与开发）将该 IP 加入本公众号的 IP 白名单" {
        45035 "the caller's IP is not registered" "访问 IP 未登记";
        61004 "the caller's IP is not registered" "访问 IP 未登记";
    }
    Permission Stop, Unknown
        => "ask the administrator to confirm on the phone, then run again; never send anew"
           "请管理员在手机上确认后再运行；切勿另行重发" {
        89501 "waiting for an administrator's confirmation" "此 IP 正在等待管理员确认";
        89502 "waiting for an administrator's confirmation" "等待管理员确认";
        89503 "this IP needs an administrator's confirmation" "此 IP 调用需要管理员确认";
        89504 "waiting for an administrator's confirmation" "等待管理员确认";
        89505 "waiting for an administrator's confirmation" "等待管理员确认";
    }
    Permission Stop, Unknown
        => "an administrator refused this IP: talk to them, and try again after the time"
           "管理员拒绝了该 IP：请与其沟通，到期后再试" {
        89506 "IP refused by two administrators, for 24 hours" "24 小时内该 IP 被管理员拒绝调用两次，24 小时内不可再用";
        89507 "IP refused by an administrator, for 1 hour" "1 小时内该 IP 被管理员拒绝调用一次，1 小时内不可再用";
    }

    // Quota and pace.
    Quota Tomorrow, NotDone
        => "wait for tomorrow (Beijing time), or look at 接口权限 in the console"
           "请明日（北京时间）再试，或在后台“接口权限”查看额度" {
        45009 "the day's quota of this call is used up" "接口调用超过当日限额";
    }
    Quota Wait(MINUTE), NotDone
        => "wait a minute" "等待一分钟" {
        45011 "called too often this minute" "调用太频繁，请稍后再试";
    }
    Quota Wait(MINUTE), Unknown
        => "wait a minute" "等待一分钟" {
        45061 "updated too often" "更新过于频繁";
    }
    Quota Wait(MINUTE.saturating_mul(3)), NotDone
        => "wait some minutes, then the same request with the same clientmsgid"
           "等待几分钟，再以相同的 clientmsgid 重试" {
        42010 "mass sends follow one another too fast" "群发过快，请稍后重试";
    }
    Quota Stop, NotDone
        => "the account may send no more in this period: wait for the next day (订阅号) or month (服务号)"
           "本期不能再群发：订阅号等次日，服务号等次月" {
        45028 "no mass-send quota left" "本期群发次数已用完";
    }
    Quota Stop, Unknown
        => "delete what is not needed any more" "请清理不再需要的内容" {
        45034 "the store is full" "素材或内容数量已达上限";
        45074 "the material store is full" "素材数量已达上限";
        45101 "an upload limit is reached" "上传数量已达上限";
    }
    Quota Stop, Unknown
        => "wait for the next period, or ask for more in the console" "等待下一周期，或在后台申请提升额度" {
        45040 "the month's quota is used up" "本月额度已用完";
        45104 "the domain's quota is used up" "域名额度已用完";
        45047 "too many customer messages to this person" "客服消息下发条数超过上限";
        48006 "the month's resets are used up" "本月清零次数已用完";
    }

    // Asked before.
    Duplicate Done, Unknown
        => "it was sent before under this clientmsgid: look at that job before anything else"
           "此 clientmsgid 已群发过：请先查询该群发任务" {
        45065 "this clientmsgid was sent already" "相同 clientmsgid 已存在群发记录";
    }
    Duplicate Wait(MINUTE), Unknown
        => "wait a minute, then the same request; an earlier one is still being dealt with"
           "等待一分钟后以相同请求重试；先前的请求仍在处理" {
        45066 "the same clientmsgid was tried again too soon" "相同 clientmsgid 重试过快";
    }
    Duplicate Advice::Ask, Unknown
        => "look in the console whether it went out" "请在后台核对是否已群发" {
        44007 "message id repeated" "消息 ID 重复";
    }

    // Ids that are gone.
    Gone Stop, NotDone
        => "upload it or save the draft again; a sent draft is gone, a temporary id lives 3 days"
           "请重新上传素材或保存草稿；已群发的草稿会失效，临时素材仅三天有效" {
        40007 "media_id unknown, used up or of the wrong kind" "不合法或已失效的 media_id";
    }
    Gone Stop, Unknown
        => "upload it again" "请重新上传" {
        46001 "the media does not exist" "不存在媒体数据";
    }
    Gone Stop, Unknown
        => "look in the console: WeChat forgets old jobs" "请在后台查看：较早的群发任务会查询不到" {
        40059 "msg_id unknown or too old" "不合法或过旧的消息 ID";
    }
    Gone Stop, Unknown
        => "check the article_id" "请核对 article_id" {
        53600 "article_id unknown" "article_id 无效";
    }
    Input Wait(MINUTE), Unknown
        => "wait for the end of the job, and look at its status" "等待群发结束并查询其状态" {
        40065 "the job is in the wrong state" "群发任务当前状态不允许此操作";
    }

    // Articles and texts.
    Input Stop, NotDone
        => "shorten the text" "请缩短内容" {
        40126 "text too long" "文本内容长度不合法";
        45002 "content too long: at most 20,000 characters with markup" "内容过长：含标签不超过 2 万字符";
        40193 "image caption too long" "图片推荐语长度不合法";
    }
    Input Stop, Unknown
        => "shorten the field in the campaign" "请缩短文件中的对应字段" {
        40062 "title too long" "标题长度不合法";
        45003 "title too long: at most 32 characters" "标题过长：不超过 32 字";
        45004 "digest too long: at most 120 characters" "摘要过长：不超过 120 字";
        40192 "author not valid" "作者名不合法";
        45110 "author too long: at most 16 characters" "作者名过长：不超过 16 字";
        40063 "message_ext too long" "message_ext 长度不合法";
    }
    Input Stop, Unknown
        => "take articles out of the draft" "请减少草稿中的文章" {
        45008 "too many articles: at most 8" "图文消息超过限制：最多 8 篇";
    }
    Input Stop, Unknown
        => "check the links of the article" "请检查文章中的链接" {
        40039 "a URL is too long" "URL 长度不合法";
        41010 "a URL is missing" "缺少 URL";
        45005 "a link is too long" "链接长度超过限制";
        45006 "an image link is too long" "图片链接长度超过限制";
        41039 "content_source_url not valid" "阅读原文链接（content_source_url）不合法";
        40213 "the href of a link is not valid" "链接的 href 不合法";
        40214 "the text of a link is not valid" "链接的文字不合法";
    }
    Content Stop, NotDone
        => "take the link out; only 阅读原文, mini programs and sent articles may be linked"
           "请移除该链接；仅支持阅读原文、小程序及已群发文章的链接" {
        40066 "URL blocked or external" "URL 被屏蔽或为外部链接";
    }
    Content Stop, Unknown
        => "take the link out; only 阅读原文, mini programs and sent articles may be linked"
           "请移除该链接；仅支持阅读原文、小程序及已群发文章的链接" {
        40048 "URL not allowed" "不允许的 URL";
        40068 "malicious URL" "包含恶意链接";
        40155 "link to another account's home page" "不可添加其他公众号的主页链接";
    }
    Content Stop, NotDone
        => "change the article; look at mini-program cards, foreign images and unescaped `&`"
           "请修改文章内容；重点检查小程序卡片、外部图片与未转义的 &" {
        45166 "article content not allowed" "图文内容不合法";
    }
    Content Stop, NotDone
        => "change the words" "请修改文字" {
        45168 "a word is on the blacklist" "内容包含敏感词";
        40194 "image caption refused" "图片推荐语不合规";
    }
    Content Stop, Unknown
        => "change the words" "请修改文字" {
        87014 "content judged risky" "内容含有违法违规风险";
    }
    Input Stop, NotDone
        => "check the mini program: linked (关联), right appid, path without a leading slash"
           "请检查小程序：是否已与公众号关联，appid 与路径（不以 / 开头）是否正确" {
        45086 "mini-program attribute not valid" "小程序属性不合法";
    }
    Input Stop, Unknown
        => "check the mini program: linked (关联), right appid, path without a leading slash"
           "请检查小程序：是否已与公众号关联，appid 与路径（不以 / 开头）是否正确" {
        40165 "mini-program path not valid" "小程序路径不合法";
        40166 "mini-program appid not valid" "小程序 appid 不合法";
        40168 "the mini program is not linked with the account" "小程序未与公众号关联";
    }
    Input Stop, Unknown
        => "link the mini program with the account" "请先关联该小程序" {
        45064 "a menu names a mini program that is not linked" "菜单中的小程序未关联";
    }
    Input Stop, NotDone
        => "write some content: a draft, or a text" "请填写内容：图文或文本" {
        44003 "no articles" "图文消息内容为空";
        44004 "no text" "文本消息内容为空";
    }
    Input Stop, Unknown
        => "give the article a cover" "请为文章设置封面" {
        40229 "the cover is missing" "缺少封面";
    }
    Input Stop, Unknown
        => "check the number of images" "请检查图片数量" {
        40215 "number of images not valid" "图片数量不合法";
        45020 "too many images" "图片数量超过限制";
        41026 "the list of images is missing" "缺少图片列表";
    }
    Input Stop, Unknown
        => "take the product out of the article" "请移除文章中的商品" {
        53404 "the account may not show products" "账号没有插入商品的权限";
        53405 "product information wrong" "商品参数错误";
        53406 "the product is not available" "商品状态异常";
    }
    Content Stop, Unknown
        => "look at the article in the console" "请在后台查看该文章" {
        53503 "the draft failed the publish check" "草稿未通过发布检查";
    }
    Permission Stop, Unknown
        => "do this by hand in the console" "请在公众平台网站手动操作" {
        53504 "the draft must be published on the website" "需前往公众平台官网使用草稿";
        53505 "the draft must be saved by hand first" "请手动保存成功后再发表";
    }

    // Files.
    Input Stop, Unknown
        => "use a file of another format: jpg or png inside articles, mp3 or amr as a voice, mp4 as a video"
           "请更换文件格式：正文图片须为 jpg 或 png，语音须为 mp3 或 amr，视频须为 mp4" {
        40004 "media type not valid" "不合法的媒体文件类型";
        40005 "file type not valid" "不合法的文件类型";
        40113 "file type not supported" "不支持的文件类型";
        40137 "image format not supported" "不支持的图片格式";
        40160 "the image file is damaged" "图片文件损坏";
        40161 "the image does not match its type" "图片文件与类型不符";
    }
    Input Stop, Unknown
        => "use a smaller file: an image under 1 MB inside articles and up to 10 MB elsewhere, a voice up to 2 MB, a video up to 10 MB, a thumb up to 64 kB"
           "请缩小文件：正文图片小于 1 MB，其他图片不超过 10 MB，语音不超过 2 MB，视频不超过 10 MB，缩略图不超过 64 KB" {
        40006 "file size not valid" "不合法的文件大小";
        40009 "image too large" "图片大小不合法";
        40010 "voice too large" "语音大小不合法";
        40011 "video too large" "视频大小不合法";
        40012 "thumb too large" "缩略图大小不合法";
        45001 "file too large" "多媒体文件大小超过限制";
        45068 "file too large" "文件过大";
    }
    Input Stop, Unknown
        => "use a shorter voice" "请缩短语音" {
        45007 "voice longer than 60 seconds" "语音播放时间超过 60 秒";
    }
    Input Stop, Unknown
        => "check that the file is there and not empty" "请检查文件是否存在且不为空" {
        44001 "the file is empty" "多媒体文件为空";
        44006 "the file is empty" "文件为空";
    }
    Input Stop, Unknown
        => "this is a mistake of the program (a file name not in ASCII?): report it with the rid"
           "这是程序错误（文件名可能含非 ASCII 字符），请附上 rid 反馈" {
        41005 "no file data" "缺少多媒体文件数据";
        41006 "media_id missing" "缺少 media_id 参数";
        40118 "media_id too long" "media_id 大小不合法";
        40121 "media_id of the wrong type" "media_id 类型不合法";
    }
    Input Stop, NotDone
        => "upload it as a permanent material" "请作为永久素材上传" {
        40128 "the id must come from add_material" "media_id 须由新增永久素材接口取得";
    }
    Input Stop, Unknown
        => "upload the video by the upload call" "请通过上传接口上传视频" {
        45161 "the video id must come from the upload call" "视频 media_id 须由上传接口取得";
    }
    Input Stop, Unknown
        => "take it out of the menu or the automatic replies first" "请先从菜单或自动回复中移除" {
        45060 "the material is in use" "素材正在被使用";
        48005 "the material is used by a menu or an automatic reply" "素材被自动回复或菜单引用";
    }

    // Audience and reviewers.
    Input Stop, NotDone
        => "check the openids: of this account, followers, 2 to 10,000 of them"
           "请检查 openid：须为本号粉丝，每批 2 至 10000 个" {
        40003 "openid not valid for this account" "不合法的 OpenID";
        40031 "list of openids not valid" "不合法的 OpenID 列表";
        40032 "length of the list of openids not valid" "不合法的 OpenID 列表长度";
        40130 "fewer than two openids" "OpenID 列表至少需要两个";
        45019 "too many openids" "OpenID 数量超过限制";
        44005 "the list is empty" "列表为空";
        43004 "the person does not follow the account" "需要接收者关注";
        43019 "the person is on the blacklist" "接收者在黑名单中";
    }
    Input Stop, Unknown
        => "check the person" "请检查该用户" {
        41009 "openid missing" "缺少 openid";
        50005 "the person does not follow the account" "用户未关注公众号";
        40132 "WeChat ID not valid" "微信号不合法";
    }
    Permission Stop, Unknown
        => "leave this person out" "请移除该接收者" {
        48002 "the person refuses messages" "粉丝关闭了接收消息";
    }
    Input Stop, NotDone
        => "look up the account's tags" "请核对公众号的标签" {
        40152 "the group does not exist" "分组不存在";
        45159 "the tag does not exist" "标签不存在";
    }
    Input Stop, Unknown
        => "check the tag in the console" "请在后台检查标签" {
        45056 "too many tags: at most 100" "标签数量超过上限（100 个）";
        45057 "the tag has more than 100,000 followers" "该标签下粉丝数超过 10 万";
        45058 "one of WeChat's own tags" "不能修改系统默认保留的标签";
        45059 "the person has too many tags" "粉丝身上的标签数已达上限";
        45157 "tag name taken or not valid" "标签名重复或不合法";
        45158 "tag name too long" "标签名过长";
        45169 "tagging failed for some openids" "部分 openid 打标签失败";
        45171 "tagging failed for some openids" "部分 openid 打标签失败";
    }

    // The account's rights.
    Permission Stop, NotDone
        => "check the account's kind and verification (认证); lists of openids are for 服务号 only"
           "请检查账号类型与认证是否过期；按 OpenID 列表群发仅限服务号" {
        48001 "the account does not have this right" "公众号没有该接口权限";
        45052 "message type not allowed for this account" "该账号不支持此消息类型";
        48008 "message type not allowed for this account" "没有该类型消息的发送权限";
        45162 "message type not allowed for this account" "该账号不支持此消息类型";
    }
    Permission Stop, NotDone
        => "open the console (mp.weixin.qq.com): it says why, and what to accept"
           "请登录公众平台（mp.weixin.qq.com）查看原因并处理" {
        48003 "the mass-send agreement is not accepted" "尚未同意群发协议";
        48004 "the call is blocked for the account" "接口被封禁";
        50002 "the account is limited or frozen" "用户受限，可能是账号被冻结";
        50004 "the account may not do this" "账号不允许此操作";
        45501 "a supervisor blocked part of the account's calls" "部分接口调用被监管方限制";
        45102 "the call is blocked for now" "接口暂时被封禁";
        45103 "the call is no longer supported" "接口已下线";
    }
    Permission Stop, NotDone
        => "send this by hand on the website (mp.weixin.qq.com)" "请在公众平台网站（mp.weixin.qq.com）手动群发" {
        45062 "has an advertising agreement: send on the website" "存在广告协议，请在网站操作";
        48021 "an automatically saved draft cannot be sent" "自动保存的草稿不能群发";
        48022 "a video uploaded by API cannot be sent" "通过接口上传的视频不能群发";
    }
    Permission Stop, NotDone
        => "send articles or a text about it" "请改为群发图文或文本" {
        45113 "products and cards cannot be sent any more" "已不支持发送商品与卡券消息";
    }
    Permission Stop, Unknown
        => "look in the console (mp.weixin.qq.com)" "请登录公众平台（mp.weixin.qq.com）查看" {
        48009 "the right to this call has expired" "接口权限已过期";
        48010 "the material is protected" "素材受保护，不可操作";
        48013 "the video cannot be used" "该视频非新接口上传，不能用于群发";
        48014 "the video did not pass its review" "视频审核状态异常";
        48015 "the account has no comments" "该账号没有留言权限";
        48016 "this is not configured" "尚未配置";
        50001 "the account has not authorised this" "用户未授权该接口";
        50003 "the account's state is unexpected" "账号状态异常";
        40204 "an article marked as rumour cannot be deleted" "被标记为洗稿或谣言的文章不能删除";
        61003 "the third-party platform is not authorised" "第三方平台未获授权";
        61007 "the right is not given to the third-party platform" "该权限未授权给第三方平台";
        61016 "the third-party platform's authorisation must be confirmed" "第三方平台授权需确认";
    }

    // Numbers and other calls.
    Input Stop, Unknown
        => "check the values given to this call; if they are right, report it with the rid"
           "请检查传入的参数；若无误，请附上 rid 反馈" {
        40035 "parameter not valid" "不合法的参数";
        40038 "request format not valid" "不合法的请求格式";
        40060 "article_idx not valid" "不合法的 article_idx";
        40097 "parameter not valid" "参数错误";
        40114 "index not valid" "不合法的 index";
        41011 "a required field is missing" "缺少必填参数";
        61451 "parameter not valid" "参数错误";
        9_001_001 "POST data not valid" "POST 数据参数不合法";
        9_500_001 "parameters of a mass delete not valid" "删除群发的参数不合法";
        9_500_002 "parameters of a mass send not valid" "群发的参数不合法";
        45083 "speed not in 0 to 4" "群发速度须为 0 至 4";
        45084 "speed missing" "缺少群发速度";
        61500 "date format not valid" "日期格式错误";
        61501 "date range not valid" "日期范围错误";
        76001 "rid not found" "rid 不存在";
        76002 "rid missing" "rid 为空";
        76003 "rid of another account, or cgi_path not valid" "rid 不属于该账号，或 cgi_path 不合法";
        76004 "rid expired: it lives seven days" "rid 已过期（保留七天）";
        76021 "cgi_path unknown" "cgi_path 不存在";
        76022 "no right to look at this cgi_path" "没有查询该 cgi_path 的权限";
        87009 "signature not valid" "签名不合法";
    }
    Input Stop, Unknown
        => "check the callback settings in the console" "请检查后台的回调（服务器）配置" {
        40201 "no callback address is configured" "未配置回调 URL";
        40202 "callback check: action not valid" "回调检测的 action 不合法";
        40203 "callback check: operator not valid" "回调检测的运营商不合法";
    }
    Permission Stop, Unknown
        => "close comments in the campaign, or ask for the right in the console"
           "请在文件中关闭留言，或在后台开通留言功能" {
        88000 "the account has no comments" "没有留言权限";
        88002 "comments of this article are restricted" "该文章的留言受限";
    }
    Input Stop, Unknown
        => "look at the comments in the console" "请在后台查看留言" {
        88001 "the article is unknown" "图文不存在";
        88003 "too many featured comments" "精选留言数已达上限";
        88004 "the comment was deleted by its author" "留言已被用户删除";
        88005 "the comment has a reply already" "已经回复过";
        88006 "a call about comments was refused" "留言接口调用被拒绝";
        88007 "reply empty or too long" "回复内容为空或超过长度限制";
        88008 "the comment is unknown" "留言不存在";
        88009 "the reply is unknown" "回复不存在";
        88010 "count not valid" "数量超出范围";
        88011 "a call about comments was refused" "留言接口调用被拒绝";
    }
}
