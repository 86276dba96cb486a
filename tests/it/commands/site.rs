//! A small site in a folder of its own, and the program run in it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// An emergency whose review came late and whose approval is pending nothing: one rule fails, one waits.
pub(super) const LATE: &str =
    "id: CHG-2\ntype: emergency\ntitle: Restart\ndescription: Restart it.\nstatus: closed\nauthor: a.ng
requested_at: 2026-08-03T09:00:00+10:00
approvals: [{by: c.lead, role: engineering-lead, medium: recorded, at: 2026-08-03T09:30:00+10:00}]
deployments:
  - {environment: production, at: 2026-08-03T10:00:00+10:00, by: a.ng, result: succeeded}
outcome: {result: successful, at: 2026-08-03T10:30:00+10:00}
post_change_review: {at: 2026-08-20T10:00:00+10:00, by: c.lead}
closed_at: 2026-08-21T10:00:00+10:00
";

/// A site in a folder that goes away with it.
pub(crate) struct Site(TempDir);

/// What a run said and how it ended.
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Site {
    /// The site of the fault cases, with these files on top of it.
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let site = Self(tempfile::tempdir().expect("a temporary folder can be made"));
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults/site"), site.0.path());
        for (path, text) in files {
            site.write(path, text);
        }
        site
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().expect("a file stands in a folder")).expect("folders can be made");
        fs::write(path, text).expect("files can be written");
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.0.path().join(path)).expect("the file can be read")
    }

    /// Runs the program here, as of 21 November 2026.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        run(self.path(), arguments)
    }
}

/// Runs the program in a folder.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Ran {
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_tickmark"))
        .args(["--as-of", "2026-11-21T12:00:00+10:00"])
        .args(arguments)
        .current_dir(folder)
        .env_remove("SOURCE_DATE_EPOCH")
        .env("NO_COLOR", "1")
        .output()
        .expect("the program runs");
    Ran {
        status: status.code().expect("it ends by itself"),
        out: String::from_utf8(stdout).expect("text"),
        err: String::from_utf8(stderr).expect("text"),
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("the site is there") {
        let entry = entry.expect("the site can be listed");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir_all(&target).expect("folders can be made");
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).expect("files can be copied");
        }
    }
}
