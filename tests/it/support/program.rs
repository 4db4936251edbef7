//! The built program on a project in a folder, and an emulated account beside it that has this
//! machine's time.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use qunfa::sandbox::{Keep, Rules, Sandbox, SandboxClock};
use qunfa::terms::{AccountKind, AppId, Clock, Timestamp};

/// A project in a folder that goes away with it.
pub(crate) struct Project(tempfile::TempDir);

/// What a run of the program came to.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Project {
    /// Makes one whose `qunfa.yaml` has these accounts, a line each.
    pub(crate) fn new(accounts: &[&str]) -> Self {
        let project = Self(tempfile::tempdir().unwrap());
        let accounts = accounts.join("\n  ");
        project.write("qunfa.yaml", &format!("version: 1\naccounts:\n  {accounts}\n"));
        project
    }

    /// Where a file below `campaigns` is.
    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.0.path().join("campaigns").join(file)
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        fs::create_dir_all(self.path(file).parent().unwrap()).unwrap();
        fs::write(self.path(file), text).unwrap();
    }

    /// A campaign of one text, sent to these targets.
    pub(crate) fn notice(&self, account: &str, targets: &str) {
        let window = "{ from: 2026-01-01T09:00:00+08:00, until: 2099-12-31T21:00:00+08:00 }";
        let names: Vec<&str> = targets.lines().filter_map(|line| line.split(':').next()).collect();
        let send = |name: &&str| {
            format!("  {name}: {{ text: 今晚{name}维护, to: {name}, window: {window} }}\n")
        };
        let sends: String = names.iter().map(send).collect();
        let targets = targets.replace('\n', "\n  ");
        let head = format!("version: 1\ncampaign: notice-2026\naccount: {account}\n");
        let text = format!("{head}targets:\n  {targets}\nsends:\n{sends}");
        self.write("notice/campaign.yaml", &text);
    }

    pub(crate) fn run(&self, args: &str) -> Ran {
        self.run_with(args, &[])
    }

    /// Runs the program in the folder of `qunfa.yaml`, from where paths are short.
    pub(crate) fn run_inside(&self, args: &str) -> Ran {
        run(&self.path(""), args, &[])
    }

    /// Runs the program with these variables and no others.
    pub(crate) fn run_with(&self, args: &str, variables: &[(&str, &str)]) -> Ran {
        run(self.0.path(), args, variables)
    }
}

fn run(folder: &Path, args: &str, variables: &[(&str, &str)]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_qunfa"));
    command.args(args.split_whitespace()).current_dir(folder).env_clear();
    command.envs(variables.iter().copied()).stdin(Stdio::null());
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

impl Ran {
    /// Checks the exit code, and that each text stands somewhere in what was printed.
    pub(crate) fn expect(self, code: i32, texts: &[&str]) -> Self {
        let all = format!("{}{}", self.out, self.err);
        assert_eq!(self.code, Some(code), "{all}");
        for text in texts {
            assert!(all.contains(text), "no `{text}` in: {all}");
        }
        self
    }

    /// What was asked for, as JSON that keeps to this schema.
    pub(crate) fn json(&self, schema: &str) -> serde_json::Value {
        let schemas = qunfa::cli::schemas();
        let (_, schema) = schemas.iter().find(|(name, _)| *name == schema).unwrap();
        let schema = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
        let json = serde_json::from_str(&self.out).unwrap();
        let problems: Vec<String> = schema.iter_errors(&json).map(|e| e.to_string()).collect();
        assert_eq!(problems, [""; 0]);
        json
    }
}

/// This machine's time, which is the time of the program under test.
struct Now;

#[async_trait::async_trait]
impl Clock for Now {
    #[expect(clippy::disallowed_methods, reason = "another process has this machine's time too")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    async fn sleep(&self, _: Duration) {}
}

/// Starts an emulated account with this appid and, as its AppSecret, `PLANTED-SECRET`.
pub(crate) async fn account(appid: &str, kind: AccountKind) -> Sandbox {
    serve(rules(appid, kind)).await
}

/// The rules of such an account.
pub(crate) fn rules(appid: &str, kind: AccountKind) -> Rules {
    let rules = Rules::new(AppId::new(appid).unwrap(), kind);
    Rules { secret: Some("PLANTED-SECRET".to_owned()), ..rules }
}

/// Starts an emulated account with these rules.
pub(crate) async fn serve(rules: Rules) -> Sandbox {
    let clock = SandboxClock::by_itself(Arc::new(Now));
    Sandbox::start(rules, Keep::Memory, clock).await.unwrap()
}

/// The line of `qunfa.yaml` for an account that is served there; its secret is in `SHOP_SECRET`.
pub(crate) fn line(name: &str, kind: &str, appid: &str, sandbox: &Sandbox) -> String {
    let api = sandbox.base_url();
    format!(
        "{name}: {{ kind: {kind}, appid: {appid}, api: \"{api}\", secret: {{ env: SHOP_SECRET }} }}"
    )
}

/// The variable that [`line`] names.
pub(crate) const SECRET: (&str, &str) = ("SHOP_SECRET", "PLANTED-SECRET");
