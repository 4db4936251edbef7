//! A long history, as real sends leave one behind.

use qunfa::history::{
    Entry, Fact, How, Intent, IntentRequest, Record, RecordHash, SentAudience, Seq,
};
use qunfa::terms::{
    AppId, ClientMsgId, Effect, Fingerprint, Generation, HistoryId, ImageUrl, JobStatus,
    MaterialKind, MediaId, MsgDataId, MsgId, OnReprint, OpenId, Reviewer, RunId, SendAddress,
    TagId, Timestamp, WxName,
};
use qunfa::wechat::{MassAudience, MassContent, mass_request};

/// How many records one send leaves.
const PER_SEND: u64 = 9;

/// When the first send went out: so long ago that no quota of today knows of it.
const FIRST_DAY: &str = "2020-01-01T10:00:00+08:00";

/// The log of `sends` finished sends, one a day, of nine records each and one before them all.
pub(crate) fn of_sends(appid: &AppId, sends: u64) -> Vec<Record> {
    let opened = Fact::HistoryOpened {
        history: HistoryId::new("7f3c".repeat(8)).expect("32 hex digits"),
        appid: appid.clone(),
    };
    let mut log = Log { records: Vec::new(), appid };
    log.add(0, None, opened);
    for number in 0..sends {
        log.send(number);
    }
    assert_eq!(log.records.len() as u64, 1 + sends * PER_SEND);
    log.records
}

struct Log<'a> {
    records: Vec<Record>,
    appid: &'a AppId,
}

impl Log<'_> {
    fn add(&mut self, day: u64, effect: Option<Effect>, fact: Fact) {
        let (seq, prev) = match self.records.last() {
            Some(last) => (last.seq, last.hash.clone()),
            None => (Seq::NONE, RecordHash::none()),
        };
        let entry = Entry {
            at: at(day),
            run: RunId::new(format!("run-{day}")).expect("a run's id"),
            nonce: format!("{:032x}", seq.0),
            effect,
            generation: Generation::FIRST,
            fact,
        };
        self.records.push(Record::chain(seq.next(), prev, entry));
    }

    /// Everything that one send of two articles to a tag leaves behind.
    fn send(&mut self, number: u64) {
        let address: SendAddress =
            format!("daily@d-{number}/sends/news").parse().expect("an address");
        let effect = address.effect(self.appid);
        let print = |what: &str| Fingerprint::of(format!("{what} {number}").as_bytes());
        let content = print("每日新品");
        let draft = MediaId::new(format!("draft-{number}")).expect("a media id");
        let started = Fact::RunStarted {
            command: "apply".to_owned(),
            version: "0.1.0".to_owned(),
            actor: Some("张三".to_owned()),
            commit: Some("6f1ed002ab5595859014ebf0951522d9".to_owned()),
        };
        let url = format!("http://mmbiz.qpic.cn/mmbiz_jpg/{number}/0?wx_fmt=jpeg");
        let image = Fact::ImageUploaded {
            image: print("领口"),
            url: ImageUrl::new(url).expect("an address"),
        };
        let cover = Fact::MaterialUploaded {
            kind: MaterialKind::Image,
            material: print("封面"),
            media_id: MediaId::new(format!("cover-{number}")).expect("a media id"),
        };
        for fact in [started, image, cover] {
            self.add(number, None, fact);
        }
        let saved = Fact::DraftSaved {
            media_id: draft.clone(),
            content,
            articles: vec![print("上新"), print("护理")],
            read_back: print("草稿"),
            address: address.clone(),
        };
        self.add(number, Some(effect), saved);
        for reviewer in reviewers() {
            let (msg_id, address) = (Some(MsgId(number)), address.clone());
            let messages = None;
            let shown = Fact::Previewed { content, reviewer, msg_id, messages, address };
            self.add(number, Some(effect), shown);
        }
        self.add(number, Some(effect), intent(address, effect, (draft, content), at(number + 1)));
        let accepted = Fact::Accepted {
            msg_id: Some(MsgId(1_000_000 + number)),
            msg_data_id: Some(MsgDataId(2_000_000 + number)),
            how: How::Answered,
        };
        self.add(number, Some(effect), accepted);
        self.add(number, Some(effect), Fact::Status { status: JobStatus::Sent });
    }
}

fn at(day: u64) -> Timestamp {
    let first: Timestamp = FIRST_DAY.parse().expect("a time");
    first + std::time::Duration::from_secs(day * 24 * 60 * 60)
}

fn reviewers() -> [Reviewer; 2] {
    [
        Reviewer::WxName(WxName::new("editor-in-chief").expect("a name")),
        Reviewer::OpenId(OpenId::new("o6_bmjrPTlm6_2sgVt7hMZOPfL2M").expect("an openid")),
    ]
}

fn intent(
    address: SendAddress,
    effect: Effect,
    (draft, content): (MediaId, Fingerprint),
    until: Timestamp,
) -> Fact {
    let client_msg_id = ClientMsgId::new(&effect, Generation::FIRST);
    let id = TagId::new(101).expect("a tag's number");
    let request = mass_request(
        &MassContent::News(draft.clone()),
        &MassAudience::Tag(id),
        OnReprint::Stop,
        &client_msg_id,
    );
    Fact::Intent(Box::new(Intent {
        address,
        client_msg_id,
        request: IntentRequest::Inline(request),
        draft: Some(draft),
        until,
        content,
        digest: Fingerprint::of_parts([content.as_bytes(), "VIP会员".as_bytes()]),
        audience: SentAudience::Tag { name: "VIP会员".to_owned(), id, count: 12_480 },
        token: "5d41402a".to_owned(),
        what: None,
    }))
}
