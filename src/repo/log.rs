//! A deployment log: a file that the configuration names, in the site or beside it. What it says is the decoder's.

use std::path::Path;

use super::Obstacle;
use super::open::{Content, read_capped};

/// How long a deployment log may be.
const LOG: u64 = 256 << 20;

/// A deployment log, which stands wherever the configuration says; `shown` is how it says so. Links are not followed, as
/// for everything else that is read.
pub fn read_log(path: &Path, shown: &str) -> std::result::Result<Vec<u8>, Obstacle> {
    let refuse = |what: String, help: &str| Err(Obstacle { what, help: help.to_owned() });
    match read_capped(path, LOG) {
        Ok(Content::Bytes(bytes)) => Ok(bytes),
        Ok(Content::Gone) => refuse(
            format!("the deployment log `{shown}` is not there"),
            "put it there, or correct `deployments` in tickmark.yaml",
        ),
        Ok(Content::Link) => refuse(format!("the deployment log `{shown}` is a link"), "name the file itself"),
        Ok(Content::Special(kind)) => refuse(format!("the deployment log `{shown}` is {kind}"), "name a file"),
        Ok(Content::TooLarge { .. }) => {
            refuse(format!("the deployment log `{shown}` is longer than 256 MB"), "name one of the last years")
        }
        Err(error) => refuse(format!("the deployment log `{shown}` cannot be read: {error}"), "let this user read it"),
    }
}
