//! The `revarch` binary.

fn main() -> std::process::ExitCode {
    revarch_server::main()
}
