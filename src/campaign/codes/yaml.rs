//! Q01xx: reading the YAML.

codes! { YAML:
    SYNTAX = "Q0101" "not valid YAML" {
        "The file cannot be read as YAML from this place on, so nothing after it was looked at. Common causes: a tab in the indentation, a full-width colon `：` or quote `“` in place of `:` and `\"`, and a value that begins with `{{` without quotes."
        "从这里开始无法按 YAML 读取，后面的内容都没有检查。常见原因：缩进里有制表符；把冒号或引号写成了全角的 `：`、`“`；以 `{{` 开头的值没有加引号。"
        "    title: \"{{ season }}上新\""
    }
    TOO_DEEP = "Q0102" "nested too deeply" {
        "Lists and objects stand more than 64 levels inside one another. No campaign needs that; the limit protects the machine that reads a stranger's pull request."
        "列表和对象嵌套超过 64 层。正常的活动文件用不到这么深；这个上限是为了保护读取陌生人合并请求的机器。"
        "    vars: { season: 春季 }"
    }
    ALIASES = "Q0103" "too much is repeated by aliases" {
        "YAML aliases (`*name`) copy what an anchor (`&name`) marks. A few of them inside one another can grow a small file to gigabytes, so there may be at most 100 aliases and 100,000 values after they are filled in, and none may stand inside its own anchor."
        "YAML 的别名（`*name`）会复制锚点（`&name`）的内容。几层互相引用就能让一个小文件膨胀到数 GB，所以别名最多 100 个，展开后最多 100,000 个值，而且不能引用自己所在的锚点。"
        "    window: &evening { until: 2026-03-01T20:00:00+08:00 }"
    }
    DUPLICATE_KEY = "Q0104" "a key written twice" {
        "The same key stands twice in one object. Many YAML readers silently keep the last one; here that could mean another audience than the one that was reviewed, so it is refused."
        "同一个对象里同一个键写了两次。许多 YAML 解析器会悄悄保留后一个；在这里这可能意味着发给了未经审核的人群，因此不接受。"
        "    sends:\n      launch: { … }\n      reminder: { … }      # a name of its own"
    }
    SECOND_DOCUMENT = "Q0105" "more than one document" {
        "A line `---` begins a second YAML document in the same file. One file is one campaign: make a folder for each."
        "`---` 在同一个文件里开始了第二个 YAML 文档。一个文件就是一个活动：请为每个活动建一个文件夹。"
        "    campaigns/spring/campaign.yaml\n    campaigns/summer/campaign.yaml"
    }
    NOT_USED_HERE = "Q0106" "a part of YAML that is not used here" {
        "Tags (`!name`), merge keys (`<<`), keys that are lists or objects, unquoted text that begins with `?`, and anchors with a `:` in their name are read differently by different YAML readers, so they are refused."
        "标签（`!name`）、合并键（`<<`）、用列表或对象作键、以 `?` 开头且不带引号的文字、名字里含 `:` 的锚点，不同的 YAML 解析器有不同的读法，因此一概不接受。"
        "    title: \"?你准备好了吗\""
    }
    INVISIBLE_BREAK = "Q0107" "an invisible line break" {
        "The file holds U+0085, U+2028 or U+2029: characters that look like nothing and that some YAML readers count as the end of a line. They usually come with text copied from a document; delete the character and type the line again."
        "文件里有 U+0085、U+2028 或 U+2029：看不见的字符，有的 YAML 解析器会把它们当作换行。它们通常是从文档里复制文字时带进来的；请删掉并重新输入这一行。"
        "    digest: 轻便、防风、好打理。"
    }
    EMPTY_FILE = "Q0108" "an empty file" {
        "The file holds no YAML. The smallest campaign has a version, a name, an account, a target and a send; the smallest qunfa.yaml has a version and an account."
        "文件里没有 YAML 内容。最小的活动要有版本、名字、账号、一个目标和一次群发；最小的 qunfa.yaml 要有版本和一个账号。"
        "    version: 1\n    campaign: spring-2026\n    account: demo"
    }
    TOO_LARGE = "Q0109" "too large a file" {
        "A campaign.yaml or qunfa.yaml is at most 1 MiB. Long texts belong into article files, long lists of people into a list of openids."
        "campaign.yaml 和 qunfa.yaml 最大 1 MiB。长文请放进正文文件，大量收件人请放进 openid 名单文件。"
        "    targets:\n      recall: { openids: recall.csv }"
    }
}
