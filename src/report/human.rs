//! The plan for a person: what goes to whom, how many, when, what it uses of the quota, and why
//! each step.

use std::io::{self, Write};

use crate::plan::{Plan, PlannedAccount};

use super::layout::{Page, column, pad, width};
use super::rows::{self, Block, Row};
use super::style::{Style, Tone};
use super::summary::{self, Summary};
use super::{blockers, escape, nouns, retractions, words};

/// The labels of a send's block end here.
const LABEL_COLUMNS: usize = 12;
/// An address that is wider than this has its reason on the line below.
const ADDRESS_COLUMNS_MAX: usize = 30;

/// Writes the plans of several accounts, and what they come to.
pub(super) fn plan(plans: &[Plan], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let page = &mut Page::new(style, out);
    for plan in plans {
        account(page, &plan.account, &nouns::anchor(&plan.anchor))?;
        sends(page, plan)?;
        retractions::human(page, plan)?;
        steps(page, plan)?;
        kept(page, plan)?;
        waiting(page, plan)?;
        blocked(page, plan)?;
        page.gap()?;
    }
    if let Some((sends, people)) = summary::everyone(plans) {
        let sends = nouns::count(sends, "send goes", "sends go");
        let people = people.map_or_else(String::new, |n| format!(": {} people", nouns::number(n)));
        page.paragraph(0, Tone::Alarm, &format!("{sends} to EVERYONE{people}."))?;
    }
    let summary = Summary::of(plans);
    page.paragraph(0, Tone::Strong, &summary.sentence())?;
    if summary.intends_nothing() || summary::names_nothing(plans) {
        return Ok(());
    }
    page.beside("Digest: ", Tone::Quiet, &summary::digest(plans).to_string())
}

/// Writes the line that every view of an account begins with.
pub(super) fn account(
    page: &mut Page<'_>,
    account: &PlannedAccount,
    remark: &str,
) -> io::Result<()> {
    let style = page.style();
    let realm = nouns::realm(&account.appid);
    let tone = if account.appid.is_sandbox() { Tone::Hint } else { Tone::Alarm };
    let facts = nouns::account_facts(account);
    let left = format!("{}  {realm} {}  {facts}", account.name, account.appid);
    let painted = format!(
        "{}  {} {}  {facts}",
        style.paint(Tone::Strong, account.name.as_str()),
        style.paint(tone, realm),
        style.paint(tone, account.appid.as_str()),
    );
    let room = style.columns().saturating_sub(width(&left) + width(remark));
    if room >= 2 {
        let remark = style.paint(Tone::Quiet, remark);
        return page.line(&format!("{painted}{}{remark}", " ".repeat(room)));
    }
    page.line(&painted)?;
    page.paragraph(2, Tone::Quiet, remark)
}

fn sends(page: &mut Page<'_>, plan: &Plan) -> io::Result<()> {
    let sends = rows::sends(plan);
    for block in &sends.going {
        page.gap()?;
        heading(page, block)?;
        details(page, plan, block)?;
    }
    if !sends.over.is_empty() {
        page.gap()?;
    }
    for block in &sends.over {
        heading(page, block)?;
    }
    match &sends.over_more {
        Some(more) => page.paragraph(2, Tone::Quiet, &format!("and {more}")),
        None => Ok(()),
    }
}

/// Writes a send's address and where it is.
pub(super) fn heading(page: &mut Page<'_>, block: &Block<'_>) -> io::Result<()> {
    let (address, standing) = (block.address().to_string(), block.standing());
    page.heading(2, (Tone::Strong, &address), (block.tone(), &standing))
}

/// Writes one fact of a send beside its label.
pub(super) fn detail(page: &mut Page<'_>, label: &str, tone: Tone, text: &str) -> io::Result<()> {
    page.beside(&pad(&format!("    {label}"), LABEL_COLUMNS), tone, &escape::terminal(text))
}

fn details(page: &mut Page<'_>, plan: &Plan, block: &Block<'_>) -> io::Result<()> {
    let line = block.first();
    let to_all = if block.goes_to_everyone() { Tone::Alarm } else { Tone::Plain };
    detail(page, nouns::content_kind(&line.content), Tone::Plain, &nouns::content(&line.content))?;
    detail(page, "to", to_all, &block.audience())?;
    let state = nouns::window_state(&line.window, page.style().now);
    detail(page, "when", Tone::Plain, &format!("{}, {state}", nouns::window(&line.window)))?;
    if let Some(quota) = &line.quota {
        detail(page, "quota", Tone::Plain, &nouns::quota_use(quota))?;
    }
    if let Some(terms) = block.terms(plan) {
        detail(page, "terms", Tone::Plain, &terms)?;
    }
    let mut digests: Vec<String> = block.lines.iter().map(|l| l.digest.to_string()).collect();
    digests.dedup();
    match &digests[..] {
        [digest] => detail(page, "digest", Tone::Quiet, digest),
        many => {
            let each = nouns::count(many.len(), "digest", "digests");
            detail(page, "digest", Tone::Quiet, &format!("{each}, one for each part"))
        }
    }
}

fn steps(page: &mut Page<'_>, plan: &Plan) -> io::Result<()> {
    let rows = rows::steps(plan);
    if rows.is_empty() {
        return Ok(());
    }
    page.gap()?;
    page.line(&page.style().paint(Tone::Strong, "  steps"))?;
    let columns = Columns::of(&rows);
    rows.iter().try_for_each(|row| step(page, &columns, row))
}

/// How wide each column of the table of steps is.
struct Columns {
    number: usize,
    action: usize,
    address: usize,
}

impl Columns {
    fn of(rows: &[Row]) -> Self {
        let addresses: Vec<String> =
            rows.iter().map(|row| escape::terminal(&row.address)).collect();
        Self {
            number: column(rows.iter().map(|row| row.number.as_str()), usize::MAX).max(2),
            action: column(rows.iter().map(|row| row.action), usize::MAX),
            address: column(addresses.iter().map(String::as_str), ADDRESS_COLUMNS_MAX),
        }
    }
}

fn step(page: &mut Page<'_>, columns: &Columns, row: &Row) -> io::Result<()> {
    let style = page.style();
    let number = pad_left(&row.number, columns.number);
    let action = pad(row.action, columns.action);
    let lead = width(&format!("  {number} {} {action}  ", row.sign));
    let painted = format!(
        "  {} {} {}  ",
        style.paint(Tone::Quiet, &number),
        style.paint(row.tone, row.sign),
        style.paint(row.tone, &action)
    );
    let (address, why) = (escape::terminal(&row.address), escape::terminal(&row.why));
    page.row((lead, &painted), (columns.address, &address), (Tone::Quiet, &why))
}

/// Fills `text` up with spaces on its left.
pub(super) fn pad_left(text: &str, columns: usize) -> String {
    format!("{}{text}", " ".repeat(columns.saturating_sub(width(text))))
}

fn kept(page: &mut Page<'_>, plan: &Plan) -> io::Result<()> {
    let kept = rows::kept(plan);
    if kept.is_empty() {
        return Ok(());
    }
    page.gap()?;
    page.line(&page.style().paint(Tone::Strong, "  kept"))?;
    let columns = kept.iter().map(|(count, _)| width(count)).max().unwrap_or_default();
    for (count, names) in &kept {
        let label = format!("    {}  ", pad(count, columns));
        page.beside(&label, Tone::Quiet, &escape::terminal(names))?;
    }
    Ok(())
}

/// Writes what waits: for what, and what brings it on.
pub(super) fn waiting(page: &mut Page<'_>, plan: &Plan) -> io::Result<()> {
    if plan.waiting.is_empty() {
        return Ok(());
    }
    page.gap()?;
    page.line(&page.style().paint(Tone::Change, "  waiting"))?;
    for waiting in &plan.waiting {
        let (why, help) = (words::why(waiting), words::why_help(waiting));
        paragraph(page, &waiting.address, &why, &help)?;
    }
    Ok(())
}

/// Writes what is blocked: why, and what a person can do.
pub(super) fn blocked(page: &mut Page<'_>, plan: &Plan) -> io::Result<()> {
    if plan.blocked.is_empty() {
        return Ok(());
    }
    page.gap()?;
    page.line(&page.style().paint(Tone::Alarm, "  blocked"))?;
    for blocked in &plan.blocked {
        let (why, help) = (blockers::why(&blocked.why), blockers::help(blocked));
        paragraph(page, &blocked.address, &why, &help)?;
    }
    Ok(())
}

fn paragraph(page: &mut Page<'_>, address: &str, why: &str, help: &str) -> io::Result<()> {
    page.paragraph(4, Tone::Strong, &escape::terminal(address))?;
    page.paragraph(6, Tone::Plain, &escape::terminal(why))?;
    page.beside("      help: ", Tone::Plain, &escape::terminal(help))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Standing;
    use crate::report::fixtures::{
        at, demo, empty, everything, line, list, news, recordings, shop, spring, style, upload,
    };
    use crate::report::style::Color;

    fn shown(plans: &[Plan]) -> String {
        shown_in(plans, &style())
    }

    fn shown_in(plans: &[Plan], style: &Style) -> String {
        let mut out = Vec::new();
        plan(plans, style, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_campaign_on_a_new_account() {
        insta::assert_snapshot!(shown(&[spring()]), @r"
        demo  SANDBOX sandbox-demo  服务号  12,480 followers          history: record 17

          spring-2026/sends/launch                                          will be sent
            news    春季上新：十二款通勤外套 · 一件风衣，怎样穿过五个春天  (2 articles)
            to      vip = tag VIP会员 (id 100), 3,210 followers
            when    2026-03-01 10:00 to 20:00 +08:00, open now, closes in 8 h
            quota   1 of 4 this month for each follower
            terms   expects 1,000 to 20,000 people
            digest  ce79594b0a7046299fcd8c5be8a3f7f0963a90d7ff2fbe842b9425a0fb401838

          steps
           1 + upload_image     images/lineup.jpg         71 kB, not on the account yet
           2 + upload_image     images/weave.jpg          72 kB, not on the account yet
           3 + upload_image     images/labels.png         73 kB, not on the account yet
           4 + upload_image     images/rain.jpg           74 kB, not on the account yet
           5 + upload_image     images/shop-card.jpg      75 kB, not on the account yet
           6 + upload_image     images/buy.png            76 kB, not on the account yet
           7 + upload_material  images/cover.jpg          121 kB, not on the account yet
           8 + save_draft       spring-2026/sends/launch  no draft yet (bcef620e)
           9 ▸ preview          spring-2026/sends/launch  to editor-in-chief, who has
                                                          not seen it yet
          10 ▸ preview          spring-2026/sends/launch  to openid o6_bmj…, who has not
                                                          seen it yet
          11 ! send             spring-2026/sends/launch  in its window, not sent yet
          12 ? check_status     spring-2026/sends/launch  its end is not known yet

          kept
            1 material  images/cover-care.jpg

        Plan: 12 steps (6 images, 1 material, 1 draft, 2 previews, 1 send, 1 status
        check) · 1 kept · 0 waiting · 0 blocked.
        Digest: 2140ad42e8c9e39f5cfb63b3221ecb04159fc3a0ce660e0409e022e190651756
        ");
    }

    #[test]
    fn whatever_a_plan_can_say() {
        let mut plan = everything();
        plan.waiting = plan.waiting.drain(2..3).collect();
        plan.blocked = plan.blocked.drain(4..5).collect();
        insta::assert_snapshot!(shown(&[plan]), @r"
        demo  SANDBOX sandbox-demo  服务号  12,480 followers          history: record 17

          notice/sends/all                                      will be sent to EVERYONE
            text    【服务通知】系统维护 …  (18 characters)
            to      all = EVERYONE, all 12,480 followers
            when    2026-03-01 10:00 to 20:00 +08:00, open now, closes in 8 h
            quota   2 of 4 to everyone this month
            terms   expects 1,000 to 20,000 people
            digest  833075a267a439cf5dce0bfa2fafb641ea9c88717f27991f1ddc89bb6a10e1a2

          recall/sends/gift                                                        waits
            news    回归礼
            to      vip = list 沉睡会员.csv, 15 people in 2 parts
            when    2026-03-01 10:00 to 20:00 +08:00, open now, closes in 8 h
            quota   1 of 4 this month for each follower
            digest  2 digests, one for each part

          weekly@2026-w09/sends/issue                                    outcome UNKNOWN
            news    周刊
            to      vip = tag VIP会员 (id 100), 3,210 followers
            when    2026-03-01 10:00 to 20:00 +08:00, open now, closes in 8 h
            quota   1 of 4 this month for each follower
            digest  88b1ed876688bb26aee55dfa2e278af3211a95fbe0f56c10c52ae5c71f0d4c0b

          recall/sends/gift#1                                                       sent

          steps
           1 + upload_image  images/外套.jpg              1.2 MB, not on the account yet
           2 ~ save_draft    weekly@2026-w09/sends/issue  calendar changed, from
                                                          96a42572 to b20ab0a0
           3 ▸ preview       weekly@2026-w09/sends/issue  to editor-in-chief: changed
                                                          from 96a42572 to b20ab0a0
           4 ! send          notice/sends/all
                               to EVERYONE; refused at 2026-03-01 10:00:07 +08:00 with
                               45028 “has no masssend quota rid: 65f1-'x'”, surely not
                               sent; once more
           5 ↻ settle        weekly@2026-w09/sends/issue
                               begun at 2026-03-01 10:00:07 +08:00, 2 requests made, and
                               the answer is not recorded; can be settled until
                               2026-03-02 07:25:07 +08:00
           6 ↻ settle        weekly@2026-w09/sends/issue
                               every request was refused (40007) and that end is not
                               recorded yet
           7 ? check_status  weekly@2026-w09/sends/issue  job 1000000001; WeChat last
                                                          said: still sending

          kept
            5 images  images/a.jpg, images/b.jpg, images/c.jpg and 2 more

          waiting
            recall/sends/gift#2
              It needs 2 approvals and has none.
              help: look at the previews, then
                    `qunfa approve recall/sends/gift#2 --expect 5ad6fa89f3736df9`

          blocked
            recall/sends/gift
              It was begun at 2026-03-01 10:00:07 +08:00, 1 request made, and no answer
              is recorded. Since 2026-03-01 10:00:07 +08:00 WeChat can no longer be
              asked safely: a repeat could be a second send.
              help: look at 已群发 on mp.weixin.qq.com. If it is there,
                    `qunfa resolve recall/sends/gift --sent`; if not, from
                    2026-04-01 00:00 +08:00 on
                    `qunfa resolve recall/sends/gift --not-sent`, and the next
                    `qunfa apply` sends it

        1 send goes to EVERYONE: 12,480 people.
        Plan: 7 steps (1 image, 1 draft, 1 preview, 1 send, 2 settlings, 1 status
        check) · 5 kept · 1 waiting · 1 blocked.
        Digest: de8065b5cd729e62680be5e40516cdd7c8c10a94eb843210763155aa6aac1259
        ");
    }

    #[test]
    fn voices_videos_and_cards_are_shown_as_a_person_knows_them() {
        insta::assert_snapshot!(shown(&[recordings()]), @r"
        demo  SANDBOX sandbox-demo  服务号  12,480 followers          history: record 17

          greeting/sends/hello                                              will be sent
            voice   audio/问候.mp3  (1.0 s, 2 kB)
            to      vip = tag VIP会员 (id 100), 3,210 followers
            when    2026-03-01 10:00 to 20:00 +08:00, open now, closes in 8 h
            quota   1 of 4 this month for each follower
            terms   expects 1,000 to 20,000 people
            digest  659371ddedfd97ac2e93cd44667138aad8e63d77f1d704afc4b2ae79e2cd26dd

          film/sends/film                                                   will be sent
            video   新品短片 · 三十秒看完  (film.mp4, 2.5 MB)
            to      vip = tag VIP会员 (id 100), 3,210 followers
            when    2026-03-01 10:00 to 20:00 +08:00, open now, closes in 8 h
            quota   1 of 4 this month for each follower
            digest  b609124858e5e3f2334ad3190f4dcf4cf6d50073a67c0195fd1e767e45368dd3

          coupon/sends/coupon                                               will be sent
            card    卡券 pFS7Fjg8kV1I
            to      vip = tag VIP会员 (id 100), 3,210 followers
            when    2026-03-01 10:00 to 20:00 +08:00, open now, closes in 8 h
            quota   1 of 4 this month for each follower
            digest  f2dbe67517404d9e31ca975b5f4e992f533c04bf05b099e40be31f091e5d9355

          steps
           1 + upload_material  greeting/audio/问候.mp3  2 kB, not on the account yet
           2 + upload_material  film/film.mp4
                                  2.5 MB, for three days; the one on the account lasts
                                  until 2026-03-02 09:00 +08:00, too short for a send by
                                  it; renewed
           3 + convert_video    film/film.mp4            “新品短片”; no video that can
                                                         be sent yet
           4 + convert_video    film/film.mp4
                                  “新品短片”; a send of it was refused (40007): WeChat
                                  does not know it; renewed
           5 ! send             greeting/sends/hello     in its window, not sent yet

        Plan: 5 steps (2 materials, 2 videos, 1 send) · 0 kept · 0 waiting · 0 blocked.
        Digest: 44baf230cb5846e640be47093b33c7449c5acf430931baccc4cdada2f8a8f0bb
        ");
    }

    #[test]
    fn a_plan_without_steps_says_so() {
        insta::assert_snapshot!(shown(&[empty(demo()), empty(shop())]), @r"
        demo  SANDBOX sandbox-demo  服务号  12,480 followers          history: record 17

        shop  REAL wx1234567890abcdef  订阅号                         history: record 17

        Nothing to do: everything is as the files say.
        ");
        let stopped = Plan { steps: Vec::new(), sends: Vec::new(), ..everything() };
        let text = shown(&[stopped]);
        assert!(
            text.contains("Nothing to do now: 8 sends wait, 19 are blocked until a person acts.")
        );
        assert!(text.contains("`qunfa resolve recall/sends/gift --not-sent`"));
    }

    #[test]
    fn the_table_of_steps_lines_up() {
        let mut plan = everything();
        plan.steps.extend(spring().steps);
        for width in [60, 80, 120] {
            let text = shown_in(&[plan.clone()], &Style { width, ..style() });
            let rows = text.lines().skip_while(|line| *line != "  steps").skip(1);
            let rows: Vec<&str> = rows.take_while(|line| !line.is_empty()).collect();
            let starts = rows.iter().filter(|row| !row.starts_with("      "));
            let column = |row: &&&str| {
                let words = row.find("spring").or(row.find("images/")).or(row.find("weekly@"));
                super::width(&row[..words.or(row.find("notice")).unwrap()])
            };
            let columns: Vec<usize> = starts.map(|row| column(&row)).collect();
            assert_eq!(columns, [24; 19]);
            // Only a command or a digest, which are copied whole, may be wider than the terminal.
            let wide =
                |line: &&str| super::width(line) > usize::from(width) && !line.contains("qunfa ");
            let digest = |line: &str| line.split_whitespace().last().unwrap().len() == 64;
            assert_eq!(text.lines().filter(wide).find(|line| !digest(line)), None);
        }
    }

    #[test]
    fn many_uploads_parts_and_finished_sends_are_folded() {
        let steps = (1..=400).map(|n| upload(n, &format!("图/{n}.jpg"), 50_000)).collect();
        let mut sends: Vec<_> = (1..=3)
            .map(|part| {
                let audience = list(part, 10_000);
                line(
                    &format!("recall/sends/gift#{part}"),
                    news(&["回归礼"]),
                    audience,
                    Standing::Planned,
                )
            })
            .collect();
        sends.extend((1..=12).map(|n| {
            let text = format!("weekly@2026-w{n:02}/sends/issue");
            line(&text, news(&["周刊"]), list(1, 2), Standing::Sent)
        }));
        insta::assert_snapshot!(shown(&[Plan { sends, steps, ..empty(demo()) }]), @r#"
        demo  SANDBOX sandbox-demo  服务号  12,480 followers          history: record 17

          recall/sends/gift                                                 will be sent
            news    回归礼
            to      vip = list 沉睡会员.csv, 30,000 people in 3 parts
            when    2026-03-01 10:00 to 20:00 +08:00, open now, closes in 8 h
            quota   1 of 4 this month for each follower
            digest  3 digests, one for each part

          weekly@2026-w01/sends/issue                                               sent
          weekly@2026-w02/sends/issue                                               sent
          weekly@2026-w03/sends/issue                                               sent
          weekly@2026-w04/sends/issue                                               sent
          weekly@2026-w05/sends/issue                                               sent
          weekly@2026-w06/sends/issue                                               sent
          and 6 more are sent

          steps
              1 + upload_image  图/1.jpg  50 kB, not on the account yet
              2 + upload_image  图/2.jpg  50 kB, not on the account yet
              3 + upload_image  图/3.jpg  50 kB, not on the account yet
              4 + upload_image  图/4.jpg  50 kB, not on the account yet
              5 + upload_image  图/5.jpg  50 kB, not on the account yet
              6 + upload_image  图/6.jpg  50 kB, not on the account yet
              7 + upload_image  图/7.jpg  50 kB, not on the account yet
              8 + upload_image  图/8.jpg  50 kB, not on the account yet
          9–400 + upload_image  392 more  19.6 MB, not on the account yet

        Plan: 400 steps (400 images) · 0 kept · 0 waiting · 0 blocked.
        Digest: b759a0d7062303a3b2869e0b6532a69c727d0dbfb006b1761547ad2c1f5ec455
        "#);
    }

    #[test]
    fn foreign_text_cannot_move_the_screen_and_colours_are_accents() {
        let title = "春\u{1b}[31m季\u{202e}上新";
        let hostile =
            line("spring-2026/sends/launch", news(&[title]), list(1, 2), Standing::Planned);
        let plans = [Plan { sends: vec![hostile], ..spring() }];
        let plain = shown(&plans);
        assert!(plain.contains(r"春\u{1b}[31m季\u{202e}上新"));
        assert!(!plain.contains(['\u{1b}', '\u{202e}']));
        let painted = shown_in(&plans, &Style { color: Color::Ansi, ..style() });
        assert!(painted.contains("\u{1b}[1m\u{1b}[31m"), "a send stands out");
        assert_eq!(anstream::adapter::strip_str(&painted).to_string(), plain);
    }

    #[test]
    fn a_window_is_read_at_the_time_of_reading() {
        let early = Style { now: at("2026-03-01T09:30:00+08:00"), ..style() };
        assert!(shown_in(&[spring()], &early).contains("20:00 +08:00, opens in 30 min"));
    }
}
