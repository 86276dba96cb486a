//! Any table: a mapping file says which column holds what.

use super::desk::Desk;
use super::{look, nothing_known};
use crate::source::FileId;
use crate::yaml::Node;

/// What a table never says.
pub(super) const NEVER: &str = "anything for which the mapping file names no column";

/// Drafts a record for each row.
pub(super) fn draft(trees: &[(FileId, Vec<Node<'_>>)], desk: &mut Desk<'_>) {
    let column = desk.wanted.mapping.fields.iter().find(|pair| pair.field == "id").map(|pair| pair.text.as_str());
    for (file, rows) in trees {
        for row in rows {
            let Some((number, at)) = column.and_then(|column| look::text(row, column)) else {
                let column = column.unwrap_or("id");
                nothing_known(desk, *file, row, &format!("a row with an id, in the column `{column}`,"));
                return;
            };
            let id = desk.wanted.prefix.map_or_else(|| number.to_owned(), |prefix| format!("{prefix}-{number}"));
            let Some(mut draft) = desk.draft(*file, &id, at) else { return };
            let when = desk_time(draft.desk);
            draft.put("requested_at", when.and_then(|column| look::text(row, column)));
            draft.origin(number, None, None);
            draft.mapped(|column| look::text(row, column));
            draft.unread(row, &[]);
            draft.finish();
        }
    }
}

/// The column that says when changes were asked for.
fn desk_time<'w>(desk: &Desk<'w>) -> Option<&'w str> {
    desk.wanted.mapping.fields.iter().find(|pair| pair.field == "requested_at").map(|pair| pair.text.as_str())
}
