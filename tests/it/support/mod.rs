//! A stage for a whole campaign: files in memory, an emulated account over HTTP, a history in memory,
//! and a clock that only the test moves.

pub(crate) mod program;

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use qunfa::apply::{self, ApplyError, Event, Files, Interrupt, Limits, Outcome, Stage, World};
use qunfa::campaign::{self, Bundle, Campaign};
use qunfa::content::{self, Desired};
use qunfa::diagnostic::Diagnostic;
use qunfa::history::{Binding, Journal, Ledger, MemoryStore, Run, Seq, Store};
use qunfa::plan::{self, NoPreview, Observed, Plan, SeenTag, Wanted};
use qunfa::sandbox::{Keep, Rules, Sandbox, SandboxClock};
use qunfa::terms::{AccountKind, AppId, Clock, HistoryId, Reviewer, RunId, TagId, Timestamp};
use qunfa::wechat::{Settings, Timeouts, WeChat};

/// The smallest PNG there is, made different by a tail that no reader looks at.
pub(crate) fn png(tail: &str) -> Vec<u8> {
    const PIXEL: &[u8] =
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\
        \0\0\0\rIDATx\x9cc\xf8\xff\xff?\0\x05\xfe\x02\xfe\xa75\x81\x84\0\0\0\0IEND\xaeB`\x82";
    [PIXEL, tail.as_bytes()].concat()
}

/// The files of the campaign that most tests are about: two articles with pictures and a
/// mini-program card, two reviewers, a tag.
pub(crate) fn spring() -> BTreeMap<String, Vec<u8>> {
    let campaign = "\
version: 1
campaign: spring-2026
account: demo
vars: { season: 春季 }
mini_programs:
  shop: { appid: wx0123456789abcdef, path: pages/index/index, title: 春季上新, image: images/card.png }
articles:
  launch: { title: '{{ season }}上新', author: 编辑部, digest: 轻便防风, cover: images/cover.png, body: launch.md }
  care: { title: 面料护理手册, cover: images/care.png, body: care.md }
targets:
  vip: { tag: VIP会员, expect: { at_least: 1000, at_most: 20000 } }
sends:
  launch:
    news: [launch, care]
    to: vip
    preview: [ { wxname: editor-in-chief }, { openid: o6_bmjrPTlm6_2sgVt7hMZOPfL2M } ]
    approval: 0
    window: { from: 2026-03-01T10:00:00+08:00, until: 2099-12-31T20:00:00+08:00 }
";
    let launch =
        "# 春天来了\n\n十二款通勤外套。\n\n![领口](images/coat.png)\n\n{{ shop.card() }}\n";
    let files = [
        ("qunfa.yaml", PROJECT.as_bytes().to_vec()),
        ("spring/campaign.yaml", campaign.as_bytes().to_vec()),
        ("spring/launch.md", launch.as_bytes().to_vec()),
        ("spring/care.md", "## 洗涤\n\n30 度水温，轻柔模式。\n".as_bytes().to_vec()),
        ("spring/images/cover.png", png("封面")),
        ("spring/images/care.png", png("护理")),
        ("spring/images/coat.png", png("外套")),
        ("spring/images/card.png", png("卡片")),
    ];
    files.map(|(name, bytes)| (name.to_owned(), bytes)).into()
}

/// One emulated account.
pub(crate) const PROJECT: &str =
    "version: 1\naccounts: { demo: { kind: service, api: sandbox } }\n";

/// A campaign that sends a text.
pub(crate) fn text(to: &str, targets: &str, more: &str) -> BTreeMap<String, Vec<u8>> {
    let campaign = format!(
        "version: 1\ncampaign: notice-2026\naccount: demo\ntargets: {{ {targets} }}\nsends:\n  hello:\n    \
         text: 今晚系统维护\n    to: {to}\n    \
         window: {{ from: 2026-01-01T09:00:00+08:00, until: 2099-12-31T21:00:00+08:00 }}\n{more}"
    );
    let files = [("qunfa.yaml", PROJECT.to_owned()), ("notice/campaign.yaml", campaign)];
    files.map(|(name, text)| (name.to_owned(), text.into_bytes())).into()
}

/// A campaign that sends two pictures with a caption, previewed to one person.
pub(crate) fn pictures() -> BTreeMap<String, Vec<u8>> {
    let campaign = "\
version: 1
campaign: looks-2026
account: demo
vars: { season: 春季 }
media: { rain: { image: images/雨天.png } }
targets: { beijing: { tag: 北京 } }
sends:
  looks:
    images: [rain, images/通勤.png]
    caption: '{{ season }}两套穿法'
    comments: followers
    to: beijing
    preview: [ { wxname: editor-in-chief } ]
    approval: 0
    window: { from: 2026-03-01T10:00:00+08:00, until: 2099-12-31T20:00:00+08:00 }
";
    let files = [
        ("qunfa.yaml", PROJECT.as_bytes().to_vec()),
        ("looks/campaign.yaml", campaign.as_bytes().to_vec()),
        ("looks/images/雨天.png", png("雨天")),
        ("looks/images/通勤.png", png("通勤")),
    ];
    files.map(|(name, bytes)| (name.to_owned(), bytes)).into()
}

/// So many frames of 36 ms of silence: MPEG-2 layer III, 8 kbit/s, 16 kHz, mono.
pub(crate) fn mp3(frames: usize) -> Vec<u8> {
    let mut frame = vec![0xff, 0xf3, 0x18, 0xc0];
    frame.resize(36, 0);
    frame.repeat(frames)
}

/// The first box of an MP4, made different by a tail.
pub(crate) fn mp4(tail: &str) -> Vec<u8> {
    [b"\0\0\0\x14ftypisom\0\0\x02\0mp41".as_slice(), tail.as_bytes()].concat()
}

/// A campaign that sends one thing to a tag, previewed to one person.
fn one(name: &str, media: &str, content: &str, file: (&str, Vec<u8>)) -> BTreeMap<String, Vec<u8>> {
    let campaign = format!(
        "\
version: 1
campaign: {name}-2026
account: demo
vars: {{ season: 春季 }}
media: {{ {media} }}
targets: {{ vip: {{ tag: VIP会员 }} }}
sends:
  hello:
    {content}
    to: vip
    preview: [ {{ wxname: editor-in-chief }} ]
    approval: 0
    window: {{ from: 2026-03-01T10:00:00+08:00, until: 2099-12-31T20:00:00+08:00 }}
"
    );
    let files = [
        ("qunfa.yaml".to_owned(), PROJECT.as_bytes().to_vec()),
        (format!("{name}/campaign.yaml"), campaign.into_bytes()),
        (format!("{name}/{}", file.0), file.1),
    ];
    files.into()
}

/// A campaign that sends a voice of a second.
pub(crate) fn greeting() -> BTreeMap<String, Vec<u8>> {
    let media = "greeting: { voice: 问候.mp3 }";
    one("greeting", media, "voice: greeting", ("问候.mp3", mp3(28)))
}

/// A campaign that sends a video.
pub(crate) fn film() -> BTreeMap<String, Vec<u8>> {
    let media = "film: { video: 短片.mp4, title: '{{ season }}新品短片', description: 三十秒看完 }";
    one("film", media, "video: film", ("短片.mp4", mp4("一")))
}

/// A campaign that sends a card.
pub(crate) fn coupon() -> BTreeMap<String, Vec<u8>> {
    one("coupon", "", "card: pFS7Fjg8kV1IdDz01r4SQwMkuCKc", ("说明.txt", Vec::new()))
}

/// Everything a run works with.
pub(crate) struct Scene {
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    pub(crate) sandbox: Arc<Sandbox>,
    pub(crate) clock: SandboxClock,
    pub(crate) history: MemoryStore,
    pub(crate) interrupt: Interrupt,
    runs: std::sync::atomic::AtomicU32,
}

/// The time at which every scene begins.
pub(crate) fn noon() -> Timestamp {
    "2026-03-02T12:00:00+08:00".parse().unwrap()
}

impl Scene {
    pub(crate) async fn new(files: BTreeMap<String, Vec<u8>>) -> Self {
        let appid = AppId::new("sandbox-demo").unwrap();
        Self::with(files, Rules::new(appid, AccountKind::Service)).await
    }

    pub(crate) async fn with(files: BTreeMap<String, Vec<u8>>, rules: Rules) -> Self {
        let clock = SandboxClock::by_hand(noon());
        // The clock of a test stands still, so a minute's worth of calls is a test's worth.
        let rules = Rules { mass_calls_per_minute: 10_000, ..rules };
        let sandbox = Arc::new(Sandbox::start(rules, Keep::Memory, clock.clone()).await.unwrap());
        let (history, interrupt) = (MemoryStore::new(), Interrupt::default());
        let runs = std::sync::atomic::AtomicU32::new(0);
        Self { files, sandbox, clock, history, interrupt, runs }
    }

    /// Replaces a text in a file.
    pub(crate) fn edit(&mut self, file: &str, from: &str, to: &str) {
        let text = String::from_utf8(self.files[file].clone()).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        self.files.insert(file.to_owned(), text.replace(from, to).into_bytes());
    }

    /// Reads, parses, checks and renders.
    pub(crate) fn load(&self) -> (Option<(Campaign, Desired)>, Vec<Diagnostic>) {
        let files: Vec<(&str, &[u8])> =
            self.files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        let bundle = Bundle::from_files(&files);
        let (campaign, mut problems) = campaign::parse(&bundle);
        let Some(campaign) = campaign else { return (None, problems) };
        problems.extend(campaign::check(&campaign, &bundle));
        let (desired, more) = content::render(&campaign, &bundle);
        problems.extend(more);
        (desired.map(|desired| (campaign, desired)), problems)
    }

    fn sound(&self) -> (Campaign, Desired) {
        let (loaded, problems) = self.load();
        let errors: Vec<_> = problems.iter().filter(|problem| problem.is_error()).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        loaded.unwrap()
    }

    pub(crate) fn wechat(&self) -> WeChat {
        self.wechat_by(&self.clock)
    }

    /// A client that has this clock.
    pub(crate) fn wechat_by(&self, clock: &SandboxClock) -> WeChat {
        let settings = Settings {
            appid: AppId::new("sandbox-demo").unwrap(),
            secret: "PLANTED-SECRET".into(),
            base_url: self.sandbox.base_url(),
            proxy: None,
            timeouts: Timeouts::default(),
        };
        WeChat::new(settings, Arc::new(clock.clone())).unwrap()
    }

    pub(crate) async fn ledger(&self) -> Ledger {
        Ledger::of(&self.history.read_after(Seq::NONE).await.unwrap()).unwrap()
    }

    /// What the account looks like from outside, without a call.
    pub(crate) async fn observe(&self) -> Observed {
        let wechat = self.wechat();
        let tags = wechat.tags().await.unwrap().into_iter().filter_map(|tag| {
            let id = TagId::new(tag.id).ok()?;
            Some(SeenTag { name: tag.name, id, count: tag.count })
        });
        let followers = Some(wechat.follower_total().await.unwrap());
        Observed { tags: Some(tags.collect()), followers }
    }

    pub(crate) async fn plan(&self) -> Plan {
        let (campaign, desired) = self.sound();
        let wanted = Wanted {
            account: &campaign.account,
            campaigns: &[desired],
            elsewhere: &[],
            retractions: &[],
            unclear: None,
        };
        plan::plan(wanted, &self.ledger().await, &self.observe().await, self.clock.now())
    }

    /// Plans to show one send, without a call.
    pub(crate) async fn plan_preview(
        &self,
        send: &str,
        to: &[Reviewer],
    ) -> Result<Plan, Box<NoPreview>> {
        let (campaign, desired) = self.sound();
        let wanted = Wanted {
            account: &campaign.account,
            campaigns: &[desired],
            elsewhere: &[],
            retractions: &[],
            unclear: None,
        };
        let (send, ledger) = (send.parse().unwrap(), self.ledger().await);
        plan::plan_preview(wanted, &ledger, &send, to, self.clock.now())
    }

    /// Plans and applies; the run may wait for two hours of the test's time.
    pub(crate) async fn apply(&self) -> Result<Outcome, ApplyError> {
        self.apply_on(&self.history, &self.plan().await).await
    }

    pub(crate) async fn apply_on(
        &self,
        store: &dyn Store,
        plan: &Plan,
    ) -> Result<Outcome, ApplyError> {
        self.apply_with(store, plan, limits(), &mut |_| {}).await
    }

    pub(crate) async fn apply_with(
        &self,
        store: &dyn Store,
        plan: &Plan,
        limits: Limits,
        tell: &mut (dyn FnMut(Event) + Send),
    ) -> Result<Outcome, ApplyError> {
        let (campaign, _) = self.sound();
        let wechat = self.wechat();
        let mut journal = self.journal(store).await?;
        let world = World {
            account: &campaign.account,
            wechat: &wechat,
            files: self,
            clock: &self.clock,
            interrupt: &self.interrupt,
        };
        apply::apply(plan, world, &mut journal, limits, tell).await
    }

    pub(crate) async fn journal<'a>(
        &'a self,
        store: &'a dyn Store,
    ) -> Result<Journal<'a>, ApplyError> {
        let number = self.runs.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let run = Run {
            id: RunId::new(format!("run-{number}")).unwrap(),
            command: "apply".to_owned(),
            version: "0.0.0".to_owned(),
            actor: Some("张三".to_owned()),
            commit: None,
            nonce_seed: [7; 32],
        };
        let history = HistoryId::new("7f3c".repeat(8)).unwrap();
        let binding = Binding { history, appid: AppId::new("sandbox-demo").unwrap() };
        Ok(Journal::open(store, &self.clock, run, binding).await?)
    }

    pub(crate) fn advance(&self, duration: Duration) {
        self.clock.advance(duration);
    }
}

/// A run that goes all the way and may wait two hours; uploads one by one, so that each run writes
/// the same records.
pub(crate) fn limits() -> Limits {
    Limits { stage: Stage::Send, wait: Duration::from_hours(2), parallel: 1 }
}

impl Files for Scene {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let name = path.to_str().unwrap();
        self.files.get(name).cloned().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }
}
