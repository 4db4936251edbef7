//! What plan promises (ARCHITECTURE.md, promises), planned from literal files, a literal history and a literal
//! hour: nothing is called and nothing is stored.
//!
//! Every `check` also looks at what holds of each plan: the same inputs give the same plan, a send
//! that is blocked or waits has no send step, and after apply the plan has no steps.
//!
//! | promise | test |
//! |---|---|
//! | every step has a reason, with the old and the new value | `steps::a_first_plan_…`, `steps::an_edited_article_…` |
//! | the same inputs give the same plan | `check`, on every plan of these tests |
//! | after apply, plan has no steps | `check`, on every plan of these tests |
//! | the same bytes are uploaded once, whatever campaign they are in | `steps::the_same_bytes_…` |
//! | a content image, a material or a draft that changed is made again | `steps::a_changed_picture_…`, `steps::an_edited_article_…` |
//! | a preview is of exactly this content | `steps::an_edited_article_…`, `approvals::only_a_word_after_the_previews_counts` |
//! | an approval is void once content, audience, window or flags change | `approvals::a_change_voids_…`, `digests::…` |
//! | an approval is over content bytes, not ids or counts | `digests::a_send_digest_is_not_about_…` |
//! | a send is its name, never its content | `resume::sent_content_cannot_change`, `resume::an_account_may_be_renamed` |
//! | from the intent on, content is frozen | `resume::an_edit_of_an_open_send_…` |
//! | what cannot go on is blocked, and the rest still runs | `audiences::a_blocked_send_holds_up_no_other` |
//! | waiting is for time or somebody's word | `windows::…`, `approvals::…`, `after::…`, `quotas::…` |
//! | a tag by its name: id, count, `expect`, `max_recipients`, kind | `audiences::…` |
//! | a list is cut into parts, and goes on with the next part only | `lists::…` |
//! | a changed list is blocked | `lists::a_list_that_changed_…`, `lists::a_list_cannot_become_a_tag_…` |
//! | a limit is told with its numbers before anything is uploaded | `quotas::…` |
//! | outside its window a send is not made; missed says so on every run | `windows::…` |
//! | offline, what history knows is used | `audiences::offline_…` |
//! | the plan's digest is over what is intended | `digests::…` |
//! | twins within 90 days are blocked unless `again` says so | `twins::…` |
//! | an edition is not dropped, and none begins while another is unknown | `twins::an_edition_…` |
//! | `after` wants every part sent, or ended | `after::…` |
//! | R15: what no file names is settled all the same | `resume::r15_…` |
//! | an acknowledged end is quiet | `resume::an_acknowledged_end_is_quiet` |

mod after;
mod approvals;
mod audiences;
mod digests;
mod lists;
mod media;
mod quotas;
mod resume;
mod stage;
mod steps;
mod twins;
mod windows;
mod words;

use qunfa::plan::Standing;

use stage::Stage;

/// Compares a plan with what it should say, a line each, and looks at what every plan promises.
#[track_caller]
fn check(stage: &Stage, expected: &str) {
    let plan = stage.plan();
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    assert_eq!(words::lines(&plan), expected);
    assert_eq!(format!("{plan:?}"), format!("{:?}", stage.plan()), "the same inputs");
    for line in &plan.sends {
        let sends = plan.steps.iter().any(|step| step.id.0 == format!("send {}", line.address));
        assert_eq!(sends, line.standing == Standing::Planned, "{}", line.address);
    }
    let known: Vec<_> = plan.steps.iter().map(|step| &step.id).collect();
    for (at, step) in plan.steps.iter().enumerate() {
        let mut before = step.after.iter().map(|id| known.iter().position(|known| *known == id));
        assert!(before.all(|id| id.is_some_and(|id| id < at)), "{:?} comes in order", step.id);
    }
    let after = stage.clone().applied().plan();
    assert!(after.steps.is_empty(), "after apply, plan has no steps: {:#?}", words::lines(&after));
}
