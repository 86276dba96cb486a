//! The command line: arguments, streams, colour, progress, exit status. The only layer that talks to a terminal or reads
//! the clock.
//!
//! Results go to standard output, messages and progress to standard error. Exit status: 0 nothing at error level, 1
//! findings at error level, 2 the job could not be done (FORMATS.md, section 8).

mod arguments;
mod audit;
mod build;
mod check;
mod close;
mod coverage;
mod deployed;
mod diff;
mod due;
mod explain;
mod fix;
mod import;
mod init;
mod manual;
mod new;
mod reconcile;
mod report;
mod schema;
mod serve;
mod session;
mod terminal;
mod verify;
mod what_if;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use crate::error::Error;
use arguments::{Arguments, Command};
use terminal::Terminal;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    /// Nothing at error level.
    Clean,
    /// Findings at error level.
    Findings,
}

/// Runs the program with these arguments.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are answers, not mistakes.
            let code = if error.use_stderr() { 2 } else { 0 };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let terminal = Terminal::new(arguments.common.color, arguments.common.quiet);
    match dispatch(&arguments, &terminal) {
        Ok(Status::Clean) => ExitCode::SUCCESS,
        Ok(Status::Findings) => ExitCode::from(1),
        Err(Error::OutputClosed) => closed(),
        Err(error) => {
            terminal.error(&error);
            ExitCode::from(2)
        }
    }
}

/// Whoever read our output has read enough, as `head` does: ends as other programs do that write to it, silently and by
/// the signal for it. That is no pass either: what was not said may have been a finding.
fn closed() -> ExitCode {
    #[cfg(unix)]
    let _ = signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGPIPE);
    ExitCode::from(2)
}

fn dispatch(arguments: &Arguments, terminal: &Terminal) -> Result<Status, Error> {
    match &arguments.command {
        Command::Check(options) => check::run(&arguments.common, options, terminal),
        Command::Build(options) => build::run(&arguments.common, options, terminal),
        Command::Serve(options) => serve::run(&arguments.common, options, terminal),
        Command::Explain(options) => explain::run(&arguments.common, options, terminal),
        Command::Coverage(options) => coverage::run(&arguments.common, options, terminal),
        Command::Diff(options) => diff::run(&arguments.common, options, terminal),
        Command::Reconcile(options) => reconcile::run(&arguments.common, options, terminal),
        Command::Report(options) => report::run(&arguments.common, options, terminal),
        Command::Fix(options) => fix::run(&arguments.common, options, terminal),
        Command::Import(options) => import::run(&arguments.common, options, terminal),
        Command::WhatIf(options) => what_if::run(&arguments.common, options, terminal),
        Command::Due(options) => due::run(&arguments.common, options, terminal),
        Command::Close(options) => close::run(&arguments.common, options, terminal),
        Command::Audit(options) => audit::run(&arguments.common, options, terminal),
        Command::Verify(options) => verify::run(&arguments.common, options, terminal),
        Command::Init(options) => init::run(&arguments.common, options, terminal),
        Command::New(options) => new::run(&arguments.common, options, terminal),
        Command::Schema(options) => schema::run(&arguments.common, options, terminal),
        Command::Completions(options) => manual::completions(options, terminal),
        Command::Man => manual::page(terminal),
    }
}
