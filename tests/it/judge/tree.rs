//! Documents as trees that can be taken apart and written down again.

use std::fmt::Write as _;

use tickmark::diag::Sink;
use tickmark::source::FileId;
use tickmark::yaml::{self, Node, Value};

/// A value, without its places.
#[derive(Clone, Debug)]
pub(crate) enum Tree {
    Null,
    Text(String),
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
}

/// The documents of a text.
pub(crate) fn parse(text: &str) -> Vec<Tree> {
    let mut sink = Sink::new();
    let trees = yaml::parse(text, 0, FileId(0), &mut sink).iter().map(|d| tree(&d.root)).collect();
    assert!(sink.is_empty(), "the text is well-formed: {:?}", sink.into_sorted());
    trees
}

fn tree(node: &Node<'_>) -> Tree {
    match &node.value {
        Value::Scalar(s) => Tree::Text(s.text.to_string()),
        Value::List(items) => Tree::List(items.iter().map(tree).collect()),
        Value::Map(entries) => Tree::Map(entries.iter().map(|e| (e.key.text.to_string(), tree(&e.value))).collect()),
        Value::Null | Value::Broken => Tree::Null,
    }
}

/// A step into a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Key(String),
    Item(usize),
}

/// How `approvals.by` is written, whichever approval it is.
pub(crate) fn written(path: &[Step]) -> String {
    let keys: Vec<&str> =
        path.iter().filter_map(|s| if let Step::Key(key) = s { Some(key.as_str()) } else { None }).collect();
    keys.join(".")
}

impl Tree {
    /// What stands at a key.
    pub(crate) fn get(&self, key: &str) -> Option<&Tree> {
        match self {
            Self::Map(entries) => entries.iter().find(|(k, _)| k == key).map(|(_, v)| v),
            _ => None,
        }
    }

    /// The text at a key.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        match self.get(key) {
            Some(Self::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The items of a list.
    pub(crate) fn items(&self) -> impl Iterator<Item = &Tree> {
        let items = if let Self::List(items) = self { items.as_slice() } else { &[] };
        items.iter()
    }

    pub(crate) fn step(&self, step: &Step) -> &Tree {
        match (self, step) {
            (Self::Map(_), Step::Key(key)) => self.get(key).expect("the path is the tree's own"),
            (Self::List(items), Step::Item(index)) => &items[*index],
            _ => panic!("the path is the tree's own"),
        }
    }

    fn step_mut(&mut self, step: &Step) -> &mut Tree {
        match (self, step) {
            (Self::Map(entries), Step::Key(key)) => {
                &mut entries.iter_mut().find(|(k, _)| k == key).expect("the path is the tree's own").1
            }
            (Self::List(items), Step::Item(index)) => &mut items[*index],
            _ => panic!("the path is the tree's own"),
        }
    }

    /// The paths of all keys.
    pub(crate) fn keys(&self) -> Vec<Vec<Step>> {
        let mut paths = Vec::new();
        self.collect(&mut Vec::new(), &mut paths);
        paths
    }

    fn collect(&self, path: &mut Vec<Step>, paths: &mut Vec<Vec<Step>>) {
        let mut inner = |step: Step, tree: &Tree, own: bool| {
            path.push(step);
            if own {
                paths.push(path.clone());
            }
            tree.collect(path, paths);
            path.pop();
        };
        match self {
            Self::Map(entries) => entries.iter().for_each(|(key, tree)| inner(Step::Key(key.clone()), tree, true)),
            Self::List(items) => {
                items.iter().enumerate().for_each(|(index, tree)| inner(Step::Item(index), tree, false));
            }
            Self::Null | Self::Text(_) => {}
        }
    }

    /// Without what stands at a path.
    pub(crate) fn without(&self, path: &[Step]) -> Self {
        self.edited(path, |parent, step| match (parent, step) {
            (Self::Map(entries), Step::Key(key)) => entries.retain(|(k, _)| k != key),
            (Self::List(items), Step::Item(index)) => {
                items.remove(*index);
            }
            _ => panic!("the path is the tree's own"),
        })
    }

    /// With the last key of a path misspelt.
    pub(crate) fn misspelt(&self, path: &[Step]) -> Self {
        self.edited(path, |parent, step| {
            if let (Self::Map(entries), Step::Key(key)) = (parent, step) {
                for (k, _) in entries.iter_mut().filter(|(k, _)| k == key) {
                    k.push('x');
                }
            }
        })
    }

    /// With a value at a path, in place of what stands there or beside it.
    pub(crate) fn with(&self, path: &[Step], value: Tree) -> Self {
        self.edited(path, |parent, step| match (parent, step) {
            (Self::Map(entries), Step::Key(key)) => match entries.iter_mut().find(|(k, _)| k == key) {
                Some((_, old)) => *old = value,
                None => entries.push((key.clone(), value)),
            },
            (Self::List(items), Step::Item(index)) => items[*index] = value,
            _ => panic!("the path is the tree's own"),
        })
    }

    fn edited(&self, path: &[Step], edit: impl FnOnce(&mut Tree, &Step)) -> Self {
        let mut whole = self.clone();
        let (last, before) = path.split_last().expect("a path has a step");
        edit(before.iter().fold(&mut whole, |tree, step| tree.step_mut(step)), last);
        whole
    }

    /// Its entries in another order, by a source of numbers.
    pub(crate) fn shuffle(&mut self, next: &mut impl FnMut(usize) -> usize) {
        match self {
            Self::Map(entries) => {
                for i in (1..entries.len()).rev() {
                    entries.swap(i, next(i + 1));
                }
                for (_, tree) in entries {
                    tree.shuffle(next);
                }
            }
            Self::List(items) => items.iter_mut().for_each(|tree| tree.shuffle(next)),
            Self::Null | Self::Text(_) => {}
        }
    }

    /// As YAML on one line.
    pub(crate) fn write(&self) -> String {
        let mut text = String::new();
        self.write_to(&mut text);
        text.push('\n');
        text
    }

    fn write_to(&self, text: &mut String) {
        match self {
            Self::Null => text.push_str("null"),
            Self::Text(value) => {
                let _ = write!(text, "{}", serde_json::Value::from(value.as_str()));
            }
            Self::List(items) => {
                text.push('[');
                for item in items {
                    item.write_to(text);
                    text.push_str(", ");
                }
                text.push(']');
            }
            Self::Map(entries) => {
                text.push('{');
                for (key, value) in entries {
                    let _ = write!(text, "{key}: ");
                    value.write_to(text);
                    text.push_str(", ");
                }
                text.push('}');
            }
        }
    }
}
