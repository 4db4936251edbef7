//! The built program, as a person or a CI job runs it: one test for each promise of the README.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const LAUNCH: &str = "spring-2026/sends/launch";
const NOTICE: &str = "notice-2026/sends/maintenance";
/// One reviewer of `campaigns/spring`.
const OPENID: &str = "o6_bmjrPTlm6_2sgVt7hMZOPfL2M";

/// A copy of the worked examples, in a folder that goes away with it.
struct Project(tempfile::TempDir);

/// What a run of the program came to.
struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Ran {
    fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Self { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// Checks the exit code, and that each text stands somewhere in what was printed.
    fn expect(self, code: i32, texts: &[&str]) -> Self {
        let all = format!("{}{}", self.out, self.err);
        assert_eq!(self.code, Some(code), "{all}");
        for text in texts {
            assert!(all.contains(text), "no `{text}` in: {all}");
        }
        self
    }
}

impl Project {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("campaigns"),
            &folder.path().join("campaigns"),
        );
        Self(folder)
    }

    fn path(&self, file: &str) -> PathBuf {
        self.0.path().join("campaigns").join(file)
    }

    /// Replaces a text in a file, which must have it.
    fn edit(&self, file: &str, old: &str, new: &str) {
        let text = std::fs::read_to_string(self.path(file)).unwrap();
        assert!(text.contains(old), "{file} has no `{old}`");
        std::fs::write(self.path(file), text.replacen(old, new, 1)).unwrap();
    }

    /// The window of the notice, from a year to a year.
    fn notice_window(&self, from: &str, until: &str) {
        let window =
            "window: { from: 2026-01-01T09:00:00+08:00, until: 2099-12-31T21:00:00+08:00 }";
        let new = format!(
            "window: {{ from: {from}-01-01T09:00:00+08:00, until: {until}-01-01T09:00:00+08:00 }}"
        );
        self.edit("notice/campaign.yaml", window, &new);
    }

    fn command(&self, args: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_qunfa"));
        command.args(args.split_whitespace()).current_dir(self.0.path());
        command.env_clear().env("HOME", self.0.path()).stdin(Stdio::null());
        command
    }

    fn run(&self, args: &str) -> Ran {
        Ran::of(&self.command(args).output().unwrap())
    }

    /// The examples' account as a real one, whose secret is in a variable.
    fn make_real(&self) {
        let sandbox = "kind: service        # service (服务号) or subscription (订阅号): they differ in quotas and in what they may do\n    api: sandbox";
        let real = "kind: service\n    appid: wx1234567890abcdef\n    secret: { env: SHOP_SECRET }";
        self.edit("qunfa.yaml", sandbox, real);
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        if name == ".qunfa" {
            continue;
        }
        if entry.path().is_dir() {
            copy(&entry.path(), &to.join(name));
        } else {
            std::fs::copy(entry.path(), to.join(name)).unwrap();
        }
    }
}

#[test]
fn the_second_apply_does_nothing() {
    let project = Project::new();
    project.run("plan --detailed-exitcode").expect(2, &["Plan: 30 steps"]);
    project.run("apply --yes").expect(0, &["sent     spring-2026/sends/launch"]);
    let before = project.run("history show").out;
    project.run("apply --yes").expect(0, &["Nothing to do: everything is as the files say."]);
    project.run("plan --detailed-exitcode").expect(0, &["Nothing to do"]);
    assert_eq!(project.run("history show").out, before, "a run with nothing to do writes nothing");
    project.run("history verify").expect(0, &["37 records, unbroken"]);
}

#[test]
fn what_was_sent_cannot_change() {
    let project = Project::new();
    project.edit("notice/campaign.yaml", "不受影响", "照常");
    project.run("apply --yes campaigns/notice").expect(0, &["sent"]);
    project.edit("notice/campaign.yaml", "照常", "不受影响");
    project.run("plan campaigns/notice").expect(4, &["What was sent cannot", "`edition`"]);
    project.run("apply --yes campaigns/notice").expect(4, &["BLOCKED"]);
    project
        .run(&format!("resolve {NOTICE} --acknowledge 已知 --by 李四 --yes"))
        .expect(4, &["what holds it up is in the files"]);
}

#[test]
fn without_a_terminal_yes_has_to_be_said() {
    let project = Project::new();
    project.run("apply").expect(64, &["say --yes"]);
    project.run("history show").expect(0, &["0 records"]);
    project.run(&format!("approve {LAUNCH} --by 张三")).expect(4, &["not delivered yet"]);
}

#[test]
fn a_send_goes_out_once_somebody_approved_it() {
    let project = Project::new();
    project.edit("spring/campaign.yaml", "approval: 0", "approval: 1");
    project.run("apply --yes --until preview campaigns/spring").expect(0, &["NOT SENT YET"]);
    let waits = project.run("apply --yes campaigns/spring --detailed-exitcode");
    let waits = waits.expect(6, &["NOT SENT YET", "needs 1 approval"]);
    let (_, digest) = waits.out.split_once("--expect ").unwrap();
    let digest: String = digest.chars().take_while(char::is_ascii_hexdigit).collect();
    assert_eq!(digest.len(), 16, "it fits on a line");

    let approve = |rest: &str| project.run(&format!("approve {LAUNCH} --by 张三 {rest}"));
    approve("").expect(64, &["say what you saw"]);
    approve("--expect 08eadcf0").expect(64, &["at least 16 digits"]);
    approve("--expect 0000000000000000").expect(4, &["it changed"]);
    approve(&format!("--expect {digest}")).expect(0, &["张三 approved spring-2026/sends/launch"]);
    approve(&format!("--expect {digest}")).expect(0, &["has approved", "already"]);
    project.run("apply --yes campaigns/spring").expect(0, &["sent  spring-2026/sends/launch"]);
    approve(&format!("--expect {digest}")).expect(4, &["already on its way"]);
}

#[test]
fn a_window_that_is_not_open_waits() {
    let project = Project::new();
    project.notice_window("2090", "2091");
    project.run("apply --yes campaigns/notice").expect(
        0,
        &["NOT SENT YET  notice-2026/sends/maintenance", "2090-01-01 09:00 +08:00 or later"],
    );
    project.run("apply --yes --detailed-exitcode campaigns/notice").expect(6, &["opens in"]);
    project.run("plan --detailed-exitcode campaigns/notice").expect(6, &[]);
}

#[test]
fn a_missed_window_needs_a_person_whose_word_quiets_it() {
    let project = Project::new();
    project.notice_window("2025", "2026");
    let missed = "and it was not sent";
    project.run("plan campaigns/notice").expect(4, &[missed, "--acknowledge REASON"]);
    project.run("apply --yes campaigns/notice").expect(4, &[missed]);
    let resolve = |rest: &str| project.run(&format!("resolve {NOTICE} --by 李四 {rest}"));
    resolve("--acknowledge 活动取消").expect(64, &["say --yes"]);
    resolve("--sent --yes").expect(64, &["nothing is recorded"]);
    resolve("--acknowledge 活动取消 --yes").expect(0, &["李四 recorded"]);
    project.run("plan campaigns/notice --detailed-exitcode").expect(0, &["closed by a person"]);
    project.run("apply --yes campaigns/notice").expect(0, &[]);
    // Another window is another decision.
    project.edit("notice/campaign.yaml", "until: 2026", "until: 2090");
    project.run("plan campaigns/notice --detailed-exitcode").expect(2, &["will be sent"]);
}

#[test]
fn a_broken_campaign_holds_up_no_other() {
    let project = Project::new();
    project.edit("notice/campaign.yaml", "to: all", "to: 全部");
    let ran = project.run("apply --yes").expect(3, &["Q0202", "1 campaign is wrong"]);
    assert!(ran.out.contains("sent     spring-2026/sends/launch"), "{}", ran.out);
    // Text in GBK is a broken campaign as well, and not the end of the run.
    std::fs::write(project.path("notice/campaign.yaml"), b"# \xc8\xba\xb7\xa2\n").unwrap();
    project.run("plan").expect(3, &["not UTF-8", "Nothing to do"]);
    project.run("explain Q0110").expect(0, &["UTF-8"]);
    let alone = project.run("plan campaigns/notice").expect(3, &[]);
    assert_eq!(alone.out, "", "nothing was planned, so nothing is said to be all right");
    project.run("validate").expect(3, &["5 campaigns and 5 sends are sound; 1 campaign is not."]);
}

#[test]
fn wrong_usage_is_64_and_says_what_is_right() {
    let project = Project::new();
    project.run("").expect(64, &["Usage: qunfa"]);
    project.run("aply").expect(64, &["apply"]);
    project.run("apply --wait soon").expect(64, &["90s, 2m or 1h30m"]);
    project.run("apply --yes --expect 1234").expect(64, &["at least 16 digits"]);
    project.run("resolve spring --sent").expect(64, &["CAMPAIGN[@EDITION]/sends/SEND"]);
    project.run("explain Q9999").expect(64, &["neither a code of ours"]);
    project.run("explain -1").expect(0, &["系统繁忙"]);
    let how =
        project.run("explain").expect(64, &["`qunfa explain 45028`", "`qunfa explain --all`"]);
    assert_eq!(how.out, "");
    project.run("explain --all 45028").expect(64, &["cannot be used with"]);
    project.run("--help").expect(0, &["群发"]);
}

#[test]
fn a_broken_pipe_is_no_panic() {
    let project = Project::new();
    for command in ["plan", "apply --yes", "history show", "status --format json", "explain 45028"]
    {
        let mut child =
            project.command(command).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let ran = Ran::of(&child.wait_with_output().unwrap());
        assert_eq!(ran.code, Some(0), "{command}: {}", ran.err);
        assert!(!ran.err.contains("panicked"), "{command}: {}", ran.err);
    }
    project.run("apply --yes").expect(0, &[]);
    project.run("plan --detailed-exitcode").expect(0, &[]);
}

#[test]
fn a_real_account_without_its_history_is_refused() {
    let project = Project::new();
    project.make_real();
    for command in ["plan", "plan --offline", "status", "apply --yes"] {
        project.run(command).expect(1, &["no history of demo", "qunfa history new demo"]);
    }
    project.run("history verify").expect(0, &["no history yet"]);
    let begun = project.run("history new demo").expect(0, &["Write its id into qunfa.yaml"]);
    project.run("plan --offline").expect(1, &["does not say which history"]);
    let yaml = std::fs::read_to_string(project.path("qunfa.yaml")).unwrap();
    std::fs::write(project.path("qunfa.yaml"), yaml + &begun.out).unwrap();
    // No variable has the secret: offline needs none.
    project.run("plan --offline").expect(0, &["REAL", "not looked up"]);
    project.run("plan").expect(1, &["the variable SHOP_SECRET is not set"]);
    project.run("history new demo").expect(1, &["already"]);
}

#[test]
fn secrets_and_openids_stand_in_no_output() {
    let project = Project::new();
    project.make_real();
    let begun = project.run("history new demo");
    let yaml = std::fs::read_to_string(project.path("qunfa.yaml")).unwrap();
    // Nothing listens there, and the address is loopback: the call fails on this machine.
    let real = yaml.replacen("appid: wx", "api: http://127.0.0.1:1\n    appid: wx", 1) + &begun.out;
    std::fs::write(project.path("qunfa.yaml"), real).unwrap();
    for command in ["plan --log trace", "apply --yes --log trace", "plan --format json"] {
        let output = project.command(command).env("SHOP_SECRET", "pLaNtEd-5ecret").output();
        let ran = Ran::of(&output.unwrap()).expect(1, &[]);
        assert!(!(ran.out + &ran.err).contains("pLaNtEd"), "{command}");
    }

    let project = Project::new();
    for command in [
        "plan",
        "plan --format json",
        "plan --format markdown",
        "apply --yes --log debug",
        "status",
        "status --format json",
        "history show",
        "history show --format json",
    ] {
        let ran = project.run(command).expect(0, &[]);
        assert!(!(ran.out + &ran.err).contains(OPENID), "{command} prints an openid");
    }
}

#[test]
fn a_plan_goes_into_files_as_well() {
    let project = Project::new();
    project.run("plan --json-into plan.json --markdown-into plan.md").expect(0, &["Plan: 30"]);
    let json = std::fs::read_to_string(project.0.path().join("plan.json")).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["format_version"], 1);
    assert_eq!(json["steps"].as_array().unwrap().len(), 30);
    let looks = &json["sends"][3]["content"];
    assert_eq!(
        (&looks["kind"], &looks["pictures"][0]),
        (&"images".into(), &"images/rain.jpg".into())
    );
    assert_eq!(looks["comments"], "followers");
    assert_eq!(looks["caption"], "春季三套穿法：雨天、通勤、周末");
    let markdown = std::fs::read_to_string(project.0.path().join("plan.md")).unwrap();
    assert!(markdown.contains("春季上新：十二款通勤外套"), "{markdown}");
    assert_eq!(project.run("plan").out, project.run("plan").out, "the same inputs, the same plan");
}

#[test]
fn a_send_of_a_campaign_outside_the_path_is_waited_for() {
    let project = Project::new();
    project.edit(
        "notice/campaign.yaml",
        "    to: all\n",
        &format!("    to: all\n    after: [{LAUNCH}]\n"),
    );
    project.run("plan campaigns/notice --detailed-exitcode").expect(6, &[LAUNCH]);
    project.edit("spring/campaign.yaml", "news: [launch, care]", "news: [lanch, care]");
    // A broken campaign is exit 3; what comes after its send waits, and is not blocked.
    project.run("plan --format json").expect(3, &["\"waiting\"", "\"blocked\": []"]);
}

/// The emulated account as a process of its own, which a test orders about.
struct Server {
    process: std::process::Child,
    address: String,
}

impl Server {
    fn start() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_qunfa"));
        command.args(["sandbox", "--listen", "127.0.0.1:0", "--appid", "sandbox-x", "--control"]);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        let mut out = std::io::BufReader::new(process.stdout.take().unwrap());
        std::io::BufRead::read_line(&mut out, &mut line).unwrap();
        let address =
            line.trim().rsplit_once("http://").unwrap().1.trim_end_matches('/').to_owned();
        Self { process, address }
    }

    fn post(&self, path: &str, body: &str) {
        use std::io::{Read as _, Write as _};
        let (address, length) = (&self.address, body.len());
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        let head = format!("POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
        write!(stream, "{head}Content-Length: {length}\r\n\r\n{body}").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop((self.process.kill(), self.process.wait()));
    }
}

#[test]
fn between_processes_a_lost_answer_is_settled_and_no_hasty_word_is_taken() {
    let (server, project) = (Server::start(), Project::new());
    let api = format!("appid: sandbox-x\n    api: \"http://{}\"", server.address);
    project.edit("qunfa.yaml", "api: sandbox", &api);
    project.run("apply campaigns/notice --yes --wait 0s").expect(0, &["job 3147483649"]);
    let fault = r#"{"endpoint":"message/mass/sendall","nth":1,"how":"lost_answer"}"#;
    server.post("/_sandbox/fault", fault);
    project.run("apply campaigns/spring --yes --wait 0s").expect(5, &["UNKNOWN", "left open"]);

    let resolve =
        |verdict: &str| project.run(&format!("resolve {LAUNCH} {verdict} --by zhang.san --yes"));
    resolve("--not-sent").expect(4, &["may still make it go out", "(R5)"]);
    resolve("--sent --msg-id 3147483649").expect(4, &["is notice-2026/sends/maintenance's"]);
    server.post("/_sandbox/advance?seconds=200", "");
    project.run("apply campaigns/spring --yes --wait 0s").expect(0, &["job 3147483650"]);
    resolve("--not-sent").expect(4, &["that is final"]);
}
