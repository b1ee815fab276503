//! The channels of a question, each a small number, the rarest grouped where there are too many.

use std::collections::HashMap;

/// The most channels that are told apart unless the caller says otherwise.
pub const MOST: usize = 100;

/// What the group of rare channels is called.
pub const OTHER: &str = "(other channels)";

/// What stands for a touch whose channel is not recorded.
pub const UNKNOWN: &str = "(unknown)";

/// The channels by number, in the order of their names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Channels {
    names: Vec<String>,
    touches: Vec<u64>,
    numbers: HashMap<String, u16>,
    /// What was grouped, where something was.
    pub grouped: Option<Grouped>,
}

/// The channels that were too rare to be told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grouped {
    /// How many there were.
    pub channels: usize,
    /// Their touches together.
    pub touches: u64,
}

impl Channels {
    /// Numbers the channels that these touches name. Of more than `most` the rarest are grouped, of equally rare ones
    /// the later in the order of names.
    pub fn of<'a>(counts: impl IntoIterator<Item = (&'a str, u64)>, most: usize) -> Self {
        let mut sums: HashMap<&str, u64> = HashMap::new();
        for (name, touches) in counts {
            *sums.entry(name).or_default() += touches;
        }
        let mut all: Vec<(&str, u64)> = sums.into_iter().collect();
        all.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        let most = most.clamp(2, usize::from(u16::MAX));
        let rare = if all.len() > most { all.split_off(most - 1) } else { Vec::new() };
        let grouped = (!rare.is_empty()).then(|| Grouped {
            channels: rare.len(),
            touches: rare.iter().map(|(_, touches)| touches).sum(),
        });
        all.extend(grouped.map(|grouped| (OTHER, grouped.touches)));
        all.sort_unstable();
        let mut channels = Self { grouped, ..Self::default() };
        for (number, (name, touches)) in (0_u16..).zip(&all) {
            channels.names.push((*name).to_owned());
            channels.touches.push(*touches);
            channels.numbers.insert((*name).to_owned(), number);
        }
        if let Some(other) = channels.numbers.get(OTHER).copied() {
            channels.numbers.extend(rare.iter().map(|(name, _)| ((*name).to_owned(), other)));
        }
        channels
    }

    /// The number of a channel, be it its own or that of the group.
    pub fn number(&self, name: &str) -> Option<u16> {
        self.numbers.get(name).copied()
    }

    /// The names in the order of their numbers.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The touches of each channel.
    pub fn touches(&self) -> &[u64] {
        &self.touches
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Which of them mean that nobody knows where the visitor came from: those named so, or the usual names.
    pub fn direct(&self, named: &[String]) -> Vec<bool> {
        const USUAL: [&str; 4] = ["direct", "(direct)", "direct traffic", "none"];
        let is_direct = |name: &String| {
            if named.is_empty() {
                USUAL.contains(&spelling(name).as_str()) || name.eq_ignore_ascii_case("(direct)")
            } else {
                named.iter().any(|known| spelling(known) == spelling(name))
            }
        };
        self.names.iter().map(is_direct).collect()
    }

    /// Groups of names that differ in nothing but case, spaces, dashes and underscores.
    pub fn alike(&self) -> Vec<Vec<&str>> {
        let mut groups: std::collections::BTreeMap<String, Vec<&str>> = std::collections::BTreeMap::new();
        for name in &self.names {
            groups.entry(spelling(name)).or_default().push(name);
        }
        groups.into_values().filter(|names| names.len() > 1).collect()
    }
}

/// A name as it is compared with other spellings of it.
fn spelling(name: &str) -> String {
    let words = name.split(|letter: char| letter.is_whitespace() || "_-".contains(letter));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::{Channels, Grouped, OTHER};

    #[test]
    fn the_rarest_are_grouped() {
        let names: Vec<String> = (0..5_000).map(|at| format!("c{at:04}")).collect();
        let counts = names.iter().zip(1_u64..).map(|(name, touches)| (name.as_str(), touches));
        let channels = Channels::of(counts, 100);
        assert_eq!(channels.len(), 100);
        let rare = 4_901_u64;
        assert_eq!(channels.grouped, Some(Grouped { channels: 4_901, touches: rare * (rare + 1) / 2 }));
        assert_eq!(channels.number("c0000"), channels.number(OTHER));
        assert_eq!(channels.names()[usize::from(channels.number("c4999").unwrap())], "c4999");
        assert_eq!(channels.number("elsewhere"), None);
    }

    #[test]
    fn direct_is_known_by_its_usual_names_or_those_given() {
        let channels = Channels::of([("Direct", 1), ("(direct)", 1), ("email", 1)], 10);
        assert_eq!(channels.direct(&[]), [true, true, false]);
        assert_eq!(channels.direct(&["E-mail".to_owned(), "EMAIL".to_owned()]), [false, false, true]);
    }

    #[test]
    fn spellings_of_one_channel_are_found() {
        let channels = Channels::of([("Paid Search", 1), ("paid_search", 2), ("email", 1)], 10);
        assert_eq!(channels.alike(), [["Paid Search", "paid_search"]]);
    }
}
