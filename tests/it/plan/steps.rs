//! Uploads, drafts and previews: what is made, kept, and made again, and why.

use qunfa::plan::{Action, Reason};

use super::check;
use super::stage::{launch, notice};

#[test]
fn a_first_plan_does_everything_in_order_with_its_reasons() {
    check(
        &launch(),
        "upload_image spring-2026/images/coat.png: not_uploaded
         upload_image spring-2026/images/card.png: not_uploaded
         upload_material spring-2026/images/cover.png: not_uploaded
         upload_material spring-2026/images/care.png: not_uploaded
         save_draft spring-2026/sends/launch: no_draft
         preview spring-2026/sends/launch: not_previewed to editor-in-chief
         preview spring-2026/sends/launch: not_previewed to o6_bmjrPTlm6_2sgVt7hMZOPfL2M
         send spring-2026/sends/launch: not_sent
         check_status spring-2026/sends/launch: status_unknown",
    );
}

#[test]
fn after_apply_everything_is_kept() {
    let plan = launch().applied().plan();
    let kept: Vec<_> = plan.kept.iter().map(|kept| (kept.what, kept.address.as_str())).collect();
    assert_eq!(kept, [("send", "spring-2026/sends/launch")]);
    let plan = launch().applied_until("send").plan();
    let kept: Vec<_> = plan.kept.iter().map(|kept| (kept.what, kept.address.as_str())).collect();
    assert_eq!(
        kept,
        [
            ("image", "spring-2026/images/coat.png"),
            ("image", "spring-2026/images/card.png"),
            ("material", "spring-2026/images/cover.png"),
            ("material", "spring-2026/images/care.png"),
            ("draft", "spring-2026/sends/launch"),
            ("preview", "spring-2026/sends/launch, preview 1"),
            ("preview", "spring-2026/sends/launch, preview 2"),
        ]
    );
}

#[test]
fn a_run_that_was_stopped_goes_on_where_it_was() {
    check(
        &launch().applied_until("preview"),
        "preview spring-2026/sends/launch: not_previewed to editor-in-chief
         preview spring-2026/sends/launch: not_previewed to o6_bmjrPTlm6_2sgVt7hMZOPfL2M
         send spring-2026/sends/launch: not_sent
         check_status spring-2026/sends/launch: status_unknown",
    );
    check(
        &launch().applied_until("check_status"),
        "check_status spring-2026/sends/launch: status_unknown",
    );
}

const PREVIEWED_AGAIN: &str =
    "preview spring-2026/sends/launch: not_previewed to editor-in-chief again
     preview spring-2026/sends/launch: not_previewed to o6_bmjrPTlm6_2sgVt7hMZOPfL2M again
     send spring-2026/sends/launch: not_sent
     check_status spring-2026/sends/launch: status_unknown";

#[test]
fn an_edited_article_is_named_and_its_draft_updated_in_place_and_previewed_again() {
    let draft = "save_draft spring-2026/sends/launch in place: draft_changed in";
    let ready = || launch().applied_until("send");
    check(&ready().edit("30 度水温", "20 度水温"), &format!("{draft} care\n{PREVIEWED_AGAIN}"));
    check(&ready().edit("轻便防风", "轻便"), &format!("{draft} launch\n{PREVIEWED_AGAIN}"));
    check(
        &ready().edit("[launch, care]", "[care, launch]"),
        &format!("{draft} care, launch\n{PREVIEWED_AGAIN}"),
    );
}

#[test]
fn an_edit_that_is_taken_back_needs_nothing_again() {
    let back = launch().applied_until("send").edit("30 度", "20 度").edit("20 度", "30 度");
    check(
        &back,
        "send spring-2026/sends/launch: not_sent
         check_status spring-2026/sends/launch: status_unknown",
    );
}

#[test]
fn a_changed_picture_changes_the_draft() {
    let ready = || launch().applied_until("send");
    check(
        &ready().redraw("spring/images/coat.png"),
        &format!(
            "upload_image spring-2026/images/coat.png: not_uploaded
             save_draft spring-2026/sends/launch in place: draft_changed in launch
             {PREVIEWED_AGAIN}"
        ),
    );
    check(
        &ready().redraw("spring/images/care.png"),
        &format!(
            "upload_material spring-2026/images/care.png: not_uploaded
             save_draft spring-2026/sends/launch in place: draft_changed in care
             {PREVIEWED_AGAIN}"
        ),
    );
}

#[test]
fn another_number_of_articles_is_a_new_draft_that_replaces_the_old_one() {
    let fewer = launch().applied_until("send").edit("[launch, care]", "[launch]");
    let draft = "save_draft spring-2026/sends/launch anew: draft_changed";
    check(&fewer, &format!("{draft}\n{PREVIEWED_AGAIN}"));
    let plan = fewer.plan();
    let Action::SaveDraft(order) = &plan.steps[0].action else { panic!("{plan:#?}") };
    assert_eq!(order.replaces.as_ref(), fewer_draft(&fewer).as_ref());
}

fn fewer_draft(stage: &super::Stage) -> Option<qunfa::terms::MediaId> {
    let ledger = stage.ledger();
    let send = ledger.send(&super::stage::effect("spring-2026/sends/launch"))?;
    send.draft.as_ref().map(|draft| draft.media_id.clone())
}

#[test]
fn a_reason_holds_the_old_and_the_new_value() {
    let stage = launch().applied_until("send").edit("30 度", "20 度");
    let before = launch().plan().sends[0].content.fingerprint();
    let after = stage.plan().sends[0].content.fingerprint();
    let Reason::DraftChanged { old, new, .. } = stage.plan().steps[0].because.clone() else {
        panic!("{:#?}", stage.plan().steps[0])
    };
    assert_eq!((old, new), (before, after));
}

#[test]
fn the_same_bytes_are_uploaded_once_whatever_campaign_they_are_in() {
    let both = launch().twin_folder("spring", "summer", ("spring-2026", "summer-2026"));
    let both = both.edit("summer-2026\n", "summer-2026\nedition: 2026-w30\n");
    let plan = both.plan();
    let uploads = plan.steps.iter().filter(|step| step.action.word().starts_with("upload"));
    let uploads: Vec<_> = uploads.map(|step| step.address.as_str()).collect();
    assert_eq!(
        uploads,
        [
            "spring-2026/images/coat.png",
            "spring-2026/images/card.png",
            "spring-2026/images/cover.png",
            "spring-2026/images/care.png",
        ]
    );
    let drafts = plan.steps.iter().filter(|step| step.action.word() == "save_draft");
    let needs: Vec<_> = drafts.map(|step| &step.after).collect();
    assert_eq!(needs.len(), 2, "a draft for each send");
    assert_eq!(needs[0], needs[1], "both drafts need the same four uploads");
}

#[test]
fn a_picture_that_stands_twice_is_uploaded_once() {
    let twice =
        launch().edit("十二款通勤外套。", "![一](images/coat.png) 与 ![二](images/coat.png)");
    let twice = twice.edit("cover: images/care.png", "cover: images/cover.png");
    check(
        &twice,
        "upload_image spring-2026/images/coat.png: not_uploaded
         upload_image spring-2026/images/card.png: not_uploaded
         upload_material spring-2026/images/cover.png: not_uploaded
         save_draft spring-2026/sends/launch: no_draft
         preview spring-2026/sends/launch: not_previewed to editor-in-chief
         preview spring-2026/sends/launch: not_previewed to o6_bmjrPTlm6_2sgVt7hMZOPfL2M
         send spring-2026/sends/launch: not_sent
         check_status spring-2026/sends/launch: status_unknown",
    );
    for step in twice.plan().steps {
        let mut needs = step.after.clone();
        needs.sort();
        needs.dedup();
        assert_eq!(needs.len(), step.after.len(), "{:?}", step.id);
    }
}

#[test]
fn a_text_needs_no_draft() {
    check(
        &notice("all", ", preview: [ { wxname: 主编 } ], approval: 0"),
        "preview notice/sends/hello: not_previewed to 主编
         send notice/sends/hello: not_sent
         check_status notice/sends/hello: status_unknown",
    );
}

#[test]
fn a_refusal_of_before_is_the_reason_to_try_again() {
    let stage = notice("all", "").applied_until_lost("notice/sends/hello");
    let (errcode, message) = (45028, "群发次数已用完".to_owned());
    let refused = qunfa::history::Fact::Rejected { errcode, message };
    check(
        &stage.tell("notice/sends/hello", refused),
        "send notice/sends/hello: refused_before with 45028 群发次数已用完
         check_status notice/sends/hello: status_unknown",
    );
}
