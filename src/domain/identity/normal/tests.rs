use super::{Kind, Region, normal};

#[track_caller]
fn check(kind: Kind, text: &str, expected: &str) {
    let region: Region = "DE".parse().unwrap();
    let region = Some(region).filter(|_| kind == Kind::Phone);
    assert_eq!(normal(kind, text, region).unwrap_or_default(), expected, "{text}");
}

#[test]
fn names_come_to_their_letters() {
    check(Kind::FamilyName, " O'Brien ", "obrien");
    check(Kind::FamilyName, "Müller-Lüdenscheidt", "muller ludenscheidt");
    check(Kind::GivenName, "Анна", "anna");
    check(Kind::FullName, "Dr. Lee, Ann", "ann lee");
    check(Kind::GivenName, "Dr", "dr");
    check(Kind::FullName, "王小明", "wangxiaoming");
    check(Kind::GivenName, "-", "");
    check(Kind::GivenName, "N/A", "");
    check(Kind::GivenName, "   ", "");
}

#[test]
fn addresses_come_to_their_mailbox() {
    check(Kind::Email, "Ann.Lee+news@Acme.example", "ann.lee@acme.example");
    check(Kind::Email, "a.n.n+x@googlemail.com", "ann@gmail.com");
    check(Kind::Email, "ann-shop@yahoo.com", "ann@yahoo.com");
    check(Kind::Email, "Ann Lee <ann@acme.example>", "ann@acme.example");
    check(Kind::Email, "info@acme.example", "");
    check(Kind::Email, "nobody", "");
    check(Kind::Email, "+x@acme.example", "");
}

#[test]
fn numbers_come_to_their_country() {
    check(Kind::Phone, "+49 (30) 901820", "+4930901820");
    check(Kind::Phone, "030 901820", "+4930901820");
    check(Kind::Phone, "+49 (0)30 901820", "+4930901820");
    assert_eq!(normal(Kind::Phone, "(212) 555-0123", None).as_deref(), Some("2125550123"));
    assert_eq!(normal(Kind::Phone, "0000000", None), None);
    assert_eq!(normal(Kind::Phone, "12", None), None);
    assert!("Atlantis".parse::<Region>().is_err());
}

#[test]
fn domains_come_to_what_was_registered() {
    check(Kind::Domain, "https://www.shop.acme.co.uk/x?y", "acme.co.uk");
    check(Kind::Domain, "ann@mail.acme.com", "acme.com");
    check(Kind::Domain, "ann@gmail.com", "");
    check(Kind::Domain, "acme", "");
}

#[test]
fn companies_lose_their_legal_form() {
    check(Kind::Company, "ACME, Inc.", "acme");
    check(Kind::Company, "Müller GmbH & Co. KG", "muller");
}

#[test]
fn days_come_to_eight_digits() {
    check(Kind::Date, "1971-06-24", "19710624");
    check(Kind::Date, "19601345", "19601345");
    check(Kind::Date, "1900-01-01", "");
    check(Kind::Date, "soon", "");
}

#[test]
fn streets_are_written_short() {
    check(Kind::Address, "7, Wallaby Place", "7 wallaby pl");
    check(Kind::Address, "Lindenstraße 12", "lindenstr 12");
}
