//! The search index of the public site: small files that a script on the search page reads as it needs them.
//!
//! Made from `Public*` values alone. What can be found is an entry: a page, a section of it, a clause. Words lie in
//! shards, in their order, each with the entries that hold it; a query reads the one or two shards its words are in, and
//! then the few blocks of entries that it found. Texts are not in it: the page itself is asked for the passage that is
//! shown. The same pages give the same bytes, and a folder named after them, so that no cache mixes two indexes.
//!
//! Numbers are letters (`number`) and what stands in a line cannot be read as a word of the site: the leak gate
//! searches these files like any other.

mod lists;
mod sections;
mod words;

use std::collections::BTreeMap;

use super::digest;
use crate::disclose::public::{
    PublicHome, PublicLink, PublicListed, PublicPage, PublicPolicy, PublicSearch, PublicTable,
};
use sections::{Section, sections};
use words::{of_control, of_text};

/// About how long a shard of words is, in bytes.
const SHARD: usize = 40_000;
/// How many entries a block has, at least: documents are not parted.
const BLOCK: usize = 250;
/// Up to how many headings the page lists them all; a larger site's lists its pages.
const LISTED: usize = 1500;
/// From how many entries on a short word that most of them have is no help.
const MANY: usize = 64;

/// Something that can be found, and its words.
#[derive(Debug, Default)]
struct Entry {
    /// What it is: `p` a page, `h` a section, `c` a clause, `t` one with a tick.
    kind: char,
    /// Where on its page.
    anchor: String,
    /// Its heading; blank for a clause, which stands under one.
    title: String,
    /// Its words, sorted, each with whether it stands in its heading.
    words: Vec<(String, bool)>,
}

/// A page and what can be found on it.
#[derive(Debug)]
pub struct Searched {
    href: String,
    title: String,
    entries: Vec<Entry>,
}

/// The index, ready to be written.
#[derive(Debug, Default)]
pub struct SearchIndex {
    /// Its files: paths below the public root, and what is in them.
    pub files: Vec<(String, String)>,
    /// The folder they stand in, from the search page on.
    folder: String,
    /// The pages, for the list that needs no script.
    pages: Vec<PublicListed>,
}

impl Searched {
    /// A policy.
    pub fn policy(page: &PublicPolicy) -> Self {
        let about =
            [page.summary.as_deref(), page.owner.as_deref(), Some(page.id.as_str()), Some(page.version.as_str())];
        let mut found = Self::new(&page.href, &page.title, &about.map(Option::unwrap_or_default).join(" "));
        found.text(&page.body.0);
        for change_type in &page.types {
            let text = [change_type.summary.as_deref().unwrap_or_default(), &change_type.examples.join(" ")].join(" ");
            found.entries[0].words.extend(of_text(&format!("{} {text}", change_type.title), false));
        }
        if !page.implements.is_empty() {
            let names: Vec<String> = page.implements.iter().map(|c| format!("{} {}", c.framework, c.control)).collect();
            let words = page.implements.iter().flat_map(|c| of_control(&c.framework, &c.control)).collect();
            found.entries.push(Entry { kind: 'h', anchor: "page-implements".into(), title: names.join(", "), words });
        }
        found
    }

    /// A page of `content/`.
    pub fn page(page: &PublicPage) -> Self {
        let mut found = Self::new(&page.href, &page.title, page.summary.as_deref().unwrap_or_default());
        found.text(&page.body.0);
        page.tables.iter().for_each(|table| found.table(table));
        found
    }

    /// The home page.
    pub fn home(page: &PublicHome) -> Self {
        let mut found = Self::new("", &page.title, &page.lede);
        found.text(&page.body.0);
        page.tables.iter().for_each(|table| found.table(table));
        found
    }

    fn new(href: &str, title: &str, about: &str) -> Self {
        let mut words = of_text(title, true);
        words.extend(of_text(about, false));
        let page = Entry { kind: 'p', title: title.to_owned(), words, ..Entry::default() };
        Self { href: href.to_owned(), title: title.to_owned(), entries: vec![page] }
    }

    fn text(&mut self, html: &str) {
        for Section { kind, anchor, title, text } in sections(html) {
            let mut words = of_text(&title, true);
            words.extend(of_text(&text, false));
            if kind == 'p' {
                self.entries[0].words.extend(words);
            } else {
                self.entries.push(Entry { kind, anchor, title, words });
            }
        }
    }

    fn table(&mut self, table: &PublicTable) {
        let cells: Vec<&str> = table.rows.iter().flatten().map(|cell| cell.text.as_str()).collect();
        let mut words = of_text(&table.title, true);
        words.extend(of_text(&cells.join(" "), false));
        self.entries.push(Entry { kind: 'h', anchor: table.id.clone(), title: table.title.clone(), words });
    }
}

/// Where a word is: in the text of entries, and in their headings.
#[derive(Default)]
struct Places {
    text: Vec<usize>,
    heading: Vec<usize>,
}

impl SearchIndex {
    /// Of these pages, in this order.
    pub fn new(pages: Vec<Searched>, language: &str) -> Self {
        let listed = listed(&pages);
        let mut places: BTreeMap<String, Places> = BTreeMap::new();
        let (mut blocks, mut starts) = (vec![String::new()], vec![0]);
        let mut number = 0;
        for page in pages {
            if number - starts.last().copied().unwrap_or(0) >= BLOCK {
                starts.push(number);
                blocks.push(String::new());
            }
            let block = blocks.last_mut().expect("the first block is there from the start");
            block.push_str(&format!("={}\t{}\n", page.href, one_line(&page.title)));
            for (at, mut entry) in page.entries.into_iter().enumerate() {
                if at > 0 {
                    block.push_str(&line(&entry));
                }
                entry.words.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
                entry.words.dedup_by(|later, first| later.0 == first.0);
                for (word, heading) in entry.words {
                    let places = places.entry(word).or_default();
                    if heading { places.heading.push(number) } else { places.text.push(number) }
                }
                number += 1;
            }
        }
        places.iter_mut().for_each(|(word, places)| thin_out(word, places, number, language));
        places.retain(|_, places| !places.text.is_empty() || !places.heading.is_empty());
        let (shards, firsts) = shards(&places);
        Self::of_parts(number, &blocks, &starts, &shards, &firsts, listed)
    }

    fn of_parts(
        entries: usize,
        blocks: &[String],
        starts: &[usize],
        shards: &[String],
        firsts: &[String],
        pages: Vec<PublicListed>,
    ) -> Self {
        let head = serde_json::json!({"version": 1, "entries": entries, "blocks": starts, "words": firsts}).to_string();
        let all = [&[head.clone()][..], blocks, shards].concat().concat();
        let folder = digest(all.as_bytes())[..5].iter().map(|b| format!("{b:02x}")).collect::<String>();
        let named = |kind: &str, n: usize| format!("search/{folder}/{kind}-{n}.txt");
        let mut files = vec![(format!("search/{folder}/index.json"), head)];
        files.extend(blocks.iter().enumerate().map(|(n, text)| (named("entries", n), text.clone())));
        files.extend(shards.iter().enumerate().map(|(n, text)| (named("words", n), text.clone())));
        Self { files, folder, pages }
    }

    /// The search page.
    pub fn page(self) -> PublicSearch {
        PublicSearch { folder: format!("{}/", self.folder), pages: self.pages }
    }
}

/// A line of a block. Where the anchor is the heading's words, as it mostly is, it is left out.
fn line(entry: &Entry) -> String {
    let title = one_line(&entry.title);
    if crate::markdown::slug(&title) == entry.anchor {
        return format!("{}{title}\n", entry.kind);
    }
    format!("{}{title}\t{}\n", entry.kind, entry.anchor)
}

fn one_line(text: &str) -> String {
    // What is no character of a text is none of a line: a reference such as `&#1;` may stand in a title.
    let text = text.replace(|c: char| c.is_control() && !c.is_whitespace(), "\u{fffd}");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The pages and, unless there are too many, their headings.
fn listed(pages: &[Searched]) -> Vec<PublicListed> {
    let is_heading = |entry: &&Entry| entry.kind == 'h' && !entry.anchor.starts_with("page-");
    let count: usize = pages.iter().map(|page| page.entries.iter().filter(is_heading).count()).sum();
    let whole = count <= LISTED;
    let of_page = |page: &Searched| PublicListed {
        title: page.title.clone(),
        href: if page.href.is_empty() { ".".to_owned() } else { page.href.clone() },
        headings: page
            .entries
            .iter()
            .filter(|entry| whole && is_heading(entry))
            .map(|entry| PublicLink {
                label: entry.title.clone(),
                href: format!("{}#{}", if page.href.is_empty() { "./" } else { &page.href }, entry.anchor),
            })
            .collect(),
    };
    pages.iter().map(of_page).collect()
}

/// Forgets where in texts a word is that stands nearly everywhere: headings are all it can tell apart.
fn thin_out(word: &str, places: &mut Places, entries: usize, language: &str) {
    let everywhere = entries >= MANY && word.chars().count() <= 4 && places.text.len() * 5 > entries * 2;
    if everywhere || words::is_filler(word, language) {
        places.text.clear();
    }
}

/// The words in their order, in shards, and the first word of each. A line is how many letters a word has in common with
/// the one before it, the rest of it, and its entries.
fn shards(places: &BTreeMap<String, Places>) -> (Vec<String>, Vec<String>) {
    let (mut shards, mut firsts): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let mut before = "";
    for (word, places) in places {
        if shards.last().is_none_or(|shard| shard.len() >= SHARD) {
            shards.push(String::new());
            // Behind a letter, as in its shard, so that two of them are no title.
            firsts.push(format!("A{word}"));
            before = "";
        }
        let shared = word.char_indices().zip(before.chars()).take_while(|((_, a), b)| a == b).count().min(25);
        let rest: String = word.chars().skip(shared).collect();
        let shard = shards.last_mut().expect("a shard was begun above where there was none");
        shard.push(char::from(b'A' + shared as u8));
        shard.push_str(&format!("{rest}={}", numbers(&places.text)));
        if !places.heading.is_empty() {
            shard.push_str(&format!("~{}", numbers(&places.heading)));
        }
        shard.push('\n');
        before = word;
    }
    (shards, firsts)
}

/// Growing numbers as letters: how far each is from the one before, and a space now and then, so that nothing in it is as
/// long as a key or a token.
fn numbers(list: &[usize]) -> String {
    let (mut out, mut run) = (String::with_capacity(list.len() * 2), String::new());
    let mut next = 0;
    for number in list {
        let mut gap = number - next;
        next = number + 1;
        while gap >= 26 {
            run.push(char::from(b'A' + (gap % 26) as u8));
            gap /= 26;
        }
        run.push(char::from(b'a' + gap as u8));
        if run.len() >= 14 {
            out.push_str(&run);
            out.push(' ');
            run.clear();
        }
    }
    out.push_str(&run);
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests;
