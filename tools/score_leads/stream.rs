//! Any number of leads through a model, batch by batch.

use super::{
    Input,
    answer::Request,
    best::Best,
    cells,
    file::{self, Target},
    output::{CutOff, HistoryTold, Lead, Output, Scored, Unseen, Which, Written, rounded},
};
use crate::{
    Context, ToolError,
    score_leads::labelled::{self, personal},
};
use revarch_data::{History, HistoryAsk, ScoreFile, TextBatch, TextStream};
use revarch_domain::{
    leads::{
        batch::{Cells, EMPTY, UNSEEN},
        cutoff::cut_off_counted,
        document::Document,
        grade::grade,
        history::Terms,
        intake::{Batch, Intake},
        model::Model,
        reading::{ReadingError, is_address, may_name_rows},
        scorer::Scorer,
    },
    recognition::Role,
};
use std::collections::BTreeMap;

/// Probabilities are counted to this fraction, which bounds the memory of the cut-off.
const PARTS: f64 = 1e6;
/// What is written of each lead besides its name and grade. With `base`, the three before it add up to `log_odds`.
const NUMBERS: [&str; 6] = ["probability", "log_odds", "fit", "engagement", "other", "base"];

/// The leads to score.
pub(super) struct Over {
    pub(super) table: String,
    stream: TextStream,
    id: Option<String>,
    /// The outcome, where the table has it: leads that have one are not scored.
    label: Option<String>,
    time: Option<String>,
    history: Option<History>,
}

impl Over {
    /// The leads of a table.
    pub(super) async fn table(
        table: String,
        document: &Document,
        input: &Input,
        context: &Context,
    ) -> Result<Self, ToolError> {
        let recognition = context.tables.recognition(&table, &context.run).await?;
        let known = context.tables.table(&table)?;
        let names: Vec<&str> = known.columns.iter().map(String::as_str).collect();
        let has = |name: &Option<String>| name.clone().filter(|name| names.contains(&name.as_str()));
        for named in [&input.time, &input.id].into_iter().flatten() {
            if input.score_table.is_none() || input.model.is_some() {
                known.require(named)?;
            }
        }
        let origin = &document.origin;
        let id = has(&input.id)
            .or_else(|| has(&origin.id))
            .or_else(|| recognition.column(Role::Id).map(str::to_owned));
        let time = has(&input.time).or_else(|| has(&origin.time));
        let label = has(&input.label).or_else(|| has(&Some(origin.label.clone())));
        if let Some(id) = &id {
            may_name_rows(id, &personal(&recognition))
                .map_err(|error| labelled::unreadable(&error, &table))?;
        }
        let mut wanted = Intake::needed(&document.model, &names);
        for column in [&id, &time, &label].into_iter().flatten() {
            if !wanted.contains(&column.as_str()) {
                wanted.push(column);
            }
        }
        // A table without any of them is refused by the name of the first that is missing.
        Intake::new(&document.model, &names, time.as_ref().and_then(|time| place(&names, time)))
            .map_err(|error| labelled::unscorable(&error, &table))?;
        let stream = context.tables.rows(&table, &wanted, &context.run).await?;
        Ok(Self { table, stream, id, label, time, history: None })
    }

    /// The leads of a history.
    pub(super) async fn history(history: History, context: &Context) -> Result<Self, ToolError> {
        let stream = context.tables.history_rows(&history, &context.run).await?;
        Ok(Self {
            table: history.table.clone(),
            stream,
            id: history.id.clone(),
            label: Some(history.label.clone()),
            time: Some(history.time.clone()),
            history: Some(history),
        })
    }

    /// The same, by the terms of the model's training.
    pub(super) async fn history_of(
        terms: Terms,
        table: Option<String>,
        input: &Input,
        context: &Context,
    ) -> Result<Self, ToolError> {
        let ask = HistoryAsk {
            table,
            deals: input.deals.clone(),
            conversion: terms.conversion,
            within_days: Some(terms.within_days),
            decide_after_days: terms.decide_after_days,
            ..HistoryAsk::default()
        };
        let history = context.tables.history(&ask, context.now.as_microsecond(), &context.run).await?;
        Self::history(history, context).await
    }

    /// Scores leads with an outcome too, where `all` says so.
    pub(super) fn all_if(mut self, all: bool) -> Self {
        if all {
            self.label = None;
        }
        self
    }
}

/// What came of it.
pub(super) struct Streamed {
    which: Which,
    leads: u64,
    expected: f64,
    base: f64,
    cut_off: Option<CutOff>,
    unseen: Vec<Unseen>,
    top: Vec<Lead>,
    grades: BTreeMap<String, u64>,
    written: Option<Written>,
    history: Option<History>,
}

impl Streamed {
    /// Puts it into the answer.
    pub(super) fn tell(self, output: &mut Output) {
        let Self { which, leads, expected, base, cut_off, unseen, top, grades, written, history } = self;
        output.scored =
            Some(Scored { which, leads, expected_conversions: Some(rounded(expected)), base: rounded(base) });
        output.cut_off = cut_off;
        output.unseen = unseen;
        output.top_leads = top;
        for grade in &mut output.grades {
            grade.scored = Some(grades.get(&grade.grade).copied().unwrap_or(0));
        }
        if leads == 0 {
            output.next_steps.push(
                "no lead without an outcome is left to score; name another table in `score_table`".to_owned(),
            );
        }
        output.written = written;
        output.source.history =
            history.as_ref().map(HistoryTold::of).or_else(|| output.source.history.take());
    }
}

/// Scores leads, and writes each where that is asked for. Memory does not grow with their number.
pub(super) async fn score(
    over: Over,
    document: &Document,
    tested: &[(f64, bool)],
    request: &Request,
    writes: Option<Target>,
    context: &Context,
) -> Result<Streamed, ToolError> {
    let Over { table, mut stream, id, label, time, history } = over;
    let names = stream.names().to_vec();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let find = |name: &Option<String>| name.as_deref().and_then(|name| place(&names, name));
    let (id, label, time) = (find(&id), find(&label), find(&time));
    let refuse = |error| labelled::unscorable(&error, &table);
    let mut intake = Intake::new(&document.model, &names, time).map_err(refuse)?;
    let file = match &writes {
        Some(target) => {
            let name = id.map_or("row", |id| names[id]);
            Some((target.name.clone(), target.create(&[name, "grade"], &NUMBERS)?))
        }
        None => None,
    };
    let mut work = Work::new(document, request.top, file);
    let all = context.tables.profile(&table, &context.run).await?.rows;
    let mut read = 0;
    while let Some(batch) = stream.next().await? {
        let open = |row: &usize| label.is_none_or(|label| batch.cell(label, *row).is_none());
        let rows: Vec<usize> = (0..batch.rows()).filter(open).collect();
        let ids = ids(&batch, &rows, id.map(|at| (at, names[at])), read)
            .map_err(|error| labelled::unreadable(&error, &table))?;
        let taken = intake.take(&rows, |column, row| batch.cell(column, row)).map_err(refuse)?;
        work.take(&taken, &ids, read)?;
        read += batch.rows() as u64;
        context.run.progress(read, Some(all.max(read)), format!("scoring {table}"));
        // Lets a cancellation through.
        tokio::task::yield_now().await;
    }
    intake.finish().map_err(refuse)?;
    let which = if label.is_some() { Which::Unlabelled } else { Which::All };
    let mut done = work.finish(which, tested, request)?;
    done.history = history;
    Ok(done)
}

fn place(names: &[&str], name: &str) -> Option<usize> {
    names.iter().position(|known| *known == name)
}

/// The names of some rows of a batch.
fn ids(
    batch: &TextBatch,
    rows: &[usize],
    id: Option<(usize, &str)>,
    before: u64,
) -> Result<Vec<String>, ReadingError> {
    let numbered = |row: usize| format!("row {}", before + row as u64 + 1);
    let name = |row: &usize| match id.map(|(at, column)| (batch.cell(at, *row), column)) {
        Some((Some(cell), column)) if is_address(cell) => Err(ReadingError::PersonalId(column.to_owned())),
        Some((Some(cell), _)) => Ok(cell.to_owned()),
        _ => Ok(numbered(*row)),
    };
    rows.iter().map(name).collect()
}

/// What is held while leads pass.
struct Work<'a> {
    document: &'a Document,
    scorer: Scorer<'a>,
    base: f64,
    file: Option<(String, ScoreFile)>,
    leads: u64,
    expected: f64,
    counts: BTreeMap<u32, u64>,
    unseen: Vec<u64>,
    grades: BTreeMap<String, u64>,
    best: Best<Batch>,
}

impl<'a> Work<'a> {
    fn new(document: &'a Document, top: usize, file: Option<(String, ScoreFile)>) -> Self {
        let model = &document.model;
        Self {
            document,
            scorer: model.scorer(),
            base: model.base(),
            file,
            leads: 0,
            expected: 0.0,
            counts: BTreeMap::new(),
            unseen: vec![0; model.columns().len()],
            grades: BTreeMap::new(),
            best: Best::new(top),
        }
    }

    fn take(&mut self, batch: &Batch, ids: &[String], before: u64) -> Result<(), ToolError> {
        if ids.is_empty() {
            return Ok(());
        }
        let cells = batch.cells();
        let scores = self.scorer.score(&cells).map_err(|error| self.refuse(&error))?;
        let bands = &self.document.bands;
        let graded: Vec<&str> =
            scores.probability.iter().map(|chance| grade(*chance, bands).name()).collect();
        for (row, (odds, chance)) in scores.log_odds.iter().zip(&scores.probability).enumerate() {
            self.best.offer(*odds, &ids[row], before + row as u64, || batch.row(row));
            *self.counts.entry(counted(*chance)).or_default() += 1;
            self.expected += chance;
            match self.grades.get_mut(graded[row]) {
                Some(count) => *count += 1,
                None => drop(self.grades.insert(graded[row].to_owned(), 1)),
            }
        }
        for (all, more) in self.unseen.iter_mut().zip(&scores.unseen) {
            *all += more;
        }
        self.leads += ids.len() as u64;
        if let Some((_, file)) = &mut self.file {
            let sides = self.scorer.subtotals(&cells);
            let sides = sides.map_err(|error| labelled::unscorable(&error, &self.document.origin.table))?;
            let base = vec![self.base; ids.len()];
            let texts = [ids.iter().map(String::as_str).collect(), graded];
            let numbers =
                [scores.probability, scores.log_odds, sides.fit, sides.engagement, sides.other, base];
            file.write(&texts, &numbers).map_err(|error| file::unwritable(&error))?;
        }
        Ok(())
    }

    fn finish(
        mut self,
        which: Which,
        tested: &[(f64, bool)],
        request: &Request,
    ) -> Result<Streamed, ToolError> {
        let falling: Vec<(f64, u64)> =
            self.counts.iter().rev().map(|(part, count)| (f64::from(*part) / PARTS, *count)).collect();
        let cut_off = cut_off_counted(&falling, tested, &request.bounds);
        let best = std::mem::replace(&mut self.best, Best::new(0));
        let mut top = Vec::new();
        for entry in best.ranked() {
            let cells = entry.held.cells();
            let score = self.scorer.reasons(&cells, 0).map_err(|error| self.refuse(&error))?;
            let value = |column: usize| shown(&self.document.model, column, &cells[column], request.detailed);
            let Document { model, bands, .. } = self.document;
            top.push(cells::lead(model, bands, &entry.id, &score, request.detailed, value));
        }
        let named = self.document.model.columns().iter().zip(&self.unseen);
        let unseen = named.filter(|(_, cells)| **cells > 0);
        let unseen = unseen.map(|(column, cells)| Unseen { column: column.name.clone(), cells: *cells });
        let written = match self.file {
            Some((name, file)) => {
                let rows = file.finish().map_err(|error| file::unwritable(&error))?;
                Some(Written { file: name, leads: rows })
            }
            None => None,
        };
        Ok(Streamed {
            which,
            leads: self.leads,
            expected: self.expected,
            base: self.base,
            cut_off: cut_off.map(CutOff::of),
            unseen: unseen.collect(),
            top,
            grades: self.grades,
            written,
            history: None,
        })
    }

    fn refuse(&self, error: &revarch_domain::leads::batch::BatchError) -> ToolError {
        labelled::unscorable(error, &self.document.origin.table)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a probability lies between 0 and 1"
)]
fn counted(chance: f64) -> u32 {
    (chance.clamp(0.0, 1.0) * PARTS).round() as u32
}

/// What a lead has in a column of the model.
fn shown(model: &Model, column: usize, cells: &Cells<'_>, detailed: bool) -> Option<String> {
    match cells {
        Cells::Numbers(cells) => {
            let value = cells.first().copied().filter(|value| !value.is_nan());
            Some(cells::number(model.columns()[column].kind, value))
        }
        Cells::Codes(codes) => match *codes.first()? {
            EMPTY => Some("empty".to_owned()),
            UNSEEN => Some("not seen in training".to_owned()),
            code => {
                let level = usize::try_from(code).ok().and_then(|code| model.levels(column).get(code));
                level.filter(|_| detailed).map(|level| cells::shortened(level))
            }
        },
    }
}
