//! Counts made elsewhere: they answer for records that are not here, as far as somebody can be taken at his word.

use super::{
    Facts, Lens,
    facts::{Aggregate, TableFacts},
    partial, systems,
};
use crate::{entity::Entity, proportion::Proportion, recognition::Role, verdict::Verdict};

/// What the counted field is for: as it was said, or as the field is called in a CRM or in a lens.
pub(super) fn role_of(aggregate: &Aggregate) -> Option<Role> {
    let Aggregate { entity, field, role, .. } = aggregate;
    role.or_else(|| systems::role_of(*entity, field)).or_else(|| field.to_lowercase().parse().ok())
}

fn is_possible(aggregate: &Aggregate) -> bool {
    aggregate.filled.trials > 0 && aggregate.filled.hits <= aggregate.filled.trials
}

/// The count that answers for a field of an entity: of several, the least filled.
pub(super) fn of(facts: &Facts, entity: Entity, role: Role) -> Option<&Aggregate> {
    facts
        .aggregates
        .iter()
        .filter(|aggregate| aggregate.entity == entity && role_of(aggregate) == Some(role))
        .filter(|aggregate| is_possible(aggregate))
        .min_by(|a, b| a.filled.rate().unwrap_or(1.0).total_cmp(&b.filled.rate().unwrap_or(1.0)))
}

/// The count that answers better than what was measured in a table: where the column is not there, where only a
/// part of the table was read, or where the measurement is open and more records were counted.
pub(super) fn better<'a>(
    facts: &'a Facts,
    table: &TableFacts,
    entity: Entity,
    role: Role,
    measured: Option<(Proportion, f64)>,
) -> Option<&'a Aggregate> {
    let counted = of(facts, entity, role)?;
    let is_better = measured.is_none_or(|(measured, threshold)| {
        let open = !partial::is_read_whole(table) || measured.judge(threshold) == Verdict::Inconclusive;
        open && counted.filled.trials > measured.trials
    });
    is_better.then_some(counted)
}

/// Entities that are known by counts alone.
pub(super) fn stands_alone(facts: &Facts, entity: Entity) -> bool {
    facts.aggregates.iter().any(|aggregate| aggregate.entity == entity && is_possible(aggregate))
        && facts.tables.iter().all(|table| table.entity() != Some(entity))
}

/// Counts that were handed in and decide nothing, each with the reason.
pub(super) fn unused(facts: &Facts, lens: &Lens) -> Vec<String> {
    facts
        .aggregates
        .iter()
        .filter_map(|aggregate| {
            let Aggregate { entity, field, filled, .. } = aggregate;
            let place = format!("the count of {}.{field} was not used", entity.name());
            if !is_possible(aggregate) {
                return Some(format!("{place}: {} filled of {} is impossible", filled.hits, filled.trials));
            }
            let Some(role) = role_of(aggregate) else {
                return Some(format!("{place}: say what the field is for (`role`), such as email or owner"));
            };
            let is_asked = lens.fields_of(*entity).iter().any(|asked| asked.role.0 == role)
                || (*entity, role) == (Entity::Contact, Role::Key(Entity::Account));
            (!is_asked).then(|| format!("{place}: nothing is asked of the {role} of {}", entity.name()))
        })
        .collect()
}
