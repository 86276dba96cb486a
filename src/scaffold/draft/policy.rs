//! A new policy: two types, two rules, and the promises behind them, to be rewritten.

use jiff::civil::Date;

use super::scalar;

/// A policy's text.
pub fn policy(id: &str, title: Option<&str>, owner: Option<&str>, today: Date) -> String {
    let spoken = id.replace(['-', '_'], " ");
    let mut chars = spoken.chars();
    let spoken: String = chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect());
    let title = title.map_or(spoken, str::to_owned);
    let owner = owner.map_or_else(
        || "# owner:                        # a role, or a person".to_owned(),
        |o| format!("owner: {}", scalar(o)),
    );
    format!(
        "\
---
id: {id}
title: {quoted}
version: \"0.1\"
# effective: {today}         # the day it takes effect; without it, always in force
classification: internal        # public, internal or confidential: who may read it
{owner}
# approved: {{by: ROLE, at: {today}}}
review: {{every: 12 months, last: {today}}}
changes:
  types:
    normal: {{title: Normal, risk: moderate}}
    emergency: {{title: Emergency, risk: high, expedited: true}}
  rules:
    # Each rule asks one thing of every record, and names the sentence of the text that promises it.
    - id: what-and-why
      clause: what-and-why
      fields: [description, purpose]
    - id: emergency-review
      clause: emergency-review
      for: [emergency]
      deadline: {{of: reviewed, within: 5 business days, after: deployed}}
---
# {title}

This is a beginning: say here what you promise, and promise only what you will keep.

## Every change

- Every change, normal or emergency, has a record that says what is changed, and why. <!-- clause: what-and-why -->

## Emergencies

- An emergency change is reviewed within five business days of its deployment. <!-- clause: emergency-review -->
",
        quoted = scalar(&title),
    )
}
