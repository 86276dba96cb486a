//! A small site whose policies have something of everything.

use std::path::PathBuf;
use std::process::{Command, Output};

use tempfile::TempDir;

pub(super) const CONFIGURATION: &str = "\
site:
  name: Harbour Trust Centre
  organisation: Harbour & Søn
  base_url: https://trust.harbour.example/docs/
  language: en-GB
  contact: trust@harbour.example
calendar: {time_zone: UTC, holidays: [2026-12-25]}
";

/// A policy with lists, a table, a footnote, code, links and ticks.
pub(super) const SHIPPING: &str = "\
---
title: How we ship
version: \"1.1\"
effective: 2026-01-01
classification: public
summary: What stands between an idea and the quay.
changes:
  types:
    normal: {title: Normal, risk: moderate, summary: Everything else.}
  rules:
    - {id: described, clause: described, fields: [description]}
    - {id: tested, clause: tested, fields: [test_plan]}
---
# How we ship

Every change has a description. <!-- clause: described -->

## Records

We keep them for years[^1], as [below](#the-list) and [elsewhere](harvest.md) and [far away](https://far.example/).

### The list

1. First
2. Second is tested. <!-- clause: tested -->
   - Within

| Who | What |
|-----|------|
| Wharf | Ships |

```
code --with spaces
```

> Quoted words.

[^1]: Seven of them.
";

pub(super) const HARVEST: &str = "\
---
title: Harvest
version: \"3\"
effective: 2026-02-01
classification: public
---
# Harvest

See [shipping](shipping.md#records).
";

/// A policy that says nothing of who may read it.
pub(super) const VAULT: &str = "\
---
title: Vault handbook
version: \"2\"
effective: 2025-05-05
---
# Vault handbook

Nobody outside reads this.
";

/// A site in a folder of its own.
pub(super) struct Site(TempDir);

impl Site {
    /// With these files, built.
    #[track_caller]
    pub(super) fn built<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> Self {
        let site = Self(TempDir::new().expect("a folder for the site"));
        for (path, text) in files {
            site.write(path, text);
        }
        let output = site.build();
        assert!(output.status.success(), "{}", said(&output));
        site
    }

    /// The site of the constants above.
    #[track_caller]
    pub(super) fn harbour() -> Self {
        Self::built([
            ("tickmark.yaml", CONFIGURATION),
            ("people.yaml", "[]\n"),
            ("policies/shipping.md", SHIPPING),
            ("policies/harvest.md", HARVEST),
            ("policies/vault.md", VAULT),
        ])
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        let full = self.file(path);
        std::fs::create_dir_all(full.parent().expect("a file has a folder")).expect("its folder");
        std::fs::write(full, text).expect("the file");
    }

    pub(super) fn file(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    pub(super) fn page(&self, path: &str) -> String {
        std::fs::read_to_string(self.file(path)).expect("a page")
    }

    pub(super) fn build(&self) -> Output {
        Command::new(env!("CARGO_BIN_EXE_tickmark"))
            .args(["build", "--as-of", "2026-11-21"])
            .current_dir(self.0.path())
            .output()
            .expect("the program starts")
    }
}

/// Everything a run said.
pub(super) fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
