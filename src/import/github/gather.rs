//! What an export of GitHub's holds, sorted by what it is: pull requests, and what belongs to them.

use std::cell::Cell;
use std::collections::BTreeMap;

use super::super::desk::Desk;
use super::super::look::{self, Said};
use super::super::notes::About;
use super::super::{codes, nothing_known};
use crate::diag::Diagnostic;
use crate::model::Id;
use crate::source::{FileId, Location, Span};
use crate::yaml::{Node, Value};

/// A pull request and what was sent beside it.
pub(super) struct Pull<'n> {
    pub(super) file: FileId,
    pub(super) node: &'n Node<'n>,
    /// Where it begins.
    pub(super) at: Span,
    pub(super) number: &'n str,
    /// Its address for people.
    pub(super) url: Option<Said<'n>>,
    pub(super) reviews: Vec<&'n Node<'n>>,
}

impl Pull<'_> {
    /// Its name on GitHub: `owner/repository#12`.
    pub(super) fn name(&self) -> String {
        match repository(self.url) {
            Some((owner, repository)) => format!("{owner}/{repository}#{}", self.number),
            None => format!("#{}", self.number),
        }
    }
}

/// A deployment and its statuses.
pub(super) struct Deployment<'n> {
    pub(super) file: FileId,
    pub(super) node: &'n Node<'n>,
    pub(super) statuses: Vec<&'n Node<'n>>,
    /// Whether a pull request of the export has its commit.
    pub(super) used: Cell<bool>,
}

/// Everything.
#[derive(Default)]
pub(super) struct Gathered<'n> {
    pub(super) pulls: Vec<Pull<'n>>,
    pub(super) deployments: Vec<Deployment<'n>>,
    checks: Vec<&'n Node<'n>>,
    /// Checks, and deployments by their number, of each commit.
    checks_of: BTreeMap<&'n str, Vec<&'n Node<'n>>>,
    deployments_of: BTreeMap<&'n str, Vec<usize>>,
    /// Pull requests by number and address, and deployments by what they are called.
    known: BTreeMap<(&'n str, &'n str), usize>,
    deployed: BTreeMap<&'n str, usize>,
    reviews: Vec<(FileId, &'n Node<'n>)>,
    statuses: Vec<(FileId, &'n Node<'n>)>,
}

/// Sorts what the exports hold; nothing where something in them is not GitHub's, which is reported.
pub(super) fn gather<'n>(trees: &'n [(FileId, Vec<Node<'n>>)], desk: &mut Desk<'_>) -> Option<Gathered<'n>> {
    let mut all = Gathered::default();
    for (file, nodes) in trees {
        for node in nodes {
            if !all.take(*file, node, desk) {
                return None;
            }
        }
    }
    all.sort_out(desk);
    Some(all)
}

impl<'n> Gathered<'n> {
    /// The checks of these commits.
    pub(super) fn checks_of(&self, commits: &[&str]) -> Vec<&'n Node<'n>> {
        commits.iter().filter_map(|commit| self.checks_of.get(commit)).flatten().copied().collect()
    }

    /// The deployments of these commits.
    pub(super) fn deployments_of(&self, commits: &[&str]) -> Vec<&Deployment<'n>> {
        let numbers = commits.iter().filter_map(|commit| self.deployments_of.get(commit)).flatten();
        numbers.map(|number| &self.deployments[*number]).collect()
    }

    /// Gives every part to what it belongs to; what belongs to nothing is noted.
    fn sort_out(&mut self, desk: &mut Desk<'_>) {
        let mut by_number: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, pull) in self.pulls.iter().enumerate() {
            by_number.entry(pull.number).or_default().push(at);
        }
        for (file, review) in std::mem::take(&mut self.reviews) {
            let url = look::first(review, &["pull_request_url", "html_url"]).map(|(url, _)| url);
            let of = url.and_then(number_of).and_then(|number| by_number.get(number));
            let whose = |at: &&usize| {
                let own = repository(self.pulls[**at].url);
                own.zip(url).is_none_or(|((owner, name), url)| url.contains(&format!("/{owner}/{name}/")))
            };
            match of.and_then(|of| of.iter().find(whose)) {
                Some(at) => self.pulls[*at].reviews.push(review),
                None => stray(desk, file, review, "reviews of a pull request that is not in the export"),
            }
        }
        let mut by_url: BTreeMap<&str, usize> = BTreeMap::new();
        for (at, deployment) in self.deployments.iter().enumerate() {
            if let Some((url, _)) = look::text(deployment.node, "url") {
                by_url.entry(url).or_insert(at);
            }
            if let Some((sha, _)) = look::text(deployment.node, "sha") {
                self.deployments_of.entry(sha).or_default().push(at);
            }
        }
        for (file, status) in std::mem::take(&mut self.statuses) {
            match look::text(status, "deployment_url").and_then(|(url, _)| by_url.get(url)) {
                Some(at) => self.deployments[*at].statuses.push(status),
                None => stray(desk, file, status, "statuses of a deployment that is not in the export"),
            }
        }
        for check in std::mem::take(&mut self.checks) {
            if let Some((sha, _)) = look::text(check, "head_sha") {
                self.checks_of.entry(sha).or_default().push(check);
            }
        }
    }
}

/// Notes deployments that belong to nothing.
pub(super) fn left_over(gathered: &Gathered<'_>, desk: &mut Desk<'_>) {
    for deployment in gathered.deployments.iter().filter(|d| !d.used.get()) {
        stray(
            desk,
            deployment.file,
            deployment.node,
            "deployments of a commit that is no pull request's in the export",
        );
    }
}

fn stray(desk: &mut Desk<'_>, file: FileId, node: &Node<'_>, what: &str) {
    let at = Location { file, span: Span::new(node.span.start as usize, node.span.start as usize + 1) };
    desk.notes.add(About::Fact, what.to_owned(), at, "");
}

impl<'n> Gathered<'n> {
    /// Takes in a value and what it holds; false where it is nothing of GitHub's, which is reported.
    fn take(&mut self, file: FileId, node: &'n Node<'n>, desk: &mut Desk<'_>) -> bool {
        if let Value::List(items) = &node.value {
            return items.iter().all(|item| self.take(file, item, desk));
        }
        let has = |key: &str| look::get(node, key).is_some();
        if let Some(pulls) = look::get(node, "data.repository.pullRequests") {
            return look::list(pulls, "nodes").iter().all(|item| self.take(file, item, desk));
        }
        if let Some(pull) = look::get(node, "data.repository.pullRequest") {
            return self.take(file, pull, desk);
        }
        // What a webhook sends: the thing it is about, and what that belongs to.
        let mut known = false;
        if let Some(pull) =
            look::get(node, "pull_request").filter(|p| p.as_map().is_some() && p.get("number").is_some())
        {
            known = true;
            self.pull(file, pull, look::get(node, "review"));
        }
        if let Some(deployment) = look::get(node, "deployment").filter(|d| d.get("sha").is_some()) {
            known = true;
            self.deployment(file, deployment, look::get(node, "deployment_status"));
        }
        if look::get(node, "check_runs").is_some() {
            known = true;
            self.checks.extend(look::list(node, "check_runs"));
        }
        if known {
            return true;
        }
        if has("number") && (has("title") || has("state")) {
            self.pull(file, node, None);
        } else if has("sha") && has("environment") {
            self.deployment(file, node, None);
        } else if has("deployment_url") && has("state") {
            self.statuses.push((file, node));
        } else if has("state") && has("user") && (has("submitted_at") || has("pull_request_url")) {
            self.reviews.push((file, node));
        } else if has("head_sha") && has("conclusion") {
            self.checks.push(node);
        } else {
            nothing_known(desk, file, node, "a pull request, a review, a check or a deployment");
            return false;
        }
        true
    }

    /// Takes in a pull request; of several copies of one, the newest.
    fn pull(&mut self, file: FileId, node: &'n Node<'n>, review: Option<&'n Node<'n>>) {
        let Some((number, at)) = look::text(node, "number") else { return };
        let url = look::first(node, &["html_url", "url"]).filter(|(url, _)| url.contains("/pull/"));
        let updated = |node: &Node<'_>| look::instant(look::first(node, &["updated_at", "updatedAt"]));
        let name = url.map(|(url, _)| (number, url));
        let known = name.and_then(|name| self.known.get(&name)).copied();
        match known.map(|at| &mut self.pulls[at]) {
            // Which of two copies is the newer one must be said; else both are drafted, and what differs is reported.
            Some(known) if updated(known.node).is_some() && updated(node).is_some() => {
                if updated(node) > updated(known.node) {
                    (known.node, known.file, known.at) = (node, file, at);
                }
                known.reviews.extend(review);
            }
            _ => {
                if let Some(name) = name {
                    self.known.insert(name, self.pulls.len());
                }
                self.pulls.push(Pull { file, node, at, number, url, reviews: review.into_iter().collect() });
            }
        }
    }

    fn deployment(&mut self, file: FileId, node: &'n Node<'n>, status: Option<&'n Node<'n>>) {
        let id = |node: &'n Node<'n>| look::text(node, "id").map(|(id, _)| id);
        let own = look::list(node, "statuses").iter();
        let statuses = own.chain(status);
        if let Some(known) = id(node).and_then(|id| self.deployed.get(id)) {
            self.deployments[*known].statuses.extend(statuses);
            return;
        }
        let statuses = statuses.collect();
        self.deployed.extend(id(node).map(|id| (id, self.deployments.len())));
        self.deployments.push(Deployment { file, node, statuses, used: Cell::new(false) });
    }
}

/// The number at the end of a pull request's address, in either interface.
fn number_of(url: &str) -> Option<&str> {
    let rest = url.split_once("/pulls/").or_else(|| url.split_once("/pull/"))?.1;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    Some(&rest[..end]).filter(|number| !number.is_empty())
}

/// Owner and repository of a pull request's address.
fn repository(url: Option<Said<'_>>) -> Option<(&str, &str)> {
    let (path, _) = url?.0.split_once("/pull/")?;
    let mut parts = path.rsplit('/');
    let (repository, owner) = (parts.next()?, parts.next()?);
    (!repository.is_empty() && !owner.is_empty()).then_some((owner, repository))
}

/// The id of its record: `GH-repository-12`.
pub(super) fn id(pull: &Pull<'_>, desk: &mut Desk<'_>) -> Option<String> {
    let repository = repository(pull.url).map(|(_, repository)| format!("GH-{repository}"));
    let begin = desk.wanted.prefix.map(str::to_owned).or(repository);
    let Some(begin) = begin else {
        desk.sink.push(
            Diagnostic::new(&codes::NO_ID, pull.file, pull.at, "nothing says of which repository this pull request is")
                .label("a number alone is no id")
                .help("export `url` as well, or say what ids begin with, as in `--prefix GH-gateway`"),
        );
        return None;
    };
    let id = format!("{begin}-{}", pull.number);
    if Id::fault(&id).is_some() && desk.wanted.prefix.is_none() {
        let headline = format!("`{}` is no id of a record", id.escape_debug());
        desk.sink.push(
            Diagnostic::new(&crate::decode::codes::BAD_ID, pull.file, pull.at, headline)
                .label(Id::fault(&id).unwrap_or_default())
                .help("say what ids begin with, as in `--prefix GH-gateway`"),
        );
        return None;
    }
    Some(id)
}
