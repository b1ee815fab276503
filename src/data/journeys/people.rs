//! One person or account after the other, out of rows in the order of whom they belong to.

use super::{
    IDENTITY_LOST,
    query::{CONVERSION, LEAD, TOUCH},
    read::arrow,
    sides::refuse,
};
use crate::DataError;
use datafusion::arrow::{
    array::{Array, AsArray, Int64Array, RecordBatch, StringViewArray},
    compute::cast,
    datatypes::{DataType, Int64Type},
};
use revarch_domain::attribution::{
    channels::Channels,
    collect::Collector,
    journey::{Conversion, Timeline, Touch},
    money,
};
use std::collections::BTreeMap;

/// Journeys as they are being read.
pub(super) struct Reading {
    pub(super) collectors: Vec<Collector>,
    pub(super) undated: u64,
    pub(super) future: u64,
    pub(super) several_people: u64,
    pub(super) currencies: Vec<String>,
}

/// The person or account whose rows are being read.
pub(super) struct People<'a> {
    key: String,
    timeline: Timeline,
    channels: &'a Channels,
    rates: &'a BTreeMap<String, f64>,
    end: i64,
    seed: u64,
    /// Currencies seen, and whether each has a rate.
    currencies: BTreeMap<String, Option<f64>>,
    reading: Reading,
}

/// The columns of a batch.
struct Cells {
    key: StringViewArray,
    at: Int64Array,
    kind: Int64Array,
    channel: StringViewArray,
    value: StringViewArray,
    currency: StringViewArray,
    opened: Int64Array,
    people: Int64Array,
}

impl Cells {
    fn of(batch: &RecordBatch) -> Result<Self, DataError> {
        let text = |column: usize| {
            let cells = cast(batch.column(column), &DataType::Utf8View).map_err(arrow)?;
            Ok::<_, DataError>(cells.as_string_view().clone())
        };
        let whole = |column: usize| {
            let cells = cast(batch.column(column), &DataType::Int64).map_err(arrow)?;
            Ok::<_, DataError>(cells.as_primitive::<Int64Type>().clone())
        };
        Ok(Self {
            key: text(0)?,
            at: whole(1)?,
            kind: whole(2)?,
            channel: text(3)?,
            value: text(4)?,
            currency: text(5)?,
            opened: whole(6)?,
            people: whole(7)?,
        })
    }
}

fn known(cells: &Int64Array, row: usize) -> Option<i64> {
    cells.is_valid(row).then(|| cells.value(row))
}

fn text(cells: &StringViewArray, row: usize) -> Option<&str> {
    cells.is_valid(row).then(|| cells.value(row))
}

impl<'a> People<'a> {
    /// Nobody yet. Conversions after `end` are not read.
    pub(super) fn new(
        channels: &'a Channels,
        rates: &'a BTreeMap<String, f64>,
        end: i64,
        seed: u64,
        collectors: Vec<Collector>,
    ) -> Self {
        Self {
            key: String::new(),
            timeline: Timeline::default(),
            channels,
            rates,
            end,
            seed,
            currencies: BTreeMap::new(),
            reading: Reading { collectors, undated: 0, future: 0, several_people: 0, currencies: Vec::new() },
        }
    }

    /// What is held in memory, in touches and journeys.
    pub(super) fn held(&self) -> usize {
        self.reading.collectors.iter().map(Collector::held).sum()
    }

    /// Adds the next rows.
    pub(super) fn add(&mut self, batch: &RecordBatch) -> Result<(), DataError> {
        let cells = Cells::of(batch)?;
        for row in 0..batch.num_rows() {
            let key = text(&cells.key, row);
            if key.is_some_and(|key| key != self.key) {
                self.close();
                self.key.clear();
                self.key.push_str(key.unwrap_or_default());
            }
            let (kind, at) = (cells.kind.value(row), known(&cells.at, row));
            match (kind, at) {
                (TOUCH, Some(at)) => {
                    let channel = text(&cells.channel, row).and_then(|name| self.channels.number(name));
                    self.timeline.touches.extend(channel.map(|channel| Touch { at, channel }));
                }
                (LEAD, at) => self.timeline.lead = at,
                (CONVERSION, None) => self.reading.undated += 1,
                (CONVERSION, Some(at)) if at > self.end => {
                    self.reading.future += 1;
                }
                (CONVERSION, Some(at)) => {
                    let cents = self.cents(&cells, row)?;
                    let conversion = Conversion { at, cents, opened: known(&cells.opened, row) };
                    self.reading.several_people += u64::from(cells.people.value(row) > 1);
                    if key.is_some() {
                        self.timeline.conversions.push(conversion);
                    } else {
                        for one in &mut self.reading.collectors {
                            one.add_keyless(conversion);
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The value of a conversion in the currency that is asked for.
    fn cents(&mut self, cells: &Cells, row: usize) -> Result<Option<i64>, DataError> {
        let Some(value) = text(&cells.value, row) else { return Ok(None) };
        let named = text(&cells.currency, row).map(str::to_uppercase);
        let currency = named.or_else(|| money::currency(value).map(str::to_owned));
        let cents = money::cents(value);
        let Some(currency) = currency else { return Ok(cents) };
        let rate =
            *self.currencies.entry(currency.clone()).or_insert_with(|| self.rates.get(&currency).copied());
        if self.currencies.len() > 1
            && let Some((without, _)) = self.currencies.iter().find(|(_, rate)| rate.is_none())
        {
            let seen: Vec<&str> = self.currencies.keys().map(String::as_str).collect();
            return Err(refuse(
                format!(
                    "the values are in several currencies ({}), and `{without}` has no rate",
                    seen.join(", ")
                ),
                "give `rates`: what a unit of each currency is worth in the one you want, such as {\"USD\": 1, \"EUR\": 1.1}",
            ));
        }
        Ok(match rate {
            Some(rate) => cents.and_then(|cents| money::of_amount(money::amount(cents) * rate)),
            None => cents,
        })
    }

    /// Hands on what the person did.
    fn close(&mut self) {
        let Self { timeline, reading, key, seed, .. } = self;
        if !timeline.touches.is_empty() || !timeline.conversions.is_empty() {
            if let [asked, windows @ .., lost] = reading.collectors.as_mut_slice() {
                let seed = key
                    .bytes()
                    .fold(*seed, |mixed, byte| (mixed ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3));
                asked.add(timeline);
                for one in windows {
                    one.add(timeline);
                }
                lost.add_losing(timeline, IDENTITY_LOST, seed);
            } else {
                for one in &mut reading.collectors {
                    one.add(timeline);
                }
            }
        }
        timeline.touches.clear();
        timeline.conversions.clear();
        timeline.lead = None;
    }

    /// Hands on the last of them.
    pub(super) fn finish(mut self) -> Reading {
        self.close();
        self.reading.currencies = self.currencies.into_keys().collect();
        self.reading
    }
}
