//! Pictures: found in the bundle, judged by their bytes, numbered within an article.

use crate::campaign::{Bundle, Entry, MediaFacts, MediaKind};
use crate::diagnostic::{Diagnostic, Place};

use super::codes::{IMAGE_FORMAT, IMAGE_MISSING, IMAGE_REFUSED, IMAGE_SIZE};
use super::desired::{ImageFile, ImageFormat};
use super::mark::Mark;
use super::template_error::likeliest;

/// `media/uploadimg` takes less than this; its "1 MB" is read as MiB.
const BODY_BYTES_END: u64 = 1_048_576;

/// `material/add_material` takes an image of at most this, its "10 MB" read as MiB.
const COVER_BYTES_MAX: u64 = 10 * 1024 * 1024;

/// What a picture is for, which decides what it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// Inside an article: uploadimg.
    Body,
    /// The cover: a permanent material.
    Cover,
}

/// Why a picture cannot be used.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    Outside,
    Missing { likely: Option<String> },
    Refused(String),
    Format { found: &'static str, wanted: Use },
    Size { bytes: u64, wanted: Use },
}

impl Trouble {
    /// Tells it, about the picture that a person wrote as `path` at `place`.
    pub(super) fn tell(self, path: &str, place: Place) -> Diagnostic {
        match self {
            Self::Outside => Diagnostic::error(
                &IMAGE_MISSING,
                format!("the path `{path}` leaves the campaign's folder"),
            )
            .at(place, "outside")
            .help("bring the picture into the folder; a shared one begins with `/`"),
            Self::Missing { likely } => {
                let problem =
                    Diagnostic::error(&IMAGE_MISSING, format!("there is no picture `{path}`"))
                        .at(place, "no such file");
                match likely {
                    Some(likely) => problem.help(format!("did you mean `{likely}`?")),
                    None => {
                        problem.help("the path is relative to this file, with its capital letters")
                    }
                }
            }
            Self::Refused(why) => Diagnostic::error(
                &IMAGE_REFUSED,
                format!("the picture `{path}` cannot be read: {why}"),
            )
            .at(place, "not read"),
            Self::Format { found, wanted } => {
                let formats = match wanted {
                    Use::Body => "jpg or png",
                    Use::Cover => "jpg, png, gif or bmp",
                };
                Diagnostic::error(
                    &IMAGE_FORMAT,
                    format!("the picture `{path}` is {found} by its content"),
                )
                .at(place, format!("WeChat takes {formats} here"))
                .help(format!("convert it to {formats}"))
            }
            Self::Size { bytes, wanted } => {
                let limit = match wanted {
                    Use::Body => "less than 1,048,576 bytes",
                    Use::Cover => "at most 10 MiB",
                };
                Diagnostic::error(&IMAGE_SIZE, format!("the picture `{path}` has {bytes} bytes"))
                    .at(place, "too large")
                    .help(format!("WeChat takes {limit}: make it smaller"))
            }
        }
    }
}

/// Finds a picture by its key in the bundle.
pub(super) fn find<'b>(
    bundle: &'b Bundle,
    key: &str,
    wanted: Use,
) -> Result<(ImageFile, &'b MediaFacts), Trouble> {
    let facts = match bundle.entry(key) {
        Some(Entry::Media(facts)) => facts,
        Some(Entry::Text(_) | Entry::List(_)) => {
            return Err(Trouble::Format { found: "a text", wanted });
        }
        Some(Entry::Refused(why)) => return Err(Trouble::Refused(why.clone())),
        None => {
            let pictures =
                bundle.keys().filter(|key| matches!(bundle.entry(key), Some(Entry::Media(_))));
            let likely = likeliest(key, pictures).map(str::to_owned);
            return Err(Trouble::Missing { likely });
        }
    };
    let format = match (facts.kind, wanted) {
        (MediaKind::Jpeg, _) => ImageFormat::Jpeg,
        (MediaKind::Png, _) => ImageFormat::Png,
        (MediaKind::Gif, Use::Cover) => ImageFormat::Gif,
        (MediaKind::Gif, Use::Body) => return Err(Trouble::Format { found: "a gif", wanted }),
        (MediaKind::Webp, _) => return Err(Trouble::Format { found: "a webp", wanted }),
        (MediaKind::Bmp, Use::Cover) => ImageFormat::Bmp,
        (MediaKind::Bmp, Use::Body) => return Err(Trouble::Format { found: "a bmp", wanted }),
        (MediaKind::Mp3 | MediaKind::Amr | MediaKind::Wav | MediaKind::Wma, _) => {
            return Err(Trouble::Format { found: "a recording", wanted });
        }
        (MediaKind::Mp4, _) => return Err(Trouble::Format { found: "a video", wanted }),
        (MediaKind::Other("unknown"), _) => {
            return Err(Trouble::Format { found: "no picture", wanted });
        }
        (MediaKind::Other(found), _) => return Err(Trouble::Format { found, wanted }),
    };
    let bytes = facts.bytes;
    let fits = match wanted {
        Use::Body => bytes < BODY_BYTES_END,
        Use::Cover => bytes <= COVER_BYTES_MAX,
    };
    if !fits {
        return Err(Trouble::Size { bytes, wanted });
    }
    let file = ImageFile {
        fingerprint: facts.fingerprint,
        path: facts.path.clone(),
        name: key.to_owned(),
        bytes,
        format,
    };
    Ok((file, facts))
}

/// The pictures of one article, in the order of their first use.
pub(super) struct Images<'a> {
    bundle: &'a Bundle,
    /// The folder of the body: paths in it begin there.
    folder: String,
    pub(super) found: Vec<ImageFile>,
}

impl<'a> Images<'a> {
    pub(super) fn new(bundle: &'a Bundle, body: &str) -> Self {
        let folder = body.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        Self { bundle, folder, found: Vec::new() }
    }

    /// Takes in a picture by its path as the body writes it.
    pub(super) fn by_path(&mut self, path: &str) -> Result<(Mark, &'a MediaFacts), Trouble> {
        let key = resolve(&self.folder, path).ok_or(Trouble::Outside)?;
        self.by_key(&key)
    }

    /// Takes in a picture by its key in the bundle.
    pub(super) fn by_key(&mut self, key: &str) -> Result<(Mark, &'a MediaFacts), Trouble> {
        let (file, facts) = find(self.bundle, key, Use::Body)?;
        let known = self.found.iter().position(|other| other.fingerprint == file.fingerprint);
        let number = known.unwrap_or_else(|| {
            self.found.push(file);
            self.found.len() - 1
        });
        Ok((Mark::Image(number), facts))
    }
}

/// The key of `path`, relative to `folder`; nothing when it leaves the campaign's folder.
fn resolve(folder: &str, path: &str) -> Option<String> {
    let (root, path) = match path.strip_prefix('/') {
        Some(path) => ("/", path.to_owned()),
        None => ("", format!("{folder}/{path}")),
    };
    let mut steps: Vec<&str> = Vec::new();
    for step in path.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop()?;
            }
            step => steps.push(step),
        }
    }
    Some(format!("{root}{}", steps.join("/")))
}

/// Undoes `%E6%98%A5`, which Markdown writes for `春`; what is no UTF-8 stays as it is.
pub(super) fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let pair =
            text.get(at + 1..at + 3).filter(|pair| pair.bytes().all(|b| b.is_ascii_hexdigit()));
        match (bytes[at], pair.and_then(|pair| u8::from_str_radix(pair, 16).ok())) {
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 3;
            }
            (byte, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_begin_at_the_body_and_never_leave() {
        let check = |folder: &str, path: &str, key: Option<&str>| {
            assert_eq!(resolve(folder, path).as_deref(), key, "{path}");
        };
        check("", "images/春.png", Some("images/春.png"));
        check("texts", "../images/./a.png", Some("images/a.png"));
        check("texts", "../../a.png", None);
        check("texts", "/shared/logo.png", Some("/shared/logo.png"));
        check("", "/../etc/passwd", None);
    }

    #[test]
    fn markdowns_percent_signs_are_undone() {
        assert_eq!(percent_decoded("images/%E6%98%A5%20%.png"), "images/春 %.png");
        assert_eq!(percent_decoded("%FF"), "%FF");
        assert_eq!(percent_decoded("%春"), "%春");
    }
}
