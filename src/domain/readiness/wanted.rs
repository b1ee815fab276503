//! What is not known yet of the fields an agent needs, the most wanted first.

use super::{Check, Lens, Question};
use crate::{entity::Entity, recognition::Role, verdict::Verdict};

/// A field on which a verdict waits.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// The check that an answer would settle, by id.
    pub settles: String,
    /// The entity.
    pub entity: Entity,
    /// The field.
    pub role: Role,
    /// Whether work stops without it.
    pub essential: bool,
    /// What is known of it: nothing, or too little.
    pub verdict: Verdict,
    /// How far apart the ends of its interval lie, where too little is known.
    pub width: f64,
    /// The tables it was looked for in.
    pub tables: Vec<String>,
}

/// The entities whose records an agent asks a CRM for, in the order in which it does.
const ASKED: [Entity; 5] = [Entity::Contact, Entity::Account, Entity::Deal, Entity::Activity, Entity::Lead];

/// Unknown essential fields, then unknown ones, then those whose interval is widest. Among equals the first
/// fields of every entity come before the second of any.
pub(super) fn list(lens: &Lens, questions: &[Question]) -> Vec<Wanted> {
    let checks: Vec<&Check> = questions.iter().flat_map(|question| &question.checks).collect();
    let mut wanted: Vec<(usize, Wanted)> = Vec::new();
    for entity in ASKED {
        // Of a CRM without leads nothing is missing.
        let is_known = checks.iter().any(|check| check.entity == Some(entity) && check.role.is_some());
        if !is_known && entity == Entity::Lead {
            continue;
        }
        let fields = lens.fields_of(entity).iter().map(|field| (field.role.0, field.essential));
        let key = (entity == Entity::Contact).then_some((Role::Key(Entity::Account), true));
        for (place, (role, essential)) in fields.chain(key).filter(|(role, _)| *role != Role::Id).enumerate()
        {
            let mut answered = false;
            for check in
                checks.iter().filter(|check| (check.entity, check.role) == (Some(entity), Some(role)))
            {
                answered = true;
                if matches!(check.verdict, Verdict::Unknown | Verdict::Inconclusive) {
                    wanted.push((place, of_check(check, entity, role, essential)));
                }
            }
            // Without a table there is no check; with one, a field that is not asked has none either.
            if !answered && (!is_known || matches!(role, Role::Key(_))) {
                wanted.push((place, unheard_of(entity, role, essential)));
            }
        }
    }
    wanted.sort_by(|(place, a), (other, b)| {
        let rank = |wanted: &Wanted| match (wanted.verdict, wanted.essential) {
            (Verdict::Unknown, true) => 0,
            (Verdict::Unknown, false) => 1,
            _ => 2,
        };
        rank(a).cmp(&rank(b)).then(b.width.total_cmp(&a.width)).then(place.cmp(other))
    });
    wanted.into_iter().map(|(_, wanted)| wanted).collect()
}

fn of_check(check: &Check, entity: Entity, role: Role, essential: bool) -> Wanted {
    Wanted {
        settles: check.id.clone(),
        entity,
        role,
        essential,
        verdict: check.verdict,
        width: check.interval.map_or(0.0, |interval| interval.high - interval.low),
        tables: check.tables.clone(),
    }
}

fn unheard_of(entity: Entity, role: Role, essential: bool) -> Wanted {
    let kind = if matches!(role, Role::Key(_)) { "link" } else { "fill" };
    Wanted {
        settles: format!("{kind}.{}.{role}", entity.name()),
        entity,
        role,
        essential,
        verdict: Verdict::Unknown,
        width: 0.0,
        tables: Vec::new(),
    }
}
