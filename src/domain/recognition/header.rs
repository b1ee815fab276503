//! How a column's name is written, which tells systems apart that use the same words.

use serde::Deserialize;

/// A way of writing names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Handwriting {
    /// `account_id`, in upper case too, as warehouses write it.
    Snake,
    /// `ACCOUNTID`
    Caps,
    /// `AccountId`, and `accountid` where a database lowered it.
    Camel,
    /// `Account ID`
    Label,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Spaced,
    Underscored,
    Humped,
    Upper,
    Plain,
}

/// A column's name as it stands in a file, ready to be compared with a known one.
#[derive(Clone, Debug)]
pub(super) struct Header {
    shape: Shape,
    key: String,
}

impl Header {
    /// Reads a name; the quotes that some exports leave around it are not part of it.
    pub(super) fn read(name: &str) -> Self {
        let name = name.trim_matches(|letter: char| {
            letter.is_whitespace() || matches!(letter, '"' | '\'' | '`' | '\u{feff}')
        });
        if name.contains(|letter: char| letter.is_whitespace() || matches!(letter, '(' | '/' | '?' | '%')) {
            let words: Vec<&str> = name
                .split(|letter: char| !letter.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .collect();
            return Self { shape: Shape::Spaced, key: words.join("_").to_lowercase() };
        }
        let key = name.to_lowercase();
        let letters = || name.chars().filter(|letter| letter.is_alphabetic());
        let shape = if key.ends_with("__c") {
            Shape::Humped
        } else if name.contains(['_', '-']) {
            Shape::Underscored
        } else if letters().all(char::is_uppercase) {
            Shape::Upper
        } else if letters().skip(1).any(char::is_uppercase) {
            Shape::Humped
        } else {
            Shape::Plain
        };
        Self { shape, key }
    }

    /// Whether it is the known name, written in one of the hands. Known names are `snake_case`; one `*` at an end
    /// stands for anything, and `|` separates names of which one has to fit.
    pub(super) fn is(&self, known: &str, hands: &[Handwriting]) -> bool {
        known.split('|').any(|known| self.is_one(known, hands))
    }

    fn is_one(&self, known: &str, hands: &[Handwriting]) -> bool {
        let written = |hand| hands.contains(&hand);
        if let Some(end) = known.strip_prefix('*') {
            return self.key.ends_with(end);
        }
        if let Some(start) = known.strip_suffix('*') {
            return self.key.starts_with(start);
        }
        let run_together = || self.key == known.replace('_', "");
        match self.shape {
            Shape::Spaced => written(Handwriting::Label) && self.key == known,
            Shape::Underscored => written(Handwriting::Snake) && self.key == known,
            Shape::Humped => written(Handwriting::Camel) && run_together(),
            Shape::Upper => self.key == known || written(Handwriting::Caps) && run_together(),
            Shape::Plain => self.key == known || written(Handwriting::Camel) && run_together(),
        }
    }

    /// Whether it is the known name of several words, run together in capitals, which only Data Loader writes.
    pub(super) fn is_run_together_in_capitals(&self, known: &str, hands: &[Handwriting]) -> bool {
        self.shape == Shape::Upper
            && known.contains('_')
            && !known.contains(['|', '*'])
            && self.is_one(known, hands)
    }
}

#[cfg(test)]
mod tests {
    use super::{Handwriting::*, *};

    #[test]
    fn a_name_fits_only_in_the_hand_it_is_written_in() {
        for (name, known, hands, fits) in [
            ("Account ID", "account_id", &[Label][..], true),
            ("Account ID", "account_id", &[Snake, Camel], false),
            ("AccountId", "account_id", &[Camel], true),
            ("ACCOUNTID", "account_id", &[Caps], true),
            ("ACCOUNTID", "account_id", &[Snake], false),
            ("ACCOUNT_ID", "account_id", &[Snake], true),
            ("accountid", "account_id", &[Camel], true),
            ("Email", "email", &[Label], true),
            ("ID", "id", &[Snake], true),
            ("`property_name`", "property_*", &[Snake], true),
            ("Lead_Score__c", "*__c", &[Camel], true),
            ("Associated Company IDs (Primary)", "associated_company_ids_primary", &[Label], true),
            ("Record ID - Contact", "record_id|record_id_contact", &[Label], true),
        ] {
            assert_eq!(Header::read(name).is(known, hands), fits, "{name} {known} {hands:?}");
        }
    }
}
