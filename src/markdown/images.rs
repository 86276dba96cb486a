//! An image while it is open: what is inside it is its alternative text, without marks.

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

/// An image that is open.
pub(super) struct Image<'t> {
    pub(super) target: CowStr<'t>,
    pub(super) title: CowStr<'t>,
    pub(super) alt: String,
    depth: u32,
}

impl<'t> Image<'t> {
    /// An image without words yet.
    pub(super) fn new(target: CowStr<'t>, title: CowStr<'t>) -> Self {
        Self { target, title, alt: String::new(), depth: 0 }
    }

    /// Takes an event that is inside the image; false at the image's own end.
    pub(super) fn takes(&mut self, event: &Event<'t>) -> bool {
        match event {
            Event::Text(words) | Event::Code(words) => self.alt.push_str(words),
            Event::InlineHtml(html) if !html.starts_with("<!--") => self.alt.push_str(html),
            Event::SoftBreak | Event::HardBreak => self.alt.push(' '),
            Event::Start(Tag::Image { .. }) => self.depth += 1,
            Event::End(TagEnd::Image) => match self.depth.checked_sub(1) {
                Some(depth) => self.depth = depth,
                None => return false,
            },
            _ => {}
        }
        true
    }
}
