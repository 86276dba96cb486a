//! What the public site may say: nothing internal in any byte or name of it, and no trace that something internal is
//! there. Every check here has a proof that it can fail.

mod canary;
mod documents;
mod interference;
mod planted;
mod search;
mod site;
mod strangers;
mod trust;
mod types;
