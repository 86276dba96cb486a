//! A page of cases: its fenced blocks, and the site each record is judged in.

/// A fenced block: its text, and the line of the page before its first.
#[derive(Clone, Debug, Default)]
pub(super) struct Block {
    pub(super) line: i64,
    pub(super) text: String,
}

/// A record and what it is judged in.
#[derive(Clone, Debug, Default)]
pub(super) struct Case {
    pub(super) heading: String,
    pub(super) site: Option<Block>,
    pub(super) people: Option<Block>,
    pub(super) policy: Option<Block>,
    /// The policy's own text.
    pub(super) text: Option<Block>,
    pub(super) waivers: Vec<Block>,
    pub(super) record: Block,
}

/// All cases of a page. A policy, people or a site stand until the next; waivers until the next heading.
pub(super) fn cases(page: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut scene = Case::default();
    let mut open: Option<(&str, Block)> = None;
    for (index, line) in page.lines().enumerate() {
        let fence = line.strip_prefix("```");
        match (&mut open, fence) {
            (None, Some(info)) => open = Some((info, Block { line: i64::from(index as u32) + 1, text: String::new() })),
            (None, None) => {
                if line.starts_with('#') {
                    line.trim_start_matches('#').trim().clone_into(&mut scene.heading);
                    scene.waivers.clear();
                }
            }
            (Some((_, block)), None) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (Some(_), Some(_)) => {
                let (info, block) = open.take().expect("just matched");
                match info {
                    "yaml site" => scene.site = Some(block),
                    "yaml people" => scene.people = Some(block),
                    "yaml policy" => {
                        scene.policy = Some(block);
                        scene.text = None;
                    }
                    "markdown policy" => scene.text = Some(block),
                    "yaml waiver" => scene.waivers.push(block),
                    "yaml record" => cases.push(Case { record: block, ..scene.clone() }),
                    _ => {}
                }
            }
        }
    }
    assert!(open.is_none(), "a block of the page never ends");
    cases
}
