//! Controls of frameworks, and the clauses of public policies that implement them.

use super::documents::{Documents, ListPage};
use super::frameworks;
use super::lists::text;
use super::public::{
    PublicClauseLink, PublicControl, PublicControlRow, PublicControls, PublicFramework, PublicHeading,
    PublicImplementation, PublicLink,
};
use super::words::slug;
use super::{checked, policy_place, public_of, versions};
use crate::model::{ControlWords, Implements, Policy, PolicyVersion};

/// How many policies and controls a matrix compares at most.
const COLUMNS: usize = 7;
/// How many letters of a clause are shown.
const SHOWN: usize = 150;

/// Whether any public policy implements a control.
pub(super) fn any(documents: &Documents<'_>) -> bool {
    let control = |i: &Implements| matches!(i, Implements::Control { .. });
    shown(documents).iter().any(|(_, version)| version.implements.iter().any(control))
}

/// Public policies and the version that each one's page shows.
fn shown<'l>(documents: &Documents<'l>) -> Vec<(&'l Policy, &'l PolicyVersion)> {
    let policies = public_of(documents.ledger).into_iter();
    policies.map(|p| (p, &p.versions[versions::shown(p, documents.as_of)])).collect()
}

/// What the site says of a control in its own words.
fn own_words<'l>(documents: &Documents<'l>, framework: &str, control: &str) -> Option<&'l ControlWords> {
    let same = |w: &&ControlWords| {
        let (f, c) = w.control.get().and_then(|c| c.as_str().split_once(':')).unwrap_or_default();
        f.trim() == framework && c.trim() == control
    };
    documents.trust.controls.iter().find(same)
}

fn framework_name(documents: &Documents<'_>, framework: &str) -> String {
    let own = documents.trust.controls.iter().find_map(|w| {
        let (f, _) = w.control.get()?.as_str().split_once(':')?;
        text(&w.framework).filter(|_| f.trim() == framework)
    });
    own.unwrap_or_else(|| frameworks::name(framework).to_owned())
}

fn title(documents: &Documents<'_>, framework: &str, control: &str) -> Option<String> {
    let own = own_words(documents, framework, control).and_then(|w| text(&w.title));
    own.or_else(|| frameworks::title(framework, control).map(str::to_owned))
}

/// The anchor of a control on the page of controls.
fn anchor(framework: &str, control: &str) -> String {
    format!("{}-{}", slug(framework), slug(control))
}

/// The controls that a version implements, as its own page lists them. Those that the policy's page speaks of, too, lead
/// to the page of controls.
pub(super) fn controls_of(documents: &Documents<'_>, policy: &Policy, version: &PolicyVersion) -> Vec<PublicControl> {
    let now = &policy.versions[versions::shown(policy, documents.as_of)];
    let on_page = |framework: &str, control: &str| {
        now.implements.iter().any(
            |i| matches!(i, Implements::Control { framework: f, control: c, .. } if f == framework && c == control),
        )
    };
    let of = |i: &Implements| match i {
        Implements::Control { framework, control, .. } => Some(PublicControl {
            framework: framework_name(documents, framework),
            control: control.clone(),
            title: title(documents, framework, control),
            href: on_page(framework, control)
                .then(|| format!("{}#{}", ListPage::Controls.place(), anchor(framework, control))),
        }),
        Implements::Section { .. } => None,
    };
    version.implements.iter().filter_map(of).collect()
}

/// The frameworks that public policies speak of, and what implements their controls.
pub(super) fn frameworks(documents: &Documents<'_>) -> (Vec<PublicLink>, Vec<PublicFramework>) {
    let policies: Vec<_> = shown(documents)
        .into_iter()
        .filter(|(_, v)| v.implements.iter().any(|i| matches!(i, Implements::Control { .. })))
        .collect();
    let mut named: Vec<(&str, &str)> = Vec::new();
    for implements in policies.iter().flat_map(|(_, version)| &version.implements) {
        if let Implements::Control { framework, control, .. } = implements {
            named.push((framework, control));
        }
    }
    named.sort_by_key(|(framework, control)| (framework_name(documents, framework), natural(control)));
    named.dedup();
    let mut list: Vec<PublicFramework> = Vec::new();
    for (framework, control) in named {
        let cells: Vec<_> =
            policies.iter().map(|(policy, version)| implementation(policy, version, framework, control)).collect();
        let row = PublicControlRow {
            anchor: anchor(framework, control),
            control: control.to_owned(),
            title: title(documents, framework, control),
            by: cells.iter().flatten().cloned().collect(),
            cells,
        };
        match list.last_mut().filter(|last| last.id == framework) {
            Some(last) => last.controls.push(row),
            None => list.push(PublicFramework {
                id: framework.to_owned(),
                anchor: slug(framework),
                name: framework_name(documents, framework),
                controls: vec![row],
            }),
        }
    }
    (policies.iter().map(|(policy, version)| link(policy, version)).collect(), list)
}

fn link(policy: &Policy, version: &PolicyVersion) -> PublicLink {
    PublicLink { label: version.title.clone(), href: policy_place(policy.id.as_str()) }
}

/// Numbers in a name compared as numbers: `CC6.10` comes after `CC6.9`.
fn natural(control: &str) -> Vec<(String, u64)> {
    let mut parts: Vec<(String, u64)> = vec![(String::new(), 0)];
    let mut in_number = false;
    for c in control.chars() {
        if let Some(digit) = c.to_digit(10) {
            let last = parts.last_mut().expect("the first part is there from the start");
            last.1 = last.1.saturating_mul(10).saturating_add(u64::from(digit));
            in_number = true;
        } else {
            if in_number {
                parts.push((String::new(), 0));
                in_number = false;
            }
            parts.last_mut().expect("the first part is there from the start").0.push(c);
        }
    }
    parts
}

/// How a policy implements a control, if it does.
fn implementation(
    policy: &Policy,
    version: &PolicyVersion,
    framework: &str,
    control: &str,
) -> Option<PublicImplementation> {
    let mut named: Vec<&str> = Vec::new();
    let mut any = false;
    for implements in &version.implements {
        if let Implements::Control { framework: f, control: c, clauses } = implements
            && f == framework
            && c == control
        {
            any = true;
            named.extend(clauses.iter().map(String::as_str));
        }
    }
    let of = |anchor: &&str| {
        let clause = version.clause(anchor)?;
        Some(PublicClauseLink {
            href: format!("{}#{}", policy_place(policy.id.as_str()), clause.anchor),
            text: shortened(&clause.text),
            checked: version.rules.iter().any(|r| r.clause.as_deref() == Some(&*clause.anchor)),
            anchor: clause.anchor.clone(),
        })
    };
    let clauses: Vec<PublicClauseLink> = named.iter().filter_map(of).collect();
    let checked = if clauses.is_empty() { checked(version) } else { clauses.iter().filter(|c| c.checked).count() };
    any.then(|| PublicImplementation { id: policy.id.to_string(), policy: link(policy, version), clauses, checked })
}

/// A clause's words, whole where they are few.
fn shortened(text: &str) -> String {
    if text.chars().count() <= SHOWN {
        return text.to_owned();
    }
    let cut: String = text.chars().take(SHOWN).collect();
    let end = cut.rfind(' ').unwrap_or(cut.len());
    format!("{} …", cut[..end].trim_end_matches([',', ';', ':', '–']))
}

/// The page of controls.
pub fn public_controls(documents: &Documents<'_>) -> PublicControls {
    let (policies, frameworks) = frameworks(documents);
    let mut page = documents.frame(ListPage::Controls);
    let rows: usize = frameworks.iter().map(|f| f.controls.len()).sum();
    let heading = |f: &PublicFramework| PublicHeading { level: 2, id: f.anchor.clone(), text: f.name.clone() };
    page.outline.extend(frameworks.iter().map(heading));
    let matrix = (2..=COLUMNS).contains(&policies.len()) && rows > 1;
    PublicControls { page, policies, matrix, frameworks }
}

#[cfg(test)]
mod tests {
    use super::{natural, shortened};

    #[test]
    fn controls_stand_in_the_order_of_their_numbers() {
        let mut controls = ["CC6.10", "CC6.9", "CC10.1", "6.5.1", "A.8.32", "A.8.9"];
        controls.sort_by_key(|c| natural(c));
        assert_eq!(controls, ["6.5.1", "A.8.9", "A.8.32", "CC6.9", "CC6.10", "CC10.1"]);
    }

    #[test]
    fn long_clauses_end_between_words() {
        assert_eq!(shortened("Short."), "Short.");
        let long = shortened(&"word, ".repeat(40));
        assert!(long.ends_with("word …") && long.chars().count() <= super::SHOWN + 2, "{long}");
    }
}
