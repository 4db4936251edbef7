//! The plan as a comment on a pull request: what goes to whom first, the steps folded below it.

use std::io::{self, Write};

use crate::plan::{Plan, PlannedAccount};

use super::escape::{markdown, markdown_code, markdown_text};
use super::rows::{self, Block, Row};
use super::style::Style;
use super::summary::{self, Summary};
use super::{blockers, nouns, retractions, words};

/// A forge refuses a comment of more than 65,536 characters; so many steps fit with long reasons.
const STEPS_SHOWN: usize = 200;

/// Writes the plans of several accounts, and what they come to.
pub(super) fn plan(plans: &[Plan], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    // By this line a bot finds the comment that it wrote before.
    writeln!(out, "<!-- qunfa plan -->")?;
    if let Some((sends, people)) = summary::everyone(plans) {
        let sends = nouns::count(sends, "send goes", "sends go");
        let people = people.map_or_else(String::new, |n| format!(": {} people", nouns::number(n)));
        writeln!(out, "> [!CAUTION]\n> **{sends} to EVERYONE{people}.**\n")?;
    }
    for plan in plans {
        account(&plan.account, &nouns::anchor(&plan.anchor), out)?;
        sends(plan, style, out)?;
        retractions::markdown_lines(plan, out)?;
        stopped(plan, out)?;
        steps(plan, out)?;
        kept(plan, out)?;
    }
    let summary = Summary::of(plans);
    writeln!(out, "**{}**\n", summary.sentence())?;
    if summary.intends_nothing() || summary::names_nothing(plans) {
        return Ok(());
    }
    writeln!(out, "<sub>digest `{}`</sub>", summary::digest(plans))
}

/// Writes the heading that every view of an account begins with.
pub(super) fn account(
    account: &PlannedAccount,
    remark: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (name, realm) = (markdown_text(account.name.as_str()), nouns::realm(&account.appid));
    let appid = markdown_code(account.appid.as_str());
    let facts = nouns::account_facts(account).replace("  ", " · ");
    let remark = if remark.is_empty() { String::new() } else { format!(" · {remark}") };
    writeln!(out, "### {name} · {realm} {appid} · {facts}{remark}\n")
}

fn sends(plan: &Plan, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let sends = rows::sends(plan);
    if sends.going.is_empty() && sends.over.is_empty() {
        return Ok(());
    }
    head(&["send", "", "what", "to", "when", "quota"], out)?;
    for block in &sends.going {
        row(&send(plan, block, style), out)?;
    }
    for block in &sends.over {
        let line = block.first();
        let what = markdown(&nouns::content(&line.content));
        let empty = String::new;
        row(&[address(block), block.standing(), what, empty(), empty(), empty()], out)?;
    }
    writeln!(out)?;
    match &sends.over_more {
        Some(more) => writeln!(out, "and {more}\n"),
        None => Ok(()),
    }
}

fn send(plan: &Plan, block: &Block<'_>, style: &Style) -> [String; 6] {
    let line = block.first();
    let mut audience = markdown(&block.audience());
    if block.goes_to_everyone() {
        audience = format!("⚠️ **{audience}**");
    }
    let state = nouns::window_state(&line.window, style.now);
    let mut when = format!("{}, {state}", nouns::window(&line.window));
    if let Some(terms) = block.terms(plan) {
        when = format!("{when}; {}", markdown(&terms));
    }
    [
        address(block),
        format!("**{}**", block.standing()),
        markdown(&nouns::content(&line.content)),
        audience,
        when,
        line.quota.as_ref().map(nouns::quota_use).unwrap_or_default(),
    ]
}

/// A send's address in a cell.
pub(super) fn address(block: &Block<'_>) -> String {
    markdown_code(&block.address().to_string())
}

/// Writes what waits and what is blocked, and what to do about each.
pub(super) fn stopped(plan: &Plan, out: &mut dyn Write) -> io::Result<()> {
    if !plan.blocked.is_empty() {
        writeln!(out, "**Blocked**, until a person acts:\n")?;
    }
    for blocked in &plan.blocked {
        let (why, help) = (blockers::why(&blocked.why), blockers::help(blocked));
        item(&blocked.address, &why, &help, out)?;
    }
    if !plan.blocked.is_empty() {
        writeln!(out)?;
    }
    if !plan.waiting.is_empty() {
        writeln!(out, "**Waiting**:\n")?;
    }
    for waiting in &plan.waiting {
        let (why, help) = (words::why(waiting), words::why_help(waiting));
        item(&waiting.address, &why, &help, out)?;
    }
    if !plan.waiting.is_empty() {
        writeln!(out)?;
    }
    Ok(())
}

fn item(address: &str, why: &str, help: &str, out: &mut dyn Write) -> io::Result<()> {
    let (why, help) = (markdown(why), markdown(help));
    writeln!(out, "- {}: {why}  \n  *Help:* {help}", markdown_code(address))
}

fn steps(plan: &Plan, out: &mut dyn Write) -> io::Result<()> {
    let rows = rows::steps(plan);
    if rows.is_empty() {
        return Ok(());
    }
    let steps = nouns::count(plan.steps.len(), "step", "steps");
    writeln!(out, "<details><summary>{steps}</summary>\n")?;
    head(&["", "", "step", "of", "why"], out)?;
    for Row { number, sign, action, address, why, .. } in rows.iter().take(STEPS_SHOWN) {
        let cells = [
            number.clone(),
            format!("`{sign}`"),
            format!("`{action}`"),
            markdown_code(address),
            markdown(why),
        ];
        row(&cells, out)?;
    }
    if let Some(more) = rows.len().checked_sub(STEPS_SHOWN).filter(|more| *more > 0) {
        writeln!(out, "\nand {more} more rows, which `qunfa plan` shows")?;
    }
    writeln!(out, "\n</details>\n")
}

fn kept(plan: &Plan, out: &mut dyn Write) -> io::Result<()> {
    let kept = rows::kept(plan);
    if kept.is_empty() {
        return Ok(());
    }
    let count = nouns::number(plan.kept.len() as u64);
    writeln!(out, "<details><summary>{count} kept</summary>\n")?;
    for (count, names) in kept {
        writeln!(out, "- {count}: {}", markdown_text(&names))?;
    }
    writeln!(out, "\n</details>\n")
}

/// Writes the head of a table.
pub(super) fn head(cells: &[&str], out: &mut dyn Write) -> io::Result<()> {
    let cells: Vec<String> = cells.iter().map(|&cell| cell.to_owned()).collect();
    row(&cells, out)?;
    writeln!(out, "|{}", " --- |".repeat(cells.len()))
}

/// Writes a row of a table, its cells escaped already.
pub(super) fn row(cells: &[String], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "| {} |", cells.join(" | "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Standing;
    use crate::report::fixtures::{
        empty, everything, line, news, recordings, shop, spring, style, vip,
    };

    fn shown(plans: &[Plan]) -> String {
        let mut out = Vec::new();
        plan(plans, &style(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_comment_says_first_what_goes_to_whom() {
        insta::assert_snapshot!(shown(&[spring(), empty(shop())]), @r"
        <!-- qunfa plan -->
        ### demo · SANDBOX `sandbox-demo` · 服务号 · 12,480 followers · history: record 17

        | send |  | what | to | when | quota |
        | --- | --- | --- | --- | --- | --- |
        | `spring-2026/sends/launch` | **will be sent** | 春季上新：十二款通勤外套 · 一件风衣，怎样穿过五个春天  (2 articles) | vip = tag VIP会员 (id 100), 3,210 followers | 2026-03-01 10:00 to 20:00 +08:00, open now, closes in 8 h; expects 1,000 to 20,000 people | 1 of 4 this month for each follower |

        <details><summary>12 steps</summary>

        |  |  | step | of | why |
        | --- | --- | --- | --- | --- |
        | 1 | `+` | `upload_image` | `images/lineup.jpg` | 71 kB, not on the account yet |
        | 2 | `+` | `upload_image` | `images/weave.jpg` | 72 kB, not on the account yet |
        | 3 | `+` | `upload_image` | `images/labels.png` | 73 kB, not on the account yet |
        | 4 | `+` | `upload_image` | `images/rain.jpg` | 74 kB, not on the account yet |
        | 5 | `+` | `upload_image` | `images/shop-card.jpg` | 75 kB, not on the account yet |
        | 6 | `+` | `upload_image` | `images/buy.png` | 76 kB, not on the account yet |
        | 7 | `+` | `upload_material` | `images/cover.jpg` | 121 kB, not on the account yet |
        | 8 | `+` | `save_draft` | `spring-2026/sends/launch` | no draft yet (bcef620e) |
        | 9 | `▸` | `preview` | `spring-2026/sends/launch` | to editor-in-chief, who has not seen it yet |
        | 10 | `▸` | `preview` | `spring-2026/sends/launch` | to openid o6\_bmj…, who has not seen it yet |
        | 11 | `!` | `send` | `spring-2026/sends/launch` | in its window, not sent yet |
        | 12 | `?` | `check_status` | `spring-2026/sends/launch` | its end is not known yet |

        </details>

        <details><summary>1 kept</summary>

        - 1 material: images/cover-care\.jpg

        </details>

        ### shop · REAL `wx1234567890abcdef` · 订阅号 · history: record 17

        **Plan: 12 steps (6 images, 1 material, 1 draft, 2 previews, 1 send, 1 status check) · 1 kept · 0 waiting · 0 blocked.**

        <sub>digest `1597bcae82547441f5bb11fdaf8a229257a394fb414d20695a3a69029ce0d731`</sub>
        ");
    }

    #[test]
    fn a_comment_on_whatever_a_plan_can_say() {
        let mut plan = everything();
        plan.waiting = plan.waiting.drain(2..3).collect();
        plan.blocked = plan.blocked.drain(4..5).collect();
        insta::assert_snapshot!(shown(&[plan]), @r"
        <!-- qunfa plan -->
        > [!CAUTION]
        > **1 send goes to EVERYONE: 12,480 people.**

        ### demo · SANDBOX `sandbox-demo` · 服务号 · 12,480 followers · history: record 17

        | send |  | what | to | when | quota |
        | --- | --- | --- | --- | --- | --- |
        | `notice/sends/all` | **will be sent to EVERYONE** | 【服务通知】系统维护 …  (18 characters) | ⚠️ **all = EVERYONE, all 12,480 followers** | 2026-03-01 10:00 to 20:00 +08:00, open now, closes in 8 h; expects 1,000 to 20,000 people | 2 of 4 to everyone this month |
        | `recall/sends/gift` | **waits** | 回归礼 | vip = list 沉睡会员\.csv, 15 people in 2 parts | 2026-03-01 10:00 to 20:00 +08:00, open now, closes in 8 h | 1 of 4 this month for each follower |
        | `weekly@2026-w09/sends/issue` | **outcome UNKNOWN** | 周刊 | vip = tag VIP会员 (id 100), 3,210 followers | 2026-03-01 10:00 to 20:00 +08:00, open now, closes in 8 h | 1 of 4 this month for each follower |
        | `recall/sends/gift#1` | sent | 回归礼 |  |  |  |

        **Blocked**, until a person acts:

        - `recall/sends/gift`: It was begun at 2026-03-01 10:00:07 +08:00, 1 request made, and no answer is recorded. Since 2026-03-01 10:00:07 +08:00 WeChat can no longer be asked safely: a repeat could be a second send.  
          *Help:* look at 已群发 on mp\.weixin\.qq\.com. If it is there, `qunfa resolve recall/sends/gift --sent`; if not, from 2026-04-01 00:00 +08:00 on `qunfa resolve recall/sends/gift --not-sent`, and the next `qunfa apply` sends it

        **Waiting**:

        - `recall/sends/gift#2`: It needs 2 approvals and has none.  
          *Help:* look at the previews, then `qunfa approve recall/sends/gift#2 --expect 5ad6fa89f3736df9`

        <details><summary>7 steps</summary>

        |  |  | step | of | why |
        | --- | --- | --- | --- | --- |
        | 1 | `+` | `upload_image` | `images/外套.jpg` | 1.2 MB, not on the account yet |
        | 2 | `~` | `save_draft` | `weekly@2026-w09/sends/issue` | calendar changed, from 96a42572 to b20ab0a0 |
        | 3 | `▸` | `preview` | `weekly@2026-w09/sends/issue` | to editor-in-chief: changed from 96a42572 to b20ab0a0 |
        | 4 | `!` | `send` | `notice/sends/all` | to EVERYONE; refused at 2026-03-01 10:00:07 +08:00 with 45028 “has no masssend quota rid: 65f1-'x'”, surely not sent; once more |
        | 5 | `↻` | `settle` | `weekly@2026-w09/sends/issue` | begun at 2026-03-01 10:00:07 +08:00, 2 requests made, and the answer is not recorded; can be settled until 2026-03-02 07:25:07 +08:00 |
        | 6 | `↻` | `settle` | `weekly@2026-w09/sends/issue` | every request was refused (40007) and that end is not recorded yet |
        | 7 | `?` | `check_status` | `weekly@2026-w09/sends/issue` | job 1000000001; WeChat last said: still sending |

        </details>

        <details><summary>5 kept</summary>

        - 5 images: images/a\.jpg, images/b\.jpg, images/c\.jpg and 2 more

        </details>

        **Plan: 7 steps (1 image, 1 draft, 1 preview, 1 send, 2 settlings, 1 status check) · 5 kept · 1 waiting · 1 blocked.**

        <sub>digest `de8065b5cd729e62680be5e40516cdd7c8c10a94eb843210763155aa6aac1259`</sub>
        ");
    }

    #[test]
    fn a_comment_on_voices_videos_and_cards() {
        insta::assert_snapshot!(shown(&[recordings()]), @r"
        <!-- qunfa plan -->
        ### demo · SANDBOX `sandbox-demo` · 服务号 · 12,480 followers · history: record 17

        | send |  | what | to | when | quota |
        | --- | --- | --- | --- | --- | --- |
        | `greeting/sends/hello` | **will be sent** | audio/问候\.mp3  (1.0 s, 2 kB) | vip = tag VIP会员 (id 100), 3,210 followers | 2026-03-01 10:00 to 20:00 +08:00, open now, closes in 8 h; expects 1,000 to 20,000 people | 1 of 4 this month for each follower |
        | `film/sends/film` | **will be sent** | 新品短片 · 三十秒看完  (film\.mp4, 2.5 MB) | vip = tag VIP会员 (id 100), 3,210 followers | 2026-03-01 10:00 to 20:00 +08:00, open now, closes in 8 h | 1 of 4 this month for each follower |
        | `coupon/sends/coupon` | **will be sent** | 卡券 pFS7Fjg8kV1I | vip = tag VIP会员 (id 100), 3,210 followers | 2026-03-01 10:00 to 20:00 +08:00, open now, closes in 8 h | 1 of 4 this month for each follower |

        <details><summary>5 steps</summary>

        |  |  | step | of | why |
        | --- | --- | --- | --- | --- |
        | 1 | `+` | `upload_material` | `greeting/audio/问候.mp3` | 2 kB, not on the account yet |
        | 2 | `+` | `upload_material` | `film/film.mp4` | 2.5 MB, for three days; the one on the account lasts until 2026-03-02 09:00 +08:00, too short for a send by it; renewed |
        | 3 | `+` | `convert_video` | `film/film.mp4` | “新品短片”; no video that can be sent yet |
        | 4 | `+` | `convert_video` | `film/film.mp4` | “新品短片”; a send of it was refused (40007): WeChat does not know it; renewed |
        | 5 | `!` | `send` | `greeting/sends/hello` | in its window, not sent yet |

        </details>

        **Plan: 5 steps (2 materials, 2 videos, 1 send) · 0 kept · 0 waiting · 0 blocked.**

        <sub>digest `44baf230cb5846e640be47093b33c7449c5acf430931baccc4cdada2f8a8f0bb`</sub>
        ");
    }

    #[test]
    fn foreign_text_cannot_leave_its_cell() {
        let title = "春|季</td>\u{202e}<!-- @zhang #1 ![x](https://evil.example)";
        let hostile = line("spring-2026/sends/launch", news(&[title]), vip(), Standing::Planned);
        let text = shown(&[Plan { sends: vec![hostile], ..spring() }]);
        let row = text.lines().find(|row| row.starts_with("| `spring-2026/sends/launch`")).unwrap();
        let title = r"春\|季&lt;/td&gt;\\u\{202e\}&lt;!-- @&#8203;zhang #&#8203;1 ";
        let link = r"!\[x\](https\://evil\.example)";
        assert_eq!(row.split(" | ").nth(2), Some(&*format!("{title}{link}")));
    }
}
