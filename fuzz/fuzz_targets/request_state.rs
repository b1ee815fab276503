#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| revarch_server::fuzzing::request_state(input));
