//! What the human and the Markdown plan show alike: the rows of steps, of sends, and of what is
//! kept, with what is many and alike folded.

use crate::plan::{Action, Audience, Kept, Plan, SendLine, SendOrder, Standing, Step};
use crate::terms::{MaterialKind, OnReprint, SendAddress};

use super::style::Tone;
use super::{nouns, words};

/// From how many uploads of one kind in a row on they are folded.
const ALIKE_MAX: usize = 12;
/// How many of them are shown then.
const ALIKE_SHOWN: usize = 8;
/// How many sends that are over are named; more are counted.
const OVER_SHOWN: usize = 6;
/// How many kept things of one kind are named.
const KEPT_NAMED: usize = 3;
/// What a send to everyone on a real account may wait for; no call tells whether it will.
const TAP: &str = "under API群发保护, fails unless the administrator taps within 30 min";

/// One line of the table of steps.
#[derive(Debug)]
pub(super) struct Row {
    /// Its number, or its first and its last.
    pub(super) number: String,
    /// What it does, as a sign: `+` makes, `~` changes, `▸` shows, `!` sends, `-` takes back,
    /// `↻` settles, `?` asks.
    pub(super) sign: &'static str,
    /// The sign's accent.
    pub(super) tone: Tone,
    /// The action's word.
    pub(super) action: &'static str,
    /// What it is about.
    pub(super) address: String,
    /// Why.
    pub(super) why: String,
}

/// The table of a plan's steps, numbered from 1.
pub(super) fn steps(plan: &Plan) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut first = 0;
    for run in plan.steps.chunk_by(are_alike) {
        let shown = if run.len() > ALIKE_MAX { ALIKE_SHOWN } else { run.len() };
        for (n, step) in run[..shown].iter().enumerate() {
            rows.push(row(first + n + 1, step));
        }
        if shown < run.len() {
            rows.push(folded(first + shown + 1, &run[shown..]));
        }
        first += run.len();
    }
    rows
}

/// Whether two neighbours are uploads of one kind for one reason. Nothing that reaches a person is
/// ever folded.
fn are_alike(a: &Step, b: &Step) -> bool {
    upload_bytes(a).is_some()
        && a.action.word() == b.action.word()
        && words::reason(&a.because) == words::reason(&b.because)
}

/// The size of what a step uploads, in bytes.
fn upload_bytes(step: &Step) -> Option<u64> {
    match &step.action {
        Action::UploadImage(file) => Some(file.bytes),
        Action::UploadMaterial(file) => Some(file.bytes()),
        Action::ConvertVideo(_)
        | Action::SaveDraft(_)
        | Action::Preview(_)
        | Action::Send(_)
        | Action::Settle(_)
        | Action::CheckStatus(_)
        | Action::Retract(_) => None,
    }
}

fn row(number: usize, step: &Step) -> Row {
    let (sign, tone) = sign(&step.action);
    let because = words::reason(&step.because);
    let why = match &step.action {
        Action::UploadImage(file) => format!("{}, {because}", nouns::bytes(file.bytes)),
        Action::UploadMaterial(file) => match file.kind() {
            // It lasts three days: WeChat takes no other for a send.
            MaterialKind::Video => {
                format!("{}, for three days; {because}", nouns::bytes(file.bytes()))
            }
            MaterialKind::Image | MaterialKind::Voice | MaterialKind::Thumb => {
                format!("{}, {because}", nouns::bytes(file.bytes()))
            }
        },
        Action::ConvertVideo(order) => format!("{}; {because}", words::quoted(&order.title)),
        Action::Send(order) => match order.audience {
            Audience::Everyone { .. } => format!("to EVERYONE; {because}"),
            Audience::Tag { .. } | Audience::OpenIds { .. } => because,
        },
        Action::Retract(order) => {
            let send = nouns::code(&order.send);
            match &order.article {
                Some((n, name)) => format!("article {n} ({name}) of {send}; {because}"),
                None => format!("all of {send}; {because}"),
            }
        }
        Action::CheckStatus(order) if order.msg_id.is_some() => {
            format!("{}; {because}", nouns::job(order.msg_id))
        }
        Action::SaveDraft(order) if order.replaces.is_some() => {
            format!("{because}; another number of articles, so a new draft replaces the old")
        }
        Action::SaveDraft(_) | Action::Preview(_) | Action::Settle(_) | Action::CheckStatus(_) => {
            because
        }
    };
    let (number, action) = (number.to_string(), step.action.word());
    Row { number, sign, tone, action, address: step.address.clone(), why }
}

fn folded(number: usize, steps: &[Step]) -> Row {
    let (sign, tone) = sign(&steps[0].action);
    let bytes = steps.iter().filter_map(upload_bytes).sum();
    Row {
        number: format!("{number}–{}", number + steps.len() - 1),
        sign,
        tone,
        action: steps[0].action.word(),
        address: format!("{} more", nouns::number(steps.len() as u64)),
        why: format!("{}, {}", nouns::bytes(bytes), words::reason(&steps[0].because)),
    }
}

fn sign(action: &Action) -> (&'static str, Tone) {
    match action {
        Action::SaveDraft(order) if order.update.is_some() || order.replaces.is_some() => {
            ("~", Tone::Change)
        }
        Action::UploadImage(_)
        | Action::UploadMaterial(_)
        | Action::ConvertVideo(_)
        | Action::SaveDraft(_) => ("+", Tone::Good),
        Action::Preview(_) => ("▸", Tone::Hint),
        Action::Send(_) => ("!", Tone::Alarm),
        Action::Retract(_) => ("-", Tone::Alarm),
        Action::Settle(_) => ("↻", Tone::Change),
        Action::CheckStatus(_) => ("?", Tone::Quiet),
    }
}

/// The parts of one send that stand alike, as one block of the view.
#[derive(Debug)]
pub(super) struct Block<'a> {
    /// Each part; one for a send without parts.
    pub(super) lines: Vec<&'a SendLine>,
}

impl<'a> Block<'a> {
    /// The first part, which speaks for all where they cannot differ.
    pub(super) fn first(&self) -> &'a SendLine {
        self.lines[0]
    }

    /// The address: the whole send's where the block has several parts.
    pub(super) fn address(&self) -> SendAddress {
        match self.lines[..] {
            [line] => line.address.clone(),
            _ => self.first().address.whole(),
        }
    }

    /// Where it is, in the words of a heading; a send to everyone says so here.
    pub(super) fn standing(&self) -> String {
        let words = nouns::standing(self.first().standing);
        if self.goes_to_everyone() { format!("{words} to EVERYONE") } else { words.to_owned() }
    }

    /// The accent of its heading's remark.
    pub(super) fn tone(&self) -> Tone {
        match self.first().standing {
            Standing::Planned if self.goes_to_everyone() => Tone::Alarm,
            Standing::Planned | Standing::Sent => Tone::Good,
            Standing::Waiting | Standing::Submitted => Tone::Change,
            Standing::Blocked | Standing::Unknown => Tone::Alarm,
            Standing::Skipped | Standing::Withheld | Standing::Acknowledged => Tone::Quiet,
        }
    }

    /// Whether it is still to go out, and to everyone.
    pub(super) fn goes_to_everyone(&self) -> bool {
        let line = self.first();
        matches!(line.standing, Standing::Planned)
            && matches!(line.audience, Audience::Everyone { .. })
    }

    /// Whom it goes to, with the target's name.
    pub(super) fn audience(&self) -> String {
        format!("{} = {}", self.first().target, nouns::audience_of_all(&self.lines))
    }

    /// What must be true of it besides, in a few words: how many people are expected, other sends,
    /// approvals, reprints.
    pub(super) fn terms(&self, plan: &Plan) -> Option<String> {
        let order = self.order(plan)?;
        let mut terms = Vec::new();
        if let Some(expect) = &order.expect {
            terms.push(format!("expects {} people", words::expectation(expect)));
        }
        if !order.after.is_empty() {
            let sends = words::addresses(order.after.iter().map(|after| &after.send));
            terms.push(format!("after {sends}"));
        }
        if order.approvals > 0 {
            terms.push(nouns::count(order.approvals as usize, "approval", "approvals"));
        }
        match order.on_reprint {
            OnReprint::Stop => {}
            OnReprint::Accept => {
                terms.push("goes out even as a reprint, with the original's text".to_owned());
            }
        }
        if let Some(again) = &order.again {
            terms.push(format!("repeats {} on purpose", nouns::code(again)));
        }
        if self.goes_to_everyone() && !plan.account.appid.is_sandbox() {
            terms.push(TAP.to_owned());
        }
        (!terms.is_empty()).then(|| terms.join(" · "))
    }

    fn order(&self, plan: &'a Plan) -> Option<&'a SendOrder> {
        let address = &self.first().address;
        plan.steps.iter().find_map(|step| match &step.action {
            Action::Send(order) if order.address == *address => Some(&**order),
            Action::Send(_)
            | Action::UploadImage(_)
            | Action::UploadMaterial(_)
            | Action::ConvertVideo(_)
            | Action::SaveDraft(_)
            | Action::Preview(_)
            | Action::Settle(_)
            | Action::CheckStatus(_)
            | Action::Retract(_) => None,
        })
    }
}

/// A plan's sends: those that go on in full, and those that are over, which need a line at most.
pub(super) struct Sends<'a> {
    /// To be shown in full.
    pub(super) going: Vec<Block<'a>>,
    /// To be named.
    pub(super) over: Vec<Block<'a>>,
    /// How many more are over, in words, when there are too many to name.
    pub(super) over_more: Option<String>,
}

/// Sorts a plan's sends, the parts of one that stand alike together.
pub(super) fn sends(plan: &Plan) -> Sends<'_> {
    let alike = |a: &SendLine, b: &SendLine| {
        a.standing == b.standing && a.address.whole() == b.address.whole()
    };
    let blocks = plan.sends.chunk_by(alike).map(|lines| Block { lines: lines.iter().collect() });
    let is_over = |block: &Block| match block.first().standing {
        Standing::Sent | Standing::Skipped | Standing::Withheld | Standing::Acknowledged => true,
        Standing::Planned
        | Standing::Waiting
        | Standing::Blocked
        | Standing::Unknown
        | Standing::Submitted => false,
    };
    let (mut over, going): (Vec<_>, Vec<_>) = blocks.partition(is_over);
    let more = if over.len() > OVER_SHOWN + 1 { over.split_off(OVER_SHOWN) } else { Vec::new() };
    let with = |standing| more.iter().filter(|b| b.first().standing == standing).count();
    let over_more = (!more.is_empty()).then(|| {
        nouns::counts(&[
            (with(Standing::Sent), "more is sent", "more are sent"),
            (with(Standing::Skipped), "more is skipped", "more are skipped"),
            (with(Standing::Withheld), "more is withheld", "more are withheld"),
            (with(Standing::Acknowledged), "more is closed", "more are closed"),
        ])
    });
    Sends { going, over, over_more }
}

/// What is kept, by kind: how many, and the names of the first few.
pub(super) fn kept(plan: &Plan) -> Vec<(String, String)> {
    let mut kinds: Vec<(&'static str, Vec<&str>)> = Vec::new();
    for Kept { address, what } in &plan.kept {
        match kinds.iter_mut().find(|(kind, _)| kind == what) {
            Some((_, names)) => names.push(address),
            None => kinds.push((*what, vec![address])),
        }
    }
    let line = |(kind, names): (&'static str, Vec<&str>)| {
        let many = format!("{kind}s");
        (nouns::count(names.len(), kind, &many), nouns::listed(&names, KEPT_NAMED))
    };
    kinds.into_iter().map(line).collect()
}
