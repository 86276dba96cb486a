//! A small site in a folder of its own, and runs of the program in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// The formats that other programs read, and those for people.
pub(super) const FORMATS: [&str; 8] = ["human", "concise", "json", "sarif", "junit", "github", "gitlab", "markdown"];

/// What came of a run.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: Option<i32>,
    pub(super) out: String,
    pub(super) err: String,
}

/// Runs `check` in a folder, as of 21 November 2026, with nothing of the environment but where programs are.
pub(super) fn check(folder: &Path, arguments: &[&str]) -> Answer {
    let ran = Command::new(env!("CARGO_BIN_EXE_tickmark"))
        .args(["check", "--as-of", "2026-11-21"])
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", "/nonexistent")
        .output()
        .expect("the program runs");
    let text = |bytes| String::from_utf8(bytes).expect("output is text");
    Answer { status: ran.status.code(), out: text(ran.stdout), err: text(ran.stderr) }
}

/// A folder that goes away with its test, and the site in it.
pub(super) struct Site {
    folder: TempDir,
    inside: &'static str,
}

impl Site {
    /// The good site of the fault cases.
    pub(super) fn good() -> Self {
        Self::good_in("")
    }

    /// The good site, so far below its folder.
    pub(super) fn good_in(inside: &'static str) -> Self {
        let site = Self { folder: tempfile::tempdir().expect("a folder"), inside };
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults/site");
        for file in ["tickmark.yaml", "people.yaml", "policies/main.md", "changes/CHG-1.yaml"] {
            site.write(file, &fs::read_to_string(from.join(file)).expect("a file of the good site"));
        }
        site
    }

    /// The folder around it.
    pub(super) fn around(&self) -> &Path {
        self.folder.path()
    }

    /// Its own folder.
    pub(super) fn root(&self) -> PathBuf {
        self.folder.path().join(self.inside)
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        let full = self.root().join(path);
        fs::create_dir_all(full.parent().expect("a folder")).expect("folders");
        fs::write(full, text).expect("a file");
    }

    pub(super) fn remove(&self, path: &str) {
        fs::remove_file(self.root().join(path)).expect("a file");
    }

    pub(super) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).expect("a file")
    }

    pub(super) fn check(&self, arguments: &[&str]) -> Answer {
        check(&self.root(), arguments)
    }
}

/// A record that breaks the rule on approvals.
pub(super) fn unapproved(id: &str) -> String {
    format!(
        "id: {id}
type: normal
title: Raise the limit
description: The queue takes more.
status: closed
author: a.ng
requested_at: 2026-08-03T09:00:00+10:00
deployments:
  - {{environment: production, at: 2026-08-03T11:00:00+10:00, by: a.ng, via: pipeline, result: succeeded}}
outcome: {{result: successful, at: 2026-08-03T11:30:00+10:00}}
closed_at: 2026-08-03T12:00:00+10:00
"
    )
}

/// A record that keeps every rule, with something added.
pub(super) fn approved(id: &str, more: &str) -> String {
    let approval = "approvals:
  - {by: c.lead, role: engineering-lead, medium: recorded, at: 2026-08-03T10:00:00+10:00}
";
    format!("{}{approval}{more}", unapproved(id))
}
