//! Sends: audiences, reviewers, addresses.

use insta::{assert_debug_snapshot, assert_snapshot};

use crate::campaign::{After, AfterOutcome, AudienceText, ContentText, ListText, ReviewerText};
use crate::content::{Content, DesiredAudience};
use crate::diagnostic::Spanned;
use crate::terms::{Comments, Edition};

use super::{Trial, send};

#[test]
fn a_send_is_resolved_whole() {
    let mut trial = Trial::new("正文");
    let place = trial.spanned("launch").place;
    trial.campaign.edition = Some(Spanned::new(Edition::new("2026-w48").unwrap(), place.clone()));
    let reviewer =
        Spanned::new(ReviewerText::WxName("{{ brand }}-editor".to_owned()), place.clone());
    trial.campaign.account.reviewers = vec![reviewer];
    let mut text = send("notice", ContentText::Text(trial.spanned("{{ brand }}<周五>见")), &place);
    let after = |send: &str, outcome| After { send: trial.spanned(send), outcome };
    text.after = vec![
        after("launch", AfterOutcome::Sent),
        after("weekly@2026-w47/sends/issue#2", AfterOutcome::Ended),
    ];
    text.again = Some(trial.spanned("launch"));
    trial.campaign.targets[0].audience.value = AudienceText::Tag("{{ brand }}会员".to_owned());
    trial.campaign.sends.push(text);
    let desired = trial.render().0.unwrap();
    let notice = &desired.sends[1];
    let Content::Text(text) = &notice.content else { panic!("no text") };
    assert_eq!(text, "北风<周五>见");
    let after: Vec<String> = notice.after.iter().map(|after| after.send.to_string()).collect();
    assert_debug_snapshot!(
        (notice.address.to_string(), after, &notice.audience, &notice.reviewers, &notice.again.as_ref().map(ToString::to_string)),
        @r###"
    (
        "spring@2026-w48/sends/notice",
        [
            "spring@2026-w48/sends/launch",
            "weekly@2026-w47/sends/issue",
        ],
        Tag(
            "北风会员",
        ),
        [
            WxName(
                WxName(
                    "北风-editor",
                ),
            ),
        ],
        Some(
            "spring@2026-w48/sends/launch",
        ),
    )
    "###
    );
    assert_eq!(notice.place, place);
}

#[test]
fn a_list_is_read_without_repetitions_and_known_by_its_order() {
    let mut trial = Trial::new("正文");
    let list = |trial: &mut Trial, lines: &str| {
        trial.file("名单.txt", lines.into());
        let file = AudienceText::OpenIds(ListText::of("名单.txt"));
        trial.campaign.targets[0].audience.value = file;
        let desired = trial.render().0.unwrap();
        match &desired.sends[0].audience {
            DesiredAudience::OpenIds(list) => list.clone(),
            other => panic!("{other:?}"),
        }
    };
    let (one, two) = (list(&mut trial, "oA\noB\noA\noC\n"), list(&mut trial, "oB\noA\noC\n"));
    assert_eq!((one.count(), one.parts.len(), one.file.as_str()), (3, 1, "spring/名单.txt"));
    assert_ne!(one.fingerprint, two.fingerprint);
    assert_eq!(one.fingerprint, list(&mut trial, "oA\noB\noC").fingerprint);
}

#[test]
fn what_is_wrong_with_a_send_is_told_at_once() {
    let mut trial = Trial::new("正文");
    let place = trial.spanned("launch").place;
    let mut bad = send(
        "bad",
        ContentText::Text(trial.spanned(&format!("{{{{ brand }}}}{}", "长".repeat(601)))),
        &place,
    );
    bad.preview = Some(vec![
        Spanned::new(ReviewerText::OpenId("不是".to_owned()), place.clone()),
        Spanned::new(ReviewerText::WxName("a b".to_owned()), place.clone()),
    ]);
    bad.after = vec![After { send: trial.spanned("Spring/x"), outcome: AfterOutcome::Sent }];
    bad.again = Some(trial.spanned("Übung"));
    let empty = send("empty", ContentText::Text(trial.spanned("{{ '' }}")), &place);
    trial.campaign.sends.extend([bad, empty]);
    trial.campaign.targets[0].audience.value = AudienceText::Tag("{{ '' }}".to_owned());
    assert_snapshot!(trial.problems(), @r###"
    error Q0716 spring/campaign.yaml:1:1 `campaign`: the tag's name is empty
    warning Q0714 spring/campaign.yaml:1:1 ``: the text has 603 characters
      make it an article
    error Q0717 spring/campaign.yaml:6:3 `launch`: `不是` is not an openid (letters, digits, `-` and `_`, at most 64)
    error Q0717 spring/campaign.yaml:6:3 `launch`: `a b` is not a WeChat ID (1 to 64 characters without spaces)
    error Q0718 spring/campaign.yaml:1:1 ``: `Spring/x` is not the address of a send (CAMPAIGN[@EDITION]/sends/SEND[#PART])
    error Q0718 spring/campaign.yaml:1:1 ``: `Übung` is not a name (lower-case words joined by `-`)
    error Q0705 spring/campaign.yaml:1:1 ``: the text is empty
    "###);
    trial.file("一人.txt", b"oA\n".to_vec());
    for file in ["一人.txt", "没有.txt", "images/card.png"] {
        let list = AudienceText::OpenIds(ListText::of(file));
        trial.campaign.targets[0].audience.value = list;
        let (desired, problems) = trial.render();
        assert!(desired.is_none() && problems[0].is_error(), "{file}");
    }
}

#[test]
fn a_name_that_leads_nowhere_leaves_no_desired_state() {
    let mut trial = Trial::new("正文");
    trial.campaign.sends[0].to.value = "nobody".to_owned();
    assert_eq!((trial.render().0.is_none(), trial.problems().as_str()), (true, ""));
}

#[test]
fn pictures_are_told_apart_by_bytes_order_caption_and_comments() {
    let fingerprint = |pictures: &[&str], caption: Option<&str>, comments, bytes: u8| {
        let mut trial = Trial::new("正文");
        trial.file("images/外套.png", super::png(600, 400, bytes));
        let place = trial.spanned("launch").place;
        let spanned = |text: &str| Spanned::new(text.to_owned(), place.clone());
        let content = ContentText::Images {
            pictures: pictures.iter().map(|picture| spanned(picture)).collect(),
            caption: caption.map(spanned),
            comments,
        };
        trial.campaign.sends.push(send("looks", content, &place));
        let (desired, problems) = trial.render();
        let desired = desired.unwrap_or_else(|| panic!("{problems:#?}"));
        let Content::Images(images) = &desired.sends[1].content else { panic!("no pictures") };
        assert_eq!(images.pictures.len(), pictures.len());
        let are_found = images
            .pictures
            .iter()
            .filter_map(super::super::Medium::file)
            .all(|file| desired.images.contains_key(&file.fingerprint));
        assert!(are_found, "what a send needs is uploaded");
        desired.sends[1].content.fingerprint()
    };
    let (coat, card) = ("images/外套.png", "images/card.png");
    let seen = [
        fingerprint(&[coat, card], Some("{{ brand }}之春"), Comments::Followers, 2),
        fingerprint(&[card, coat], Some("{{ brand }}之春"), Comments::Followers, 2),
        fingerprint(&[coat, card], Some("{{ brand }}之夏"), Comments::Followers, 2),
        fingerprint(&[coat, card], None, Comments::Followers, 2),
        fingerprint(&[coat, card], Some("{{ brand }}之春"), Comments::Closed, 2),
        fingerprint(&[coat, card], Some("{{ brand }}之春"), Comments::Followers, 3),
        fingerprint(&[coat], Some("{{ brand }}之春"), Comments::Followers, 2),
    ];
    let distinct: std::collections::BTreeSet<_> = seen.iter().collect();
    assert_eq!(distinct.len(), seen.len());
    assert_eq!(seen[0], fingerprint(&[coat, card], Some("北风之春"), Comments::Followers, 2));
}

#[test]
fn a_picture_that_is_none_and_a_caption_of_nothing_are_pointed_at() {
    let mut trial = Trial::new("正文");
    let place = trial.spanned("launch").place;
    let content = ContentText::Images {
        pictures: vec![Spanned::new("images/没有.png".to_owned(), place.clone())],
        caption: Some(Spanned::new("{{ '' }}".to_owned(), place.clone())),
        comments: Comments::Closed,
    };
    trial.campaign.sends.push(send("looks", content, &place));
    let problems = trial.problems();
    assert!(problems.contains("there is no picture `images/没有.png`"), "{problems}");
    assert!(problems.contains("the caption is empty"), "{problems}");
}
