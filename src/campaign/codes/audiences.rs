//! Q05xx: sends and audiences.

codes! { AUDIENCES:
    NO_AUDIENCE = "Q0501" "a target without an audience" {
        "A target says whom it is for: a `tag`, a list of `openids`, or `everyone: true`. Most software reads a missing tag as everyone; here it is an error."
        "目标必须写明发给谁：`tag`、`openids` 名单，或 `everyone: true`。多数程序把缺少标签当作发给所有人；在这里是错误。"
        "    targets:\n      vip: { tag: VIP会员 }\n      all: { everyone: true }"
    }
    EVERYONE_FALSE = "Q0502" "everyone: false" {
        "`everyone` is only ever `true`. `false` says whom the send is not for, and not whom it is for."
        "`everyone` 只能写 `true`。`false` 只说明不发给谁，没有说明发给谁。"
        "    targets:\n      vip: { tag: VIP会员 }"
    }
    NO_EXPECT = "Q0503" "a tag without an expectation" {
        "On a real account a tag needs `expect`: how many people it holds, at least and at most. A tag that was emptied, refilled or renamed is then noticed before anything is sent."
        "真实账号上按标签群发必须写 `expect`：标签里至少和至多有多少人。这样标签被清空、改动或改名时，发送前就会发现。"
        "    vip: { tag: VIP会员, expect: { at_least: 1000, at_most: 20000 } }"
    }
    LIST_ON_SUBSCRIPTION = "Q0504" "a list of openids on a subscription account" {
        "Only a service account (服务号) may send to a list of openids. A subscription account (订阅号) sends to a tag or to everyone."
        "只有服务号可以按 openid 列表群发。订阅号只能按标签或发给所有人。"
        "    vip: { tag: VIP会员 }"
    }
    CYCLE = "Q0505" "sends that wait for one another" {
        "The sends' `after` go round in a circle, so none of them could ever be first."
        "群发的 `after` 互相等待形成了环，谁也无法先发。"
        "    sends:\n      teaser: { … }\n      launch: { after: [teaser], … }"
    }
    ARTICLE_COUNT = "Q0506" "the number of articles" {
        "A news send has 1 to 8 articles (45008)."
        "一次图文群发包含 1 到 8 篇图文（45008）。"
        "    news: [launch, care]"
    }
    LONG_TEXT = "Q0507" "a long text" {
        "WeChat does not document how long a text send may be. Above 600 characters or 2,048 bytes it is likely to be refused (45002), and a refusal after approval costs a day. A news send has room for more."
        "微信没有写明文本群发的长度上限。超过 600 个字或 2,048 字节很可能被拒绝（45002），审批之后再被拒就耽误一天。内容多请用图文。"
        "    news: [notice]"
    }
    TOO_MANY_PREVIEWS = "Q0508" "too many reviewers" {
        "An account may send 100 previews a day by WeChat ID, for all of its sends together."
        "一个公众号每天按微信号最多预览 100 次，所有群发合计。"
        "    preview: [ { wxname: editor-in-chief } ]"
    }
    NO_END = "Q0509" "a window without an end" {
        "Every send says until when it may go out. Without that, a run that comes late (a queue, a broken runner, a revert) would send last month's news."
        "每次群发都要写明最晚什么时候可以发。否则一次迟到的运行（排队、机器故障、回滚）就会把上个月的内容发出去。"
        "    window: { until: 2026-03-01T20:00:00+08:00 }"
    }
    LONG_WINDOW = "Q0510" "a window longer than the account allows" {
        "The account's policy limits how long a window may be (`max_window`), so that an approval is not good for a send weeks later. Under such a policy a window has both ends."
        "账号的规则限制了窗口的长度（`max_window`），以免一次审批在几周之后还有效。有这条规则时，窗口两端都要写。"
        "    window: { from: 2026-03-01T10:00:00+08:00, until: 2026-03-01T20:00:00+08:00 }"
    }
    OTHER_ACCOUNT = "Q0511" "a send of another account" {
        "`after` and `again` speak of sends on the same account: another account has other followers and a history of its own."
        "`after` 和 `again` 指的是同一个账号的群发：别的账号有别的粉丝和自己的历史。"
        "    after: [spring-2026/sends/launch]"
    }
    ARTICLE_TWICE = "Q0512" "an article twice in one send" {
        "The send lists the same article more than once, and followers would see it twice."
        "同一次群发里同一篇图文出现了多次，粉丝会看到两遍。"
        "    news: [launch, care]"
    }
    PICTURE_COUNT = "Q0513" "the number of pictures" {
        "A send of pictures has 1 to 20 of them: WeChat names no number for sends (40215), and takes 20 in a picture article."
        "一次图片群发包含 1 到 20 张图片：微信没有写明群发的上限（40215），图片消息草稿最多 20 张。"
        "    images: [images/a.jpg, images/b.jpg]"
    }
    ONLY_WITH_PICTURES = "Q0514" "a key that belongs to pictures" {
        "`caption` and `comments` of a send belong to `image` and `images`. An article has its own `comments`; a text has neither."
        "群发的 `caption` 和 `comments` 只用于 `image` 和 `images`。图文的 `comments` 写在图文自己下面；文本两者都没有。"
        "    images: [images/a.jpg, images/b.jpg]\n    caption: 春天的十二种穿法\n    comments: followers"
    }
    NO_LIST = "Q0515" "a cut of what is no list" {
        "`except` and `slice` cut lists of openids, and only lists can be taken away from a list: WeChat sends to a tag, or to everyone, as a whole, and who is in it changes by the minute."
        "`except` 和 `slice` 只用于 openid 名单，也只能从名单里去掉另一份名单：按标签或发给所有人时，微信整体发送，而且成员随时在变。"
        "    late: { openids: late.csv, except: [recall] }"
    }
    BAD_SLICE = "Q0516" "not a slice" {
        "A slice is a share of a list's people, from one percentage up to another, with at most two decimals. Who is in it is drawn by the account, the campaign and the openid: slices that do not overlap have nobody in common, and a person stays where they are when the list grows."
        "`slice` 是名单的一部分，写成从百分之几到百分之几，最多两位小数。谁在其中由账号、活动和 openid 决定：不重叠的两份没有共同的人，名单变长时每个人的位置也不变。"
        "    trial: { openids: members.csv, slice: 0%..10% }\n    rest: { openids: members.csv, slice: 10%..100% }"
    }
    EXCEPT_CYCLE = "Q0517" "lists that take one another away" {
        "The lists' `except` go round in a circle, or reach so many lists that nobody could tell who is left."
        "名单的 `except` 互相引用形成了环，或者牵涉的名单太多，已经说不清剩下谁。"
        "    late: { openids: late.csv, except: [recall] }"
    }
    VIDEO_TITLE = "Q0521" "a video without a title" {
        "A video is sent with a title and, if written, a description: WeChat makes both part of it (`media/uploadvideo`). They stand beside the file under `media`, and a send names that entry, never the file."
        "视频群发要带标题，还可以带简介：微信转换视频时会把它们写进去（`media/uploadvideo`）。请在 `media` 里写在文件旁边；群发引用这个名字，而不是文件。"
        "    media:\n      film: { video: film.mp4, title: 新品短片, description: 三十秒看完 }\n    sends:\n      launch: { video: film, … }"
    }
    ONLY_WITH_VIDEO = "Q0522" "a key that belongs to a video" {
        "`title` and `description` of media belong to `video`. A picture, a voice and a thumb have neither."
        "素材的 `title` 和 `description` 只用于 `video`。图片、语音和缩略图两者都没有。"
        "    film: { video: film.mp4, title: 新品短片, description: 三十秒看完 }"
    }
    CARDS_REFUSED = "Q0523" "a card, which WeChat does not send any more" {
        "The call still has the type `wxcard`, and today WeChat answers it with 45113: products and cards cannot be sent any more. The send is planned all the same; a refusal is recorded and sends nothing."
        "接口仍保留 `wxcard` 类型，但微信现在会返回 45113：已不支持群发商品与卡券消息。计划照常生成；被拒绝会记录下来，不会发出任何内容。"
        "    news: [coupon]          # an article that leads to the coupon"
    }
}
