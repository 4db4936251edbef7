//! Q02xx: names and structure.

codes! { STRUCTURE:
    UNKNOWN_ARTICLE = "Q0201" "unknown article" {
        "A send names an article that this campaign does not have. Articles are the names under `articles` in the same file."
        "群发引用了本活动里不存在的图文。图文的名字写在同一个文件的 `articles` 下面。"
        "    articles:\n      launch: { title: 春季上新, cover: cover, body: launch.md }\n    sends:\n      first: { news: [launch], … }"
    }
    UNKNOWN_TARGET = "Q0202" "unknown target" {
        "`to` names a target that neither the campaign nor its account has. There is no default audience: whom a send is for is always written."
        "`to` 引用的目标在活动和账号里都没有。没有默认的发送对象：发给谁必须写明。"
        "    targets:\n      vip: { tag: VIP会员 }\n    sends:\n      launch: { to: vip, … }"
    }
    UNKNOWN_MEDIA = "Q0203" "unknown media" {
        "A word without `.` and `/` names a piece of media, and neither the campaign nor its account has one of this name. A file is written with its ending."
        "不含 `.` 和 `/` 的词是素材的名字，而活动和账号里都没有叫这个名字的素材。写文件时请带上扩展名。"
        "    media:\n      cover: { image: images/cover.jpg }\n    articles:\n      launch: { cover: cover, … }        # or cover: images/cover.jpg"
    }
    UNKNOWN_ACCOUNT = "Q0204" "unknown account" {
        "The campaign names an account that the nearest qunfa.yaml does not have."
        "活动引用的账号在最近的 qunfa.yaml 里不存在。"
        "    # qunfa.yaml\n    accounts:\n      demo: { kind: service, api: sandbox }"
    }
    UNKNOWN_SEND = "Q0205" "unknown send" {
        "`after` or `again` names a send that does not exist. A send of the same file is named alone; one of another campaign by its address."
        "`after` 或 `again` 引用了不存在的群发。同一个文件里的写名字即可；其他活动的要写完整地址。"
        "    after: [teaser, spring-2026/sends/launch, weekly@2026-w48/sends/issue]"
    }
    UNKNOWN_KEY = "Q0211" "unknown key" {
        "The language has no such key here. A misspelt key that were skipped could drop a window or an approval without anybody noticing, so every unknown key is an error."
        "这里没有这个键。如果把拼错的键悄悄跳过，可能会不知不觉丢掉时间窗口或审批，所以未知的键一律报错。"
        "    on_reprint: stop"
    }
    LATER_KEY = "Q0212" "not in this version" {
        "The key belongs to the campaign language, and this version of qunfa does not know it yet. It is refused rather than skipped, since a campaign without it would mean something else."
        "这个键属于活动语言，但当前版本的 qunfa 还不支持。不会跳过它，因为少了它活动的含义就变了。"
        "    sends:\n      launch: { news: [launch], … }       # or: text, image, images, voice, video"
    }
    MISSING_KEY = "Q0213" "a key is missing" {
        "A key that this object cannot do without is not there. Nothing is guessed in its place."
        "缺少这个对象必须有的键。程序不会替你猜一个值。"
        "    articles:\n      launch: { title: 春季上新, cover: cover, body: launch.md }"
    }
    EXACTLY_ONE = "Q0214" "exactly one of several keys" {
        "Some keys exclude one another, and one of them has to be written: a send is of one content, such as `news`, `text` or `voice`; a secret comes from `env`, `file` or `command`."
        "有些键互相排斥，必须且只能写其中一个：一次群发只写一种内容，例如 `news`、`text` 或 `voice`；密钥来自 `env`、`file` 或 `command` 之一。"
        "    sends:\n      launch: { news: [launch], … }"
    }
    BAD_NAME = "Q0215" "not a name" {
        "Names are lower-case words of letters and digits joined by `-`, at most 64 characters; names that templates use (`vars`, `mini_programs`) are joined by `_` and begin with a letter. They become part of addresses, and of the identity of a send, so a send's name cannot change later without `moved`."
        "名字由小写字母和数字组成，用 `-` 连接，最长 64 个字符；模板里用的名字（`vars`、`mini_programs`）用 `_` 连接并以字母开头。名字会成为地址和群发身份的一部分，之后不能随意改。"
        "    sends:\n      spring-launch: { … }\n    mini_programs:\n      spring_shop: { … }"
    }
    VERSION = "Q0216" "the version of the file" {
        "Both files say in which version of the language they are written. This program knows version 1."
        "两种文件都要写明所用语言的版本。当前程序支持版本 1。"
        "    version: 1"
    }
    SAME_CAMPAIGN = "Q0217" "two campaigns are the same" {
        "Campaign and edition together are the identity of every send inside, so they are unique in the whole project. Two folders with the same pair would settle each other's sends. For a series, give each folder an edition of its own."
        "活动名和期号合起来是其中每次群发的身份，在整个项目里必须唯一。两个文件夹若相同，就会互相影响对方的发送记录。系列活动请给每个文件夹写自己的 edition。"
        "    campaign: weekly\n    edition: 2026-w48"
    }
    SAME_APPID = "Q0218" "two accounts with one appid" {
        "An account is its appid; two names for it would keep two quotas and two policies for one set of followers."
        "账号由 appid 决定；一个 appid 起两个名字，就会对同一批粉丝有两套配额和两套规则。"
        "    accounts:\n      shop: { appid: wx1234567890abcdef, … }"
    }
    OUTSIDE_CAMPAIGNS = "Q0219" "a campaign outside the account's folders" {
        "The account lists in `campaigns` the only folders whose campaigns may name it, and this campaign lies elsewhere. So a folder's owners can be made its reviewers."
        "账号用 `campaigns` 列出了唯一可以使用它的文件夹，而这个活动不在其中。这样就能按文件夹指定审核人。"
        "    accounts:\n      shop: { campaigns: [ campaigns/shop ], … }"
    }
    SERIES = "Q0220" "a series without editions" {
        "Several folders share this campaign's name, so each of them needs an edition."
        "有多个文件夹使用同一个活动名，因此每个都要写 edition。"
        "    campaign: weekly\n    edition: 2026-w48"
    }
    NAME_TAKEN = "Q0221" "a name that templates already have" {
        "`account`, `article`, `campaign` and `row` are bound in every template, and so is each mini program by its name; a variable of the same name would hide one of them."
        "`account`、`article`、`campaign`、`row` 以及每个小程序的名字在模板里已经有含义；同名的变量会遮住它们。"
        "    vars: { season: 春季 }"
    }
}
