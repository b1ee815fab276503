//! A points lens laid over the columns of one table.

use super::{
    lens::{Field, PointsLens},
    rule::Rule,
};
use crate::leads::{
    grade::Grade,
    words::{self, Side},
};

/// The reason that stands for points beyond what a side can give, or below nothing.
const HELD: &str = "held_in_range";

/// A lens laid over the columns of a table.
#[derive(Clone, Debug)]
pub struct PointsSheet<'a> {
    lens: &'a PointsLens,
    /// The column that each rule looks at, where the table has one.
    columns: Vec<Option<usize>>,
}

/// A lead's points. The points of the reasons add up to the score.
#[derive(Clone, Debug, PartialEq)]
pub struct PointScore {
    /// From 0 to 100.
    pub score: f64,
    /// What the score could reach if all that is unknown spoke for the lead.
    pub at_most: f64,
    /// The grade.
    pub grade: Grade,
    /// Of the score, what stands for who the lead is.
    pub fit: f64,
    /// Of the score, what stands for what the lead did.
    pub engagement: f64,
    /// What gave the points, in the order of the rules.
    pub reasons: Vec<PointReason>,
    /// What became of each rule, in the order of the lens: `Some(true)` where it gave points, nothing where its
    /// field is unknown.
    pub fired: Vec<Option<bool>>,
}

/// What gave points.
#[derive(Clone, Debug, PartialEq)]
pub struct PointReason {
    /// The rule, or `held_in_range` for points beyond what a side can give or below nothing.
    pub rule: String,
    /// The side.
    pub side: Side,
    /// The points.
    pub points: f64,
    /// What it means.
    pub says: String,
}

/// How often a rule gave points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleCount {
    /// The rule.
    pub rule: String,
    /// Leads it gave points to.
    pub fired: u64,
    /// Leads it looked at and gave none.
    pub silent: u64,
    /// Leads of which its field is unknown.
    pub unknown: u64,
}

/// Counts what became of each rule over many leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// One count for each rule, in the order of the lens.
    pub rules: Vec<RuleCount>,
}

impl<'a> PointsSheet<'a> {
    /// Finds the columns that the rules look at, by their names.
    pub fn new(lens: &'a PointsLens, columns: &[&str]) -> Self {
        let column = |rule: &Rule| {
            let field = lens.fields.iter().find(|field| field.id == rule.field)?;
            find(field, columns)
        };
        Self { lens, columns: lens.rules.iter().map(column).collect() }
    }

    /// The fields of the lens and the column of each, where the table has one.
    pub fn fields(&self) -> Vec<(&'a str, Option<usize>)> {
        let of = |field: &'a Field| {
            let rules = self.lens.rules.iter().zip(&self.columns);
            let column = rules.filter(|(rule, _)| rule.field == field.id).find_map(|(_, column)| *column);
            (field.id.as_str(), column)
        };
        self.lens.fields.iter().map(of).collect()
    }

    /// An empty count of the rules.
    pub fn tally(&self) -> Tally {
        let rules = self.lens.rules.iter();
        Tally {
            rules: rules
                .map(|rule| RuleCount { rule: rule.id.clone(), fired: 0, silent: 0, unknown: 0 })
                .collect(),
        }
    }

    /// A lead's points. `cells` holds the table's columns in their order, empty and placeholder cells as nothing.
    /// A cell beyond its end counts as empty. `now` is in microseconds since 1970.
    pub fn score(&self, cells: &[Option<&str>], now: i64) -> PointScore {
        let held: Vec<Option<bool>> = self
            .lens
            .rules
            .iter()
            .zip(&self.columns)
            .map(|(rule, column)| rule.when.holds(cells.get((*column)?).copied().flatten(), now))
            .collect();
        let mut reasons = Vec::new();
        let mut fired = Vec::with_capacity(held.len());
        let mut taken: Vec<&str> = Vec::new();
        for (rule, holds) in self.lens.rules.iter().zip(&held) {
            let free = rule.group.as_deref().is_none_or(|group| !taken.contains(&group));
            let gives = *holds == Some(true) && free;
            fired.push(holds.map(|_| gives));
            if gives {
                taken.extend(rule.group.as_deref());
                reasons.push(PointReason {
                    rule: rule.id.clone(),
                    side: rule.side,
                    points: rule.points,
                    says: rule.says.clone(),
                });
            }
        }
        let fit = self.side(Side::Fit, &mut reasons);
        let engagement = self.side(Side::Engagement, &mut reasons);
        let score = fit + engagement;
        PointScore {
            score,
            at_most: self.reach(Side::Fit, &held) + self.reach(Side::Engagement, &held),
            grade: self.grade(score),
            fit,
            engagement,
            reasons,
            fired,
        }
    }

    /// A side's points, held between nothing and what it can give; what that takes or adds becomes a reason.
    fn side(&self, side: Side, reasons: &mut Vec<PointReason>) -> f64 {
        let sum: f64 = reasons.iter().filter(|reason| reason.side == side).map(|reason| reason.points).sum();
        let held = sum.clamp(0.0, self.most(side));
        if (held - sum).abs() > 0.0 {
            let says = format!("{} counts from 0 to {:.0}", side.name(), self.most(side));
            reasons.push(PointReason { rule: HELD.to_owned(), side, points: held - sum, says });
        }
        held
    }

    /// The most that a side could come to: in each group the best rule that holds or may hold, up to the first
    /// that holds.
    fn reach(&self, side: Side, held: &[Option<bool>]) -> f64 {
        let mut sum = 0.0;
        let mut groups: Vec<(&str, f64, bool)> = Vec::new();
        for (rule, holds) in self.lens.rules.iter().zip(held).filter(|(rule, _)| rule.side == side) {
            let Some(group) = rule.group.as_deref() else {
                sum += match holds {
                    Some(true) => rule.points,
                    Some(false) => 0.0,
                    None => rule.points.max(0.0),
                };
                continue;
            };
            let at = groups.iter().position(|(name, ..)| *name == group).unwrap_or_else(|| {
                groups.push((group, f64::NEG_INFINITY, false));
                groups.len() - 1
            });
            let (_, best, closed) = &mut groups[at];
            if !*closed && *holds != Some(false) {
                *best = best.max(rule.points);
                *closed = *holds == Some(true);
            }
        }
        for (_, best, closed) in groups {
            // Where no rule surely holds, none may, which gives nothing.
            sum += if closed { best } else { best.max(0.0) };
        }
        sum.clamp(0.0, self.most(side))
    }

    fn most(&self, side: Side) -> f64 {
        match side {
            Side::Fit => self.lens.most_points.fit,
            Side::Engagement => self.lens.most_points.engagement,
            Side::Other => 0.0,
        }
    }

    fn grade(&self, score: f64) -> Grade {
        let grades = &self.lens.grades;
        match score {
            score if score >= grades.a => Grade::A,
            score if score >= grades.b => Grade::B,
            score if score >= grades.c => Grade::C,
            _ => Grade::D,
        }
    }
}

impl Tally {
    /// Counts one lead.
    pub fn add(&mut self, score: &PointScore) {
        for (count, fired) in self.rules.iter_mut().zip(&score.fired) {
            *match fired {
                Some(true) => &mut count.fired,
                Some(false) => &mut count.silent,
                None => &mut count.unknown,
            } += 1;
        }
    }
}

/// The column whose name is the likeliest of the field's names.
fn find(field: &Field, columns: &[&str]) -> Option<usize> {
    let plain = |name: &str| words::split(name).concat();
    let columns: Vec<String> = columns.iter().map(|column| plain(column)).collect();
    field.names.iter().find_map(|name| columns.iter().position(|column| *column == plain(name)))
}
