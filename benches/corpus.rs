//! `cargo bench`: runs `./bench` on the program that cargo has just built. Arguments after `--` go to it.
//!
//! Measuring a process means asking the system what it took, which the standard library cannot do and this crate will
//! not do unsafely; so a script of Python's standard library does it, and there is one way to measure, not two.

#![expect(clippy::print_stderr, reason = "a bench speaks to a terminal")]

use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/bench");
    // cargo adds `--bench` of its own.
    let own = std::env::args_os().skip(1).filter(|argument| argument != "--bench");
    let status =
        Command::new("python3").arg(script).args(["--program", env!("CARGO_BIN_EXE_tickmark")]).args(own).status();
    match status {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("corpus: could not run `python3 {script}`: {error}");
            ExitCode::FAILURE
        }
    }
}
