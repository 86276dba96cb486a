//! What to do about each finding, in general; what to do about one of them stands in its own help.

/// By code; a code that is not named here takes what its family says.
static BY_CODE: &[(&str, &str)] = &[
    (
        "approval/by-nobody",
        "Name the person who approved. Bots, shared accounts and people missing from people.yaml are nobody.",
    ),
    ("approval/early", "Have it approved again after the event, and record that approval with its time."),
    (
        "approval/late",
        "It cannot be put right afterwards: approval comes first. Record what happened, and ask for a waiver that names its approver.",
    ),
    (
        "approval/missing",
        "Record the approval under `approvals`, with who gave it, in which role, when and in which medium. If nobody gave it, ask for a waiver.",
    ),
    ("approval/no-time", "Add `at` to the approval: the instant it was given, with its offset."),
    (
        "approval/self-approved",
        "Somebody else approves: neither author, co-author nor whom else the rule names under `not_by`.",
    ),
    (
        "approval/wrong-medium",
        "Have the approval written down where it can be found, and record it with `medium: recorded` and its evidence.",
    ),
    (
        "approval/wrong-role",
        "Somebody in the role that the rule asks for approves; or, if they held it on that day, say so in people.yaml.",
    ),
    ("attested/missing", "Somebody in the right role attests it: add `{statement, by, at}` under `attestations`."),
    (
        "deadline/late",
        "A late event stays late. Correct the time if it is wrong; else ask for a waiver that names its approver.",
    ),
    (
        "deadline/missed",
        "Do what was promised now and record when it was done. It will be late, which a waiver can excuse.",
    ),
    ("deadline/no-start", "Record the event that starts the clock. If it never came, the change was closed too early."),
    ("deadline/year-not-covered", "Add that year's holidays to `calendar.holidays` in tickmark.yaml."),
    ("deployment/by-nobody", "Record the person who set the deployment off, not the account that carried it out."),
    ("deployment/not-staged", "Deploy to another environment first, and record that deployment, too."),
    ("deployment/not-through", "Deploy through what the policy names. What was deployed otherwise needs a waiver."),
    ("fields/missing", "Fill the field in. Where there is nothing to say and the field allows it, write `none`."),
    (
        "freeze/deployed",
        "Nothing to mend once it is deployed: ask for a waiver. Emergencies may be excepted by the freeze itself.",
    ),
    ("freeze/not-stated", "Add `freezes` to the policy's `changes`; `freezes: []` says that there are none."),
    ("gates/findings-not-stated", "Add `open_findings` with that severity to the gate; `0` is an answer, too."),
    ("gates/missing", "Run the gate before the event the rule names, and record its result and time under `gates`."),
    ("gates/not-passed", "Mend what the gate found and run it again; the latest result in time counts."),
    (
        "gates/open-findings",
        "Mend the findings and run the gate again, or ask for a waiver that says what protects meanwhile.",
    ),
    ("incident/missing", "Record the incident under `incidents`, with its id, severity and relation."),
    ("incident/not-reviewed", "Review the incident, and add `reviewed_at` to it."),
    ("incident/outcome-not-stated", "State the outcome: whether the rule applies depends on it."),
    (
        "incident/too-low",
        "Correct the severity if it is wrong; a change of this type needs an incident of a higher rank.",
    ),
    ("merged/missing", "Add the pull request under `pull_requests`, with `merged_at`."),
    (
        "merged/otherwise",
        "Record how it was really merged. If that was otherwise than the policy asks, ask for a waiver.",
    ),
    (
        "observation/too-short",
        "Record until when it was watched in `monitored_until`. If it was too short, ask for a waiver.",
    ),
    ("order/missing", "Record the event that has its place in the order, with its time."),
    (
        "order/out-of-order",
        "Correct the times if they are wrong. An order that was not kept stays so, which a waiver can excuse.",
    ),
    ("procedure/missing", "Name one of the policy's procedures under `procedure`, or make the change another type."),
    (
        "procedure/not-valid",
        "Approve and test the procedure again, and write the days into the policy; until then the change is not a standard one.",
    ),
    (
        "review/by-nobody",
        "Name the person who reviewed. Bots, shared accounts and people missing from people.yaml are nobody.",
    ),
    ("review/early", "Have it reviewed again after the event, and record that review with its time."),
    (
        "review/late",
        "It cannot be put right afterwards: the review comes first. Ask for a waiver that names its approver.",
    ),
    ("review/missing", "Record the review under `reviews`, with who, when, of which kind and with which result."),
    ("review/no-time", "Add `at` to the review: the instant it was given, with its offset."),
    ("review/not-approved", "Settle what the reviewer asked for; their last word before the event must be `approved`."),
    (
        "review/not-independent",
        "Somebody else reviews: neither author, co-author nor whom else the rule names under `not_by`.",
    ),
    ("review/wrong-kind", "Have it reviewed in the way the rule asks for, and record that `kind`."),
    (
        "review/wrong-role",
        "Somebody in the role that the rule asks for reviews; or, if they held it on that day, say so in people.yaml.",
    ),
    ("rollback/incomplete", "Add the missing parts under `rollback`."),
    (
        "rollback/recorded-late",
        "It cannot be put right afterwards. Commit the plan before the event the rule names; for this change ask for a waiver that names its approver.",
    ),
    ("window/outside", "Deploy inside the window. What was deployed outside it needs a waiver."),
    (
        "deployed/unrecorded",
        "Write the record: name its commit under `deployments`, or its pull request. The next one can be named in the message: `Change: ID`.",
    ),
    (
        "deployed/direct-push",
        "Have it reviewed afterwards, and protect the branch on the host. If it was rebased from a pull request, let the record name that with its `commit`.",
    ),
    (
        "deployed/off-branch",
        "Find out where it was built from; bring it onto the branch through a pull request, or deploy what the branch holds.",
    ),
    (
        "deployed/commit-not-there",
        "Correct the commit in the record, or name the repository under `repositories` in tickmark.yaml.",
    ),
    (
        "merged/contradicts-git",
        "Correct the record where it is wrong. What the branch shows cannot be put right afterwards: ask for a waiver that names its approver.",
    ),
    ("deployed/not-logged", "Correct the record, or find out why the log does not know of it."),
    ("deployed/no-incident", "Name the incident under `incidents`, or say `incidents: none`."),
    ("deployed/id-gap", "Find the records; one that was withdrawn stays, with `status: cancelled`."),
    (
        "deployed/not-compared",
        "Name the repositories under `repositories` in tickmark.yaml; `tickmark reconcile` says what each needs.",
    ),
    (
        "deployments/not-read",
        "Begin the log with a line that names its columns, at least `at`, `environment` and `commit`, and give every line as many fields.",
    ),
    ("rule/broken", "Mend the rule; its mistake is a finding of its own in the policy."),
    (
        "rule/broken-field",
        "Mend the field; its mistake is a finding of its own. `tickmark fix` mends misspelt keys and words.",
    ),
    (
        "rule/needs-history",
        "Run tickmark where the whole history is there (`fetch-depth: 0`); without git this stays unknown.",
    ),
    (
        "record/secret",
        "Withdraw it where it was issued: it counts as known. Take it out of the file and of history, and name the place where it is kept.",
    ),
    ("record/bad-date", "Write a day that the calendar has, as `2026-08-03`."),
    ("record/bad-duration", "Write a number and a unit in words: `15 minutes`, `2 business days`, `12 months`."),
    ("record/bad-id", "Use letters A to Z, digits, `.`, `_` and `-`."),
    ("record/bad-link", "Write the whole address, with `https://`."),
    ("record/bad-time", "Write the instant with its offset: `2026-08-03T09:12:00+10:00`, or `Z` for UTC."),
    ("record/bad-word", "Write a short word on one line, without characters that are not seen."),
    ("record/blank-item", "Write what the item is to say, or take it out."),
    ("record/duplicate-id", "Give one of the two another id."),
    ("record/empty-file", "Write a document into the file, or remove it."),
    ("record/missing-key", "Add the key that is named."),
    ("record/documented-otherwise", "Take `documented_at` out: git says when the record was written, and git counts."),
    ("record/role-not-held", "Write the role they held on that day, or correct people.yaml if it does not say so yet."),
    ("record/status-disagrees", "Correct whichever is wrong: the status, or the event that contradicts it."),
    (
        "record/unknown-key",
        "Write the key as it is meant; `tickmark fix` does it where only one can be. What is your own goes under `extra`.",
    ),
    ("record/unknown-person", "Correct the id, or add the person to people.yaml."),
    ("record/unknown-policy", "Correct the policy's id, or set `changes.default_policy` in tickmark.yaml."),
    ("record/unknown-rule", "Give the reason under the id of a rule of the record's policy."),
    ("record/unknown-type", "Write one of the policy's types; `tickmark fix` does it where only one can be meant."),
    (
        "record/unknown-word",
        "Write one of the words that may stand there; `tickmark fix` does it where only one can be meant.",
    ),
    ("record/wrong-type", "Write the value in the shape that is named: a word, a list in brackets, a map."),
    ("policy/bad-alias", "Write a path such as `/policies/change/`."),
    (
        "policy/before-first-version",
        "Nothing, if the record is really that old; else correct its dates, or the policy's `effective`.",
    ),
    ("policy/dates-out-of-order", "Correct the date that is wrong."),
    ("policy/duplicate-rule", "Give one of the two rules another id."),
    ("policy/incomplete-check", "Add the part that is named, or leave out the one that contradicts."),
    ("policy/missing-metadata", "Add `version`, `owner` and `review` to the front matter."),
    ("policy/no-title", "Add `title` to the front matter, or begin the text with a heading."),
    ("policy/not-yet-in-force", "Nothing: it begins on its day."),
    ("policy/one-check", "Make as many rules as there are checks: each asks one thing."),
    (
        "policy/review-due-after-incident",
        "Review the policy in the light of the incident, then write the day into `review.last`.",
    ),
    ("policy/review-overdue", "Review the policy, then write the day into `review.last`."),
    ("policy/unclosed-front-matter", "Put a line of three hyphens where the front matter ends."),
    ("policy/unheld-role", "Correct the role in the rule, or give it to somebody in people.yaml."),
    (
        "policy/unknown-clause",
        "Correct the anchor, or end the sentence that makes the promise with `<!-- clause: NAME -->`.",
    ),
    ("policy/unknown-field", "Write a field that records have; `tickmark explain fields` shows how paths are written."),
    ("policy/unknown-reference", "Write a type or window that the policy defines, or define it."),
    ("site/bad-value", "Correct the value as the finding says."),
    ("site/same-place", "Rename one of the two."),
    (
        "site/unknown-target",
        "Name a rule of a policy, or a share that a quarterly report prints, such as `kept` or `failure-rate`: the finding lists them.",
    ),
    ("site/unknown-code", "Write a code that tickmark has, and none of the leak gate's."),
    ("waiver/by-nobody", "Name the person who approved it."),
    ("waiver/clause-changed", "Have it approved again for the text of today, or take it away where nothing needs it."),
    (
        "waiver/expired",
        "Nothing: what fell due by then stays waived. Later changes keep the rule or need a new waiver.",
    ),
    ("waiver/no-scope", "Add `changes: [ID, …]`, or `where: {type: …, systems: […]}`."),
    (
        "waiver/over-wide",
        "Say which types or systems it covers, or name the changes; change the policy if the rule is not meant.",
    ),
    ("waiver/renewed-twice", "Change the policy so that it promises what is done, or keep the rule."),
    ("waiver/self-approved", "Somebody approves it who neither asked for it nor wrote the change."),
    ("waiver/unknown-change", "Correct the change's id, or record the change."),
    ("waiver/unknown-rule", "Correct the rule's id, or the policy's."),
    ("waiver/unused", "Take it away, or correct its rule, its changes or its last day."),
    (
        "leak/internal",
        "Take it out of the document that is named; write roles instead of people and nothing of single changes.",
    ),
    (
        "leak/secret",
        "Take the key or token out, and out of history; withdraw it where it was issued, because it counts as known.",
    ),
    (
        "quarter/restated",
        "Put the records back as they were signed off; or, where today's are right, sign off again and say why: `tickmark close QUARTER --by PERSON --restate REASON`.",
    ),
    (
        "quarter/records-changed",
        "Nothing, where the edits were meant: git says whose they are. Else put the records back.",
    ),
    (
        "quarter/edited-closing",
        "Take the file as it was committed; `git log -p` of it shows who edited what. What is right today is signed off with `tickmark close --restate`.",
    ),
    ("quarter/bad-closing", "Take the file as it was committed; only `tickmark close` writes it."),
    ("theme/broken", "Mend the template, or take it away to use the built-in one."),
    ("theme/unknown", "Write `theme: ledger`, or put the theme's files into the folder of that name."),
    ("theme/unknown-override", "Rename the file to a path of the built-in theme, or remove it."),
];

/// By family, for codes that have nothing of their own.
static BY_FAMILY: &[(&str, &str)] = &[
    ("yaml", "Write it as the finding's help says; text that holds marks of its own goes in quotes."),
    ("markdown", "Write it as the finding's help says; a preview shows what readers will see."),
    ("files", "Put a plain file with a plain name in its place, or move it out of the input folders."),
    ("import", "Export it again as docs/import.md says, or say on the command line what the finding asks for."),
    (
        "policy",
        "Mend the policy where the finding points; whether its text or its front matter is right is for its owner to say.",
    ),
];

/// What to do about findings with this code.
pub fn remedy(code: &str) -> String {
    let family = code.split('/').next().unwrap_or_default();
    let of = |list: &'static [(&str, &str)], name: &str| list.iter().find(|(n, _)| *n == name).map(|(_, text)| *text);
    of(BY_CODE, code)
        .or_else(|| of(BY_FAMILY, family))
        .unwrap_or("What the finding's own help says; it depends on what is there.")
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_own_remedy_or_its_familys_and_no_row_is_twice() {
        assert!(remedy("deadline/late").contains("stays late"));
        assert!(remedy("yaml/tab").contains("quotes"));
        let mut names: Vec<&str> = BY_CODE.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
