//! Sizes of memory as people write them.

use revarch_data::LEAST_MEMORY;

const UNITS: [(&str, u64); 9] = [
    ("gib", 1 << 30),
    ("mib", 1 << 20),
    ("kib", 1 << 10),
    ("gb", 1_000_000_000),
    ("mb", 1_000_000),
    ("kb", 1_000),
    ("g", 1 << 30),
    ("m", 1 << 20),
    ("b", 1),
];

/// The bytes that a size such as `512MB`, `2GiB` or `1.5g` says.
pub(crate) fn parse(text: &str) -> Result<u64, String> {
    let lower = text.trim().to_ascii_lowercase();
    let (number, unit) = UNITS
        .iter()
        .find_map(|(name, bytes)| Some((lower.strip_suffix(name)?.trim_end(), *bytes)))
        .unwrap_or((&lower, 1));
    let bytes = number
        .parse::<f64>()
        .ok()
        .filter(|number| number.is_finite() && *number > 0.0)
        .map(|number| number * unit as f64)
        .ok_or_else(|| format!("cannot read `{text}` as a size; write one such as 512MB or 2GiB"))?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked to be a positive size"
    )]
    let bytes = bytes as u64;
    if bytes < LEAST_MEMORY {
        return Err(format!("{text} is too little to work in; give at least {}MiB", LEAST_MEMORY >> 20));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        for (text, bytes) in [
            ("512MB", 512_000_000),
            ("1GiB", 1 << 30),
            (" 2 g ", 2 << 30),
            ("1.5gb", 1_500_000_000),
            ("100000000", 100_000_000),
            ("64mib", 64 << 20),
        ] {
            assert_eq!(parse(text), Ok(bytes), "{text}");
        }
        for (text, said) in
            [("lots", "such as 512MB"), ("-1GB", "such as 512MB"), ("1MB", "too little"), ("", "size")]
        {
            assert!(parse(text).unwrap_err().contains(said), "{text}");
        }
    }
}
