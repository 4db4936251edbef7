//! Q03xx: values.

codes! { VALUES:
    WRONG_TYPE = "Q0301" "the wrong kind of value" {
        "A list stands where text is wanted, text where a number is, and so on."
        "值的类型不对：该写文字的地方写了列表，该写数字的地方写了文字，等等。"
        "    news: [launch]\n    approval: 1\n    title: 春季上新"
    }
    NEEDS_QUOTES = "Q0302" "YAML would not read this as text" {
        "Unquoted, `no`, `on`, `0123`, `1e5`, `12:30`, `~` and nothing at all are not text to every reader of YAML: they become truth values, numbers or null. Write quotes where text is meant."
        "不加引号时，`no`、`on`、`0123`、`1e5`、`12:30`、`~` 以及空值，在有的 YAML 解析器里不是文字，而会变成真假值、数字或 null。要表示文字请加引号。"
        "    tag: \"no\"\n    edition: \"0123\"\n    wxname: \"13800138000\""
    }
    BAD_TIME = "Q0303" "not a time with an offset" {
        "A time is a date, a time of day and an offset from UTC (RFC 3339). Without the offset it would mean another hour on a CI machine than on yours. Beijing is `+08:00`."
        "时间要写日期、时刻和时区偏移（RFC 3339）。没有偏移，在 CI 机器上和在你的电脑上就会是不同的钟点。北京时间是 `+08:00`。"
        "    window: { from: 2026-03-01T10:00:00+08:00, until: 2026-03-01T20:00:00+08:00 }"
    }
    BAD_DURATION = "Q0304" "not a duration" {
        "A duration is a whole number and a unit: `s`, `m`, `h`, `d` or `w`."
        "时长是一个整数加单位：`s`（秒）、`m`（分）、`h`（小时）、`d`（天）或 `w`（周）。"
        "    max_window: 7d"
    }
    NOT_A_CHOICE = "Q0305" "not one of the words that may stand here" {
        "Only certain words have a meaning here."
        "这里只能写规定的几个词之一。"
        "    kind: service\n    comments: followers\n    on_reprint: stop"
    }
    OUT_OF_RANGE = "Q0306" "a number out of range" {
        "The number is smaller or larger than makes sense here."
        "数字超出了这里允许的范围。"
        "    approval: 1"
    }
    TOO_LONG = "Q0307" "too long for WeChat" {
        "WeChat takes titles of at most 32 characters (error 45003), authors of 16 (45110), digests of 120 (45004), mini-program titles of 35, and 阅读原文 addresses of 1 KB (41039). An emoji counts as two, since WeChat does not say how it counts them. Templates are measured once they are rendered."
        "微信的限制：标题最多 32 个字（45003），作者 16 个字（45110），摘要 120 个字（45004），小程序标题 35 个字，阅读原文链接 1 KB（41039）。微信没有说明表情怎么算，这里按两个字计。含模板的文字在渲染之后再量。"
        "    title: 春季上新：十二款通勤外套"
    }
    EMPTY = "Q0308" "empty text" {
        "The key is there and its text is empty or only spaces. Leave an optional key out instead."
        "键写了，但内容是空的或者只有空格。可选的键不用时请整个删掉。"
        "    author: 编辑部"
    }
    CONTROL = "Q0309" "a character that cannot stand here" {
        "The text holds a line break or a control character, and it has to be one plain line."
        "文字里有换行或控制字符，而这里必须是普通的一行。"
        "    title: 春季上新"
    }
    BAD_APPID = "Q0310" "not an appid of this kind" {
        "A real account's appid is `wx` and 16 hex digits; an emulated account's begins with `sandbox-`, so that no history, plan or screen can mistake one for the other."
        "真实账号的 appid 是 `wx` 加 16 位十六进制数字；模拟账号的以 `sandbox-` 开头，这样记录、计划和界面都不会把两者弄混。"
        "    shop: { appid: wx1234567890abcdef, … }\n    demo: { api: sandbox, appid: sandbox-demo, … }"
    }
    LITERAL_SECRET = "Q0311" "a secret in the file" {
        "A secret is written into the file itself. Files are in git, and git forgets nothing: say where the secret comes from instead, and if this one was ever committed, reset it in the console."
        "密钥直接写在了文件里。文件在 git 里，而 git 什么都忘不掉：请改为写明密钥的来源；如果已经提交过，请到公众平台重置。"
        "    secret: { env: WECHAT_SHOP_SECRET }      # or { file: … } or { command: [...] }"
    }
    BAD_API = "Q0312" "not an address of an API" {
        "`api` is `sandbox` or a base URL: https, or http on a loopback address only, since the AppSecret travels in it."
        "`api` 写 `sandbox` 或者一个地址：必须是 https；只有本机回环地址可以用 http，因为 AppSecret 会经过它传输。"
        "    api: https://api.weixin.qq.com\n    api: http://127.0.0.1:8787"
    }
    INCOMPLETE_ACCOUNT = "Q0313" "an account that cannot be reached" {
        "An account on a real API needs an appid and a secret. Only `api: sandbox` does without."
        "真实 API 上的账号必须有 appid 和 secret。只有 `api: sandbox` 可以不写。"
        "    shop:\n      kind: service\n      appid: wx1234567890abcdef\n      secret: { env: WECHAT_SHOP_SECRET }"
    }
    MINI_PROGRAM_APPID = "Q0314" "not the appid of a mini program" {
        "A mini program's appid is `wx` and 16 hex digits (40166 otherwise). It is not the original id that begins with `gh_`. The mini program must also be linked (关联) with the account."
        "小程序的 appid 是 `wx` 加 16 位十六进制数字（否则报 40166），不是以 `gh_` 开头的原始 ID。小程序还必须先与公众号关联。"
        "    mini_programs:\n      shop: { appid: wx0123456789abcdef, path: pages/index/index }"
    }
    PAGE_PATH = "Q0315" "not the path of a page" {
        "A mini program's page is written without a leading slash; a query may follow (40165 otherwise)."
        "小程序页面路径开头不带斜杠，后面可以带参数（否则报 40165）。"
        "    path: pages/item?id=1"
    }
    BAD_TERM = "Q0316" "not of the form that is wanted" {
        "The value has a form of its own (an edition, an openid, a WeChat ID, a history id, the address of a send), and this is not it."
        "这个值有固定的格式（期号、openid、微信号、历史 ID、群发地址），而写的不符合。"
        "    edition: 2026-w48\n    preview: [ { openid: o6_bmjrPTlm6_2sgVt7hMZOPfL2M } ]"
    }
    HISTORY_STORE = "Q0317" "not a place for the history" {
        "This version keeps its history in an SQLite file, relative to the folder of qunfa.yaml."
        "当前版本把历史保存在 SQLite 文件里，路径相对于 qunfa.yaml 所在的文件夹。"
        "    history: { store: sqlite:.qunfa/history.db }"
    }
    BAD_URL = "Q0318" "not a web address" {
        "阅读原文 leads to a web page: an address that begins with https:// or http://."
        "阅读原文指向网页：地址要以 https:// 或 http:// 开头。"
        "    source_url: https://example.com/spring"
    }
    WINDOW_REVERSED = "Q0319" "a window that ends before it starts" {
        "`until` is not later than `from`, so there is no moment at which the send could go out."
        "`until` 不晚于 `from`，没有任何时刻可以发送。"
        "    window: { from: 2026-03-01T10:00:00+08:00, until: 2026-03-01T20:00:00+08:00 }"
    }
    EXPECT_REVERSED = "Q0320" "bounds the wrong way round" {
        "`at_least` is above `at_most`, so no number of people fits."
        "`at_least` 大于 `at_most`，没有人数能满足。"
        "    expect: { at_least: 1000, at_most: 20000 }"
    }
}
