//! The texts that hold little or nothing of the policy: configuration, home page, README, what git leaves out.

use std::fmt::Write;
use std::ops::RangeInclusive;

use crate::model::Classification;

/// .gitignore.
pub(super) const IGNORED: &str = "\
# What `tickmark build` makes.
/public/
/internal/
/.tickmark/
";

/// tickmark.yaml, with the holidays everybody knows of these years.
pub(super) fn configuration(policy: &str, zone: &str, years: RangeInclusive<i16>) -> String {
    let mut holidays = String::new();
    for year in years {
        let _ = writeln!(holidays, "    - {year}-01-01                     # New Year's Day");
        let _ = writeln!(holidays, "    - {year}-12-25                     # Christmas Day");
    }
    format!(
        "\
# Whose trust centre this is, and by which calendar its promises are kept. Lines that begin with # are comments; those
# that look like settings show what else can be said.

site:
  name: Example Trust Centre           # at the top of every page
  organisation: Example Ltd
  base_url: https://trust.example.com/ # where public/ will be served; it may carry a path
  language: en                         # or en-GB, de, …
  contact: trust@example.com           # for questions, on every public page
  # security_contact: security@example.com
  # security_txt_expires: 2031-06-30   # with the line above: makes .well-known/security.txt

calendar:
  time_zone: {zone}
  working_days: [mon, tue, wed, thu, fri]
  working_hours: 09:00-17:00
  # Replace these by the days on which your company does not work. A policy that says \"within five business days\" can be
  # judged only in a year whose holidays are known: a year of which no day stands here is not covered, and deadlines in
  # business days that reach it are unknown. So add the next year's before this one ends.
  holidays:
{holidays}
changes:
  default_policy: {policy}
  production: [production]             # which environments customers depend on

# publish:
#   figures: true                      # figures of the last full quarter on the public pages
#   smallest_group: 5                  # a figure over fewer changes is withheld
"
    )
}

/// content/index.md. It names no policy: the home page lists those that are public by itself.
pub(super) fn home(classification: Classification) -> String {
    let ticks = if classification == Classification::Public {
        "\
Where you see a tick beside a sentence of a policy, a machine checks that sentence on every change it speaks of. A tick
does not say that we never break the promise. It says that we would notice.
"
    } else {
        "\
The policy behind this is written down and checked: a machine holds every change against it and reports what does not
keep it.
"
    };
    format!(
        "\
---
title: Example Trust Centre
summary: How we change the systems that you depend on, and how we keep ourselves to it.
---
Most of what goes wrong with software goes wrong while it is being changed. So this is where we say how a change reaches
production here, who has to agree to it, and how it is undone.

## What you can hold us to

- **Nothing reaches production unseen.** Every change has a record, with an author, a reason and a way back.
- **A second pair of eyes.** Whatever is more than routine is looked at by somebody who did not write it.
- **Urgent is not undocumented.** An emergency may skip the queue. It skips neither the record nor the review afterwards.

## How we know

{ticks}
## Questions

If something here is not clear enough to hold us to, tell us. The address is at the foot of every page.
"
    )
}

/// README.md.
pub(super) fn readme(policy: &str) -> String {
    format!(
        "\
# Our trust centre

Made with tickmark: every sentence of a policy that a machine can check is tied to a rule, and every rule to the change
records that keep or break it.

| | |
|---|---|
| `tickmark.yaml` | whose site this is, its calendar and its holidays |
| `people.yaml` | who holds which role, and since when |
| `policies/{policy}.md` | a policy: its rules in the front matter, its promises in the text |
| `changes/` | a record for each change |
| `waivers/` | approved exceptions that expire, when there are any |
| `content/` | public pages; `content/index.md` is the home page |
| `schemas/` | what editors complete and explain from; `tickmark schema --write` makes them anew |

```sh
tickmark check     # validate every document, judge every change
tickmark build     # write public/ (to be published) and internal/ (reports, for you)
```

First put your own name into `tickmark.yaml`, your people into `people.yaml`, and read the policy: change what you would
not promise. Then write a record for your next change; the example in `changes/` shows how.
"
    )
}
