//! `tickmark completions` and `tickmark man`: what shells and `man` know of the command line, made from the command line.

use clap::CommandFactory;

use super::Status;
use super::arguments::{Arguments, Completions};
use super::terminal::Terminal;
use crate::error::{Error, Result};

pub(super) fn completions(options: &Completions, terminal: &Terminal) -> Result<Status> {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut Arguments::command(), "tickmark", &mut script);
    put(&script, terminal)
}

/// One page for the program and all of its commands.
pub(super) fn page(terminal: &Terminal) -> Result<Status> {
    let mut program = Arguments::command();
    program.build();
    let mut page = Vec::new();
    let failed = |e| Error::io("could not make", "the manual page", e);
    clap_mangen::Man::new(program.clone()).render(&mut page).map_err(failed)?;
    for command in program.get_subcommands().filter(|c| c.get_name() != "help") {
        let name = command.get_bin_name().unwrap_or(command.get_name()).to_uppercase();
        let man = clap_mangen::Man::new(command.clone());
        page.extend_from_slice(format!(".SH \"{name}\"\n").as_bytes());
        let mut part = Vec::new();
        man.render_synopsis_section(&mut part).map_err(failed)?;
        man.render_description_section(&mut part).map_err(failed)?;
        man.render_options_section(&mut part).map_err(failed)?;
        // Within the page of the program these are parts of a section.
        page.extend_from_slice(String::from_utf8_lossy(&part).replace("\n.SH ", "\n.SS ").as_bytes());
    }
    put(&page, terminal)
}

fn put(bytes: &[u8], terminal: &Terminal) -> Result<Status> {
    let mut out = terminal.results();
    out.put(&String::from_utf8_lossy(bytes))?;
    out.finish()?;
    Ok(Status::Clean)
}
