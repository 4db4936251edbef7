//! The plan for a program: JSON with a published schema (`schema/plan.schema.json`).

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use crate::plan::{Audience, Kept, Plan, QuotaUse, SendLine, Step};

use super::content_json::{ContentJson, content_json};
use super::json::{self, AccountJson, AnchorJson, BlockedJson, FORMAT_VERSION, WaitingJson};
use super::retractions::{self, RetractionJson};
use super::summary::{self, Summary};
use super::{nouns, words};

/// What `qunfa plan` found left to do, on each account, with the reason for each step.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "qunfa plan")]
struct PlanJson {
    /// The version of this format: 1. Fields may be added within a version; none changes or goes.
    #[schemars(extend("const" = FORMAT_VERSION))]
    format_version: u32,
    /// The digest of what is intended, which `qunfa apply --expect` insists on.
    digest: String,
    /// The accounts.
    accounts: Vec<AccountJson>,
    /// The place in each account's history that the plan was made from.
    history: Vec<HistoryJson>,
    /// Every send of the campaigns planned, part by part.
    sends: Vec<SendJson>,
    /// Every retraction of the campaigns planned.
    retractions: Vec<RetractionJson>,
    /// What to do, in order for each account.
    steps: Vec<StepJson>,
    /// What is already as it should be.
    kept: Vec<KeptJson>,
    /// What waits for time or for somebody's word.
    waiting: Vec<WaitingJson>,
    /// What a person must deal with.
    blocked: Vec<BlockedJson>,
    /// All of it in numbers.
    summary: Summary,
}

/// A place in the history of an account.
#[derive(Serialize, JsonSchema)]
struct HistoryJson {
    /// The account's appid.
    account: String,
    #[serde(flatten)]
    anchor: AnchorJson,
}

/// One part of one send.
#[derive(Serialize, JsonSchema)]
struct SendJson {
    /// The account's appid.
    account: String,
    /// Which: `CAMPAIGN[@EDITION]/sends/SEND[#PART]`.
    address: String,
    /// Where it is on its way.
    #[schemars(extend("enum" = ["planned", "waiting", "blocked", "unknown", "submitted", "sent", "skipped", "withheld", "acknowledged"]))]
    standing: &'static str,
    /// What it sends.
    content: ContentJson,
    /// Whom it goes to.
    audience: AudienceJson,
    /// When it may go out.
    window: WindowJson,
    /// What it uses of a quota, as far as the history knows.
    quota: Option<QuotaJson>,
    /// The send digest, which `qunfa approve --expect` names.
    digest: String,
}

/// Whom a send goes to. Openids are never written out.
#[derive(Serialize, JsonSchema)]
struct AudienceJson {
    /// Which kind.
    #[schemars(extend("enum" = ["everyone", "tag", "openids"]))]
    kind: &'static str,
    /// The target's name in the files.
    target: String,
    /// How many people, where it is known.
    count: Option<u64>,
    /// The name of the tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<String>,
    /// The tag's number on the account, if it was looked up.
    #[serde(skip_serializing_if = "Option::is_none")]
    tag_id: Option<u32>,
    /// The file of the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    /// The targets whose people are taken away from the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    except: Option<Vec<String>>,
    /// The share of the rest that is meant, such as `0%..10%`, where it is not all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    slice: Option<String>,
    /// Which part of the list, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<u32>,
    /// How many parts the list has.
    #[serde(skip_serializing_if = "Option::is_none")]
    parts: Option<u32>,
}

/// When a send may go out.
#[derive(Serialize, JsonSchema)]
struct WindowJson {
    /// Not before (RFC 3339).
    from: Option<String>,
    /// Not at or after (RFC 3339).
    until: String,
}

/// What a send uses of a quota.
#[derive(Serialize, JsonSchema)]
struct QuotaJson {
    /// Which.
    #[schemars(extend("enum" = ["subscription_day", "everyone_month", "follower_month", "service_day"]))]
    quota: &'static str,
    /// How many were used before this one.
    used: u32,
    /// How many there are.
    limit: u32,
}

/// One thing to do.
#[derive(Serialize, JsonSchema)]
struct StepJson {
    /// The account's appid.
    account: String,
    /// Its name, unique for the account.
    id: String,
    /// What to do.
    #[schemars(extend("enum" = ["upload_image", "upload_material", "convert_video", "save_draft", "preview", "send", "settle", "check_status", "retract"]))]
    action: &'static str,
    /// What it is about.
    address: String,
    /// Why.
    reason: ReasonJson,
    /// The steps that must have succeeded before.
    after: Vec<String>,
}

/// Why a step is in the plan.
#[derive(Serialize, JsonSchema)]
struct ReasonJson {
    /// A stable word. More words may come within a version.
    code: &'static str,
    /// In a sentence.
    text: String,
    /// The value of before: a fingerprint, a state, an errcode or a time.
    old: Option<String>,
    /// The value that the files ask for.
    new: Option<String>,
}

/// Something that is as it should be.
#[derive(Serialize, JsonSchema)]
struct KeptJson {
    /// The account's appid.
    account: String,
    /// What.
    address: String,
    /// What it is: `image`, `material`, `draft`, `preview`, `send`.
    what: &'static str,
}

/// Writes the plans as one JSON document.
pub(super) fn plan(plans: &[Plan], out: &mut dyn Write) -> io::Result<()> {
    json::document(&PlanJson::of(plans), out)
}

/// The JSON Schema (2020-12) of a plan's JSON form.
pub fn plan_schema() -> serde_json::Value {
    schemars::schema_for!(PlanJson).into()
}

impl PlanJson {
    fn of(plans: &[Plan]) -> Self {
        /// What each plan has of something, with the plan's account.
        fn each<'a, T: 'a, J>(
            plans: &'a [Plan],
            things: fn(&'a Plan) -> &'a [T],
            json: fn(String, &'a T) -> J,
        ) -> Vec<J> {
            let of_plan = |plan: &'a Plan| {
                things(plan).iter().map(move |thing| json(plan.account.appid.to_string(), thing))
            };
            plans.iter().flat_map(of_plan).collect()
        }
        let history = |plan: &Plan| HistoryJson {
            account: plan.account.appid.to_string(),
            anchor: json::anchor(plan),
        };
        Self {
            format_version: FORMAT_VERSION,
            digest: summary::digest(plans).to_string(),
            accounts: plans.iter().map(json::account).collect(),
            history: plans.iter().map(history).collect(),
            sends: each(plans, |plan| &plan.sends, send),
            retractions: plans.iter().flat_map(retractions::json).collect(),
            steps: each(plans, |plan| &plan.steps, step),
            kept: each(plans, |plan| &plan.kept, kept),
            waiting: each(plans, |plan| &plan.waiting, json::waiting),
            blocked: each(plans, |plan| &plan.blocked, json::blocked),
            summary: Summary::of(plans),
        }
    }
}

fn send(account: String, line: &SendLine) -> SendJson {
    let SendLine { address, content, audience, target, window, quota, digest, standing } = line;
    SendJson {
        account,
        address: address.to_string(),
        standing: nouns::standing_code(*standing),
        content: content_json(content),
        audience: audience_json(target.clone(), audience),
        window: WindowJson {
            from: window.from.map(nouns::rfc3339),
            until: nouns::rfc3339(window.until),
        },
        quota: quota.map(|QuotaUse { quota, used, limit }| QuotaJson {
            quota: nouns::quota_code(quota),
            used,
            limit,
        }),
        digest: digest.to_string(),
    }
}

fn audience_json(target: String, audience: &Audience) -> AudienceJson {
    let count = audience.count();
    let (kind, tag, tag_id) = ("everyone", None, None);
    let (file, part, parts) = (None, None, None);
    let (except, slice) = (None, None);
    let plain = AudienceJson { kind, target, count, tag, tag_id, file, except, slice, part, parts };
    match audience {
        Audience::Everyone { .. } => plain,
        Audience::Tag { name, seen } => AudienceJson {
            kind: "tag",
            tag: Some(name.clone()),
            tag_id: seen.map(|(id, _)| id.get()),
            ..plain
        },
        Audience::OpenIds { file, part, parts, formula, .. } => AudienceJson {
            kind: "openids",
            file: Some(file.clone()),
            except: Some(formula.without().map(str::to_owned).collect()),
            slice: formula.share(),
            part: Some(*part),
            parts: Some(*parts),
            ..plain
        },
    }
}

fn step(account: String, step: &Step) -> StepJson {
    let (old, new) = words::reason_values(&step.because);
    StepJson {
        account,
        id: step.id.0.clone(),
        action: step.action.word(),
        address: step.address.clone(),
        reason: ReasonJson {
            code: step.because.word(),
            text: words::reason(&step.because),
            old,
            new,
        },
        after: step.after.iter().map(|id| id.0.clone()).collect(),
    }
}

fn kept(account: String, kept: &Kept) -> KeptJson {
    KeptJson { account, address: kept.address.clone(), what: kept.what }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Standing;
    use crate::report::fixtures::{
        demo, empty, everything, line, list, news, recordings, shop, spring,
    };

    fn shown(plans: &[Plan]) -> String {
        let mut out = Vec::new();
        plan(plans, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a whole document")]
    fn a_program_reads_what_a_person_reads() {
        let mut plan = spring();
        plan.steps.drain(1..11);
        insta::assert_snapshot!(shown(&[plan]), @r#"
        {
          "format_version": 1,
          "digest": "2140ad42e8c9e39f5cfb63b3221ecb04159fc3a0ce660e0409e022e190651756",
          "accounts": [
            {
              "name": "demo",
              "appid": "sandbox-demo",
              "sandbox": true,
              "kind": "service",
              "followers": 12480,
              "history": {
                "id": "7f3c7f3c7f3c7f3c7f3c7f3c7f3c7f3c",
                "seq": 17,
                "hash": "a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5"
              }
            }
          ],
          "history": [
            {
              "account": "sandbox-demo",
              "id": "7f3c7f3c7f3c7f3c7f3c7f3c7f3c7f3c",
              "seq": 17,
              "hash": "a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5"
            }
          ],
          "sends": [
            {
              "account": "sandbox-demo",
              "address": "spring-2026/sends/launch",
              "standing": "planned",
              "content": {
                "kind": "news",
                "articles": [
                  {
                    "name": "launch",
                    "title": "春季上新：十二款通勤外套"
                  },
                  {
                    "name": "launch",
                    "title": "一件风衣，怎样穿过五个春天"
                  }
                ],
                "fingerprint": "bcef620e859f3219f79000d3b7f1da2ea03bce1ad547db3053f31e3961551be6"
              },
              "audience": {
                "kind": "tag",
                "target": "vip",
                "count": 3210,
                "tag": "VIP会员",
                "tag_id": 100
              },
              "window": {
                "from": "2026-03-01T10:00:00+08:00",
                "until": "2026-03-01T20:00:00+08:00"
              },
              "quota": {
                "quota": "follower_month",
                "used": 0,
                "limit": 4
              },
              "digest": "ce79594b0a7046299fcd8c5be8a3f7f0963a90d7ff2fbe842b9425a0fb401838"
            }
          ],
          "retractions": [],
          "steps": [
            {
              "account": "sandbox-demo",
              "id": "step-1",
              "action": "upload_image",
              "address": "images/lineup.jpg",
              "reason": {
                "code": "not_uploaded",
                "text": "not on the account yet",
                "old": null,
                "new": "89e4d950fe52baddc8f50efdc785ce191c6bd2be68ac3aabf26084a53464109f"
              },
              "after": []
            },
            {
              "account": "sandbox-demo",
              "id": "step-12",
              "action": "check_status",
              "address": "spring-2026/sends/launch",
              "reason": {
                "code": "status_unknown",
                "text": "its end is not known yet",
                "old": null,
                "new": null
              },
              "after": [
                "step-11"
              ]
            }
          ],
          "kept": [
            {
              "account": "sandbox-demo",
              "address": "images/cover-care.jpg",
              "what": "material"
            }
          ],
          "waiting": [],
          "blocked": [],
          "summary": {
            "steps": 2,
            "upload_image": 1,
            "upload_material": 0,
            "convert_video": 0,
            "save_draft": 0,
            "preview": 0,
            "send": 0,
            "settle": 0,
            "check_status": 1,
            "retract": 0,
            "kept": 1,
            "waiting": 0,
            "blocked": 0
          }
        }
        "#);
    }

    #[test]
    fn every_plan_is_as_the_schema_says() {
        let schema = plan_schema();
        assert_eq!(schema["title"], "qunfa plan");
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        for plans in [vec![spring()], vec![recordings()], vec![everything(), empty(shop())], vec![]]
        {
            let document = serde_json::from_str(&shown(&plans)).unwrap();
            let problems: Vec<String> =
                validator.iter_errors(&document).map(|problem| problem.to_string()).collect();
            assert_eq!(problems, [""; 0]);
        }
    }

    #[test]
    fn voices_videos_and_cards_are_told_apart() {
        let document: serde_json::Value = serde_json::from_str(&shown(&[recordings()])).unwrap();
        let contents = document["sends"].as_array().unwrap().iter().map(|send| {
            let mut content = send["content"].clone();
            content.as_object_mut().unwrap().shift_remove("fingerprint");
            content.to_string()
        });
        insta::assert_snapshot!(contents.collect::<Vec<_>>().join("\n"), @r#"
        {"kind":"voice","voice":{"file":"audio/问候.mp3","bytes":1008,"duration_ms":1008}}
        {"kind":"video","video":{"title":"新品短片","description":"三十秒看完","file":"film.mp4","bytes":2500000}}
        {"kind":"card","card":"pFS7Fjg8kV1I"}
        "#);
        let actions: Vec<&str> = document["steps"]
            .as_array()
            .unwrap()
            .iter()
            .map(|step| step["action"].as_str().unwrap())
            .collect();
        assert_eq!(
            actions,
            ["upload_material", "upload_material", "convert_video", "convert_video", "send"]
        );
        assert_eq!(document["summary"]["convert_video"], 2);
    }

    #[test]
    fn no_openid_is_written_out() {
        let send = line("recall/sends/gift#1", news(&["回归礼"]), list(1, 2), Standing::Planned);
        let text = shown(&[Plan { sends: vec![send], ..empty(demo()) }, spring(), everything()]);
        assert!(!text.contains("o6_bmjrP"));
        assert!(text.contains(r#""file": "沉睡会员.csv""#));
    }

    #[test]
    fn a_title_cannot_turn_the_direction_of_writing() {
        let title = "春\u{1b}[31m季\u{202e}上新";
        let send = line("spring-2026/sends/launch", news(&[title]), list(1, 2), Standing::Planned);
        let text = shown(&[Plan { sends: vec![send], ..spring() }]);
        assert!(text.contains(r#""title": "春\u001b[31m季\u202e上新""#));
    }

    #[test]
    fn the_digest_of_several_accounts_is_over_theirs_in_order_of_appid() {
        let (a, b) = (spring(), empty(shop()));
        assert_eq!(summary::digest(std::slice::from_ref(&a)), a.digest());
        let both = summary::digest(&[a.clone(), b.clone()]);
        assert_eq!(both, summary::digest(&[b, a]));
    }
}
