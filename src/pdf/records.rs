//! The appendix of a quarterly report: the records behind each number, as many as paper has room for.
//!
//! Invariant: what is left out is counted, and the place that holds it is named. Counts nothing itself.

use crate::markdown::{Block, Inline, Row, Table};
use crate::report::pages::Group;

/// How many records of one number are named.
const EACH: usize = 24;
/// How many are named in all.
const ALL: usize = 2400;

/// The name of a number's records in the appendix. A space is in no anchor of a text.
pub(super) fn anchor(group: &str) -> String {
    format!("records {group}")
}

/// The records behind the numbers of a quarter's report.
pub(super) fn appendix(quarter: &str, groups: &[Group]) -> Vec<Block> {
    let mut left = ALL;
    let rows = groups.iter().filter(|group| is_named(group)).map(|group| row(group, &mut left)).collect();
    let intro = vec![
        Inline::text(format!(
            "Behind each number stand the records that it counts. At most {EACH} of one number are named here, and {ALL} in all; \
             a row says how many it leaves out, and those that kept a rule, or were asked to, are not named. All of them \
             stand in the internal site in "
        )),
        Inline::Code(format!("reports/{quarter}/records/")),
        Inline::text(", and beside this file in "),
        Inline::Code("report.json".to_owned()),
        Inline::text(" and "),
        Inline::Code("changes.xlsx".to_owned()),
        Inline::text("."),
    ];
    let head = ["Number", "Records", "Which"].map(|words| vec![Inline::text(words)]).to_vec();
    vec![
        Block::words(intro),
        Block::Table(Table { numbers: vec![false, false, false], widths: vec![6, 3, 13], head, rows }),
    ]
}

/// What every rule was kept by fills pages, and nobody looks for it on paper.
fn is_named(group: &Group) -> bool {
    !["kept-", "asked-"].iter().any(|kind| group.id.starts_with(kind))
}

fn row(group: &Group, left: &mut usize) -> Row {
    let ids = group.records.iter().map(|record| &*record.id).chain(group.ids.iter().map(|id| &**id));
    let ids: Vec<&str> = ids.collect();
    let shown = ids.len().min(EACH).min(*left);
    *left -= shown;
    let mut which = Vec::new();
    if let Some(base) = &group.base {
        let target = base.href.as_deref().and_then(|href| href.strip_prefix('#')).unwrap_or_default();
        let name = vec![Inline::text(base.text.clone())];
        which.extend([
            Inline::text("those of “"),
            Inline::Link(format!("#{}", anchor(target)), name),
            Inline::text(if ids.is_empty() { "”" } else { "” without " }),
        ]);
    }
    let more = match ids.len() - shown {
        0 => String::new(),
        n if shown == 0 => format!("{n} left out here"),
        n => format!(" and {n} more"),
    };
    which.push(Inline::text(format!("{}{more}", ids[..shown].join(", "))));
    let cells = vec![vec![Inline::text(group.title.clone())], vec![Inline::text(group.count.clone())], which];
    Row { anchor: Some(anchor(&group.id)), tick: None, cells }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::pages::{GroupRecord, Link};

    fn group(id: &str, records: usize) -> Group {
        let record = |n| GroupRecord { id: format!("CHG-{n}"), ..GroupRecord::default() };
        Group {
            id: id.to_owned(),
            title: id.to_owned(),
            records: (0..records).map(record).collect(),
            ..Group::default()
        }
    }

    fn which(row: &Row) -> String {
        let words = row.cells[2].iter().map(|word| match word {
            Inline::Text(text) => text.clone(),
            Inline::Link(target, _) => format!("[{target}]"),
            other => format!("{other:?}"),
        });
        words.collect()
    }

    #[test]
    fn what_is_left_out_is_counted() {
        let mut left = 30;
        assert_eq!(which(&row(&group("a", 2), &mut left)), "CHG-0, CHG-1");
        let many = which(&row(&group("b", EACH + 3), &mut left));
        assert!(many.starts_with("CHG-0, ") && many.ends_with("CHG-23 and 3 more"), "{many}");
        assert_eq!(which(&row(&group("c", 9), &mut left)), "CHG-0, CHG-1, CHG-2, CHG-3 and 5 more");
        assert_eq!((which(&row(&group("d", 2), &mut left)), left), ("2 left out here".to_owned(), 0));
    }

    #[test]
    fn what_is_nearly_another_number_says_so() {
        let base = Link { text: "All changes".to_owned(), href: Some("#changes".to_owned()) };
        let of = |records| Group { base: Some(base.clone()), ..group("kept", records) };
        assert_eq!(which(&row(&of(1), &mut 9)), "those of “[#records changes]” without CHG-0");
        assert_eq!(which(&row(&of(0), &mut 9)), "those of “[#records changes]”");
    }
}
