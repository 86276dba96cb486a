//! The site's configuration, tickmark.yaml (FORMATS.md, section 2).

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Calendar, Id, RepositorySettings};
use crate::diag::Level;

/// What one entry of `levels` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LevelSetting {
    /// Shown at this level.
    At(Level),
    /// Not shown.
    Off,
}

/// The configuration, whole and checked: a site without it is not built.
#[derive(Debug)]
pub struct Configuration {
    /// Name of the trust centre.
    pub name: String,
    /// Whose it is.
    pub organisation: String,
    /// Its address, with a path that ends in `/`.
    pub base_url: String,
    /// Language of the interface, a BCP 47 tag.
    pub language: String,
    /// Address for questions.
    pub contact: String,
    /// Address for vulnerability reports.
    pub security_contact: Option<String>,
    /// When security.txt ends (RFC 9116).
    pub security_txt_expires: Option<Date>,
    /// The theme.
    pub theme: Id,
    /// Whether every page says that the data is made up.
    pub demonstration: bool,
    /// The calendar, unless a policy has its own.
    pub calendar: Calendar,
    /// The policy of records that name none.
    pub default_policy: Option<Id>,
    /// Which environments are production.
    pub production: Vec<String>,
    /// From which day on git dates records, where the configuration says so.
    pub history_from: Option<Date>,
    /// Foreign front-matter keys that are nobody's mistake.
    pub ignored_keys: Vec<String>,
    /// Whether figures are published.
    pub figures: bool,
    /// A public figure over fewer records is withheld.
    pub smallest_group: u32,
    /// Rule or figure → share in per cent, in hundredths.
    pub targets: BTreeMap<String, u32>,
    /// Code → level.
    pub levels: BTreeMap<String, LevelSetting>,
    /// What was really deployed, and from where.
    pub repositories: Vec<RepositorySettings>,
}

impl Configuration {
    /// Figures of a quarter that a target may be set for; beside these, every rule.
    pub const FIGURES: [&str; 23] = [
        "deployed",
        "emergencies",
        "kept",
        "broken",
        "succeeded",
        "partial",
        "failed",
        "rolled-back",
        "caused-incident",
        "approval-missing",
        "approval-late",
        "outside-window",
        "in-freeze",
        "emergency-documented",
        "emergency-reviewed",
        "excused",
        "waivers-used",
        "waivers-unused",
        "waivers-ending",
        "edited-after-closing",
        "unrecorded-deployments",
        "failure-rate",
        "rework-rate",
    ];

    /// Whether a security.txt is made.
    pub fn has_security_txt(&self) -> bool {
        self.security_contact.is_some() && self.security_txt_expires.is_some()
    }

    /// The path of `base_url`, beginning and ending in `/`.
    pub fn base_path(&self) -> &str {
        let after_scheme = self.base_url.split_once("://").map_or(self.base_url.as_str(), |(_, rest)| rest);
        after_scheme.find('/').map_or("/", |at| &after_scheme[at..])
    }
}
