//! Q054x: retractions.

use super::*;

fn check_retract(retract: &str, expected: &str) {
    check(&format!("{HEAD}{REST}retract:\n  wrong-price: {retract}\n"), expected);
}

#[test]
fn a_retraction_says_what_and_why() {
    check_retract("{ send: first, articles: [launch], reason: 价格写错 }", "");
    check_retract("{ send: weekly@2026-w47/sends/issue, articles: all, reason: 价格写错 }", "");
    check_retract(
        "{ send: first, reason: 价格写错 }",
        "Q0541 10 [wrong-price] a retraction says which articles it takes back",
    );
    check_retract(
        "{ send: first, articles: some, reason: 价格写错 }",
        "Q0541 10 [some] `some` is not what a retraction can take back",
    );
    check_retract(
        "{ send: first, articles: [], reason: 价格写错 }",
        "Q0541 10 [[]] a retraction of no article does nothing",
    );
    check_retract(
        "{ send: first, articles: [a, a], reason: 价格写错 }",
        "Q0541 10 [a] the article `a` stands twice in one retraction",
    );
    check_retract(
        "{ send: first, articles: all }",
        "Q0213 10 [wrong-price] a retraction needs the key `reason`",
    );
    check_retract(
        "{ send: frist, articles: all, reason: 价格写错 }",
        "Q0205 10 [frist] there is no send `frist`",
    );
    check_retract(
        "{ send: x/y, articles: all, reason: 价格写错 }",
        "Q0316 10 [x/y] `x/y` names no send",
    );
}

#[test]
fn a_send_may_come_after_a_retraction() {
    let retract =
        "retract:\n  wrong-price: { send: weekly/sends/issue, articles: all, reason: 价格写错 }\n";
    let after = |entry: &str, expected: &str| {
        let rest = REST.replace("to: vip,", &format!("to: vip, after: [{entry}],"));
        check(&format!("{HEAD}{rest}{retract}"), expected);
    };
    after("retract/wrong-price", "");
    after("other/retract/wrong-price", "");
    after("retract/wrong", "Q0542 8 [retract/wrong] there is no retraction `wrong`");
    after("retract/错", "Q0316 8 [retract/错] `retract/错` names no retraction");
    after(
        "{ retract/wrong-price: ended }",
        "Q0543 8 [retract/wrong-price] `retract/wrong-price` is a retraction, which can only be done",
    );
}
