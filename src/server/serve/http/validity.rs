//! When a certificate holds.
//!
//! # Design
//!
//! rustls shows a certificate without looking at its dates, so that clients alone would notice an expired one. The crates
//! that parse certificates whole bring a second set of date and number crates with them, for two dates that stand at a
//! fixed place (RFC 5280, section 4.1): the certificate's first member holds, after an optional version, the serial number,
//! the algorithm, the issuer and then the validity.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;
const SHORT_TIME: u8 = 0x17;
const LONG_TIME: u8 = 0x18;

/// The first and the last moment at which a certificate holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Validity {
    pub(super) begins: Timestamp,
    pub(super) ends: Timestamp,
}

impl Validity {
    /// That of a certificate as DER; nothing where it is none.
    pub(super) fn of(certificate: &[u8]) -> Option<Self> {
        let mut certificate = Elements(certificate);
        let mut signed = Elements(Elements(certificate.expect(SEQUENCE)?).expect(SEQUENCE)?);
        let (first, _) = signed.next()?;
        let before_validity = if first == VERSION { 3 } else { 2 };
        for _ in 0..before_validity {
            signed.next()?;
        }
        let mut validity = Elements(signed.expect(SEQUENCE)?);
        Some(Self { begins: time(validity.next()?)?, ends: time(validity.next()?)? })
    }
}

/// Elements of DER, one after the other.
struct Elements<'a>(&'a [u8]);

impl<'a> Elements<'a> {
    fn next(&mut self) -> Option<(u8, &'a [u8])> {
        const LONG: u8 = 0x80;
        let (&tag, rest) = self.0.split_first()?;
        let (&length, rest) = rest.split_first()?;
        let (length, rest) = if length < LONG {
            (usize::from(length), rest)
        } else {
            let (length, rest) = rest.split_at_checked(usize::from(length - LONG))?;
            let length = length
                .iter()
                .try_fold(0_usize, |sum, byte| sum.checked_mul(256)?.checked_add((*byte).into()));
            (length?, rest)
        };
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((tag, content))
    }

    fn expect(&mut self, wanted: u8) -> Option<&'a [u8]> {
        self.next().filter(|(tag, _)| *tag == wanted).map(|(_, content)| content)
    }
}

fn time((tag, content): (u8, &[u8])) -> Option<Timestamp> {
    let text = std::str::from_utf8(content).ok()?;
    let text = match tag {
        LONG_TIME => text.to_owned(),
        // Two digits of a year count from 1950 to 2049.
        SHORT_TIME if text.get(..2)? < "50" => format!("20{text}"),
        SHORT_TIME => format!("19{text}"),
        _ => return None,
    };
    let time = DateTime::strptime("%Y%m%d%H%M%SZ", text).ok()?;
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::Validity;
    use proptest::prelude::*;
    use rustls_pki_types::{CertificateDer, pem::PemObject as _};

    fn check(pem: &[u8], begins: &str, ends: &str) {
        let certificate = CertificateDer::from_pem_slice(pem).unwrap();
        let Validity { begins: found, ends: found_end } = Validity::of(&certificate).unwrap();
        assert_eq!((found.to_string(), found_end.to_string()), (begins.to_owned(), ends.to_owned()));
    }

    #[test]
    fn the_dates_are_those_that_openssl_tells() {
        // openssl x509 -noout -dates -dateopt iso_8601 -in FILE
        let good = include_bytes!("../../../../tests/fixtures/tls/good.pem");
        check(good, "2020-01-01T00:00:00Z", "2120-01-01T00:00:00Z");
        let expired = include_bytes!("../../../../tests/fixtures/tls/expired.pem");
        check(expired, "2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z");
    }

    proptest! {
        /// Bytes that are no certificate have no dates, and do no harm.
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Validity::of(&bytes);
        }

        /// A certificate that is cut short, or has a byte changed, is read or refused.
        #[test]
        fn damage_is_survived(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
            let good = include_bytes!("../../../../tests/fixtures/tls/good.pem");
            let mut certificate = CertificateDer::from_pem_slice(good).unwrap().to_vec();
            let at = at.index(certificate.len());
            if cut { certificate.truncate(at) } else { certificate[at] = byte }
            let _ = Validity::of(&certificate);
        }
    }
}
