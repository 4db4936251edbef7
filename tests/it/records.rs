//! The stored format of a record: frozen, since every history ever written must stay readable.

use qunfa::history::{
    Entry, Fact, How, Intent, IntentRequest, Record, RecordHash, RetractedHow, SentAudience, Seq,
    Verdict,
};
use qunfa::terms::{
    AppId, ClientMsgId, Fingerprint, Generation, HistoryId, ImageUrl, JobStatus, MassEndpoint,
    MaterialKind, MediaId, MsgDataId, MsgId, OpenId, RecordedRequest, Reviewer, RunId, SendAddress,
    TagId, WxName,
};

fn address() -> SendAddress {
    "spring-2026@2026-w48/sends/launch#2".parse().unwrap()
}

fn fingerprint(text: &str) -> Fingerprint {
    Fingerprint::of(text.as_bytes())
}

fn media_id() -> MediaId {
    MediaId::new("yeqHGjkQpRXmmT2oX1NOVg").unwrap()
}

fn first(fact: Fact) -> Record {
    let appid = AppId::new("wx1234567890abcdef").unwrap();
    let entry = Entry {
        at: "2026-03-01T02:00:00.25Z".parse().unwrap(),
        run: RunId::new("r-7f3c").unwrap(),
        nonce: "0f1e2d3c4b5a69788796a5b4c3d2e1f0".to_owned(),
        effect: Some(address().effect(&appid)),
        generation: Generation::FIRST,
        fact,
    };
    Record::chain(Seq(1), RecordHash::none(), entry)
}

fn intent(request: IntentRequest, audience: SentAudience) -> Fact {
    Fact::Intent(Box::new(Intent {
        address: address(),
        client_msg_id: ClientMsgId::new(
            &address().effect(&AppId::new("wx1234567890abcdef").unwrap()),
            Generation::FIRST,
        ),
        request,
        draft: Some(media_id()),
        until: "2026-03-01T12:00:00Z".parse().unwrap(),
        content: fingerprint("春季上新"),
        digest: fingerprint("VIP会员"),
        audience,
        token: "5d41402a".to_owned(),
        what: None,
    }))
}

/// One of each kind, and of each form that a kind has.
fn one_of_each() -> Vec<Fact> {
    let mut facts = vec![
        Fact::HistoryOpened {
            history: HistoryId::new("7f3c".repeat(8)).unwrap(),
            appid: AppId::new("wx1234567890abcdef").unwrap(),
        },
        Fact::RunStarted {
            command: "apply".to_owned(),
            version: "0.1.0".to_owned(),
            actor: Some("李四".to_owned()),
            commit: None,
        },
        Fact::ImageUploaded {
            image: fingerprint("图"),
            url: ImageUrl::new("https://mmbiz.qpic.cn/mmbiz_png/x/0").unwrap(),
        },
        Fact::MaterialUploaded {
            kind: MaterialKind::Image,
            material: fingerprint("封面"),
            media_id: media_id(),
        },
        Fact::DraftSaved {
            media_id: media_id(),
            content: fingerprint("春季上新"),
            articles: vec![fingerprint("头条"), fingerprint("次条")],
            read_back: fingerprint("春季上新 "),
            address: address(),
        },
        gone(None),
        gone(Some(media_id())),
        Fact::TemporaryUploaded {
            kind: MaterialKind::Video,
            material: fingerprint("短片"),
            media_id: media_id(),
            expires_at: "2026-03-04T02:00:00Z".parse().unwrap(),
        },
        Fact::VideoConverted {
            video: fingerprint("新品短片"),
            media_id: media_id(),
            expires_at: "2026-03-04T02:00:00Z".parse().unwrap(),
        },
        Fact::VideoGone { video: fingerprint("新品短片"), media_id: media_id() },
        Fact::DraftAltered { media_id: media_id(), found: fingerprint("改过") },
        Fact::DraftGone { media_id: media_id() },
        Fact::Attempt { n: 2, token: "5d41402a".to_owned() },
        Fact::AttemptRefused { n: 2, errcode: -1, message: "系统繁忙".to_owned() },
        Fact::Rejected { errcode: 45028, message: "群发次数已用完".to_owned() },
        Fact::Status { status: JobStatus::Sending },
        Fact::Status { status: JobStatus::Other("SEND_审核".to_owned()) },
        Fact::Retracting {
            article: Some(2), reason: "价格写错".to_owned(), address: address()
        },
        Fact::Retracted { article: None, how: RetractedHow::Answered },
        Fact::Retracted { article: Some(2), how: RetractedHow::Found },
        Fact::RetractionRefused {
            article: None, errcode: 40204, message: "不能删除".to_owned()
        },
        Fact::Unreported { why: "七天没有回音".to_owned() },
    ];
    facts.extend(intents());
    facts.extend(acceptances());
    facts.extend(words_of_people());
    facts
}

fn gone(media_id: Option<MediaId>) -> Fact {
    Fact::MaterialGone { kind: MaterialKind::Image, material: fingerprint("封面"), media_id }
}

fn intents() -> Vec<Fact> {
    let inline = || {
        let body = r#"{"filter":{"is_to_all":false,"tag_id":101},"text":{"content":"上新了"}}"#;
        IntentRequest::Inline(RecordedRequest {
            endpoint: MassEndpoint::SendAll,
            body: body.to_owned(),
        })
    };
    let tag = TagId::new(101).unwrap();
    let list = fingerprint("名单");
    vec![
        intent(inline(), SentAudience::Everyone { count: None }),
        intent(inline(), SentAudience::Tag { name: "VIP会员".to_owned(), id: tag, count: 1200 }),
        intent(IntentRequest::Blob(list), SentAudience::OpenIds { list, parts: 3, count: 10_000 }),
    ]
}

fn acceptances() -> Vec<Fact> {
    let (msg_id, msg_data_id) = (Some(MsgId(3_147_483_655)), Some(MsgDataId(2_247_483_649)));
    let accepted = |how| Fact::Accepted { msg_id, msg_data_id, how };
    let unnumbered = Fact::Accepted { msg_id: None, msg_data_id: None, how: How::Person };
    vec![accepted(How::Answered), accepted(How::Duplicate), accepted(How::Foreign), unnumbered]
}

fn words_of_people() -> Vec<Fact> {
    let by = || "张三".to_owned();
    let resolved = |verdict| Fact::Resolved {
        verdict,
        by: by(),
        evidence: "后台「已群发」里有这一条".to_owned(),
        address: address(),
    };
    let previewed = |reviewer| Fact::Previewed {
        content: fingerprint("春季上新"),
        reviewer,
        msg_id: None,
        messages: None,
        address: address(),
    };
    vec![
        previewed(Reviewer::WxName(WxName::new("主编").unwrap())),
        previewed(Reviewer::OpenId(OpenId::new("o6_bmjrPTlm6").unwrap())),
        Fact::Approved { digest: fingerprint("VIP会员"), by: by(), address: address() },
        resolved(Verdict::Sent { msg_id: Some(MsgId(1)) }),
        resolved(Verdict::NotSent),
        resolved(Verdict::Acknowledged),
    ]
}

#[test]
fn every_fact_reads_back_as_it_was_written() {
    for fact in one_of_each() {
        let record = first(fact);
        assert_eq!(Record::parse(&record.text).unwrap(), record);
    }
}

#[test]
fn the_kind_is_the_word_in_the_text() {
    for fact in one_of_each() {
        let record = first(fact);
        let text: serde_json::Value = serde_json::from_str(&record.text).unwrap();
        assert_eq!(text["fact"]["kind"], record.entry.fact.kind());
    }
}

#[test]
fn the_stored_text_and_its_chain_are_frozen() {
    let one = first(Fact::Approved {
        digest: fingerprint("VIP会员"),
        by: "张三".to_owned(),
        address: address(),
    });
    let two = Record::chain(one.seq.next(), one.hash.clone(), one.entry.clone());
    assert_eq!(
        one.text,
        concat!(
            r#"{"v":1,"seq":1,"prev":"#,
            r#""0000000000000000000000000000000000000000000000000000000000000000","#,
            r#""at":"2026-03-01T02:00:00.25Z","run":"r-7f3c","#,
            r#""nonce":"0f1e2d3c4b5a69788796a5b4c3d2e1f0","#,
            r#""effect":"5304a01097891d3d66444391191601b4142deb9ec3b5a559d7c4818574b98c6d","#,
            r#""generation":0,"fact":{"kind":"approved","body":{"#,
            r#""digest":"dea153bb6f90a86bb8c75f7e047c932190b12f667b5402b1a3be762a2fea362f","#,
            r#""by":"张三","address":{"campaign":"spring-2026","edition":"2026-w48","#,
            r#""send":"launch","part":2}}}}"#,
        )
    );
    assert_eq!(one.hash.0, "5d36b2f4907d9dcc6657a0c20e1375e7913b051569bb856ef4238fc20097c104");
    assert_eq!(two.hash.0, "28b9f6bca321a35df35e1b729c5a530799aa4fb7f069cdc200a2355f0e7804d4");
}

#[test]
fn a_flipped_byte_is_noticed() {
    let record = first(Fact::Unreported { why: "七天没有回音".to_owned() });
    for place in 0..record.text.len() {
        let mut bytes = record.text.clone().into_bytes();
        bytes[place] ^= 1;
        // No longer text, no longer a record, or a record with another hash.
        let Ok(text) = String::from_utf8(bytes) else { continue };
        let Ok(changed) = Record::parse(&text) else { continue };
        assert_ne!(changed.hash, record.hash, "byte {place}");
        assert!(!Record { hash: record.hash.clone(), ..changed }.is_intact());
    }
}

#[test]
fn a_newer_record_is_not_guessed_at() {
    let text = first(Fact::DraftGone { media_id: media_id() }).text;
    let newer = text.replacen("{\"v\":1,", "{\"v\":2,", 1);
    assert_eq!(
        Record::parse(&newer).unwrap_err().to_string(),
        "not a record: version 2 is not known here"
    );
}

#[test]
fn the_stored_texts_of_temporary_media_are_frozen() {
    let check = |fact: Fact, expected: &str| {
        let text: serde_json::Value = serde_json::from_str(&first(fact).text).unwrap();
        assert_eq!(text["fact"].to_string(), expected);
    };
    let expires_at = "2026-03-04T02:00:00Z".parse().unwrap();
    check(
        Fact::TemporaryUploaded {
            kind: MaterialKind::Video,
            material: fingerprint("短片"),
            media_id: media_id(),
            expires_at,
        },
        r#"{"kind":"temporary_uploaded","body":{"kind":"video","material":"79933b30c6bf09d80617a73ded35fdb0565fee4784d74fd7ea1126ea11218831","media_id":"yeqHGjkQpRXmmT2oX1NOVg","expires_at":"2026-03-04T02:00:00Z"}}"#,
    );
    let video = fingerprint("新品短片");
    check(
        Fact::VideoConverted { video, media_id: media_id(), expires_at },
        r#"{"kind":"video_converted","body":{"video":"6104c7253d1e952ab5dd188767d442447132e7add21f305555636a6d0b2e693c","media_id":"yeqHGjkQpRXmmT2oX1NOVg","expires_at":"2026-03-04T02:00:00Z"}}"#,
    );
    check(
        Fact::VideoGone { video, media_id: media_id() },
        r#"{"kind":"video_gone","body":{"video":"6104c7253d1e952ab5dd188767d442447132e7add21f305555636a6d0b2e693c","media_id":"yeqHGjkQpRXmmT2oX1NOVg"}}"#,
    );
}
