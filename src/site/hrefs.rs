//! Which places finished pages have and which they link to, gathered as the pages are made.
//!
//! Of a page nothing is kept but hashes, eight bytes for each place and each link that was not seen before, so that a
//! hundred thousand pages are checked in passing. What leads nowhere is known once all pages are there; only then, and
//! only where something does, is a page read again to say which of its links it is ([`Dead::of`]). Pages are ours: every
//! `<` begins a tag, and every value stands in double quotes. Knows nothing of what a page was made from.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use memchr::memmem;

/// What was gathered so far, from any number of threads.
#[derive(Debug)]
pub struct Hrefs {
    /// The path of the site on its host, which links from the root begin with; nothing where no link may.
    base: Option<String>,
    wanted: Mutex<Hashes>,
    anchors: Mutex<Hashes>,
}

/// Hashes, most of them once: sorted and thinned out whenever they have doubled.
#[derive(Debug, Default)]
struct Hashes {
    list: Vec<u64>,
    thinned: usize,
}

impl Hashes {
    fn add(&mut self, more: &[u64]) {
        self.list.extend_from_slice(more);
        if self.list.len() > (2 * self.thinned).max(1 << 16) {
            self.thin();
        }
    }

    fn thin(&mut self) {
        self.list.sort_unstable();
        self.list.dedup();
        self.thinned = self.list.len();
    }
}

/// Links that lead nowhere, as hashes of where they lead.
#[derive(Debug)]
pub struct Dead {
    base: Option<String>,
    list: Vec<u64>,
}

impl Hrefs {
    /// For a tree of which pages are asked for below `base`, as `/` or `/trust/`; nothing for one that is opened from a
    /// disk.
    pub fn new(base: Option<&str>) -> Self {
        Self { base: base.map(str::to_owned), wanted: Mutex::default(), anchors: Mutex::default() }
    }

    /// Looks through a finished page.
    pub fn add(&self, path: &str, html: &str) {
        let page = identity(path);
        let anchors = anchors(page, html);
        let mut wanted = Vec::new();
        each_link(path, html, self.base.as_deref(), |hashes, _| {
            wanted.extend(hashes.into_iter().flatten().filter(|hash| anchors.binary_search(hash).is_err()));
        });
        wanted.sort_unstable();
        wanted.dedup();
        lock(&self.wanted).add(&wanted);
        lock(&self.anchors).add(&anchors);
    }

    /// Takes note of the anchors of a page that is not ours, and of nothing else in it.
    pub fn add_foreign(&self, path: &str, html: &str) {
        lock(&self.anchors).add(&anchors(identity(path), html));
    }

    /// What leads nowhere, where these are all the files there are. What was gathered is gone with it.
    pub fn dead<'p>(&self, files: impl Iterator<Item = &'p str>) -> Dead {
        let mut there = std::mem::take(&mut *lock(&self.anchors)).list;
        there.extend(files.map(|path| hash(identity(path), "")));
        there.sort_unstable();
        let mut wanted = std::mem::take(&mut *lock(&self.wanted));
        wanted.thin();
        wanted.list.retain(|hash| there.binary_search(hash).is_err());
        Dead { base: self.base.clone(), list: wanted.list }
    }
}

fn lock(hashes: &Mutex<Hashes>) -> std::sync::MutexGuard<'_, Hashes> {
    hashes.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Dead {
    /// Whether every link leads somewhere.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The links of a page that lead nowhere, as they are written, each once.
    pub fn of(&self, path: &str, html: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        each_link(path, html, self.base.as_deref(), |hashes, href| {
            if hashes.into_iter().flatten().any(|hash| self.list.binary_search(&hash).is_ok()) {
                found.insert(href.to_owned());
            }
        });
        found
    }
}

/// A page by its address: what it is asked for by, without slashes at its ends and `index.html`.
fn identity(path: &str) -> &str {
    let path = path.strip_suffix("index.html").unwrap_or(path);
    path.strip_suffix('/').unwrap_or(path)
}

/// FNV-1a of an address and an anchor.
fn hash(page: &str, anchor: &str) -> u64 {
    let part = |h: u64, text: &str| text.bytes().fold(h, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    let page = part(0xcbf2_9ce4_8422_2325, page);
    if anchor.is_empty() { page } else { part(part(page, "#"), anchor) }
}

/// The anchors of a page, in order.
fn anchors(page: &str, html: &str) -> Vec<u64> {
    let mut list: Vec<u64> = values(html, " id=\"").map(|id| hash(page, &decoded(id))).collect();
    list.sort_unstable();
    list
}

/// Calls `each` with every link of a page that stays on the site: what it asks for (a file, and a place in it), and how
/// it is written.
fn each_link(path: &str, html: &str, base: Option<&str>, mut each: impl FnMut([Option<u64>; 2], &str)) {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut place = String::new();
    for written in values(html, " href=\"").chain(values(html, " src=\"")) {
        let href = decoded(written);
        let (address, anchor) = href.split_once('#').unwrap_or((&href, ""));
        let address = address.split('?').next().unwrap_or(address);
        if has_scheme(address) {
            continue;
        }
        let target = if address.is_empty() {
            identity(path)
        } else {
            let (from, rest) = match (address.strip_prefix('/'), base) {
                (None, _) => (folder, address),
                // Elsewhere on the host is somebody else's.
                (Some(_), Some(base)) => match address.strip_prefix(base) {
                    Some(rest) => ("", rest),
                    None => continue,
                },
                (Some(_), None) => ("", address),
            };
            if !join(from, rest, &mut place) {
                // It leaves the site, or asks the disk for its root: no file has such a name.
                place.clear();
                place.push_str("..");
            }
            identity(&place)
        };
        let inside = !anchor.is_empty() && !anchor.starts_with(":~:") && is_page(address);
        each([Some(hash(target, "")), inside.then(|| hash(target, anchor))], written);
    }
}

/// Whether an address is one of a page: only there are anchors known.
fn is_page(address: &str) -> bool {
    let name = address.rsplit('/').next().unwrap_or(address);
    !name.contains('.') || name.ends_with(".html")
}

fn has_scheme(address: &str) -> bool {
    address.starts_with("//") || address.split(['/', '.']).next().is_some_and(|start| start.contains(':'))
}

/// A path from a folder, without `.` and `..`; false where it leaves the site.
fn join(folder: &str, path: &str, out: &mut String) -> bool {
    out.clear();
    out.push_str(folder);
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if out.is_empty() => return false,
            ".." => out.truncate(out.rfind('/').unwrap_or(0)),
            part => {
                if !out.is_empty() {
                    out.push('/');
                }
                out.push_str(part);
            }
        }
    }
    true
}

/// The values of an attribute, wherever it stands in a tag.
fn values<'h>(html: &'h str, attribute: &'static str) -> impl Iterator<Item = &'h str> {
    let bytes = html.as_bytes();
    memmem::find_iter(bytes, attribute).filter_map(move |at| {
        // What stands outside tags has its signs escaped, and so have values.
        let opened = memchr::memrchr2(b'<', b'>', &bytes[..at]).is_some_and(|before| bytes[before] == b'<');
        let value = &html[at + attribute.len()..];
        memchr::memchr(b'"', value.as_bytes()).filter(|_| opened).map(|end| &value[..end])
    })
}

/// A value without references and percent-encoding.
fn decoded(value: &str) -> std::borrow::Cow<'_, str> {
    if !value.contains(['&', '%']) {
        return value.into();
    }
    let mut text = value.to_owned();
    for (reference, sign) in [("&quot;", "\""), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")] {
        text = text.replace(reference, sign);
    }
    crate::disclose::percent_decoded(&text).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: [&str; 4] = ["index.html", "a/index.html", "a/b/index.html", "x.pdf"];

    fn dead(base: Option<&str>, path: &str, html: &str) -> Vec<String> {
        let hrefs = Hrefs::new(base);
        hrefs.add("a/index.html", "<h1 id=\"top\">A</h1><p id=\"caf%C3%A9\">x</p>");
        hrefs.add(path, html);
        hrefs.dead(FILES.into_iter()).of(path, html).into_iter().collect()
    }

    #[test]
    fn a_link_leads_to_a_file_and_to_a_place_in_it() {
        let page = "<a href=\"./\">x</a><a href=\"../a/#top\">x</a><a class=\"c\" href=\"../a/index.html#café\">x</a>\
                    <a href=\"#own\">x</a><b id=\"own\">x</b><img src=\"../x.pdf#page=2\"><a href=\"../a?q=1\">x</a>\
                    <a href=\"mailto:a@b.example\">x</a><a href=\"https://b.example/a.b\">x</a><a href=\"..\">x</a>";
        assert_eq!(dead(Some("/"), "a/index.html", page), [""; 0]);
        let page = "<a href=\"c/\">x</a><a href=\"../#tip\">x</a><a href=\"#top\">x</a><a href=\"../../\">x</a>";
        assert_eq!(dead(Some("/"), "a/b/index.html", page), ["#top", "../#tip", "c/"]);
        assert_eq!(dead(Some("/"), "a/index.html", "<a href=\"../../a/\">x</a>"), ["../../a/"], "above the site");
    }

    #[test]
    fn links_from_the_root_begin_with_the_path_of_the_site() {
        let page = "<a href=\"/trust/a/\">x</a><a href=\"/trust/c/\">x</a><a href=\"/other/\">x</a>";
        assert_eq!(dead(Some("/trust/"), "404.html", page), ["/trust/c/"]);
        assert_eq!(dead(None, "index.html", "<a href=\"/a/\">x</a><a href=\"a/index.html\">x</a>"), [""; 0]);
    }

    #[test]
    fn what_only_looks_like_a_link_is_none() {
        let page = "<pre>&lt;a href=\"c/\"&gt; and id=\"x\"</pre><p title=\"a href=&quot;c/&quot;\"> href=\"d/\" </p>";
        assert_eq!(dead(Some("/"), "index.html", page), [""; 0]);
    }
}
