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
use crate::model::Ledger;
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
}

impl Of {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Change, Self::Policy, Self::Site, Self::People, Self::Waiver];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Policy => "policy",
            Self::Site => "site",
            Self::People => "people",
            Self::Waiver => "waiver",
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
        }
    }

    fn shape(self) -> Shape {
        match self {
            Self::Change => decode::record_shape(),
            Self::Policy => decode::policy_shape(),
            Self::Site => decode::site_shape(),
            Self::People => decode::person_shape(),
            Self::Waiver => decode::waiver_shape(),
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
        (Of::People, _) => {
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
