//! The world outside: whether addresses that texts link to answer. The only place that opens a connection, and only because
//! somebody asked for it.
//!
//! Addresses come from documents and are hostile: nothing but http and https is spoken, nothing inside a network is asked
//! unless that is allowed (`address`; held for every step of a redirect, by the address that is then connected to), no
//! body is read, nothing waits for ever. Each address is asked once, a few hosts at a time, one after another on each. What
//! could not be asked is never taken for an answer. No proxy is used. What a link is, others say.

mod address;
mod client;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use address::{Asked, parse};
use client::Client;

/// How many hosts are asked at a time.
const HOSTS: usize = 8;
/// How many addresses are asked at most.
const MOST: usize = 2_000;
/// After how many addresses without any answer the others on a host are not asked.
const GIVEN_UP: usize = 2;

/// How addresses are asked.
#[derive(Clone, Copy, Debug)]
pub struct Asking {
    /// Those inside a network, too: this machine, private and link-local addresses.
    pub private: bool,
    /// How long an answer may take.
    pub patience: Duration,
}

/// What became of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Something is there.
    There,
    /// Nothing is there: why.
    Dead(String),
    /// Nobody can say from here: why.
    Unreached(String),
}

/// Asks each address once; `each` is told of every one that is done.
pub fn ask<'a>(
    addresses: impl IntoIterator<Item = &'a str>,
    asking: Asking,
    each: &(dyn Fn() + Sync),
) -> BTreeMap<&'a str, Answer> {
    let mut answers: BTreeMap<&str, Answer> = BTreeMap::new();
    // What differs only in its fragment is one address.
    let mut hosts: BTreeMap<String, BTreeMap<String, Vec<&str>>> = BTreeMap::new();
    let mut wanted = 0;
    for written in addresses {
        match parse(written) {
            Ok(Asked { host, address }) => {
                let all = hosts.entry(host).or_default();
                if wanted == MOST && !all.contains_key(&address) {
                    answers.insert(written, Answer::Unreached(format!("more than {MOST} addresses are not asked")));
                    continue;
                }
                wanted += usize::from(!all.contains_key(&address));
                all.entry(address).or_default().push(written);
            }
            Err(why) => drop(answers.insert(written, Answer::Unreached(why.to_owned()))),
        }
    }
    if hosts.is_empty() {
        return answers;
    }
    let client = Client::new(asking);
    let waiting = Mutex::new(hosts.into_values());
    let found = Mutex::new(answers);
    let lock = |answer: Answer, written: &[&'a str]| {
        let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
        written.iter().for_each(|address| drop(found.insert(address, answer.clone())));
    };
    thread::scope(|scope| {
        for _ in 0..HOSTS {
            scope.spawn(|| {
                while let Some(host) = { waiting.lock().unwrap_or_else(PoisonError::into_inner).next() } {
                    let mut silent = 0;
                    for (address, written) in host {
                        let answer = if silent < GIVEN_UP { client.ask(&address) } else { Err(NOT_ASKED.to_owned()) };
                        silent = if answer.is_err() { silent + 1 } else { 0 };
                        lock(answer.unwrap_or_else(Answer::Unreached), &written);
                        each();
                    }
                }
            });
        }
    });
    found.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Why an address is not asked whose host was silent before.
const NOT_ASKED: &str = "not asked, since its host did not answer for others";
