//! `tickmark serve`: a live preview of both sites.

use std::cell::Cell;
use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};

use super::Status;
use super::arguments::{Common, Serve};
use super::build::stop_on_signals;
use super::check::counted;
use super::session::Session;
use super::terminal::Terminal;
use crate::error::{Error, Result};
use crate::repo::{self, Repository, Standing};
use crate::serve::{self, Door, Places, Preview, Read, Reader, Told};

pub(super) fn run(common: &Common, options: &Serve, terminal: &Terminal) -> Result<Status> {
    let stop = stop_on_signals()?;
    let begun = Instant::now();
    let host = options.host.as_deref().map(address).transpose()?;
    let door = Door::open(host, options.port)?;
    let url = door.url();
    let warn = door.is_open_to_others();
    let ready = |preview: &Preview| {
        let mut out = terminal.account();
        out.put(&format!("public    {url}{}\ninternal  {url}/_internal/\n", preview.base_path()))?;
        out.finish()?;
        let (policies, records) = preview.counts();
        let (policies, records) = (counted(policies, "policy", "policies"), counted(records, "record", "records"));
        terminal.say(&format!("{policies}, {records}; ready in {}, Ctrl-C ends it", took(begun)));
        if warn {
            terminal.always("warning: everybody who reaches this address can read the internal site");
        }
        let (wrong, count) = preview.wrong();
        if count > 0 {
            terminal.always(wrong);
        }
        Ok(())
    };
    let since = Cell::new(begun);
    let say = |told: Told<'_>| match told {
        Told::Message(text) => terminal.always(text),
        Told::Begun => since.set(Instant::now()),
        Told::Done(what, 0) => terminal.say(&format!("{what}: {}", took(since.get()))),
        Told::Done(what, errors) => {
            terminal.say(&format!("{what}: {}, {}", took(since.get()), counted(errors, "error", "errors")));
        }
        Told::Wrong(drawn) => terminal.always(drawn),
    };
    let reader = Box::new(Again { common: common.clone(), read: begun });
    serve::serve(places(common)?, reader, (door, options.poll), &stop, &ready, &say)?;
    terminal.say("ended");
    Ok(Status::Clean)
}

/// What is to be watched.
fn places(common: &Common) -> Result<Places> {
    let root = repo::find_site(&common.directory)?;
    let git = match Repository::find(&root)? {
        Standing::In(repository) => Some(repository.place().to_path_buf()),
        Standing::Outside | Standing::Unreadable(_) => None,
    };
    Ok(Places { root, git })
}

/// What was typed after `--host`.
fn address(typed: &str) -> Result<IpAddr> {
    if typed.eq_ignore_ascii_case("localhost") {
        return Ok(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    typed.trim_start_matches('[').trim_end_matches(']').parse().map_err(|_| {
        Error::refused(
            format!("`--host {typed}` is no address"),
            "write one such as `127.0.0.1` or `::1`, or leave it out to serve on this machine alone",
        )
    })
}

fn took(since: Instant) -> String {
    let took = since.elapsed();
    if took.as_secs() > 0 { format!("{:.1} s", took.as_secs_f64()) } else { format!("{} ms", took.as_millis()) }
}

/// For how long what was read counts as read now, although time goes on.
const FRESH: Duration = Duration::from_hours(1);

/// Reads the site as `build` does, as often as it is asked.
struct Again {
    common: Common,
    read: Instant,
}

impl Again {
    fn repository(&self) -> Result<Option<Repository>> {
        match Repository::find(&repo::find_site(&self.common.directory)?)? {
            Standing::In(repository) => Ok(Some(repository)),
            Standing::Outside | Standing::Unreadable(_) => Ok(None),
        }
    }
}

impl Reader for Again {
    fn read(&mut self) -> Result<Read> {
        self.read = Instant::now();
        read(&self.common)
    }

    fn commit(&mut self) -> Result<Option<String>> {
        let Some(repository) = self.repository()? else { return Ok(None) };
        Ok(repository.head()?.map(|head| head.commit))
    }

    fn committed(&mut self, path: &str) -> Result<Option<Vec<u8>>> {
        self.repository()?.map_or(Ok(None), |repository| repository.committed(path))
    }

    fn is_old(&self) -> bool {
        self.read.elapsed() > FRESH
    }
}

fn read(common: &Common) -> Result<Read> {
    let mut session = Session::open(common, false)?;
    session.show_history();
    session.compare_deployed();
    let commit = session.commit();
    let (logs, files) = session.logs();
    let loaded = session.site(&logs, files)?.map(crate::pipeline::Site::into_loaded);
    let Session { tree, history, .. } = session;
    Ok(Read { tree, history, commit, loaded })
}
