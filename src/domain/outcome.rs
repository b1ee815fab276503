//! The words by which systems say how a lead or deal ended. Anything else, such as `open`, is no outcome yet.

/// It ended well; lower case.
pub const GOOD: [&str; 11] =
    ["true", "t", "1", "1.0", "yes", "y", "won", "closed_won", "closedwon", "closed won", "converted"];

/// It ended badly; lower case.
pub const BAD: [&str; 12] = [
    "false",
    "f",
    "0",
    "0.0",
    "no",
    "n",
    "lost",
    "closed_lost",
    "closedlost",
    "closed lost",
    "not converted",
    "unconverted",
];

/// The words as a list in SQL, without its brackets.
pub fn in_sql(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    quoted.join(", ")
}
