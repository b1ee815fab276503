//! What is compared.

use super::kind::Kind;
use crate::recognition::{Recognition, Role, column_words};

/// A column of the records, and how its values are compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The column's name in results.
    pub name: String,
    /// What its values are.
    pub kind: Kind,
}

/// The comparison with the other half of a name, for each that has one. A half that is there twice has no twin, since
/// nobody knows which.
pub fn twins(comparisons: &[Comparison]) -> Vec<Option<usize>> {
    let only = |kind: Kind| {
        let mut found = comparisons.iter().enumerate().filter(|(_, one)| one.kind == kind).map(|(at, _)| at);
        found.next().filter(|_| found.next().is_none())
    };
    let twin = |one: &Comparison| {
        let other = one.kind.swaps_with()?;
        only(one.kind).and(only(other))
    };
    comparisons.iter().map(twin).collect()
}

/// The columns of a table that tell its people or companies apart, by what they are recognised as and what they are
/// called: what is compared, and the column.
pub fn columns(table: &[String], recognition: &Recognition, companies: bool) -> Vec<(Comparison, String)> {
    let mut found: Vec<(Comparison, String)> = Vec::new();
    for column in table {
        let words = column_words(column);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let Some(kind) = kind_of(recognition.role(column), &words, companies) else { continue };
        let is_first = !found.iter().any(|(one, _)| one.kind == kind);
        let is_plain = matches!(kind, Kind::Place | Kind::Address | Kind::Code | Kind::Text);
        let name = if is_first && !is_plain { kind.name().to_owned() } else { words.join("_") };
        found.push((Comparison { name, kind }, column.clone()));
    }
    let has = |kind: Kind| found.iter().any(|(one, _)| one.kind == kind);
    if has(Kind::GivenName) && has(Kind::FamilyName) {
        // The whole name says the same once more.
        found.retain(|(one, _)| one.kind != Kind::FullName);
    }
    found
}

fn kind_of(role: Option<Role>, words: &[&str], companies: bool) -> Option<Kind> {
    let by_name = kind_of_name(words);
    match (role, companies) {
        (Some(Role::Email), false) => Some(Kind::Email),
        (Some(Role::Phone), _) => Some(Kind::Phone),
        (Some(Role::Domain), true) => Some(Kind::Domain),
        (Some(Role::Name), true) => Some(Kind::Company),
        (Some(Role::Name), false) => by_name.or(Some(Kind::FullName)),
        (None, false) => by_name,
        (None, true) => {
            by_name.filter(|kind| matches!(kind, Kind::Company | Kind::Place | Kind::Address | Kind::Code))
        }
        _ => None,
    }
}

/// The kind that the name of a column speaks of, for columns that have no role of their own.
fn kind_of_name(words: &[&str]) -> Option<Kind> {
    let has = |any: &[&str]| words.iter().any(|word| any.contains(word));
    let joined = words.concat();
    let is = |any: &[&str]| any.contains(&joined.as_str());
    if is(&["firstname", "givenname", "forename", "given", "first"]) {
        Some(Kind::GivenName)
    } else if is(&["lastname", "surname", "familyname", "family", "last"]) {
        Some(Kind::FamilyName)
    } else if is(&["fullname", "contactname", "personname"]) {
        Some(Kind::FullName)
    } else if has(&["company", "employer", "organization", "organisation"])
        && !has(&["id", "key", "size", "domain"])
        || is(&["accountname"])
    {
        Some(Kind::Company)
    } else if is(&["dob", "birthday", "birthdate", "dateofbirth", "born"]) {
        Some(Kind::Date)
    } else if has(&["postcode", "postalcode", "zip", "zipcode", "ssn"])
        || joined.contains("postalcode")
        || is(&["socsecid", "taxid", "vatid", "vatnumber", "duns", "nationalid"])
    {
        Some(Kind::Code)
    } else if has(&["city", "town", "suburb"]) {
        Some(Kind::Place)
    } else if has(&["street", "address"]) && !has(&["email", "mail", "web", "ip", "number"]) {
        Some(Kind::Address)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_columns_tell_what_they_hold() {
        for (words, kind) in [
            (vec!["first", "name"], Some(Kind::GivenName)),
            (vec!["surname"], Some(Kind::FamilyName)),
            (vec!["date", "of", "birth"], Some(Kind::Date)),
            (vec!["address", "1"], Some(Kind::Address)),
            (vec!["email", "address"], None),
            (vec!["company", "id"], None),
            (vec!["mailing", "city"], Some(Kind::Place)),
            (vec!["soc", "sec", "id"], Some(Kind::Code)),
            (vec!["stage"], None),
        ] {
            assert_eq!(kind_of_name(&words), kind, "{words:?}");
        }
    }

    #[test]
    fn a_half_of_a_name_that_is_there_twice_has_no_twin() {
        let of = |kinds: &[Kind]| {
            let all: Vec<Comparison> =
                kinds.iter().map(|kind| Comparison { name: kind.to_string(), kind: *kind }).collect();
            twins(&all)
        };
        assert_eq!(of(&[Kind::FamilyName, Kind::Email, Kind::GivenName]), [Some(2), None, Some(0)]);
        assert_eq!(of(&[Kind::FamilyName, Kind::FamilyName, Kind::GivenName]), [None, None, None]);
        assert_eq!(of(&[Kind::FamilyName]), [None]);
    }
}
