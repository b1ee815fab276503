//! What one person or account did, and the journeys that come of it.

use super::paths::Marks;

/// What makes a journey of touches.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Terms {
    /// How long before a conversion a touch counts, in microseconds.
    pub window: i64,
    /// Whether a conversion ends the journey, so that touches before it count for no later one.
    pub reset: bool,
    /// Whether only the first conversion of a person or account counts.
    pub once: bool,
    /// Whether touches of one channel in a row count as one.
    pub collapse: bool,
    /// The time after which credit by time decay is halved, in microseconds.
    pub half_life: f64,
    /// Conversions before this time only end journeys; journeys that ended in nothing before it are left out.
    pub since: Option<i64>,
    /// From this time on a journey without a conversion may still find one.
    pub open_from: i64,
}

/// A touch by a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Touch {
    /// When, in microseconds since 1970.
    pub at: i64,
    /// By which channel.
    pub channel: u16,
}

/// A conversion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Conversion {
    /// When, in microseconds since 1970.
    pub at: i64,
    /// What it is worth, where that is recorded.
    pub cents: Option<i64>,
    /// When the deal was opened, where there was one.
    pub opened: Option<i64>,
}

/// What one person or account did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    /// The touches.
    pub touches: Vec<Touch>,
    /// The conversions.
    pub conversions: Vec<Conversion>,
    /// When it became a lead, where that is recorded.
    pub lead: Option<i64>,
}

/// Why a conversion has no journey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Untouched {
    /// It names nobody.
    NoKey,
    /// Nobody it names was ever touched.
    NeverTouched,
    /// All touches came after it.
    TouchedAfter,
    /// The touches before it are older than the window.
    OutsideWindow,
    /// The touches before it led to an earlier conversion.
    UsedBefore,
}

impl Untouched {
    /// Every reason.
    pub const ALL: [Self; 5] =
        [Self::NoKey, Self::NeverTouched, Self::TouchedAfter, Self::OutsideWindow, Self::UsedBefore];

    /// The name in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoKey => "no_key",
            Self::NeverTouched => "never_touched",
            Self::TouchedAfter => "touched_only_after",
            Self::OutsideWindow => "touched_outside_the_window",
            Self::UsedBefore => "touched_before_an_earlier_conversion",
        }
    }
}

/// One journey, told to whoever collects them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Journey<'a> {
    /// Touches that a conversion followed.
    Converted {
        /// The touches in the order of time.
        touches: &'a [Touch],
        /// The conversion.
        conversion: Conversion,
        /// Its milestones.
        marks: Marks,
    },
    /// A conversion that no touch preceded.
    Untouched {
        /// The conversion.
        conversion: Conversion,
        /// Why.
        reason: Untouched,
    },
    /// Touches of somebody who never converted.
    Null {
        /// The touches in the order of time.
        touches: &'a [Touch],
        /// Whether a conversion may still follow.
        open: bool,
    },
    /// A conversion that does not count, since only the first does.
    Repeated(Conversion),
}

impl Timeline {
    /// Puts touches and conversions in the order of time, equal times in the order of channels, and makes the
    /// journeys.
    pub fn journeys(&mut self, terms: &Terms, mut tell: impl FnMut(Journey<'_>)) {
        self.touches.sort_unstable();
        self.conversions.sort_unstable();
        let mut path = Vec::new();
        let mut earlier: Option<i64> = None;
        let mut previous: Option<i64> = None;
        for (at, conversion) in self.conversions.iter().enumerate() {
            // Conversions at one moment share their touches.
            if at > 0 && self.conversions[at - 1].at < conversion.at {
                earlier = previous;
            }
            previous = Some(conversion.at);
            if terms.since.is_some_and(|since| conversion.at < since) {
                continue;
            }
            if terms.once && at > 0 {
                tell(Journey::Repeated(*conversion));
                continue;
            }
            let used = earlier.filter(|_| terms.reset);
            match self.before(conversion, used, terms, &mut path) {
                Ok(()) => {
                    let marks = self.marks(&path, conversion);
                    tell(Journey::Converted { touches: &path, conversion: *conversion, marks });
                }
                Err(reason) => tell(Journey::Untouched { conversion: *conversion, reason }),
            }
        }
        if let (true, Some(last)) = (self.conversions.is_empty(), self.touches.last())
            && terms.since.is_none_or(|since| last.at >= since)
        {
            let from = last.at.saturating_sub(terms.window);
            take(&self.touches, |touch| touch.at >= from, terms, &mut path);
            tell(Journey::Null { touches: &path, open: last.at >= terms.open_from });
        }
    }

    /// The touches that count for a conversion, or why there is none.
    fn before(
        &self,
        conversion: &Conversion,
        used: Option<i64>,
        terms: &Terms,
        path: &mut Vec<Touch>,
    ) -> Result<(), Untouched> {
        let from = conversion.at.saturating_sub(terms.window);
        let is_unused = |touch: &Touch| used.is_none_or(|used| touch.at > used);
        let counts = |touch: &Touch| touch.at >= from && touch.at <= conversion.at && is_unused(touch);
        take(&self.touches, counts, terms, path);
        if !path.is_empty() {
            return Ok(());
        }
        let before = || self.touches.iter().filter(|touch| touch.at <= conversion.at);
        Err(match self.touches.first() {
            None => Untouched::NeverTouched,
            Some(_) if before().next().is_none() => Untouched::TouchedAfter,
            Some(_) if before().any(|touch| touch.at >= from) => Untouched::UsedBefore,
            Some(_) => Untouched::OutsideWindow,
        })
    }

    /// The last touch before each milestone, where there is one.
    fn marks(&self, path: &[Touch], conversion: &Conversion) -> Marks {
        let last = |milestone: Option<i64>| {
            let at = milestone?;
            let place = path.iter().rposition(|touch| touch.at <= at)?;
            u32::try_from(place).ok()
        };
        Marks { lead: last(self.lead), deal: last(conversion.opened) }
    }
}

fn take(touches: &[Touch], counts: impl Fn(&Touch) -> bool, terms: &Terms, path: &mut Vec<Touch>) {
    path.clear();
    for touch in touches.iter().filter(|touch| counts(touch)) {
        match path.last_mut() {
            // The latest of a row is the one that is kept: it is the nearest to what followed.
            Some(last) if terms.collapse && last.channel == touch.channel => last.at = touch.at,
            _ => path.push(*touch),
        }
    }
}
