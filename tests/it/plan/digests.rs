//! Two digests that people hold a plan to: of one send, which an approval names, and of a plan.

use qunfa::terms::{Fingerprint, TagId};

use super::stage::{Stage, launch, notice};

fn plan_digest(stage: &Stage) -> Fingerprint {
    stage.plan().digest()
}

fn send_digest(stage: &Stage) -> Fingerprint {
    stage.plan().sends[0].digest
}

/// Both digests are other ones.
#[track_caller]
fn changes(stage: &Stage, changed: &Stage) {
    assert_ne!(send_digest(stage), send_digest(changed));
    assert_ne!(plan_digest(stage), plan_digest(changed));
}

/// Both digests stay.
#[track_caller]
fn stays(stage: &Stage, same: &Stage) {
    assert_eq!(send_digest(stage), send_digest(same));
    assert_eq!(plan_digest(stage), plan_digest(same));
}

#[test]
fn content_audience_window_and_flags_are_what_is_intended() {
    let stage = || notice("vip", ", on_reprint: stop");
    changes(&stage(), &stage().edit("今晚系统维护", "明晚系统维护"));
    changes(&stage(), &stage().edit("to: vip", "to: new"));
    changes(&stage(), &stage().edit("to: vip", "to: all"));
    changes(&stage(), &stage().edit("to: vip", "to: list"));
    changes(&stage(), &stage().edit("03-08T21", "03-08T22"));
    changes(&stage(), &stage().edit("from: 2026-03-02T09:00:00+08:00, ", ""));
    changes(&stage(), &stage().edit("on_reprint: stop", "on_reprint: accept"));
    changes(&stage(), &stage().edit("campaign: notice", "campaign: notices"));
    changes(&stage(), &stage().edit("campaign: notice", "campaign: notice\nedition: w48"));
    changes(&stage(), &stage().edit("hello:", "hallo:"));
    let mut renumbered = stage();
    renumbered.observed.tags.as_mut().unwrap()[0].id = TagId::new(102).unwrap();
    changes(&stage(), &renumbered);
    changes(&launch(), &launch().redraw("spring/images/coat.png"));
    changes(&launch(), &launch().redraw("spring/images/cover.png"));
}

#[test]
fn a_send_digest_is_not_about_ids_counts_times_or_what_is_done_already() {
    stays(&launch(), &launch().applied_until("save_draft"));
    stays(&launch(), &launch().applied_until("preview"));
    stays(&launch(), &launch().applied_until("send"));
    stays(&launch(), &launch().at("2026-03-05T12:00:00+08:00"));
    stays(&launch(), &launch().at("2026-02-05T12:00:00+08:00"));
    stays(&launch(), &launch().applied_until_lost("spring-2026/sends/launch"));
    let mut counted = launch();
    counted.observed.tags.as_mut().unwrap()[0].count += 1;
    counted.observed.followers = None;
    stays(&launch(), &counted);
    let mut moved = notice("list", "");
    moved.file("elsewhere.txt", b"o1\no2\no3\n");
    stays(&notice("list", ""), &moved.edit("/shared/list.txt", "/shared/elsewhere.txt"));
    let approved = notice("vip", ", approval: 1");
    stays(&approved, &approved.clone().approve("notice/sends/hello", "张三"));
}

#[test]
fn a_plan_digest_is_over_the_sends_that_are_still_intended() {
    let two = launch().twin_folder("spring", "summer", ("spring-2026", "summer-2026"));
    assert_ne!(plan_digest(&launch()), plan_digest(&two));
    let nothing = Stage::sends("").without("notice");
    assert_eq!(plan_digest(&launch().applied()), plan_digest(&nothing));
    assert_eq!(plan_digest(&notice("vip", ", skip: 法务叫停")), plan_digest(&nothing));
}

#[test]
fn digests_are_frozen_since_approvals_of_before_name_them() {
    // A text to everyone: neither rendering nor the account's tags are in it.
    let stage = notice("all", "");
    assert_eq!(send_digest(&stage).short(), "0599277a");
    assert_eq!(plan_digest(&stage).short(), "7f54b784");
}
