//! An OSCAL component definition (1.1.3): each public policy as a component, and the controls that its clauses implement.
//!
//! UUIDs are made of the site's address and ids, and the day of the last change comes from the policies, so that the
//! document is the same whenever it is made.

use serde::Serialize;

use super::feeds::{instant, uuid};
use crate::disclose::ListPage;
use crate::disclose::public::{
    PublicControlRow, PublicFramework, PublicImplementation, PublicSite, PublicTrust, PublicTrustPolicy,
};
use crate::language::Language;

const OSCAL: &str = "1.1.3";

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Document {
    component_definition: Definition,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Definition {
    uuid: String,
    metadata: Metadata,
    components: Vec<Component>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Metadata {
    title: String,
    last_modified: String,
    version: String,
    oscal_version: &'static str,
    parties: [Party; 1],
}

#[derive(Serialize)]
struct Party {
    uuid: String,
    r#type: &'static str,
    name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Component {
    uuid: String,
    r#type: &'static str,
    title: String,
    description: String,
    props: Vec<Prop>,
    links: Vec<Link>,
    control_implementations: Vec<ControlImplementation>,
}

#[derive(Serialize)]
struct Prop {
    name: &'static str,
    value: String,
}

#[derive(Serialize)]
struct Link {
    href: String,
    rel: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct ControlImplementation {
    uuid: String,
    source: String,
    description: String,
    implemented_requirements: Vec<Requirement>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Requirement {
    uuid: String,
    control_id: String,
    description: String,
    props: Vec<Prop>,
    links: Vec<Link>,
}

/// `oscal/component-definition.json`; none where no public policy implements a control.
pub(super) fn component_definition(site: &PublicSite, language: &Language, trust: &PublicTrust) -> Option<String> {
    let components: Vec<Component> =
        trust.policies.iter().filter_map(|p| component(site, language, trust, p)).collect();
    if components.is_empty() {
        return None;
    }
    let days = trust.policies.iter().flat_map(|p| [&p.updated, &p.effective, &p.last_reviewed, &p.approved_at]);
    let newest = days.flatten().map(|day| day.iso.as_str()).max().unwrap_or("1970-01-01");
    let definition = Definition {
        uuid: uuid(site, "oscal"),
        metadata: Metadata {
            title: language.say("oscal.title", &[("site", &site.name)]),
            last_modified: instant(newest),
            version: newest.to_owned(),
            oscal_version: OSCAL,
            parties: [Party {
                uuid: uuid(site, "oscal/organisation"),
                r#type: "organization",
                name: site.organisation.clone(),
            }],
        },
        components,
    };
    Some(super::trust::pretty(&Document { component_definition: definition }))
}

fn component(
    site: &PublicSite,
    language: &Language,
    trust: &PublicTrust,
    policy: &PublicTrustPolicy,
) -> Option<Component> {
    let implementations: Vec<ControlImplementation> =
        trust.frameworks.iter().filter_map(|f| implementation(site, language, f, policy)).collect();
    if implementations.is_empty() {
        return None;
    }
    let prop = |name, value: Option<&String>| value.map(|value| Prop { name, value: value.clone() });
    let mut props: Vec<Prop> = Vec::new();
    props.extend(prop("version", Some(&policy.version)));
    props.extend(prop("release-date", policy.effective.as_ref().map(|day| &day.iso)));
    Some(Component {
        uuid: uuid(site, &format!("oscal/{}", policy.id)),
        r#type: "policy",
        title: policy.title.clone(),
        description: policy.summary.clone().unwrap_or_else(|| policy.title.clone()),
        props,
        links: vec![Link { href: format!("{}{}", site.base_url, policy.href), rel: "reference", text: None }],
        control_implementations: implementations,
    })
}

fn implementation(
    site: &PublicSite,
    language: &Language,
    framework: &PublicFramework,
    policy: &PublicTrustPolicy,
) -> Option<ControlImplementation> {
    let requirements: Vec<Requirement> = framework
        .controls
        .iter()
        .filter_map(|row| Some((row, row.by.iter().find(|by| by.id == policy.id)?)))
        .map(|(row, by)| requirement(site, language, framework, row, by))
        .collect();
    (!requirements.is_empty()).then(|| ControlImplementation {
        uuid: uuid(site, &format!("oscal/{}/{}", policy.id, framework.id)),
        source: format!("{}{}#{}", site.base_url, ListPage::Controls.place(), framework.anchor),
        description: language.say("oscal.implements", &[("policy", &policy.title), ("framework", &framework.name)]),
        implemented_requirements: requirements,
    })
}

fn requirement(
    site: &PublicSite,
    language: &Language,
    framework: &PublicFramework,
    row: &PublicControlRow,
    by: &PublicImplementation,
) -> Requirement {
    let link = |href: &str, text: &str| Link {
        href: format!("{}{href}", site.base_url),
        rel: "reference",
        text: Some(text.to_owned()),
    };
    let mut links: Vec<Link> = by.clauses.iter().map(|c| link(&c.href, &c.text)).collect();
    if links.is_empty() {
        links.push(link(&by.policy.href, &by.policy.label));
    }
    Requirement {
        uuid: uuid(site, &format!("oscal/{}/{}/{}", by.id, framework.id, row.control)),
        control_id: control_id(&framework.anchor, &row.control),
        description: match by.clauses.len() {
            0 => language.count("oscal.whole", by.checked, &[]),
            n => language.count("oscal.sentences", by.checked, &[("sentences", &language.number(n as u64))]),
        },
        props: vec![Prop { name: "label", value: format!("{} {}", framework.name, row.control) }],
        links,
    }
}

/// A control as a token: NIST's as its own catalogue has them (`cm-3.2`), others in small letters, behind the framework's
/// name where they begin with a digit.
fn control_id(framework: &str, control: &str) -> String {
    let mut id = String::new();
    for c in control.chars() {
        match c {
            '(' => id.push('.'),
            ')' => {}
            c if c.is_alphanumeric() || matches!(c, '.' | '-' | '_') => id.extend(c.to_lowercase()),
            _ => id.push('_'),
        }
    }
    if id.starts_with(|c: char| c.is_alphabetic() || c == '_') { id } else { format!("{framework}-{id}") }
}

#[cfg(test)]
mod tests {
    use super::control_id;

    #[test]
    fn controls_become_tokens() {
        assert_eq!(control_id("nist800-53", "CM-3(2)"), "cm-3.2");
        assert_eq!(control_id("pci-dss", "6.5.1"), "pci-dss-6.5.1");
        assert_eq!(control_id("soc2", "CC8.1"), "cc8.1");
        assert_eq!(control_id("acme", "§ 4/2"), "__4_2");
    }
}
