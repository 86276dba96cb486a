//! A page of sections that ends before a host's limit, and says what is left out.

/// How long a page is at most, in bytes: hosts allow 65,536 characters. The rest is for what the workflow adds.
const LONGEST: usize = 64_000;
/// What the last lines of a page may take.
const LAST: usize = 300;
/// How many items of a section stand open.
const OPEN: usize = 5;

/// A list under a few words.
pub(in crate::report) struct Section {
    /// Lines before the list; a summary where it is folded.
    pub(in crate::report) head: String,
    /// One line each.
    pub(in crate::report) items: Vec<String>,
    /// The whole list is folded away.
    pub(in crate::report) folded: bool,
}

impl Section {
    /// A list that is folded away under its summary.
    pub(in crate::report) fn folded(summary: &str, items: Vec<String>) -> Self {
        Self { head: summary.to_owned(), items, folded: true }
    }
}

/// A page on its way.
pub(in crate::report) struct Page {
    text: String,
    heading: String,
    left_out: usize,
}

impl Page {
    pub(in crate::report) fn new(head: String) -> Self {
        Self { text: head, heading: String::new(), left_out: 0 }
    }

    /// A heading over the sections that follow; it is written with the first of them.
    pub(in crate::report) fn heading(&mut self, text: &str) {
        self.heading = format!("\n### {text}\n");
    }

    /// Adds a section, or as much of it as fits.
    pub(in crate::report) fn section(&mut self, section: Section) {
        const CLOSE: &str = "\n</details>\n";
        let Section { head, items, folded } = section;
        if items.is_empty() {
            return;
        }
        let open = if folded { 0 } else { OPEN };
        let mut folds = false;
        for (n, item) in items.iter().enumerate() {
            let mut line = format!("- {item}\n");
            if n == open && (folded || items.len() > open) {
                let summary = if folded { head.clone() } else { format!("{} more", items.len() - open) };
                line = format!("\n<details><summary>{summary}</summary>\n\n{line}");
            }
            if n == 0 && !folded {
                line = format!("{}\n{head}\n{line}", self.heading);
            }
            if self.text.len() + line.len() + CLOSE.len() + LAST > LONGEST {
                self.left_out += items.len() - n;
                break;
            }
            self.heading.clear();
            folds |= n == open;
            self.text += &line;
        }
        if folds {
            self.text += CLOSE;
        }
    }

    pub(in crate::report) fn finish(mut self) -> String {
        if self.left_out > 0 {
            let lines = if self.left_out == 1 { "line is" } else { "lines are" };
            self.text += &format!(
                "\n**{} {lines} left out here, because a comment is no longer than 65,536 characters.** `tickmark check` \
                 shows all of them.\n",
                self.left_out
            );
        }
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(items: usize, length: usize) -> Section {
        Section { head: "Head\n".to_owned(), items: vec!["x".repeat(length); items], folded: false }
    }

    #[test]
    fn long_lists_are_folded_and_closed() {
        let mut page = Page::new(String::new());
        page.section(section(7, 1));
        page.section(section(OPEN, 1));
        page.section(Section::folded("3 notes", vec!["x".to_owned(); 3]));
        page.section(Section::folded("none", Vec::new()));
        let text = page.finish();
        assert_eq!(text.matches("<details>").count(), 2);
        assert_eq!(text.matches("</details>").count(), 2);
        assert!(text.contains("<summary>2 more</summary>\n\n- x\n- x\n\n</details>"));
        assert!(!text.contains("left out") && !text.contains("none"));
    }

    #[test]
    fn a_page_ends_before_the_limit_and_counts_what_is_left_out() {
        let mut page = Page::new(String::new());
        page.heading("First");
        page.section(section(3, 100));
        page.section(section(3_000, 100));
        page.heading("Second");
        page.section(section(2, 100));
        let text = page.finish();
        let shown = text.matches("- x").count();
        assert!(text.len() <= LONGEST && text.len() > LONGEST - 1_000, "{}", text.len());
        assert!(text.contains(&format!("**{} lines are left out", 3_005 - shown)));
        assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
        assert!(text.contains("### First") && !text.contains("### Second"));
    }
}
