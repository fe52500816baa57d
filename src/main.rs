//! The `bellwether` command.

fn main() -> std::process::ExitCode {
    bellwether::cli::main()
}
