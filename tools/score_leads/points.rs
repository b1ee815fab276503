//! Leads without outcomes: points by rules that anyone can read, marked as what they are.

use super::{
    Input,
    answer::Request,
    best::Best,
    cells::shortened,
    file::{self, Target},
    output::{
        CutOff, Grade, Lead, Outcome, Output, Reason, Rule, RuleCount, Scored, Source, Which, Written,
        rounded,
    },
};
use crate::{
    Context, ToolError,
    score_leads::labelled::{self, personal},
    wire::Provenance,
};
use revarch_domain::{
    entity::Entity,
    leads::{
        grade::Grade as Letter,
        points::{PointScore, PointsLens, PointsSheet, Tally},
        reading::{ReadingError, is_address, may_name_rows},
    },
    recognition::Role,
};
use std::collections::BTreeMap;

/// What is written of each lead besides its name and grade. Fit and engagement add up to the points.
const NUMBERS: [&str; 4] = ["points", "points_at_most", "fit", "engagement"];
/// Points are counted to this fraction.
const PARTS: f64 = 1000.0;

/// The table to score: the one named, or the leads or contacts that are recognised.
pub(super) async fn table(asked: Option<&str>, context: &Context) -> Result<String, ToolError> {
    if let Some(table) = asked {
        return Ok(context.tables.table(table)?.name.clone());
    }
    let names = context.tables.names();
    for entity in [Entity::Lead, Entity::Contact] {
        for name in &names {
            if context.tables.recognition(name, &context.run).await?.sure_entity() == Some(entity) {
                return Ok(name.clone());
            }
        }
    }
    context.tables.table(names.first().map_or("leads", String::as_str))?;
    Err(ToolError::input("no table is recognised as leads or contacts")
        .hint(format!("name `table`; tables are: {}", names.join(", "))))
}

/// Gives every lead of a table its points. `reason` says why there is no model.
pub(super) async fn score(
    table: &str,
    reason: &str,
    input: &Input,
    request: &Request,
    writes: Option<Target>,
    context: &Context,
) -> Result<Output, ToolError> {
    if input.value_per_conversion.is_some() {
        return Err(ToolError::input("a cut-off by expected value needs probabilities, and points are none")
            .hint("give `capacity` instead"));
    }
    let recognition = context.tables.recognition(table, &context.run).await?;
    let known = context.tables.table(table)?;
    let all: Vec<&str> = known.columns.iter().map(String::as_str).collect();
    let asked = input.id.as_deref().map(|id| known.require(id)).transpose()?;
    let id = asked.or_else(|| recognition.column(Role::Id)).map(str::to_owned);
    if let Some(id) = &id {
        may_name_rows(id, &personal(&recognition)).map_err(|error| labelled::unreadable(&error, table))?;
    }
    // Only the columns that rules look at are read, and the one that names leads.
    let fields = PointsSheet::new(&context.points, &all).fields();
    let mut names: Vec<&str> = Vec::new();
    for name in fields.iter().filter_map(|(_, column)| Some(all[(*column)?])) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let unknown: Vec<String> =
        fields.iter().filter(|(_, column)| column.is_none()).map(|(field, _)| (*field).to_owned()).collect();
    if names.is_empty() {
        return Err(ToolError::input(format!("no rule of the points lens looks at a column of `{table}`: {reason}"))
            .hint("name a table with an outcome, or write a lens with the names of your columns: lenses.points in revarch.toml"));
    }
    if let Some(id) = id.as_deref().filter(|id| !names.contains(id)) {
        names.push(id);
    }
    let sheet = PointsSheet::new(&context.points, &names);
    let place = id.as_deref().and_then(|id| names.iter().position(|name| *name == id));
    let mut file = match &writes {
        Some(target) => Some(target.create(&[id.as_deref().unwrap_or("row"), "grade"], &NUMBERS)?),
        None => None,
    };
    let mut work = Work {
        tally: sheet.tally(),
        counts: BTreeMap::new(),
        grades: BTreeMap::new(),
        best: Best::new(request.top),
        leads: 0,
    };
    let mut stream = context.tables.rows(table, &names, &context.run).await?;
    let now = context.now.as_microsecond();
    while let Some(batch) = stream.next().await? {
        let mut ids = Vec::with_capacity(batch.rows());
        let mut scores = Vec::with_capacity(batch.rows());
        for row in 0..batch.rows() {
            let cells: Vec<Option<&str>> = (0..names.len()).map(|column| batch.cell(column, row)).collect();
            let name = place.and_then(|place| cells[place]);
            if name.is_some_and(is_address) {
                let error = ReadingError::PersonalId(id.clone().unwrap_or_default());
                return Err(labelled::unreadable(&error, table));
            }
            let numbered = || format!("row {}", work.leads + row as u64 + 1);
            ids.push(name.map_or_else(numbered, str::to_owned));
            scores.push(sheet.score(&cells, now));
        }
        work.take(&ids, &scores);
        if let Some(file) = &mut file {
            let of = |number: fn(&PointScore) -> f64| scores.iter().map(number).collect::<Vec<f64>>();
            let texts = [
                ids.iter().map(String::as_str).collect(),
                scores.iter().map(|score| score.grade.name()).collect(),
            ];
            let numbers = [
                of(|score| score.score),
                of(|score| score.at_most),
                of(|score| score.fit),
                of(|score| score.engagement),
            ];
            file.write(&texts, &numbers).map_err(|error| file::unwritable(&error))?;
        }
        tokio::task::yield_now().await;
    }
    let written = match file.zip(writes) {
        Some((file, target)) => {
            let leads = file.finish().map_err(|error| file::unwritable(&error))?;
            Some(Written { file: target.name, leads })
        }
        None => None,
    };
    let mut output = bare(table, id, reason, &context.points);
    output.unknown_fields = unknown;
    output.written = written;
    let PointsLens { grades, .. } = context.points.as_ref();
    let bands = [(Letter::A, grades.a), (Letter::B, grades.b), (Letter::C, grades.c), (Letter::D, 0.0)];
    work.tell(&mut output, &bands, request);
    Ok(output)
}

/// The answer before any lead has its points.
fn bare(table: &str, id: Option<String>, reason: &str, lens: &PointsLens) -> Output {
    let source = Source { table: table.to_owned(), label: None, time: None, id, history: None };
    let mut output = Output::bare(Outcome::Points, Provenance::of(lens.provenance), source);
    output.summary = format!(
        "NOT VALIDATED: points by the authored rules of `{}` {}, because {}",
        lens.id, lens.version, reason
    );
    output.caution = Some(lens.caution.clone());
    output.next_steps = vec![
        "fill in what became of past leads, or name their deals in `deals`, and train a score".to_owned(),
        "once outcomes are known, check these points with validate_lead_score".to_owned(),
    ];
    output
}

/// What is held while leads pass.
struct Work {
    tally: Tally,
    counts: BTreeMap<i64, u64>,
    grades: BTreeMap<Letter, u64>,
    best: Best<PointScore>,
    leads: u64,
}

impl Work {
    fn take(&mut self, ids: &[String], scores: &[PointScore]) {
        for (row, (id, score)) in ids.iter().zip(scores).enumerate() {
            self.tally.add(score);
            *self.counts.entry(counted(score.score)).or_default() += 1;
            *self.grades.entry(score.grade).or_default() += 1;
            self.best.offer(score.score, id, self.leads + row as u64, || score.clone());
        }
        self.leads += ids.len() as u64;
    }

    fn tell(self, output: &mut Output, bands: &[(Letter, f64)], request: &Request) {
        let Self { tally, counts, grades, best, leads } = self;
        output.grades = bands
            .iter()
            .map(|(letter, from)| Grade {
                grade: letter.name().to_owned(),
                from_probability: None,
                from_points: Some(*from),
                tested: None,
                conversions: None,
                scored: Some(grades.get(letter).copied().unwrap_or(0)),
            })
            .collect();
        output.rules = tally.rules.into_iter().map(RuleCount::of).collect();
        output.scored = Some(Scored { which: Which::All, leads, expected_conversions: None, base: 0.0 });
        output.cut_off = request.bounds.capacity.map(|capacity| cut_off(&counts, capacity as u64));
        output.top_leads = best.ranked().into_iter().map(|entry| lead(&entry.id, entry.held)).collect();
    }
}

/// The points of the last lead that the capacity reaches.
fn cut_off(counts: &BTreeMap<i64, u64>, capacity: u64) -> CutOff {
    let (mut left, mut contacts, mut from) = (capacity, 0, None);
    for (part, count) in counts.iter().rev() {
        let taken = left.min(*count);
        if taken == 0 {
            break;
        }
        (left, contacts, from) = (left - taken, contacts + taken, Some(*part as f64 / PARTS));
    }
    CutOff {
        rule: Rule::Capacity,
        probability: None,
        points: from,
        contacts,
        expected_conversions: None,
        expected_net_value: None,
        tested_contacts: None,
        tested_conversions: None,
        tested_rate_interval: None,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "points lie between 0 and 100")]
fn counted(points: f64) -> i64 {
    (points * PARTS).round() as i64
}

fn lead(id: &str, score: PointScore) -> Lead {
    let PointScore { score, at_most, grade, fit, engagement, reasons, fired: _ } = score;
    let reasons: Vec<Reason> = reasons
        .into_iter()
        .map(|reason| Reason { column: reason.rule, adds: rounded(reason.points), value: Some(reason.says) })
        .collect();
    let shown: f64 = reasons.iter().map(|reason| reason.adds).sum();
    Lead {
        id: shortened(id),
        probability: None,
        log_odds: None,
        points: Some(rounded(score)),
        points_at_most: Some(rounded(at_most)),
        grade: grade.name().to_owned(),
        fit: rounded(fit),
        engagement: rounded(engagement),
        other: rounded(rounded(score) - shown),
        reasons,
    }
}
