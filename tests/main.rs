//! Tests of the built binary, through the protocol and through the shell.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says so by panicking")]

/// Lists the modules once, for the compiler and for the test that finds forgotten files.
macro_rules! modules {
    ($($name:ident),* $(,)?) => {
        $(mod $name;)*
        const MODULES: &[&str] = &[$(stringify!($name)),*];
    };
}

modules!(
    access,
    ask,
    attribution,
    audit,
    cases,
    connections,
    contract,
    coverage,
    data,
    drain,
    failures,
    faults,
    http,
    identity,
    knowledge,
    leads,
    limits,
    maturity,
    memory,
    observed,
    protocol,
    revenue,
    shell,
    stdio,
    subscriptions,
    support,
    tasks,
    tenants,
    tls
);

#[test]
fn no_test_file_is_forgotten() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        if path.extension().is_some_and(|kind| kind == "rs") && name != "main" {
            assert!(MODULES.contains(&name), "tests/{name}.rs is not listed in tests/main.rs");
        }
    }
}
