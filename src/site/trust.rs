//! `trust.json`, schema `tickmark.trust/1`: everything public, for machines. Its JSON Schema is docs/trust.schema.json.
//!
//! The commit stands here and in the manifest alone, so that pages change only when what they show does.

use serde::Serialize;

use crate::disclose::public::{
    PublicCertification, PublicDate, PublicFigure, PublicFigures, PublicFramework, PublicPolicyVersion, PublicSite,
    PublicSubprocessor, PublicTrust, PublicTrustClause, PublicTrustPolicy, PublicUpdate,
};

#[derive(Serialize)]
struct Document<'t> {
    schema: &'static str,
    generator: &'static str,
    commit: Option<&'t str>,
    site: Site<'t>,
    policies: Vec<Policy<'t>>,
    frameworks: Vec<Framework<'t>>,
    figures: Option<Figures<'t>>,
    certifications: Vec<Certification<'t>>,
    subprocessors: Vec<Subprocessor<'t>>,
    updates: Vec<Update<'t>>,
}

#[derive(Serialize)]
struct Site<'t> {
    name: &'t str,
    organisation: &'t str,
    url: &'t str,
    language: &'t str,
    contact: &'t str,
    security_contact: Option<&'t str>,
    demonstration: bool,
}

#[derive(Serialize)]
struct Policy<'t> {
    id: &'t str,
    title: &'t str,
    summary: Option<&'t str>,
    url: String,
    version: &'t str,
    state: &'t str,
    effective: Option<&'t str>,
    updated: Option<&'t str>,
    last_reviewed: Option<&'t str>,
    next_review: Option<&'t str>,
    owner: Option<&'t str>,
    approved_by: Option<&'t str>,
    approved_at: Option<&'t str>,
    words: u32,
    clauses: Vec<Clause<'t>>,
    versions: Vec<Version<'t>>,
    figures: Option<Figures<'t>>,
}

#[derive(Serialize)]
struct Clause<'t> {
    anchor: &'t str,
    text: &'t str,
    url: String,
    rules: Vec<Rule<'t>>,
}

#[derive(Serialize)]
struct Rule<'t> {
    id: &'t str,
    asks: &'t str,
}

#[derive(Serialize)]
struct Version<'t> {
    version: &'t str,
    state: &'t str,
    effective: Option<&'t str>,
    amended: Vec<&'t str>,
    approved_by: Option<&'t str>,
    approved_at: Option<&'t str>,
    url: Option<String>,
    changes: Option<String>,
}

#[derive(Serialize)]
struct Framework<'t> {
    id: &'t str,
    name: &'t str,
    controls: Vec<Control<'t>>,
}

#[derive(Serialize)]
struct Control<'t> {
    control: &'t str,
    title: Option<&'t str>,
    url: String,
    implemented_by: Vec<Implementation<'t>>,
}

#[derive(Serialize)]
struct Implementation<'t> {
    policy: &'t str,
    clauses: Vec<&'t str>,
    checked: Vec<&'t str>,
}

#[derive(Serialize)]
struct Figures<'t> {
    period: &'t str,
    smallest_group: usize,
    figures: Vec<Figure<'t>>,
}

#[derive(Serialize)]
struct Figure<'t> {
    subject: &'t str,
    label: &'t str,
    definition: Option<&'t str>,
    kept: Option<usize>,
    of: Option<usize>,
}

#[derive(Serialize)]
struct Certification<'t> {
    name: &'t str,
    scope: Option<&'t str>,
    state: Option<&'t str>,
    body: Option<&'t str>,
    issued: Option<&'t str>,
    expires: Option<&'t str>,
    expired: bool,
    next: Option<&'t str>,
    report: Option<&'t str>,
    url: Option<&'t str>,
}

#[derive(Serialize)]
struct Subprocessor<'t> {
    name: &'t str,
    purpose: Option<&'t str>,
    data: Option<&'t str>,
    services: Option<&'t str>,
    location: Option<&'t str>,
    transfer: Option<&'t str>,
    announced: Option<&'t str>,
    since: Option<&'t str>,
    until: Option<&'t str>,
    url: Option<&'t str>,
}

#[derive(Serialize)]
struct Update<'t> {
    id: &'t str,
    date: &'t str,
    kind: &'t str,
    title: &'t str,
    url: String,
}

/// Data of ours as indented JSON with a line break at its end.
pub(super) fn pretty(data: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(data).expect("plain data always serialises");
    text.push('\n');
    text
}

fn iso(day: Option<&PublicDate>) -> Option<&str> {
    day.map(|day| day.iso.as_str())
}

/// `trust.json`.
pub(super) fn to_json(site: &PublicSite, trust: &PublicTrust, commit: Option<&str>) -> String {
    pretty(&Document {
        schema: "tickmark.trust/1",
        generator: concat!("tickmark ", env!("CARGO_PKG_VERSION")),
        commit,
        site: Site {
            name: &site.name,
            organisation: &site.organisation,
            url: &site.base_url,
            language: &site.language,
            contact: &site.contact,
            security_contact: site.security_contact.as_deref(),
            demonstration: site.demonstration,
        },
        policies: trust.policies.iter().map(|p| policy(site, p)).collect(),
        frameworks: trust.frameworks.iter().map(|f| framework(site, f)).collect(),
        figures: trust.figures.as_ref().map(figures),
        certifications: trust.certifications.iter().map(certification).collect(),
        subprocessors: trust.subprocessors.iter().map(subprocessor).collect(),
        updates: trust.updates.iter().map(|u| update(site, u)).collect(),
    })
}

fn policy<'t>(site: &PublicSite, p: &'t PublicTrustPolicy) -> Policy<'t> {
    let clause = |c: &'t PublicTrustClause| Clause {
        anchor: &c.anchor,
        text: &c.text,
        url: format!("{}{}", site.base_url, c.href),
        rules: c.rules.iter().map(|r| Rule { id: &r.id, asks: &r.says }).collect(),
    };
    Policy {
        id: &p.id,
        title: &p.title,
        summary: p.summary.as_deref(),
        url: format!("{}{}", site.base_url, p.href),
        version: &p.version,
        state: p.state,
        effective: iso(p.effective.as_ref()),
        updated: iso(p.updated.as_ref()),
        last_reviewed: iso(p.last_reviewed.as_ref()),
        next_review: iso(p.next_review.as_ref()),
        owner: p.owner.as_deref(),
        approved_by: p.approved_by.as_deref(),
        approved_at: iso(p.approved_at.as_ref()),
        words: p.words,
        clauses: p.clauses.iter().map(clause).collect(),
        versions: p.versions.iter().map(|v| version(site, p, v)).collect(),
        figures: p.figures.as_ref().map(figures),
    }
}

fn version<'t>(site: &PublicSite, policy: &PublicTrustPolicy, v: &'t PublicPolicyVersion) -> Version<'t> {
    let url = |href: &String| format!("{}{href}", site.base_url);
    // The version that the policy's own page shows may have no other page.
    let place = v.href.as_ref().map_or_else(|| url(&policy.href), url);
    Version {
        version: &v.version,
        state: v.state,
        effective: iso(v.effective.as_ref()),
        amended: v.amended.iter().map(|day| day.iso.as_str()).collect(),
        approved_by: v.approved_by.as_deref(),
        approved_at: iso(v.approved_at.as_ref()),
        url: Some(place),
        changes: v.redline.as_ref().map(url),
    }
}

fn framework<'t>(site: &PublicSite, f: &'t PublicFramework) -> Framework<'t> {
    let controls = f.controls.iter().map(|c| Control {
        control: &c.control,
        title: c.title.as_deref(),
        url: format!("{}controls/#{}", site.base_url, c.anchor),
        implemented_by: c
            .by
            .iter()
            .map(|by| Implementation {
                policy: &by.id,
                clauses: by.clauses.iter().map(|c| c.anchor.as_str()).collect(),
                checked: by.clauses.iter().filter(|c| c.checked).map(|c| c.anchor.as_str()).collect(),
            })
            .collect(),
    });
    Framework { id: &f.id, name: &f.name, controls: controls.collect() }
}

fn figures<'t>(figures: &'t PublicFigures) -> Figures<'t> {
    let figure = |f: &'t PublicFigure| Figure {
        subject: f.subject,
        label: &f.label,
        definition: f.definition.as_deref(),
        kept: f.share.map(|s| s.kept),
        of: f.share.map(|s| s.of),
    };
    Figures {
        period: &figures.period,
        smallest_group: figures.smallest_group,
        figures: figures.figures.iter().map(figure).collect(),
    }
}

fn certification(c: &PublicCertification) -> Certification<'_> {
    Certification {
        name: &c.name,
        scope: c.scope.as_deref(),
        state: c.state.as_deref(),
        body: c.body.as_deref(),
        issued: iso(c.issued.as_ref()),
        expires: iso(c.expires.as_ref()),
        expired: c.expired,
        next: iso(c.next.as_ref()),
        report: c.report.as_deref(),
        url: c.href.as_deref(),
    }
}

fn subprocessor(s: &PublicSubprocessor) -> Subprocessor<'_> {
    Subprocessor {
        name: &s.name,
        purpose: s.purpose.as_deref(),
        data: s.data.as_deref(),
        services: s.services.as_deref(),
        location: s.location.as_deref(),
        transfer: s.transfer.as_deref(),
        announced: iso(s.announced.as_ref()),
        since: iso(s.since.as_ref()),
        until: iso(s.until.as_ref()),
        url: s.href.as_deref(),
    }
}

fn update<'t>(site: &PublicSite, u: &'t PublicUpdate) -> Update<'t> {
    Update {
        id: &u.id,
        date: &u.date.iso,
        kind: u.kind,
        title: &u.title,
        url: format!("{}updates/#{}", site.base_url, u.id),
    }
}
