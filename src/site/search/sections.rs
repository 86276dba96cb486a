//! A public text by its sections and clauses, read from the markup of the allow-list.
//!
//! The markup is ours and well formed. What stands behind a tick belongs to the page, not to the text, and is left out.

/// A part of a text that has an anchor; the first part of a text may have none.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Section {
    /// `p` for what stands before the first heading, `h` for a section, `c` for a clause, `t` for one with a tick.
    pub(super) kind: char,
    pub(super) anchor: String,
    /// The words of the heading.
    pub(super) title: String,
    /// What stands in it and in no clause of its own.
    pub(super) text: String,
}

/// Elements without an end.
const VOID: [&str; 3] = ["br", "hr", "img"];
/// Elements that stand inside a word or sentence.
const INLINE: [&str; 8] = ["a", "code", "del", "em", "strong", "span", "sup", "b"];

/// The parts of a text, in its order.
pub(super) fn sections(html: &str) -> Vec<Section> {
    let mut reader = Reader {
        list: vec![Section { kind: 'p', ..Section::default() }],
        here: 0,
        open: Vec::new(),
        heading: false,
        beside: 0,
    };
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        reader.words(&rest[..at]);
        let end = rest[at..].find('>').map_or(rest.len(), |end| at + end);
        reader.tag(&rest[at + 1..end]);
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    reader.words(rest);
    reader.list
}

struct Reader<'h> {
    list: Vec<Section>,
    /// The part that words belong to.
    here: usize,
    /// Elements that are open, each with the part to go back to behind it.
    open: Vec<(&'h str, Option<usize>)>,
    /// Words are those of a heading.
    heading: bool,
    /// How many elements are open of what stands behind a tick.
    beside: usize,
}

impl<'h> Reader<'h> {
    fn words(&mut self, text: &str) {
        if self.beside > 0 || text.is_empty() {
            return;
        }
        let section = &mut self.list[self.here];
        let out = if self.heading { &mut section.title } else { &mut section.text };
        let mut rest = text;
        while let Some(at) = rest.find('&') {
            out.push_str(&rest[..at]);
            let sign = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&#39;", '\'')];
            let found = sign.iter().find(|(name, _)| rest[at..].starts_with(name));
            out.push(found.map_or('&', |(_, sign)| *sign));
            rest = &rest[at + found.map_or(1, |(name, _)| name.len())..];
        }
        out.push_str(rest);
    }

    fn tag(&mut self, tag: &'h str) {
        let name = tag.trim_start_matches('/').split([' ', '\n']).next().unwrap_or_default();
        if !INLINE.contains(&name) {
            self.words(" ");
        }
        if VOID.contains(&name) {
            return;
        }
        if tag.starts_with('/') {
            return self.close(name);
        }
        let back = self.open(name, tag);
        self.open.push((name, back));
    }

    /// The part to go back to behind this element, if it is one of its own.
    fn open(&mut self, name: &str, tag: &str) -> Option<usize> {
        if self.beside > 0 || (name == "details" && value(tag, "class") == Some("v")) {
            self.beside += 1;
            if self.beside == 1 && self.list[self.here].kind == 'c' {
                self.list[self.here].kind = 't';
            }
            return None;
        }
        let id = value(tag, "id");
        if matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6") {
            self.heading = true;
            self.here = self.list.len();
            self.list.push(Section { kind: 'h', anchor: plain(id.unwrap_or_default()), ..Section::default() });
            return None;
        }
        let id = id.filter(|_| value(tag, "class") == Some("clause"))?;
        let back = self.here;
        self.here = self.list.len();
        self.list.push(Section { kind: 'c', anchor: plain(id), ..Section::default() });
        Some(back)
    }

    fn close(&mut self, name: &str) {
        if self.beside > 0 {
            self.beside -= 1;
        }
        if name.len() == 2 && name.starts_with('h') && name != "hr" {
            self.heading = false;
            let title = &mut self.list[self.here].title;
            title.truncate(title.trim_end().len());
        }
        if let Some((_, Some(back))) = self.open.pop() {
            self.here = back;
        }
    }
}

/// The value of an attribute of a tag.
fn value<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next()
}

fn plain(value: &str) -> String {
    value.replace("&quot;", "\"").replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}
