#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| revarch_server::fuzzing::config(input));
