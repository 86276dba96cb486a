//! `check --external`: every link to another host is asked, and what does not answer is among the findings.

use std::collections::BTreeSet;
use std::time::Duration;

use super::super::arguments::Outward;
use super::super::terminal::Terminal;
use super::counted;
use crate::outside::{Answer, Asking, ask};
use crate::pipeline::Site;
use crate::report::check::Scope;
use crate::site::{External, external_links};

/// Asks, if that is wanted, the links of files in scope.
pub(super) fn look(site: &mut Site<'_>, scope: &Scope, options: Outward, terminal: &Terminal) {
    if !options.external {
        return;
    }
    let mut links = external_links(site);
    links.retain(|link| scope.holds_path(site.sources.file(link.file).path()));
    let addresses: BTreeSet<&str> = links.iter().map(External::asked).collect();
    let progress = terminal.progress("asking addresses");
    let asking =
        Asking { private: options.external_private, patience: Duration::from_secs(options.external_timeout.into()) };
    let answers = ask(addresses, asking, &|| progress.inc(1));
    progress.finish_and_clear();
    let (mut dead, mut unreached) = (0, 0);
    for answer in answers.values() {
        match answer {
            Answer::There => {}
            Answer::Dead(_) => dead += 1,
            Answer::Unreached(_) => unreached += 1,
        }
    }
    terminal.say(&format!(
        "{} on other hosts: {} answer, {dead} dead, {unreached} not reached",
        counted(answers.len(), "address", "addresses"),
        answers.len() - dead - unreached
    ));
    for link in &links {
        match answers.get(link.asked()) {
            Some(Answer::Dead(why)) => site.sink.push(link.dead(why)),
            Some(Answer::Unreached(why)) => site.sink.push(link.unreached(why)),
            Some(Answer::There) | None => {}
        }
    }
}
