//! Runs of the real program: in a bare environment, within limits on time and memory.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Stands in the environment of every run, and must never stand in any output.
pub(super) const CANARY: &str = "canary-of-the-environment-5d1f";

/// As of when everything is judged: 21 November 2026, 00:00 UTC.
const AS_OF: &str = "1795219200";

/// The program under test.
pub(super) fn tickmark() -> &'static str {
    env!("CARGO_BIN_EXE_tickmark")
}

/// A run that is being prepared.
pub(super) struct Program {
    folder: PathBuf,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    seconds: u64,
    /// Commands of the shell before the program is run: limits, mask.
    before: String,
}

/// What came of a run.
#[derive(Debug)]
pub(super) struct Ran {
    /// The exit status; nothing if a signal ended it.
    pub(super) status: Option<i32>,
    /// Standard output, then standard error.
    pub(super) said: String,
    /// It was ended because its time was up.
    pub(super) hung: bool,
}

impl Program {
    /// The program in this folder.
    pub(super) fn new(folder: &Path, arguments: &[&str]) -> Self {
        Self {
            folder: folder.to_path_buf(),
            arguments: arguments.iter().map(|a| (*a).to_owned()).collect(),
            environment: Vec::new(),
            seconds: 60,
            before: String::new(),
        }
    }

    /// Sets a variable.
    pub(super) fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Ends the run after so many seconds, which is a fault.
    pub(super) fn seconds(mut self, seconds: u64) -> Self {
        self.seconds = seconds;
        self
    }

    /// Runs a command of the shell first: `ulimit -n 32`, `umask 077`.
    pub(super) fn after(mut self, command: &str) -> Self {
        self.before.push_str(command);
        self.before.push_str(" || exit 99; ");
        self
    }

    /// The command, not yet started. Whatever the shell is told, it ends by becoming the program.
    pub(super) fn command(&self) -> Command {
        let mut command = Command::new("sh");
        command
            .args(["-c", &format!("{}exec \"$0\" \"$@\"", self.before), tickmark()])
            .args(&self.arguments)
            .current_dir(&self.folder)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", "/nonexistent")
            .env("SOURCE_DATE_EPOCH", AS_OF)
            .env("TICKMARK_CANARY", CANARY)
            .envs(self.environment.iter().map(|(n, v)| (n, v)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs it to its end, or to the end of its time.
    pub(super) fn run(&self) -> Ran {
        finish(self.command().spawn().expect("the program starts"), Duration::from_secs(self.seconds))
    }
}

/// Waits for a child, and ends it when its time is up.
pub(super) fn finish(mut child: Child, limit: Duration) -> Ran {
    let read = |stream: Option<Box<dyn Read + Send>>| {
        thread::spawn(move || {
            let mut bytes = Vec::new();
            if let Some(mut stream) = stream {
                stream.read_to_end(&mut bytes).expect("a stream can be read");
            }
            String::from_utf8_lossy(&bytes).into_owned()
        })
    };
    let out = read(child.stdout.take().map(|s| Box::new(s) as Box<dyn Read + Send>));
    let err = read(child.stderr.take().map(|s| Box::new(s) as Box<dyn Read + Send>));
    let start = Instant::now();
    let mut pause = Duration::from_micros(500);
    let (status, hung) = loop {
        if let Some(status) = child.try_wait().expect("a child's status") {
            break (status.code(), false);
        }
        if start.elapsed() > limit {
            child.kill().expect("a kill");
            child.wait().expect("a dead child");
            break (None, true);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(10));
    };
    let said = out.join().expect("output") + &err.join().expect("messages");
    Ran { status, said, hung }
}
