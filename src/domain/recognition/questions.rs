//! The guesses that are too doubtful to act upon and worth asking a person about.

use super::{Recognition, Role, Whole};

/// A guess that a person could settle by a mapping.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenQuestion {
    /// The table.
    pub table: String,
    /// The column; none where the question is what the table holds.
    pub column: Option<String>,
    /// What it may be: an entity or a role, as a mapping names it.
    pub guess: String,
    /// From 0 to 1.
    pub confidence: f64,
    /// Why it may be.
    pub reason: String,
}

/// Every open question of a folder, the one whose answer enables most first.
pub fn open_questions(whole: &Whole) -> Vec<OpenQuestion> {
    let mut questions: Vec<(usize, OpenQuestion)> =
        whole.tables.iter().flat_map(|(name, recognition)| of_table(name, recognition)).collect();
    questions.sort_by(|(worth, a), (other_worth, b)| {
        worth
            .cmp(other_worth)
            .then(b.confidence.total_cmp(&a.confidence))
            .then_with(|| (&a.table, &a.column).cmp(&(&b.table, &b.column)))
    });
    questions.into_iter().map(|(_, question)| question).collect()
}

fn of_table<'a>(
    table: &'a str,
    recognition: &'a Recognition,
) -> impl Iterator<Item = (usize, OpenQuestion)> + 'a {
    let entity = recognition.entity.iter().filter(|guess| !guess.is_sure()).map(|guess| {
        (
            0,
            OpenQuestion {
                table: table.to_owned(),
                column: None,
                guess: guess.value.name().to_owned(),
                confidence: guess.confidence,
                reason: guess.reason.clone(),
            },
        )
    });
    let columns = recognition.columns.iter().filter_map(move |(column, guess)| {
        // A role that another column surely plays needs no second one.
        if guess.is_sure() || recognition.column(guess.value).is_some() {
            return None;
        }
        Some((
            worth(guess.value)?,
            OpenQuestion {
                table: table.to_owned(),
                column: Some(column.clone()),
                guess: guess.value.to_string(),
                confidence: guess.confidence,
                reason: guess.reason.clone(),
            },
        ))
    });
    entity.chain(columns)
}

/// The place of a role among those that a check asks for; none where no check waits for the answer.
const fn worth(role: Role) -> Option<usize> {
    Some(match role {
        Role::Id => 1,
        Role::Key(_) => 2,
        Role::Outcome => 3,
        Role::Email => 4,
        Role::Occurred => 5,
        Role::Stage => 6,
        Role::Created => 7,
        Role::Amount => 8,
        Role::Owner => 9,
        Role::Score => 10,
        Role::Consent => 11,
        Role::Domain => 12,
        Role::Phone
        | Role::Name
        | Role::Updated
        | Role::Loaded
        | Role::Closed
        | Role::ClosedFlag
        | Role::CloseReason
        | Role::NextStep
        | Role::Source
        | Role::Type
        | Role::JobTitle
        | Role::Industry => return None,
    })
}
