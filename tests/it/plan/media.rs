//! Voices, videos and cards: what is uploaded, converted, kept, and renewed in time.

use qunfa::history::Fact;
use qunfa::plan::{Action, Plan};
use qunfa::terms::{Fingerprint, MaterialKind, MediaId};

use super::check;
use super::stage::{Stage, recordings};

fn greeting() -> Stage {
    let [greeting, _, _] = recordings();
    greeting
}

fn film() -> Stage {
    let [_, film, _] = recordings();
    film
}

/// What follows the uploads.
fn shown(campaign: &str) -> String {
    let send = format!("{campaign}-2026/sends/hello");
    format!("preview {send}: not_previewed to editor-in-chief\n{}", sent(campaign))
}

fn sent(campaign: &str) -> String {
    let send = format!("{campaign}-2026/sends/hello");
    format!("send {send}: not_sent\ncheck_status {send}: status_unknown")
}

/// Records something about no send.
fn told(mut stage: Stage, fact: Fact) -> Stage {
    stage.record(None, fact);
    stage
}

fn kept(plan: &Plan) -> Vec<&'static str> {
    plan.kept.iter().map(|kept| kept.what).collect()
}

#[test]
fn a_voice_is_uploaded_for_good_a_video_converted_and_a_card_shown() {
    let [greeting, film, coupon] = recordings();
    check(
        &greeting,
        &format!("upload_material greeting-2026/问候.mp3: not_uploaded\n{}", shown("greeting")),
    );
    check(
        &film,
        &format!(
            "upload_material film-2026/短片.mp4: not_uploaded
             convert_video film-2026/短片.mp4: not_converted\n{}",
            shown("film")
        ),
    );
    check(&coupon, &shown("coupon"));
    // Each waits for what it is made of.
    let plan = film.plan();
    let after = |n: usize| plan.steps[n].after.clone();
    assert_eq!(after(1), [plan.steps[0].id.clone()]);
    assert_eq!(after(2), [plan.steps[1].id.clone()]);
    for stage in recordings() {
        let plan = stage.applied().plan();
        assert!(plan.is_empty() && plan.blocked.is_empty(), "{plan:#?}");
    }
}

#[test]
fn what_is_on_the_account_is_not_uploaded_again() {
    check(&greeting().applied_until("preview"), &shown("greeting"));
    assert_eq!(kept(&greeting().applied_until("preview").plan()), ["material"]);
    check(&film().applied_until("preview"), &shown("film"));
    assert_eq!(kept(&film().applied_until("preview").plan()), ["video"]);
    // The upload of a run that ended there serves.
    check(
        &film().applied_until("convert_video"),
        &format!("convert_video film-2026/短片.mp4: not_converted\n{}", shown("film")),
    );
}

#[test]
fn another_title_is_another_video_of_the_same_upload() {
    let again = |from: &str, to: &str| {
        check(
            &film().applied_until("send").edit(from, to),
            &format!("convert_video film-2026/短片.mp4: not_converted\n{}", shown("film")),
        );
    };
    again("新品短片", "上新短片");
    again("三十秒看完", "一分钟看完");
    let plan = film().applied().edit("新品短片", "上新短片").plan();
    assert!(plan.is_empty(), "{plan:#?}");
    assert_eq!(plan.blocked[0].why.word(), "sent_content_changed");
}

#[test]
fn one_upload_serves_two_titles_and_one_video_two_sends() {
    let both = |second: &str| {
        let more = "title: '{{ season }}新品短片', description: 三十秒看完 }";
        let other = format!(
            "{more}, other: {{ video: 短片.mp4, title: {second}, description: 三十秒看完 }}"
        );
        let send = "  later:\n    video: other\n    to: vip\n    again: film-2026/sends/hello\n    \
                    window: { until: 2099-12-31T20:00:00+08:00 }\n";
        let end = "until: 2099-12-31T20:00:00+08:00 }\n";
        film().edit(more, &other).edit(end, &format!("{end}{send}"))
    };
    let count = |stage: Stage, action: &str| {
        stage.plan().steps.iter().filter(|step| step.action.word() == action).count()
    };
    for (second, videos) in [("上新短片", 2), ("春季新品短片", 1)] {
        assert_eq!(count(both(second), "upload_material"), 1, "{second}");
        assert_eq!(count(both(second), "convert_video"), videos, "{second}");
        assert_eq!(count(both(second), "send"), 2, "{second}");
    }
}

#[test]
fn a_video_is_renewed_a_day_before_it_goes() {
    // Uploaded on 2 March at noon, for three days.
    let ready = || film().applied_until("send");
    check(&ready().at("2026-03-04T11:59:59+08:00"), &sent("film"));
    check(
        &ready().at("2026-03-04T12:00:00+08:00"),
        &format!(
            "upload_material film-2026/短片.mp4: expiring at 03-05 12:00:00
             convert_video film-2026/短片.mp4: expiring at 03-05 12:00:00\n{}",
            sent("film")
        ),
    );
    let renewed = ready().at("2026-03-04T12:00:00+08:00").applied_until("send");
    check(&renewed, &sent("film"));
    // Long after, it is the same: previews and approvals are of the content, not of its id.
    let gone = ready().at("2026-04-01T12:00:00+08:00");
    assert_eq!(gone.plan().steps.len(), 4);
    assert_eq!(gone.plan().digest(), ready().plan().digest());
}

#[test]
fn a_video_that_went_out_is_left_alone() {
    check(&film().applied().at("2026-04-01T12:00:00+08:00"), "");
}

#[test]
fn media_of_the_account_need_no_upload_and_count_by_their_ids() {
    let named = || greeting().edit("voice: 问候.mp3", "voice: { media_id: Ab-1 }");
    check(&named(), &shown("greeting"));
    assert_ne!(named().plan().digest(), greeting().plan().digest());
    let other = named().edit("Ab-1", "Ab-2");
    assert_ne!(named().plan().digest(), other.plan().digest());
    check(&film().edit("video: 短片.mp4", "video: { media_id: Ab-3 }"), &shown("film"));
}

#[test]
fn what_wechat_does_not_know_is_made_again() {
    let plan = film().plan();
    let Action::ConvertVideo(order) = &plan.steps[1].action else { panic!("{plan:#?}") };
    let upload = order.file.fingerprint;
    let gone = |stage: Stage, media_id: &Fingerprint| {
        let (kind, media_id) = (MaterialKind::Video, MediaId::new(media_id.short()).unwrap());
        told(stage, Fact::MaterialGone { kind, material: upload, media_id: Some(media_id) })
    };
    let video_gone = |stage: Stage, media_id: &Fingerprint| {
        let media_id = MediaId::new(media_id.short()).unwrap();
        told(stage, Fact::VideoGone { video: order.video, media_id })
    };
    let ready = || film().applied_until("send");
    let both = format!(
        "upload_material film-2026/短片.mp4: not_uploaded
         convert_video film-2026/短片.mp4: not_converted\n{}",
        sent("film")
    );
    check(&video_gone(gone(ready(), &upload), &order.video), &both);
    // What was forgotten under another id was renewed meanwhile.
    let other = Fingerprint::of("别的".as_bytes());
    check(&video_gone(gone(ready(), &other), &other), &sent("film"));
    // The upload may be forgotten alone: what was made of it is there.
    check(&gone(ready(), &upload), &sent("film"));
}

#[test]
fn a_refusal_for_an_unknown_video_renews_it_once() {
    let refused = || {
        let (errcode, message) = (40_007, "invalid media_id".to_owned());
        let ready = film().applied_until("send").at("2026-03-02T12:10:00+08:00");
        let begun = ready.applied_until_lost("film-2026/sends/hello");
        begun.tell("film-2026/sends/hello", Fact::Rejected { errcode, message })
    };
    let again = "send film-2026/sends/hello: refused_before with 40007 invalid media_id
                 check_status film-2026/sends/hello: status_unknown";
    check(
        &refused(),
        &format!(
            "upload_material film-2026/短片.mp4: refused_media with 40007
             convert_video film-2026/短片.mp4: refused_media with 40007\n{again}"
        ),
    );
    let renewed = refused().at("2026-03-02T12:20:00+08:00").applied_until("send");
    check(&renewed, again);
}
