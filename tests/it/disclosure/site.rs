//! A small site on disk, built by the real program.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A tree as it was published: path → bytes.
pub(super) type Tree = BTreeMap<String, Vec<u8>>;

pub(super) const CONFIGURATION: &str = "\
site:
  name: Harbour Trust Centre
  organisation: Harbour
  base_url: https://trust.harbour.example/
  language: en
  contact: trust@harbour.example
  security_contact: security@harbour.example
  security_txt_expires: 2027-06-30
calendar: {time_zone: UTC, holidays: [2026-12-25]}
changes: {default_policy: shipping}
";

pub(super) const PEOPLE: &str = "\
- id: w.harker
  name: Wilhelmina Harker
  email: w.harker@harbour.example
  accounts: [github:wharker-9, wilma@old.example]
  roles: [{role: engineering-lead, from: 2020-01-01}]
- id: j.seward
  name: Jack Seward
  email: j.seward@harbour.example
  roles: [{role: ciso, from: 2020-01-01}]
";

/// A public policy. Its owner is a person, its approver another.
pub(super) const SHIPPING: &str = "\
---
title: How we ship
version: \"1.1\"
effective: 2026-01-01
classification: public
owner: w.harker
approved: {by: j.seward, at: 2026-01-01}
review: {every: 12 months, last: 2026-01-01}
implements: [{control: SOC2:CC8.1, clauses: [described, records]}, HARBOUR:1.2]
changes:
  types:
    normal: {title: Normal, risk: moderate, summary: Everything else.}
    urgent: {title: Urgent, expedited: true}
  rules:
    - {id: described, clause: described, fields: [description]}
---
# How we ship

Every change has a description. <!-- clause: described -->

## Records

We keep them.
";

/// A policy that says nothing of who may read it.
pub(super) const VAULT: &str = "\
---
title: Vault operations handbook
version: \"3\"
owner: engineering-lead
review: {every: 12 months, last: 2026-01-01}
aliases: [/handbook/vault-9/]
---
# Vault operations handbook

Nobody outside reads this.
";

pub(super) const RECORD: &str = "\
id: CHG-2026-0042
type: normal
title: Widen the quay
description: Two metres.
status: closed
author: w.harker
requested_at: 2026-02-03T09:00:00Z
deployments: [{environment: production, at: 2026-02-04T09:00:00Z, by: w.harker}]
incidents: [{id: INC-4711, severity: P2, relation: caused}]
closed_at: 2026-02-05T09:00:00Z
";

pub(super) const WAIVER: &str = "\
id: WVR-0099
rule: described
changes: [CHG-2026-0042]
reason: The quay was closed.
requested_by: w.harker
approved_by: j.seward
approved_at: 2026-02-03T09:00:00Z
expires: 2026-12-31
";

/// Every list of `content/data` that tickmark knows.
pub(super) const LISTS: [(&str, &str); 9] = [
    (
        "content/data/commitments.yaml",
        "- {title: We write it down, text: All of it., policy: shipping, clause: described}\n- {title: We mean it}\n",
    ),
    (
        "content/data/certifications.yaml",
        "- {name: ISO/IEC 27001:2022, scope: All quays, body: Southern Cross, issued: 2026-03-19, expires: 2029-03-18}\n\
         - {name: Tide tables, expires: 2026-11-20}\n",
    ),
    (
        "content/data/subprocessors.yaml",
        "- {name: Quay Cloud, purpose: Storage, location: Sydney, announced: 2026-01-05, since: 2026-02-09}\n\
         - {name: Tug Mail, announced: 2026-11-01, since: 2026-12-15}\n- {name: Old Rope, since: 2020-01-01, until: 2026-03-01}\n\
         - {name: Secretly Planned Ltd, announced: 2026-12-01, since: 2027-01-15}\n",
    ),
    (
        "content/data/notice.yaml",
        "in_advance: 30 days\nhow: By mail.\naddress: trust@harbour.example\nobjection: Write.\n",
    ),
    (
        "content/data/faq.yaml",
        "- question: Is it safe?\n  section: Safety\n  answer: |\n    As [we ship](/policies/shipping/).\n",
    ),
    (
        "content/data/updates.yaml",
        "- {id: new-crane, date: 2026-05-01, title: A new crane, text: It lifts., policy: shipping}\n\
         - {id: next, date: 2027-01-01, title: Next year}\n",
    ),
    (
        "content/data/contact.yaml",
        "- {topic: Questions, address: trust@harbour.example, answers_within: 2 business days}\n",
    ),
    (
        "content/data/disclosure.yaml",
        "answers_within: 1 business day\ninclude: [What you found]\nin_scope: [The quays]\n\
         key: https://harbour.example/key.txt\nlanguages: [en, de]\n",
    ),
    (
        "content/data/controls.yaml",
        "- {control: \"HARBOUR:1.2\", title: Ropes are kept dry, framework: Harbour code}\n",
    ),
];

/// A site in a folder of its own, which goes when it does.
pub(super) struct Site {
    folder: TempDir,
}

impl Site {
    /// With these files.
    pub(super) fn new<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> Self {
        let site = Self { folder: TempDir::new().expect("a folder for the site") };
        files.into_iter().for_each(|(path, text)| site.write(path, text.as_bytes()));
        site
    }

    /// The site of the constants above.
    pub(super) fn harbour() -> Self {
        Self::new(LISTS.into_iter().chain([
            ("tickmark.yaml", CONFIGURATION),
            ("people.yaml", PEOPLE),
            ("policies/shipping.md", SHIPPING),
            ("policies/vault-operations-9.md", VAULT),
            ("changes/2026/one.yaml", RECORD),
            ("waivers/one.yaml", WAIVER),
            ("content/index.md", "---\ntitle: Welcome\nnav: 1\n---\nHello.\n"),
            ("content/about.md", "---\ntitle: About us\nnav: 2\n---\nWe build quays.\n"),
            ("content/data/about.yaml", "- {name: Quay Ltd, since: 2020-01-01}\n"),
            ("static/notes.txt", "Nothing much.\n"),
        ]))
    }

    pub(super) fn root(&self) -> &Path {
        self.folder.path()
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(super) fn write(&self, path: &str, bytes: &[u8]) {
        let full = self.path(path);
        fs::create_dir_all(full.parent().expect("a file has a folder")).expect("its folder");
        fs::write(&full, bytes).expect("the file");
    }

    pub(super) fn remove(&self, path: &str) {
        // A file that is already gone is as wanted.
        let _ = fs::remove_file(self.path(path));
    }

    /// `tickmark build`, as of one day.
    pub(super) fn build(&self) -> Output {
        Command::new(env!("CARGO_BIN_EXE_tickmark"))
            .args(["build", "--as-of", "2026-11-21"])
            .current_dir(self.root())
            .env("TICKMARK_CANARY", "QzenvirovK")
            .output()
            .expect("the program starts")
    }

    /// `tickmark check`, as of the same day.
    pub(super) fn check(&self) -> Output {
        Command::new(env!("CARGO_BIN_EXE_tickmark"))
            .args(["check", "--format", "concise", "--as-of", "2026-11-21"])
            .current_dir(self.root())
            .output()
            .expect("the program starts")
    }

    /// Builds, and gives what was published.
    pub(super) fn published(&self) -> Tree {
        let output = self.build();
        assert!(output.status.success(), "{}", said(&output));
        self.tree("public")
    }

    /// A tree as it is on disk; empty where there is none.
    pub(super) fn tree(&self, name: &str) -> Tree {
        let mut tree = Tree::new();
        gather(&self.path(name), "", &mut tree);
        tree
    }
}

fn gather(folder: &Path, place: &str, tree: &mut Tree) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let entry = entry.expect("an entry");
        let path = format!("{place}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            gather(&entry.path(), &format!("{path}/"), tree);
        } else {
            let bytes = fs::read(entry.path()).expect("a published file");
            // What a PDF says is compressed: its text stands beside it.
            #[cfg(feature = "pdf")]
            if path.ends_with(".pdf") {
                tree.insert(format!("{path}.txt"), crate::paper::text_of(&entry.path()).into_bytes());
            }
            tree.insert(path, bytes);
        }
    }
}

/// Everything a run said.
pub(super) fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
