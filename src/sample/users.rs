//! The people who own records.

use crate::{
    dice::Dice,
    error::SampleError,
    id::{Id, Key, Kind},
    table::Table,
    truth::Truth,
};
use std::path::Path;

const COLUMNS: [&str; 5] = ["user_id", "full_name", "email", "role", "active"];

/// Name, role and whether the person still works here.
const USERS: [(&str, &str, &str, bool); 12] = [
    ("Marta", "Lindqvist", "sales_rep", true),
    ("Owen", "Fairley", "sales_rep", true),
    ("Zainab", "Yusuf", "sales_rep", true),
    ("Pieter", "Vos", "sales_rep", true),
    ("Chloe", "Bernard", "sales_rep", false),
    ("Ravi", "Menon", "sales_rep", true),
    ("Hana", "Kimura", "sales_development", true),
    ("Luis", "Ortega", "sales_development", true),
    ("Greta", "Holm", "sales_development", false),
    ("Isaac", "Mensah", "sales_manager", true),
    ("Julia", "Romano", "marketing_operations", true),
    ("Aidan", "Walsh", "customer_success", true),
];

/// Writes all users.
pub(crate) fn write(folder: &Path, truth: &mut Truth) -> Result<(), SampleError> {
    let mut table = Table::create(folder, "users", &COLUMNS)?;
    for (index, (first, last, role, active)) in (0..).zip(USERS) {
        let email = format!("{}.{}@ourcompany.example", first.to_lowercase(), last.to_lowercase());
        table.show(Id::nth(Kind::User, index)).show(format_args!("{first} {last}")).text(&email);
        table.text(role).show(active).end()?;
    }
    table.finish(truth)
}

/// The owner of a record, absent in the given share of rows; one in a hundred names a user who is gone.
pub(crate) fn owner(dice: &mut Dice, missing: f64) -> Key {
    let index = dice.count(0, USERS.len() as u64 - 1);
    Key::flawed(dice, Id::nth(Kind::User, index), missing, 0.01)
}
