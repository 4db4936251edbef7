//! A send outside of its window is not made.

use super::check;
use super::stage::{launch, notice};

#[test]
fn before_its_window_a_send_is_made_ready_and_waits() {
    check(
        &launch().at("2026-03-01T09:59:59+08:00"),
        "upload_image spring-2026/images/coat.png: not_uploaded
         upload_image spring-2026/images/card.png: not_uploaded
         upload_material spring-2026/images/cover.png: not_uploaded
         upload_material spring-2026/images/care.png: not_uploaded
         save_draft spring-2026/sends/launch: no_draft
         preview spring-2026/sends/launch: not_previewed to editor-in-chief
         preview spring-2026/sends/launch: not_previewed to o6_bmjrPTlm6_2sgVt7hMZOPfL2M
         waits spring-2026/sends/launch: not_due until 03-01 10:00:00",
    );
}

#[test]
fn a_window_opens_at_its_first_and_closes_before_its_last_moment() {
    let sends = "send notice/sends/hello: not_sent
                 check_status notice/sends/hello: status_unknown";
    let at = |now: &str| notice("all", "").at(now);
    let waits = "waits notice/sends/hello: not_due until 03-02 09:00:00";
    check(&at("2026-03-02T08:59:59+08:00"), waits);
    check(&at("2026-03-02T09:00:00+08:00"), sends);
    check(&at("2026-03-08T20:59:59+08:00"), sends);
    let missed = "blocked notice/sends/hello: missed at 03-08 21:00:00";
    check(&at("2026-03-08T21:00:00+08:00"), missed);
    check(&at("2026-04-08T21:00:00+08:00"), missed); // on every run
}

#[test]
fn a_missed_send_uploads_nothing() {
    check(
        &launch().edit("2099-12-31", "2026-03-02").at("2026-03-03T12:00:00+08:00"),
        "blocked spring-2026/sends/launch: missed at 03-02 20:00:00",
    );
}

#[test]
fn a_skipped_send_is_closed_without_sending() {
    check(&notice("all", ", skip: 法务叫停"), "");
    check(&notice("all", ", skip: 法务叫停").at("2026-04-08T21:00:00+08:00"), "");
    let mut gone = notice("vip", ", skip: 法务叫停");
    gone.observed.tags = Some(vec![]);
    check(&gone, "");
    let standing = super::words::standings(&gone.plan());
    assert_eq!(standing, [("notice/sends/hello".to_owned(), qunfa::plan::Standing::Skipped)]);
}
