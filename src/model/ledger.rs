//! Everything a site says, read: what the judge judges.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::language::{Language, built_in};

use super::{
    ChangeRecord, ClosedQuarter, Configuration, DeployedFrom, People, Policy, Quarter, Reconciliation, RecordsPast,
    Waiver,
};

/// The whole of a site's documents.
#[derive(Debug)]
pub struct Ledger {
    /// tickmark.yaml.
    pub configuration: Configuration,
    /// people.yaml.
    pub people: People,
    /// All policies, by id.
    pub policies: Vec<Policy>,
    /// All waivers, in the order of their files.
    pub waivers: Vec<Waiver>,
    /// All closed quarters that can be read, in the order of their files.
    pub closed: Vec<ClosedQuarter>,
    /// Closed quarters whose files cannot be read, by the names of these.
    pub unread_closings: Vec<Quarter>,
    /// All change records, in the order of their files. Empty while records are judged as a stream.
    pub records: Vec<ChangeRecord>,
    /// What git says of the records.
    pub past: RecordsPast,
    /// What was deployed, by the repositories of the configuration; nothing where nobody asked and none was read.
    pub deployed: Option<Vec<DeployedFrom>>,
    /// That held against the records, once all of them are judged.
    pub reconciliation: Option<Reconciliation>,
    /// The words of public pages, in the site's language.
    pub language: Arc<Language>,
    by_policy: BTreeMap<String, usize>,
}

impl Ledger {
    /// A ledger with these documents; of two policies with the same id the first counts.
    pub fn new(configuration: Configuration, people: People, policies: Vec<Policy>, waivers: Vec<Waiver>) -> Self {
        let mut by_policy = BTreeMap::new();
        for (index, policy) in policies.iter().enumerate() {
            by_policy.entry(policy.id.to_string()).or_insert(index);
        }
        Self {
            language: built_in(&configuration.language),
            configuration,
            people,
            policies,
            waivers,
            closed: Vec::new(),
            unread_closings: Vec::new(),
            records: Vec::new(),
            past: RecordsPast::default(),
            deployed: None,
            reconciliation: None,
            by_policy,
        }
    }

    /// A policy by id.
    pub fn policy(&self, id: &str) -> Option<&Policy> {
        self.by_policy.get(id).map(|index| &self.policies[*index])
    }

    /// A policy's number in [`Self::policies`]; of two with one id the first's.
    pub fn policy_number(&self, id: &str) -> Option<usize> {
        self.by_policy.get(id).copied()
    }

    /// The numbers of the policies that have pages: of those whose ids differ in case at most, the first, because a
    /// file system may not tell their folders apart.
    pub fn policies_with_pages(&self) -> Vec<usize> {
        let mut taken = BTreeSet::new();
        let policies = self.policies.iter().enumerate();
        policies.filter(|(_, p)| taken.insert(p.id.as_str().to_ascii_lowercase())).map(|(index, _)| index).collect()
    }

    /// The policy a record is under: the one it names, else the site's default.
    pub fn policy_of(&self, record: &ChangeRecord) -> Option<&Policy> {
        match record.policy.get() {
            Some(id) => self.policy(id.as_str()),
            None if record.policy.is_broken() => None,
            None => self.configuration.default_policy.as_ref().and_then(|id| self.policy(id.as_str())),
        }
    }

    /// All policy ids.
    pub fn policy_ids(&self) -> impl Iterator<Item = &str> + Clone {
        self.by_policy.keys().map(String::as_str)
    }
}
