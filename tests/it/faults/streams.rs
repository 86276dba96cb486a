//! Streams that are closed or full, and terminals.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::place::Place;
use super::program::{Program, Ran, finish, tickmark};

/// A site of which there is more to say than a pipe holds.
fn talkative() -> Place {
    let place = Place::good();
    for n in 0..2_000 {
        place.write(format!("changes/{n}.yaml"), format!("id: CHG-{n}x\n"));
    }
    place
}

fn sound(ran: &Ran) {
    assert!(!ran.said.contains("panicked") && !ran.hung, "{}", ran.said);
}

#[test]
fn whoever_reads_may_stop_reading() {
    let place = talkative();
    for arguments in [&["check"][..], &["check", "--format", "concise"], &["check", "--format", "json"]] {
        let mut child = Program::new(&place.site(), arguments).command().spawn().expect("a check");
        let mut first = String::new();
        BufReader::new(child.stdout.take().expect("output")).read_line(&mut first).expect("a line");
        assert!(!first.is_empty());
        let ran = finish(child, Duration::from_mins(1));
        sound(&ran);
        // What was not said may have been a finding: this is no pass, and nobody is there to be told. It ends by the
        // signal for this, which is no exit status.
        assert_eq!((ran.status, ran.said.as_str()), (None, ""), "{arguments:?}");
    }
}

#[test]
fn what_was_made_is_made_whether_or_not_anybody_reads_of_it() {
    let place = Place::good();
    fs::remove_dir_all(place.site().join("public")).expect("a tree");
    for arguments in [&["build"][..], &["build", "--strict"], &["schema", "--write"], &["new", "policy", "unheard"]] {
        let mut command = Program::new(&place.site(), arguments).command();
        let (reader, writer) = std::io::pipe().expect("a pipe");
        command.stdout(writer);
        drop(reader);
        let child = command.spawn().expect("the program");
        drop(command);
        let ran = finish(child, Duration::from_mins(1));
        sound(&ran);
        assert_eq!(ran.status, Some(0), "{arguments:?}: {}", ran.said);
    }
    assert!(place.leftovers().is_empty() && place.output().public.is_some());
    assert!(place.site().join("policies/unheard.md").is_file() && place.site().join("schemas").is_dir());
}

#[test]
fn a_full_disk_behind_the_output_is_said() {
    let place = Place::good();
    for (arguments, full) in
        [(&["check"][..], "out"), (&["explain", "CHG-1"], "out"), (&["build"], "out"), (&["check"], "err")]
    {
        let mut command = Program::new(&place.site(), arguments).command();
        let sink = Stdio::from(File::options().write(true).open("/dev/full").expect("/dev/full"));
        let _ = if full == "out" { command.stdout(sink) } else { command.stderr(sink) };
        let ran = finish(command.spawn().expect("the program"), Duration::from_mins(1));
        sound(&ran);
        if full == "out" {
            assert_eq!(ran.status, Some(2), "{arguments:?}: {}", ran.said);
            assert!(ran.said.contains("could not write to `standard output`"), "{arguments:?}: {}", ran.said);
        } else {
            assert_eq!(ran.status, Some(0), "{arguments:?}: {}", ran.said);
        }
        assert!(place.leftovers().is_empty() && place.output().public.is_some());
    }
}

#[test]
fn streams_that_were_never_open_end_nothing() {
    let place = Place::good();
    for closed in ["exec 1>&-", "exec 2>&-", "exec 0<&- 1>&- 2>&-"] {
        for arguments in [&["check"][..], &["build"]] {
            let before = place.output();
            let ran = Program::new(&place.site(), arguments).after(closed).run();
            sound(&ran);
            assert_eq!(ran.status, Some(0), "{closed}: {}", ran.said);
            // Above all no page is written to where a stream was.
            assert_eq!(place.output(), before, "{closed}");
        }
    }
}

#[test]
fn colour_and_progress_are_for_terminals() {
    let place = talkative();
    let ran = Program::new(&place.site(), &["check"]).run();
    assert_eq!(ran.status, Some(1));
    assert!(!ran.said.contains('\u{1b}'), "colour in a pipe");
    let ran = Program::new(&place.site(), &["build"]).run();
    assert!(ran.status == Some(0) && !ran.said.contains(['\u{1b}', '\r']), "{}", ran.said);
    let child = Command::new("script")
        .args(["-qec", &format!("{} check", tickmark()), "/dev/null"])
        .current_dir(place.site())
        .env("TERM", "xterm")
        .env_remove("NO_COLOR")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    match child {
        Ok(child) => {
            let ran = finish(child, Duration::from_mins(1));
            sound(&ran);
            assert!(ran.status == Some(1) && ran.said.contains("\u{1b}["), "{:?}", ran.status);
        }
        Err(e) => writeln_skip("a terminal", &e.to_string()),
    }
}

/// Says why a part of a test was left out; `cargo test` shows it with `--nocapture`.
#[expect(clippy::print_stderr, reason = "a skipped check is said")]
pub(super) fn writeln_skip(what: &str, why: &str) {
    eprintln!("skipped: {what}: {why}");
}
