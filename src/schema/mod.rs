//! JSON Schemas (draft 2020-12) of every kind of document, so that editors complete, explain and refuse as we do.
//!
//! Each is made from the very table its reader reads by. Without a site a schema depends on the version of tickmark alone;
//! with one it also knows the site's policies, types, procedures, rules and people. A schema has no `$id` and refers to
//! nothing outside itself, so that it works without a network.
//!
//! It deliberately says nothing of what several fields say together (that a rule has one check, that a day exists): our
//! reader does.

mod json;
mod kinds;
mod narrow;

use crate::decode;
use crate::decode::table::Shape;
use crate::model::{Ledger, TrustKind};
use json::Json;
use kinds::Maker;

/// A kind of document that has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// A change record.
    Change,
    /// A policy's front matter.
    Policy,
    /// tickmark.yaml.
    Site,
    /// people.yaml.
    People,
    /// A waiver.
    Waiver,
    /// A list of `content/data`.
    Data(TrustKind),
    /// A closed quarter, which nobody writes by hand: no site keeps its schema.
    Closed,
}

/// The schema of report.json.
pub const REPORT: &str = include_str!("../../tests/schemas/report-1.schema.json");

/// The schema of manifest.json.
pub const MANIFEST: &str = include_str!("../../tests/schemas/manifest-1.schema.json");

impl Of {
    /// All that people write.
    pub const ALL: [Self; 14] = {
        let mut all = [Self::Waiver; 14];
        (all[0], all[1], all[2], all[3]) = (Self::Change, Self::Policy, Self::Site, Self::People);
        let mut n = 0;
        while n < TrustKind::ALL.len() {
            all[n + 5] = Self::Data(TrustKind::ALL[n]);
            n += 1;
        }
        all
    };

    /// Whether its file is a list of such documents.
    pub fn is_list(self) -> bool {
        match self {
            Self::People => true,
            Self::Data(kind) => !kind.is_one(),
            _ => false,
        }
    }

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Policy => "policy",
            Self::Site => "site",
            Self::People => "people",
            Self::Waiver => "waiver",
            Self::Data(kind) => kind.name(),
            Self::Closed => "closed",
        }
    }

    /// Where a site keeps it: below [`FOLDER`].
    pub fn path(self) -> String {
        format!("{FOLDER}/{}.json", self.name())
    }

    fn title(self) -> &'static str {
        match self {
            Self::Change => "A change record",
            Self::Policy => "The front matter of a policy",
            Self::Site => "tickmark.yaml",
            Self::People => "people.yaml",
            Self::Waiver => "A waiver",
            Self::Data(TrustKind::Commitments) => "content/data/commitments.yaml",
            Self::Data(TrustKind::Certifications) => "content/data/certifications.yaml",
            Self::Data(TrustKind::Subprocessors) => "content/data/subprocessors.yaml",
            Self::Data(TrustKind::Notice) => "content/data/notice.yaml",
            Self::Data(TrustKind::Faq) => "content/data/faq.yaml",
            Self::Data(TrustKind::Updates) => "content/data/updates.yaml",
            Self::Data(TrustKind::Contact) => "content/data/contact.yaml",
            Self::Data(TrustKind::Disclosure) => "content/data/disclosure.yaml",
            Self::Data(TrustKind::Controls) => "content/data/controls.yaml",
            Self::Closed => "A closed quarter",
        }
    }

    fn description(self) -> &'static str {
        match self {
            Self::Change => {
                "What was changed, why, by whom, who agreed, and what came of it. Only the policy's rules ask for more than the required keys."
            }
            Self::Policy => "What a policy says of itself, the types of change it knows, and its rules.",
            Self::Site => "Whose trust centre this is, and by which calendar its promises are kept.",
            Self::People => "Who is who: ids, accounts, and the roles they hold and since when. Never public.",
            Self::Waiver => "An approved exception to one rule, which ends on a day.",
            Self::Data(TrustKind::Commitments) => "What the organisation commits to, on the home page. Public.",
            Self::Data(TrustKind::Certifications) => {
                "Certificates, reports and attestations, with the day each expires. Public."
            }
            Self::Data(TrustKind::Subprocessors) => "Who else processes customers' data, since and until when. Public.",
            Self::Data(TrustKind::Notice) => {
                "How and how long in advance customers hear of a new sub-processor. Public."
            }
            Self::Data(TrustKind::Faq) => "Questions and answers. Public.",
            Self::Data(TrustKind::Updates) => {
                "Notices to customers, beside what policies and lists say by themselves. Public."
            }
            Self::Data(TrustKind::Contact) => "Whom to write to about what. Public.",
            Self::Data(TrustKind::Disclosure) => "How to report a vulnerability, and what happens then. Public.",
            Self::Data(TrustKind::Controls) => {
                "Words for controls that tickmark does not know, or other words for those it does. Public."
            }
            Self::Closed => {
                "What `tickmark close` wrote: the signed-off numbers of a quarter, and what lay behind them."
            }
        }
    }

    fn shape(self) -> Shape {
        match self {
            Self::Change => decode::record_shape(),
            Self::Policy => decode::policy_shape(),
            Self::Site => decode::site_shape(),
            Self::People => decode::person_shape(),
            Self::Waiver => decode::waiver_shape(),
            Self::Data(kind) => decode::trust_shape(kind),
            Self::Closed => decode::closed_shape(),
        }
    }
}

/// The folder of a site in which its schemas stand, for editors. Nothing of it is read.
pub const FOLDER: &str = "schemas";

/// What every schema holds, by which we know that we made it.
pub const MARK: &str = "Made by tickmark ";

/// The line by which editors find the schema of a document that stands so many folders deep.
pub fn line(of: Of, depth: usize) -> String {
    format!("# yaml-language-server: $schema={}{}\n", "../".repeat(depth), of.path())
}

/// A schema as JSON text that ends in a line break; narrowed to a site where one is given.
pub fn schema(of: Of, site: Option<&Ledger>) -> String {
    let mut maker = Maker::default();
    if let Some(ledger) = site {
        maker.people = narrow::people(ledger);
        if of == Of::Policy {
            maker.ignored_keys.clone_from(&ledger.configuration.ignored_keys);
        }
    }
    let mut body = maker.outermost(&of.shape());
    match (of, site) {
        (Of::Change, Some(ledger)) => body = body.with("allOf", narrow::by_policy(ledger, narrow::record)),
        (Of::Waiver, Some(ledger)) => body = body.with("allOf", narrow::by_policy(ledger, narrow::waiver)),
        _ if of.is_list() => {
            body = Json::map([("type", Json::text("array")), ("items", body)]);
        }
        _ => {}
    }
    let head = Json::map([
        ("$schema", Json::text("https://json-schema.org/draft/2020-12/schema")),
        ("title", Json::text(of.title())),
        ("description", Json::text(of.description())),
        ("$comment", Json::text(made_by(site.is_some()))),
    ]);
    let (Json::Map(mut all), Json::Map(body)) = (head, body) else { unreachable!("both are maps") };
    all.extend(body);
    all.push(("$defs".to_owned(), maker.definitions()));
    let mut text = serde_json::to_string_pretty(&Json::Map(all)).expect("a schema is plain data");
    text.push('\n');
    text
}

fn made_by(narrowed: bool) -> String {
    let site = if narrowed { " --site" } else { "" };
    format!("{MARK}{}; `tickmark schema --write{site}` makes it anew.", env!("CARGO_PKG_VERSION"))
}
