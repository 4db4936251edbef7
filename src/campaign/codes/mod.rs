//! The stable codes of everything that can be wrong with what a person wrote.
//!
//! A code's number is never given to another problem. Each explanation is an English paragraph, a
//! Chinese one, and an example of what to write.

/// Defines codes, and the list of them in the order of their numbers.
macro_rules! codes {
    ($list:ident: $($name:ident = $id:literal $title:literal { $english:literal $chinese:literal $example:literal })*) => {
        $(
            #[doc = concat!($id, ": ", $title, ".")]
            pub(in crate::campaign) static $name: crate::diagnostic::Code = crate::diagnostic::Code {
                id: $id,
                title: $title,
                explanation: concat!($english, "\n\n", $chinese, "\n\n", $example),
            };
        )*

        pub(super) const $list: &[&crate::diagnostic::Code] = &[$(&$name),*];
    };
}

mod audiences;
mod retractions;
mod files;
mod structure;
mod values;
mod yaml;

pub(super) use audiences::*;
pub(super) use files::*;
pub(super) use retractions::*;
pub(super) use structure::*;
pub(super) use values::*;
pub(super) use yaml::*;

use crate::diagnostic::Code;

/// Every code of this room, in order, for `explain`.
pub static CODES: &[&Code] = &{
    let mut all: [&Code; COUNT] = [YAML[0]; COUNT];
    let lists = [YAML, STRUCTURE, VALUES, FILES, AUDIENCES, RETRACTIONS];
    let (mut list, mut at) = (0, 0);
    while list < lists.len() {
        let mut item = 0;
        while item < lists[list].len() {
            all[at] = lists[list][item];
            (item, at) = (item + 1, at + 1);
        }
        list += 1;
    }
    all
};

const COUNT: usize =
    YAML.len() + STRUCTURE.len() + VALUES.len() + FILES.len() + AUDIENCES.len() + RETRACTIONS.len();

#[cfg(test)]
mod tests {
    use super::CODES;

    #[test]
    fn codes_are_distinct_in_order_and_explained_in_both_languages() {
        assert!(CODES.is_sorted_by(|a, b| a.id < b.id));
        for code in CODES {
            assert_eq!(code.id.len(), 5, "{}", code.id);
            let paragraphs: Vec<&str> = code.explanation.split("\n\n").collect();
            assert!(paragraphs.len() >= 3, "{} has an example", code.id);
            let chinese = |text: &str| text.chars().any(|c| ('一'..='龥').contains(&c));
            assert!(paragraphs[0].ends_with('.'), "{} begins in English", code.id);
            assert!(chinese(paragraphs[1]), "{} goes on in Chinese", code.id);
            assert!(paragraphs[2].starts_with("    "), "{} ends with an example", code.id);
        }
    }
}
