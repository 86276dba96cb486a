//! What records say of commits, pull requests and incidents: gathered while they are judged, since they are not kept.

use jiff::Timestamp;

use super::super::quarter_instant;
use crate::model::{ChangeRecord, Deployment, Field, Ledger};
use crate::source::Location;

/// A commit that a record says was deployed to production.
#[derive(Clone, Debug)]
pub(super) struct Named {
    /// The commit, or a tag, as it is written; nothing where the deployment names none.
    pub(super) commit: Option<Box<str>>,
    pub(super) at: Option<Timestamp>,
    /// Where it stands.
    pub(super) place: Location,
}

/// A pull request that a record names.
#[derive(Clone, Debug)]
pub(super) struct Requested {
    /// Its address.
    pub(super) url: Option<Box<str>>,
    /// The commit it became.
    pub(super) became: Option<Box<str>>,
}

/// What one record says.
#[derive(Clone, Debug)]
pub(super) struct Claim {
    pub(super) id: Box<str>,
    pub(super) policy: Option<Box<str>>,
    pub(super) title: Box<str>,
    pub(super) author: Box<str>,
    /// Where its id stands.
    pub(super) place: Location,
    /// The instant that says which quarter it belongs to.
    pub(super) when: Option<Timestamp>,
    pub(super) production: Vec<Named>,
    /// Commits that it names for other environments, or that its pull requests became.
    pub(super) commits: Vec<Box<str>>,
    /// Its pull requests.
    pub(super) requests: Vec<Requested>,
    /// It says which incidents belong to it, or that none does.
    pub(super) incidents: bool,
}

/// What all records say.
#[derive(Clone, Debug, Default)]
pub struct Claims(pub(super) Vec<Claim>);

impl Claims {
    /// Adds what another part of the records says; parts come in the order of the files.
    pub fn add(&mut self, other: Self) {
        self.0.extend(other.0);
    }
}

/// Takes down what a record says, where what was deployed has been read.
pub fn observe_claims(ledger: &Ledger, record: &ChangeRecord, claims: &mut Claims) {
    if ledger.deployed.is_none() {
        return;
    }
    let (Some(id), Some(span)) = (record.id.get(), record.id.span()) else { return };
    let (production, elsewhere): (Vec<&Deployment>, Vec<&Deployment>) =
        record.deployments.items().iter().partition(|d| {
            d.environment.get().is_some_and(|e| ledger.configuration.production.iter().any(|p| p == e.as_str()))
        });
    let named = |d: &&Deployment| Named {
        commit: d.commit.get().map(|c| c.as_str().into()),
        at: d.at.get().map(|t| t.0),
        place: record.at(d.commit.span().unwrap_or(d.span)),
    };
    let requests = record.pull_requests.items().iter().map(|r| Requested {
        url: r.url.get().map(|u| u.as_str().into()),
        became: r.commit.get().map(|c| c.as_str().into()),
    });
    let requests: Vec<Requested> = requests.collect();
    let commits = elsewhere.iter().filter_map(|d| d.commit.get().map(|c| c.as_str().into()));
    claims.0.push(Claim {
        id: id.as_str().into(),
        policy: ledger.policy_of(record).map(|p| p.id.as_str().into()),
        title: record.title.get().map_or("", |t| t.as_str()).into(),
        author: record.author.get().map_or("", |a| a.as_str()).into(),
        place: record.at(span),
        when: quarter_instant(ledger, record),
        production: production.iter().map(named).collect(),
        commits: commits.chain(requests.iter().filter_map(|r| r.became.clone())).collect(),
        requests,
        incidents: matches!(record.incidents, Field::Given(..)),
    });
}
