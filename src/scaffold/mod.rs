//! A new site: configuration, people, a bundled policy and one example record, such that the site passes its own check.
//!
//! Pure: today and the zone come in, texts go out, and the same two give the same texts. Nothing is hard-wired to one
//! policy: the policy's own rules, read by the pipeline as any site's are, say which roles somebody must hold and which
//! reviews, approvals and gates the example record shows; its windows and freezes say when that change was deployed.
//! Invariant: nothing in a new site lies in the future of `today`, and its one record passes.
//!
//! It deliberately does not read the clock, look for the machine's zone or write files.

mod bundled;
pub mod draft;
mod people;
mod record;
mod texts;
mod timeline;

use std::fmt;

use jiff::civil::Date;

use crate::model::{ChangeType, NO_HISTORY, PolicyVersion, Word};
use crate::pipeline::{self, AsOf, Inputs};
use crate::schema::{self, Of};
use crate::source::{SourceFile, SourceSet};

pub use bundled::{BUNDLED, Bundled, DEFAULT};

/// What a new site is made from.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'w> {
    /// The policy it starts with.
    pub policy: &'w Bundled,
    /// The day it is made, in its zone.
    pub today: Date,
    /// Its zone: a name of the zone database.
    pub zone: &'w str,
}

/// The texts of a new site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSite {
    /// Path and text of each file, relative to the site, with `/` between its parts; the configuration is the last.
    pub files: Vec<(String, String)>,
    /// The id of the example record.
    pub record: String,
    /// The day since which the policy is in force: the one on which the example change was asked for.
    pub since: Date,
}

/// Why there can be no such site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Impossible {
    /// Its dates cannot all be written: they are years of four digits.
    Year(i16),
    /// The zone database has no such zone.
    Zone,
    /// No day before today fits the windows and freezes of the policy.
    NoDay,
}

impl fmt::Display for Impossible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "a site cannot begin in the year {year}"),
            Self::Zone => f.write_str("the zone database has no such time zone"),
            Self::NoDay => f.write_str("the windows and freezes of the policy leave no day for an example change"),
        }
    }
}

/// The years in which a site can begin: some dates of a new site lie a few years before or after.
const YEARS: std::ops::RangeInclusive<i16> = 1970..=9990;

/// Makes a new site.
///
/// # Panics
///
/// Where a bundled policy has a mistake; tests hold that none has.
pub fn new_site(wanted: Wanted<'_>) -> Result<NewSite, Impossible> {
    let Wanted { policy, today, zone } = wanted;
    if !YEARS.contains(&today.year()) {
        return Err(Impossible::Year(today.year()));
    }
    if jiff::tz::TimeZone::get(zone).is_err() {
        return Err(Impossible::Zone);
    }
    let policy_text = policy.as_of(today, today);
    let policy_path = format!("policies/{}.md", policy.name);
    // Until it is known when the example change was made, the year before is covered, too.
    let draft = texts::configuration(policy.name, zone, today.year() - 1..=today.year() + 1);
    let sources = SourceSet::new(vec![
        SourceFile::from_text("tickmark.yaml", &draft),
        SourceFile::from_text(&policy_path, &policy_text),
    ]);
    let inputs = Inputs { sources: &sources, history: &NO_HISTORY, as_of: AsOf::EndOf(today), more_codes: &[] };
    // What is wrong with texts of our own is a mistake of ours, not the user's.
    let site = pipeline::load(inputs).unwrap_or_else(|sink| panic!("a new site's configuration is right: {sink:?}"));
    let version = site.ledger.policy(policy.name).expect("a bundled policy's id is its name").newest();
    let calendar = &site.ledger.configuration.calendar;
    let change_type = usual_type(version);

    let cast = people::cast(version);
    let timeline = timeline::find(version, change_type, calendar, today).ok_or(Impossible::NoDay)?;
    // The example is judged by the policy it stands beside.
    let since = version.calendar.day(timeline.requested);
    let policy_text = policy.as_of(today, since);
    let first_year = calendar.day(timeline.requested).year();
    let record = format!("CHG-{first_year}-0001");
    let example = record::Example { id: &record, version, change_type, cast: &cast, timeline: &timeline, calendar };

    let with_line = |of, depth, text: String| format!("{}{text}", schema::line(of, depth));
    // The configuration comes last: a folder is a site from then on.
    let mut files = vec![
        (".gitignore".to_owned(), texts::IGNORED.to_owned()),
        ("README.md".to_owned(), texts::readme(policy.name)),
        ("people.yaml".to_owned(), with_line(Of::People, 0, people::text(&cast, today.year() - 1))),
        (policy_path, policy_text),
        (format!("changes/{first_year}/{record}.yaml"), with_line(Of::Change, 2, example.text())),
        ("content/index.md".to_owned(), texts::home(version.classification)),
    ];
    files.extend(Of::ALL.map(|of| (of.path(), schema::schema(of, None))));
    let configuration = texts::configuration(policy.name, zone, first_year..=today.year() + 1);
    files.push(("tickmark.yaml".to_owned(), with_line(Of::Site, 0, configuration)));
    Ok(NewSite { files, record, since })
}

/// The type most changes have: `normal`, else `standard`, else the first that is no emergency.
fn usual_type(version: &PolicyVersion) -> &Word {
    let named = |id: &str| version.change_type(id);
    let unhurried = || version.types.iter().find(|t: &&ChangeType| !t.expedited);
    let found = named("normal").or_else(|| named("standard")).or_else(unhurried);
    &found.expect("a bundled policy has a type for changes that are not urgent").id
}

/// The checks that bind changes of a type.
fn checks<'v>(version: &'v PolicyVersion, change_type: &str) -> impl Iterator<Item = &'v crate::model::Check> {
    version.rules.iter().filter(move |rule| rule.binds(change_type)).map(|rule| &rule.check)
}
