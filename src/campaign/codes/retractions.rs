//! Q054x: retractions.

codes! { RETRACTIONS:
    RETRACTED_ARTICLES = "Q0541" "what a retraction takes back" {
        "A retraction names the articles it takes back, as they were named when they were sent, or says `all`. Nothing is taken back by default: WeChat reads a missing article as all of them, and a retracted article never comes back."
        "撤回必须写明撤回哪些图文（用发送时的名字），或者写 `all`。没有默认值：微信把缺省当作全部撤回，而撤回的图文无法恢复。"
        "    retract:\n      wrong-price: { send: weekly@2026-w47/sends/issue, articles: [calendar], reason: 活动价格写错 }"
    }
    UNKNOWN_RETRACTION = "Q0542" "unknown retraction" {
        "`after` names a retraction that this campaign does not declare. It is written `retract/NAME`, or by its address in another campaign."
        "`after` 提到了一个没有声明的撤回。写法是 `retract/名字`，别的活动里的要写完整地址。"
        "    after: [retract/wrong-price]"
    }
    RETRACTION_OUTCOME = "Q0543" "an outcome of a retraction" {
        "A retraction can only be done, so `after` names it without an outcome. `sent` and `ended` are outcomes of sends."
        "撤回只有完成这一种结果，所以 `after` 里只写名字。`sent` 和 `ended` 是群发的结果。"
        "    after: [retract/wrong-price]"
    }
}
