//! The body of an article.

use std::collections::BTreeMap;

use crate::terms::{Fingerprint, ImageUrl};

use super::desired::ImageFile;
use super::mark::{self, Mark, Part};
use super::page::escape;

/// Legal markup with a placeholder where each picture's address goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Markup(String),
    /// The address of a picture, always as the value of an attribute.
    Image(Fingerprint),
}

impl Body {
    /// Puts the mini programs' markup into what has passed the gate, and knows pictures by their
    /// bytes. A mark that stands for nothing is left out.
    pub(super) fn new(
        html: &str,
        mini_programs: &BTreeMap<usize, String>,
        images: &[ImageFile],
    ) -> Self {
        let mut body = Self { pieces: Vec::new() };
        for part in mark::split(html) {
            match part {
                Part::Mark(Mark::MiniProgram(number)) => {
                    for part in mini_programs.get(&number).into_iter().flat_map(|m| mark::split(m))
                    {
                        body.push(&part, images);
                    }
                }
                part => body.push(&part, images),
            }
        }
        body
    }

    fn push(&mut self, part: &Part<'_>, images: &[ImageFile]) {
        match (part, self.pieces.last_mut()) {
            (Part::Text(text), Some(Piece::Markup(markup))) => markup.push_str(text),
            (Part::Text(text), _) => self.pieces.push(Piece::Markup((*text).to_owned())),
            (Part::Mark(Mark::Image(number)), _) => {
                let image = images.get(*number).map(|image| Piece::Image(image.fingerprint));
                self.pieces.extend(image);
            }
            (Part::Mark(Mark::MiniProgram(_)), _) => {}
        }
    }

    pub(super) fn html(&self, urls: &BTreeMap<Fingerprint, ImageUrl>) -> String {
        self.filled(|image| {
            let url = urls.get(image).expect("the plan uploads every picture of the body first");
            // uploadimg answers `http:`; articles show pictures by `https:` only (R22).
            let url = url.as_str();
            let rest = url.strip_prefix("http:");
            escape(&rest.map_or_else(|| url.to_owned(), |rest| format!("https:{rest}")))
        })
    }

    /// The markup with `address` of each picture, which must be safe in an attribute.
    pub(super) fn filled(&self, address: impl Fn(&Fingerprint) -> String) -> String {
        let mut html = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Markup(text) => html.push_str(text),
                Piece::Image(image) => html.push_str(&address(image)),
            }
        }
        html
    }

    pub(super) fn images(&self) -> Vec<Fingerprint> {
        let mut seen = Vec::new();
        for piece in &self.pieces {
            if let Piece::Image(image) = piece
                && !seen.contains(image)
            {
                seen.push(*image);
            }
        }
        seen
    }

    /// Takes markup without pictures, for tests of the rooms that show or send articles.
    #[cfg(test)]
    pub(crate) fn of_markup(markup: &str) -> Self {
        Self { pieces: vec![Piece::Markup(markup.to_owned())] }
    }

    pub(super) fn fingerprint(&self) -> Fingerprint {
        let parts = self.pieces.iter().flat_map(|piece| match piece {
            Piece::Markup(text) => [b"markup" as &[u8], text.as_bytes()],
            Piece::Image(image) => [b"image" as &[u8], image.as_bytes()],
        });
        Fingerprint::of_parts(parts)
    }
}
