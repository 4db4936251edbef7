//! Reads, parses, checks and renders what the files want, and shows everything that is wrong.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::campaign::{self, Account, Bundle, Campaign, Project, ReadError};
use crate::content::{self, Desired, DesiredRetraction};
use crate::diagnostic::{Code, Diagnostic};
use crate::plan::Wanted;
use crate::terms::{AppId, SendAddress};

use super::error::CliError;
use super::ui::Ui;

/// A campaign file that gives no text at all: a broken campaign like any other, which holds up only
/// itself.
pub(super) static UNREADABLE: Code = Code {
    id: "Q0110",
    title: "the campaign file cannot be read as text",
    explanation: "A campaign.yaml is UTF-8 text of at most 1 MiB, and whoever runs this may read it. \
                  An editor that saves GBK or UTF-16 has to be told to save UTF-8.\n\n\
                  campaign.yaml 必须是 UTF-8 编码、不超过 1 MiB 的文本，并且运行者有权读取；\
                  若编辑器存成了 GBK 或 UTF-16，请另存为 UTF-8。",
};

/// Retractions that cannot be read withhold whatever they might withhold.
pub(super) static UNCLEAR_RETRACTIONS: Code = Code {
    id: "Q0111",
    title: "retractions that cannot be read",
    explanation: "A retraction withholds a send that has not gone out, whichever campaign declares it. One that cannot be \
                  read might be meant for any of them, so nothing is sent on its account before the file is correct.\n\n\
                  撤回会拦住还没有发出的群发，不管写在哪个活动里。读不出来的撤回可能针对任何一次群发，\
                  所以在文件改正之前，该账号不会发送任何内容。",
};

/// What the files want, account by account.
#[derive(Debug)]
pub(super) struct Loaded {
    /// `qunfa.yaml`.
    pub(super) project: Project,
    /// Its folder.
    pub(super) folder: PathBuf,
    /// Each account that a campaign names, with the campaigns that are sound.
    pub(super) accounts: Vec<AccountFiles>,
    /// Everything that is wrong or odd.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// How many campaigns are wrong, and left out.
    pub(super) wrong: usize,
}

/// One account and its campaigns.
#[derive(Debug)]
pub(super) struct AccountFiles {
    /// The account.
    pub(super) account: Account,
    /// Its campaigns, in the order of their paths.
    pub(super) campaigns: Vec<Desired>,
    /// Sends of its other campaigns.
    pub(super) elsewhere: Vec<SendAddress>,
    /// Every retraction that the project's files declare on it, those of campaigns that are left out
    /// too: each withholds a send.
    pub(super) retractions: Vec<DesiredRetraction>,
    /// A file of the project that declares retractions which cannot be read: nobody knows which sends
    /// it takes back.
    pub(super) unclear: Option<PathBuf>,
}

impl AccountFiles {
    /// What a plan of the account is made from.
    pub(super) fn wanted(&self) -> Wanted<'_> {
        Wanted {
            account: &self.account,
            campaigns: &self.campaigns,
            elsewhere: &self.elsewhere,
            retractions: &self.retractions,
            unclear: self.unclear.as_deref(),
        }
    }
}

impl Loaded {
    /// Whether a file is wrong.
    pub(super) fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// Shows what is wrong, and that a wrong campaign is left out.
    pub(super) fn show(&self, ui: &Ui) {
        ui.problems(&self.diagnostics);
        match self.wrong {
            0 => {}
            1 => ui.news("1 campaign is wrong, and left out here."),
            wrong => ui.news(&format!("{wrong} campaigns are wrong, and left out here.")),
        }
    }

    /// Whether every campaign is wrong, so that a view would show nothing as if all were well.
    pub(super) fn is_all_wrong(&self) -> bool {
        self.accounts.is_empty() && self.has_errors()
    }
}

/// Loads the campaigns that `paths` name. A broken one holds up only itself.
///
/// # Errors
///
/// [`CliError::Read`] when nothing is found or `qunfa.yaml` cannot be read; [`CliError::BadFiles`],
/// with what is wrong in `shown`, when `qunfa.yaml` itself is wrong.
pub(super) fn load(
    paths: &[PathBuf],
    shown: &mut dyn FnMut(&[Diagnostic]),
) -> Result<Loaded, CliError> {
    let files = campaign::find_campaigns(paths)?;
    let (project, folder) = load_project(&files[0], shown)?;
    let (accounts, diagnostics, wrong) = (Vec::new(), Vec::new(), 0);
    let mut loaded = Loaded { project, folder: folder.clone(), accounts, diagnostics, wrong };
    let (mut parsed, mut unclear) = (Vec::new(), Vec::new());
    for file in &files {
        let bundle = match Bundle::read(file) {
            Ok(bundle) => bundle,
            Err(error) => {
                loaded.diagnostics.push(unreadable(error)?);
                unclear.extend(Unclear::of(file));
                continue;
            }
        };
        let (campaign, mut problems) = campaign::parse(&bundle);
        if campaign.is_none() {
            unclear.extend(Unclear::of(file));
        }
        if let Some(campaign) = campaign {
            problems.extend(campaign::check(&campaign, &bundle));
            let is_sound = !problems.iter().any(Diagnostic::is_error);
            parsed.push((campaign, is_sound.then_some(bundle)));
        }
        loaded.diagnostics.extend(problems);
    }
    let (others, unreadable) = others(&folder, &files)?;
    unclear.extend(unreadable);
    let all: Vec<Campaign> = parsed.iter().map(|(c, _)| c.clone()).chain(others).collect();
    for campaign in all.iter().filter(|campaign| !campaign.retractions_are_whole) {
        let path = PathBuf::from(&campaign.name.place.file().path);
        unclear.push(Unclear { path, appid: Some(campaign.account.appid.clone()) });
    }
    loaded.diagnostics.extend(unclear.iter().map(Unclear::problem));
    // Of broken campaigns too: what comes after their sends waits for them.
    let elsewhere: Vec<(AppId, SendAddress)> = all.iter().flat_map(addresses).collect();
    let retractions: Vec<(AppId, DesiredRetraction)> = all.iter().flat_map(retractions).collect();
    let shared = campaign::check_project(&all);
    let broken: Vec<PathBuf> = shared.iter().filter(|d| d.is_error()).filter_map(path).collect();
    loaded.diagnostics.extend(shared);
    for (campaign, bundle) in parsed {
        let Some(bundle) = bundle else { continue };
        if broken.contains(&PathBuf::from(&campaign.name.place.file().path)) {
            continue;
        }
        let (desired, problems) = content::render(&campaign, &bundle);
        let is_sound = !problems.iter().any(Diagnostic::is_error);
        loaded.diagnostics.extend(problems);
        if let Some(desired) = desired.filter(|_| is_sound) {
            loaded.add(&campaign.account, desired);
        }
    }
    for files in &mut loaded.accounts {
        let own = elsewhere.iter().filter(|(appid, _)| *appid == files.account.appid);
        files.elsewhere = own.map(|(_, address)| address.clone()).collect();
        let own = retractions.iter().filter(|(appid, _)| *appid == files.account.appid);
        files.retractions = own.map(|(_, retraction)| retraction.clone()).collect();
        let appid = Some(&files.account.appid);
        let of_this =
            |unclear: &&Unclear| unclear.appid.is_none() || unclear.appid.as_ref() == appid;
        files.unclear = unclear.iter().find(of_this).map(|unclear| unclear.path.clone());
    }
    let sound: usize = loaded.accounts.iter().map(|account| account.campaigns.len()).sum();
    loaded.wrong = files.len() - sound;
    Ok(loaded)
}

/// A file that is no text is its campaign's problem alone; anything else stops the run.
fn unreadable(error: ReadError) -> Result<Diagnostic, CliError> {
    let help = match &error {
        ReadError::NotUtf8 { .. } => "save it as UTF-8",
        ReadError::TooLarge { .. } => "move lists of openids into files of their own",
        ReadError::Unreadable { .. } => "whoever runs this has to be able to read it",
        _ => return Err(error.into()),
    };
    Ok(Diagnostic::error(&UNREADABLE, error.to_string()).help(help))
}

/// Reads `qunfa.yaml` alone.
///
/// # Errors
///
/// As [`load`].
pub(super) fn load_project(
    start: &Path,
    shown: &mut dyn FnMut(&[Diagnostic]),
) -> Result<(Project, PathBuf), CliError> {
    let path = campaign::find_project(start)?;
    let source = campaign::read_project(&path)?;
    let (project, problems) = campaign::parse_project(&source);
    let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
    match project {
        Some(project) if !problems.iter().any(Diagnostic::is_error) => Ok((project, folder)),
        _ => {
            shown(&problems);
            Err(CliError::BadFiles)
        }
    }
}

/// A campaign file with retractions that cannot be read.
struct Unclear {
    path: PathBuf,
    /// The account that they are on; unknown when not even that can be read.
    appid: Option<AppId>,
}

impl Unclear {
    /// A file that gives no campaign: whether it would retract something, its bytes must tell.
    fn of(campaign: &Path) -> Option<Self> {
        let file = if campaign.is_dir() { campaign.join("campaign.yaml") } else { campaign.into() };
        let bytes = std::fs::read(&file).ok();
        let is_clear = bytes.is_some_and(|bytes| !bytes.windows(7).any(|word| word == b"retract"));
        (!is_clear).then_some(Self { path: file, appid: None })
    }

    fn problem(&self) -> Diagnostic {
        let message = format!("the retractions of {} cannot be read", self.path.display());
        let help = "correct that file; until then nothing is sent, since it might take it back";
        Diagnostic::error(&UNCLEAR_RETRACTIONS, message).help(help)
    }
}

/// Every other campaign of the project: an id is unique over all of them, even when a path names one
/// (ARCHITECTURE.md, promises), and each may take a send back. Those that cannot be read are another
/// run's business, but for what they might take back.
///
/// # Errors
///
/// [`CliError::Read`] when the project's folder cannot be searched.
fn others(folder: &Path, files: &[PathBuf]) -> Result<(Vec<Campaign>, Vec<Unclear>), CliError> {
    let known: HashSet<PathBuf> =
        files.iter().filter_map(|file| file.canonicalize().ok()).collect();
    // Of a `qunfa.yaml` in the current folder, the parent is written as nothing.
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let all = campaign::find_campaigns(&[folder.to_path_buf()])?;
    let (mut campaigns, mut unclear) = (Vec::new(), Vec::new());
    for path in all.iter().filter(|path| path.canonicalize().is_ok_and(|p| !known.contains(&p))) {
        let campaign = Bundle::read_bare(path).ok().and_then(|bundle| campaign::parse(&bundle).0);
        match campaign {
            Some(campaign) => campaigns.push(campaign),
            None => unclear.extend(Unclear::of(path)),
        }
    }
    Ok((campaigns, unclear))
}

/// The sends of a campaign, with the account that they are for.
fn addresses(campaign: &Campaign) -> impl Iterator<Item = (AppId, SendAddress)> {
    campaign.sends.iter().map(|send| {
        let address = SendAddress {
            campaign: campaign.name.value.clone(),
            edition: campaign.edition.as_ref().map(|edition| edition.value.clone()),
            send: send.name.value.clone(),
            part: 0,
        };
        (campaign.account.appid.clone(), address)
    })
}

/// The retractions of a campaign, with the account that they are on.
fn retractions(campaign: &Campaign) -> impl Iterator<Item = (AppId, DesiredRetraction)> {
    let appid = campaign.account.appid.clone();
    content::retractions(campaign).into_iter().map(move |retraction| (appid.clone(), retraction))
}

fn path(diagnostic: &Diagnostic) -> Option<PathBuf> {
    diagnostic.place().map(|place| PathBuf::from(&place.file().path))
}

impl Loaded {
    fn add(&mut self, account: &Account, desired: Desired) {
        let mut known = self.accounts.iter_mut();
        if let Some(files) = known.find(|known| known.account.appid == account.appid) {
            files.campaigns.push(desired);
        } else {
            let (account, campaigns) = (account.clone(), vec![desired]);
            let (elsewhere, retractions, unclear) = (Vec::new(), Vec::new(), None);
            let files = AccountFiles { account, campaigns, elsewhere, retractions, unclear };
            self.accounts.push(files);
        }
    }
}
