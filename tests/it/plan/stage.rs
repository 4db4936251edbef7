//! Files, a history, an account and an hour, each a few words; and the plan that follows from them.

use std::collections::BTreeMap;
use std::time::Duration;

use qunfa::campaign::{self, Account, Bundle};
use qunfa::content::{self, Desired};
use qunfa::history::{
    Entry, Fact, How, Intent, IntentRequest, Ledger, Record, RecordHash, SentAudience, Seq, Verdict,
};
use qunfa::plan::{
    Action, Audience, DraftOrder, Observed, Plan, SeenTag, SendOrder, Step, Wanted, plan,
};
use qunfa::terms::{
    AccountKind, AppId, ClientMsgId, Effect, Fingerprint, HistoryId, ImageUrl, JobStatus,
    MassEndpoint, MaterialKind, MediaId, MsgId, RecordedRequest, RunId, SendAddress, TagId,
    Timestamp,
};

use crate::support::{coupon, film, greeting, png, spring};

/// A plan's whole surroundings, without an account to talk to.
#[derive(Clone)]
pub(crate) struct Stage {
    files: BTreeMap<String, Vec<u8>>,
    /// What is written under the one account of `qunfa.yaml`.
    account: String,
    label: &'static str,
    kind: AccountKind,
    pub(crate) observed: Observed,
    pub(crate) now: Timestamp,
    /// What the project's other campaigns send.
    pub(crate) elsewhere: Vec<SendAddress>,
    log: Vec<Record>,
}

/// Two articles with pictures to a tag, two reviewers: the campaign of most runs.
pub(crate) fn launch() -> Stage {
    Stage::of(spring())
}

/// A voice, a video and a card, each to a tag, with a reviewer.
pub(crate) fn recordings() -> [Stage; 3] {
    [greeting(), film(), coupon()].map(Stage::of)
}

/// A text, with what a test writes of its send; `{ … }` of other sends may follow.
pub(crate) fn notice(to: &str, more: &str) -> Stage {
    let window = "window: { from: 2026-03-02T09:00:00+08:00, until: 2026-03-08T21:00:00+08:00 }";
    Stage::sends(&format!("  hello: {{ text: 今晚系统维护, to: {to}, {window}{more} }}"))
}

impl Stage {
    fn of(files: BTreeMap<String, Vec<u8>>) -> Self {
        let tag = |(name, id, count): (&str, u32, u64)| SeenTag {
            name: name.to_owned(),
            id: TagId::new(id).unwrap(),
            count,
        };
        let tags = [("VIP会员", 100, 3_210), ("新客", 101, 150)].map(tag).to_vec();
        Self {
            elsewhere: Vec::new(),
            files,
            account: "kind: service".to_owned(),
            label: "demo",
            kind: AccountKind::Service,
            observed: Observed { tags: Some(tags), followers: Some(12_480) },
            now: time("2026-03-02T12:00:00+08:00"),
            log: Vec::new(),
        }
    }

    /// One campaign of texts, its sends as written: four targets are there.
    pub(crate) fn sends(sends: &str) -> Self {
        let mut stage = Self::of(BTreeMap::new());
        stage.campaign("notice", "", sends);
        stage.file("list.txt", b"o1\no2\no3\n");
        stage
    }

    /// One more campaign, or the same anew; `head` may hold an edition.
    pub(crate) fn campaign(&mut self, name: &str, head: &str, sends: &str) {
        let folder = format!("{name}{}", head.replace([':', ' ', '\n'], "-"));
        let sends = if sends.is_empty() { "{}".to_owned() } else { format!("\n{sends}") };
        let text = format!(
            "version: 1\ncampaign: {name}\naccount: demo\n{head}\ntargets:\n  \
             all: {{ everyone: true }}\n  vip: {{ tag: VIP会员 }}\n  new: {{ tag: 新客 }}\n  \
             list: {{ openids: /shared/list.txt }}\n\
             sends: {sends}\n"
        );
        self.files.insert(format!("{folder}/campaign.yaml"), text.into_bytes());
    }

    pub(crate) fn file(&mut self, name: &str, bytes: &[u8]) {
        self.files.insert(format!("shared/{name}"), bytes.to_vec());
    }

    /// Writes something under the account.
    pub(crate) fn account(mut self, written: &str) -> Self {
        written.clone_into(&mut self.account);
        self
    }

    /// Gives the account another label, and keeps its appid.
    pub(crate) fn renamed(mut self, label: &'static str) -> Self {
        self.account = format!("{}, appid: {}", self.account, appid());
        self.label = label;
        self.edit("account: demo", &format!("account: {label}"))
    }

    /// Makes it a 订阅号.
    pub(crate) fn on_a_subscription(self) -> Self {
        Self { kind: AccountKind::Subscription, ..self }
    }

    pub(crate) fn at(mut self, now: &str) -> Self {
        self.now = time(now);
        self
    }

    /// Replaces a text in whatever file has it.
    pub(crate) fn edit(mut self, from: &str, to: &str) -> Self {
        let has = |bytes: &&mut Vec<u8>| String::from_utf8_lossy(bytes).contains(from);
        let bytes = self.files.values_mut().find(has).unwrap_or_else(|| panic!("no {from}"));
        *bytes = String::from_utf8(bytes.clone()).unwrap().replace(from, to).into_bytes();
        self
    }

    /// Draws a picture anew.
    pub(crate) fn redraw(mut self, file: &str) -> Self {
        assert!(self.files.insert(file.to_owned(), png("重画")).is_some());
        self
    }

    /// Copies a campaign into another folder, under another name, for another season.
    pub(crate) fn twin_folder(mut self, from: &str, to: &str, rename: (&str, &str)) -> Self {
        let copied: Vec<(String, Vec<u8>)> = self
            .files
            .iter()
            .filter_map(|(name, bytes)| {
                let name = format!("{to}/{}", name.strip_prefix(&format!("{from}/"))?);
                let is_yaml = name.ends_with("campaign.yaml");
                let text = || {
                    String::from_utf8(bytes.clone())
                        .unwrap()
                        .replace(rename.0, rename.1)
                        .replace("春季", "夏季")
                };
                Some((name, if is_yaml { text().into_bytes() } else { bytes.clone() }))
            })
            .collect();
        self.files.extend(copied);
        self
    }

    /// Takes a campaign's folder away, or leaves it out of the paths of the run.
    pub(crate) fn without(mut self, folder: &str) -> Self {
        self.files.retain(|name, _| !name.starts_with(&format!("{folder}/")));
        self
    }

    fn load(&self) -> (Option<Account>, Vec<Desired>) {
        let project = format!(
            "version: 1\naccounts: {{ {}: {{ api: sandbox, {} }} }}\nshared: [ shared ]\n",
            self.label, self.account
        );
        let is_campaign = |name: &&String| name.ends_with("campaign.yaml");
        let mut account = None;
        let campaigns = self.files.keys().filter(is_campaign).map(|campaign| {
            let others = self.files.iter().filter(|(name, _)| !is_campaign(name));
            let files = others.map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
            let own = [
                ("qunfa.yaml", project.as_bytes()),
                (campaign.as_str(), self.files[campaign].as_slice()),
            ];
            let files: Vec<_> =
                own.into_iter().chain(files.filter(|(n, _)| *n != "qunfa.yaml")).collect();
            let bundle = Bundle::from_files(&files);
            let (read, mut problems) = campaign::parse(&bundle);
            let read = read.unwrap_or_else(|| panic!("{problems:#?}"));
            problems.extend(campaign::check(&read, &bundle));
            let (desired, more) = content::render(&read, &bundle);
            problems.extend(more);
            problems.retain(qunfa::diagnostic::Diagnostic::is_error);
            assert!(problems.is_empty(), "{problems:#?}");
            account = Some(read.account);
            desired.unwrap()
        });
        let campaigns = campaigns.collect();
        (account, campaigns)
    }

    pub(crate) fn ledger(&self) -> Ledger {
        Ledger::of(&self.log).unwrap()
    }

    pub(crate) fn plan(&self) -> Plan {
        let (account, campaigns) = self.load();
        // An account whose campaigns are all gone still has a history.
        let account = account.or_else(|| Self::sends("").load().0).unwrap();
        let account = Account { kind: self.kind, ..account };
        let wanted = Wanted {
            account: &account,
            campaigns: &campaigns,
            elsewhere: &self.elsewhere,
            retractions: &[],
            unclear: None,
        };
        plan(wanted, &self.ledger(), &self.observed, self.now)
    }

    /// Records what is told, now.
    pub(crate) fn record(&mut self, effect: Option<Effect>, fact: Fact) {
        if self.log.is_empty() && !matches!(fact, Fact::HistoryOpened { .. }) {
            let history = HistoryId::new("7f3c".repeat(8)).unwrap();
            self.record(None, Fact::HistoryOpened { history, appid: appid() });
        }
        let send = effect.and_then(|effect| self.ledger().send(&effect).cloned());
        let (seq, prev) = self
            .log
            .last()
            .map_or((Seq::NONE, RecordHash::none()), |last| (last.seq, last.hash.clone()));
        let entry = Entry {
            at: self.now,
            run: RunId::new("r-1").unwrap(),
            nonce: seq.0.to_string(),
            effect,
            generation: send.map(|send| send.generation).unwrap_or_default(),
            fact,
        };
        self.log.push(Record::chain(seq.next(), prev, entry));
    }

    /// Records something about a send.
    pub(crate) fn tell(mut self, send: &str, fact: Fact) -> Self {
        self.record(Some(effect(send)), fact);
        self
    }

    /// Records what a person says about a send.
    pub(crate) fn resolve(self, send: &str, verdict: Verdict) -> Self {
        let (by, evidence) = ("张三".to_owned(), "后台「已群发」".to_owned());
        let resolved = Fact::Resolved { verdict, by, evidence, address: address(send) };
        self.tell(send, resolved)
    }

    /// Records that somebody approves a send as the files have it now.
    pub(crate) fn approve(self, send: &str, by: &str) -> Self {
        let plan = self.plan();
        let line = plan.sends.iter().find(|line| line.address.whole() == address(send)).unwrap();
        let fact =
            Fact::Approved { digest: line.digest, by: by.to_owned(), address: address(send) };
        self.tell(send, fact)
    }

    /// Records that every step of the plan worked, as apply would.
    pub(crate) fn applied(self) -> Self {
        self.applied_until("")
    }

    /// The same, but nothing from the first such action on: `preview`, `send`, `check_status` ….
    pub(crate) fn applied_until(self, action: &str) -> Self {
        self.applied_while(|step| step.action.word() != action)
    }

    /// The same, but nothing from the first step about a part on.
    pub(crate) fn applied_until_part(self, address: &str) -> Self {
        self.applied_while(|step| step.address != address)
    }

    fn applied_while(mut self, is_before: impl FnMut(&&Step) -> bool) -> Self {
        let plan = self.plan();
        for step in plan.steps.iter().take_while(is_before) {
            match &step.action {
                Action::UploadImage(file) => {
                    let url = format!("https://mmbiz.qpic.cn/{}", file.fingerprint.short());
                    let (image, url) = (file.fingerprint, ImageUrl::new(url).unwrap());
                    self.record(None, Fact::ImageUploaded { image, url });
                }
                Action::UploadMaterial(file) => {
                    let (kind, material) = (file.kind(), file.fingerprint());
                    let media_id = media(&material.short());
                    let expires_at = self.now + Duration::from_hours(72);
                    let fact = match kind {
                        MaterialKind::Video => {
                            Fact::TemporaryUploaded { kind, material, media_id, expires_at }
                        }
                        _ => Fact::MaterialUploaded { kind, material, media_id },
                    };
                    self.record(None, fact);
                }
                Action::ConvertVideo(order) => {
                    let media_id = media(&order.video.short());
                    let expires_at = self.now + Duration::from_hours(72);
                    let video = order.video;
                    self.record(None, Fact::VideoConverted { video, media_id, expires_at });
                }
                Action::SaveDraft(order) => self.record(Some(order.effect), draft_saved(order)),
                Action::Preview(order) => {
                    let (content, reviewer) = (order.fingerprint, order.reviewer.clone());
                    let (msg_id, messages, address) = (None, None, order.address.clone());
                    let shown = Fact::Previewed { content, reviewer, msg_id, messages, address };
                    self.record(Some(order.effect), shown);
                }
                Action::Send(order) => {
                    self.record(Some(order.effect), intent(order));
                    self.accept(order.effect);
                }
                Action::Settle(order) => self.accept(order.effect),
                Action::Retract(_) => unreachable!("no retraction is planned here"),
                Action::CheckStatus(order) => {
                    let status = Fact::Status { status: JobStatus::Sent };
                    self.record(Some(order.effect), status);
                }
            }
        }
        self
    }

    fn accept(&mut self, effect: Effect) {
        let msg_id = Some(MsgId(1_000_000_000 + self.log.len() as u64));
        let accepted = Fact::Accepted { msg_id, msg_data_id: None, how: How::Answered };
        self.record(Some(effect), accepted);
    }

    /// Records everything up to the send, and its intent: the answer is lost.
    pub(crate) fn applied_until_lost(mut self, send: &str) -> Self {
        self = self.applied_until("send");
        let plan = self.plan();
        let order = plan.steps.iter().find_map(|step| match &step.action {
            Action::Send(order) if order.address == address(send) => Some(order),
            _ => None,
        });
        let order = order.unwrap_or_else(|| panic!("{send} is not planned: {plan:#?}"));
        self.record(Some(order.effect), intent(order));
        self
    }
}

fn draft_saved(order: &DraftOrder) -> Fact {
    let known = order.update.clone();
    Fact::DraftSaved {
        media_id: known.unwrap_or_else(|| media(&format!("draft-{}", order.content.short()))),
        content: order.content,
        articles: order.articles.iter().map(|article| article.fingerprint()).collect(),
        read_back: Fingerprint::of(order.content.as_bytes()),
        address: order.address.clone(),
    }
}

fn intent(order: &SendOrder) -> Fact {
    let body = "{}".to_owned();
    Fact::Intent(Box::new(Intent {
        address: order.address.clone(),
        client_msg_id: ClientMsgId::new(&order.effect, order.generation),
        request: IntentRequest::Inline(RecordedRequest { endpoint: MassEndpoint::SendAll, body }),
        draft: None,
        until: order.window.until,
        content: order.fingerprint,
        digest: order.digest,
        audience: match &order.audience {
            Audience::Everyone { count } => SentAudience::Everyone { count: *count },
            Audience::Tag { name, seen } => {
                let (id, count) = seen.expect("a tag is looked up before it is sent to");
                SentAudience::Tag { name: name.clone(), id, count }
            }
            Audience::OpenIds { list, parts, people, .. } => {
                let count = u64::from(people.count);
                SentAudience::OpenIds { list: *list, parts: *parts, count }
            }
        },
        token: "ab12".to_owned(),
        what: None,
    }))
}

pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn appid() -> AppId {
    AppId::new("sandbox-demo").unwrap()
}

pub(crate) fn address(text: &str) -> SendAddress {
    text.parse().unwrap()
}

pub(crate) fn effect(send: &str) -> Effect {
    address(send).effect(&appid())
}

pub(crate) fn media(id: &str) -> MediaId {
    MediaId::new(id).unwrap()
}
