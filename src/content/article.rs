//! The body of an article.

use std::collections::BTreeMap;

use crate::terms::{Fingerprint, ImageUrl};

/// Legal markup with a placeholder where each picture's address goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Markup(String),
    Image(Fingerprint),
}

impl Body {
    pub(super) fn html(&self, urls: &BTreeMap<Fingerprint, ImageUrl>) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Markup(text) => text.clone(),
            Piece::Image(image) => urls[image].to_string(),
        };
        self.pieces.iter().map(piece).collect()
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
        let bytes = |piece: &Piece| match piece {
            Piece::Markup(text) => text.as_bytes().to_vec(),
            Piece::Image(image) => image.as_bytes().to_vec(),
        };
        let pieces: Vec<Vec<u8>> = self.pieces.iter().map(bytes).collect();
        Fingerprint::of_parts(pieces.iter().map(Vec::as_slice))
    }
}
