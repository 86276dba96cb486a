//! Which block of the one text is which block of the other.
//!
//! In this order: what is the same where it stands; between that, blocks that share their clause's name or most of their
//! words; then, of what is left, what is the same elsewhere, has the same name elsewhere, or shares most of its words with
//! something elsewhere. Work is bounded: where too much is left to compare each with each, only names and sameness count.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::blocks::Block;
use super::words::tokens;

/// How many pairs are compared word by word at most, between two blocks that are the same.
const COMPARED: usize = 40_000;

/// All of a block's words, of which shares are told.
const WHOLE: usize = 1000;

/// What shares less than this of its words is not the same block, where it stands and elsewhere.
const HERE: usize = 400;
const ELSEWHERE: usize = 600;

/// Blocks with fewer words than this are looked for elsewhere only as they are.
const FEW: usize = 5;

/// The block of the other text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Partner {
    /// There is none.
    None,
    /// In its place.
    InPlace(usize),
    /// Elsewhere.
    Moved(usize),
}

/// The partner of each block.
pub(super) struct Pairs {
    pub(super) old: Vec<Partner>,
    pub(super) new: Vec<Partner>,
}

impl Pairs {
    fn join(&mut self, old: usize, new: usize, partner: fn(usize) -> Partner) {
        self.old[old] = partner(new);
        self.new[new] = partner(old);
    }

    fn free_old(&self) -> Vec<usize> {
        (0..self.old.len()).filter(|i| self.old[*i] == Partner::None).collect()
    }

    fn free_new(&self) -> Vec<usize> {
        (0..self.new.len()).filter(|i| self.new[*i] == Partner::None).collect()
    }
}

/// Finds them.
pub(super) fn pairs(old: &[Block], new: &[Block]) -> Pairs {
    let mut pairs = Pairs { old: vec![Partner::None; old.len()], new: vec![Partner::None; new.len()] };
    let key = |b: &Block| (b.shape(), b.text.clone());
    let (before, after): (Vec<_>, Vec<_>) = (old.iter().map(key).collect(), new.iter().map(key).collect());
    let bags = Bags::of(old, new);
    let mut gaps: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    for op in capture_diff_slices(Algorithm::Patience, &before, &after) {
        match op {
            DiffOp::Equal { old_index, new_index, len } => {
                (0..len).for_each(|i| pairs.join(old_index + i, new_index + i, Partner::InPlace));
            }
            _ => gaps.push((op.old_range(), op.new_range())),
        }
    }
    for (old_range, new_range) in gaps {
        in_order(old, new, &bags, old_range, new_range, &mut pairs);
    }
    same_elsewhere(&before, &after, &mut pairs);
    named_elsewhere(old, new, &mut pairs);
    alike_elsewhere(old, new, &bags, &mut pairs);
    pairs
}

/// The words of every block, by number, in order.
struct Bags {
    old: Vec<Vec<u32>>,
    new: Vec<Vec<u32>>,
}

impl Bags {
    fn of(old: &[Block], new: &[Block]) -> Self {
        let mut known: HashMap<String, u32> = HashMap::new();
        let mut bag = |block: &Block| {
            let words = tokens(&block.text).into_iter().filter(|t| t.chars().any(char::is_alphanumeric));
            let mut numbers: Vec<u32> = words
                .map(|word| {
                    let next = known.len() as u32;
                    *known.entry(word.to_lowercase()).or_insert(next)
                })
                .collect();
            numbers.sort_unstable();
            numbers
        };
        Self { old: old.iter().map(&mut bag).collect(), new: new.iter().map(&mut bag).collect() }
    }

    /// The share of words that two blocks have in common, of [`WHOLE`].
    fn alike(&self, old: usize, new: usize) -> usize {
        let (a, b) = (&self.old[old], &self.new[new]);
        if a.is_empty() && b.is_empty() {
            return WHOLE;
        }
        let (mut i, mut j, mut common) = (0, 0, 0_usize);
        while i < a.len() && j < b.len() {
            match a[i].cmp(&b[j]) {
                std::cmp::Ordering::Less => i += 1,
                std::cmp::Ordering::Greater => j += 1,
                std::cmp::Ordering::Equal => {
                    common += 1;
                    i += 1;
                    j += 1;
                }
            }
        }
        2 * WHOLE * common / (a.len() + b.len())
    }
}

/// One name that its author gave to both.
fn same_name(old: &Block, new: &Block) -> bool {
    old.named && new.named && old.anchor == new.anchor
}

/// Two names that their authors gave.
fn other_name(old: &Block, new: &Block) -> bool {
    old.named && new.named && old.anchor != new.anchor
}

/// Pairs what stands between two blocks that are the same, so that the order of both stays and most is paired.
fn in_order(
    old: &[Block],
    new: &[Block],
    bags: &Bags,
    old_range: Range<usize>,
    new_range: Range<usize>,
    pairs: &mut Pairs,
) {
    let (rows, columns) = (old_range.len(), new_range.len());
    if rows == 0 || columns == 0 || rows * columns > COMPARED {
        return;
    }
    let known = &*pairs;
    let alike = |i: usize, j: usize| {
        let (a, b) = (old_range.start + i, new_range.start + j);
        let (one, two) = (&old[a], &new[b]);
        if one.shape() != two.shape() || other_name(one, two) {
            return 0;
        }
        let mut share = bags.alike(a, b);
        // A heading over the same text is the same heading, whatever it is called.
        if one.is_heading() && known.old.get(a + 1) == Some(&Partner::InPlace(b + 1)) {
            share = share.max(HERE);
        }
        if same_name(one, two) {
            WHOLE + share
        } else if share >= HERE {
            share
        } else {
            0
        }
    };
    // The best sum of what is alike in the rest of both, from each place on.
    let mut best = vec![0_usize; (rows + 1) * (columns + 1)];
    let at = |i: usize, j: usize| i * (columns + 1) + j;
    for i in (0..rows).rev() {
        for j in (0..columns).rev() {
            let skip = best[at(i + 1, j)].max(best[at(i, j + 1)]);
            let share = alike(i, j);
            best[at(i, j)] = if share > 0 { skip.max(share + best[at(i + 1, j + 1)]) } else { skip };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < rows && j < columns {
        let here = best[at(i, j)];
        if here <= best[at(i + 1, j)] {
            i += 1;
        } else if here <= best[at(i, j + 1)] {
            j += 1;
        } else {
            pairs.join(old_range.start + i, new_range.start + j, Partner::InPlace);
            i += 1;
            j += 1;
        }
    }
}

fn same_elsewhere(before: &[(u8, String)], after: &[(u8, String)], pairs: &mut Pairs) {
    let mut waiting: BTreeMap<&(u8, String), Vec<usize>> = BTreeMap::new();
    for number in pairs.free_old().into_iter().rev() {
        waiting.entry(&before[number]).or_default().push(number);
    }
    for number in pairs.free_new() {
        if let Some(found) = waiting.get_mut(&after[number]).and_then(Vec::pop) {
            pairs.join(found, number, Partner::Moved);
        }
    }
}

fn named_elsewhere(old: &[Block], new: &[Block], pairs: &mut Pairs) {
    let free = pairs.free_old();
    let names: BTreeMap<&str, usize> =
        free.iter().filter(|i| old[**i].named).filter_map(|i| Some((old[*i].anchor.as_deref()?, *i))).collect();
    for number in pairs.free_new() {
        let name = new[number].anchor.as_deref().filter(|_| new[number].named);
        if let Some(found) = name.and_then(|n| names.get(n)).filter(|i| old[**i].shape() == new[number].shape()) {
            pairs.join(*found, number, Partner::Moved);
        }
    }
}

fn alike_elsewhere(old: &[Block], new: &[Block], bags: &Bags, pairs: &mut Pairs) {
    let (left, right) = (pairs.free_old(), pairs.free_new());
    if left.len() * right.len() > COMPARED {
        return;
    }
    let mut found: Vec<(usize, usize, usize)> = Vec::new();
    for &a in left.iter().filter(|a| bags.old[**a].len() >= FEW) {
        for &b in right.iter().filter(|b| bags.new[**b].len() >= FEW) {
            if old[a].shape() == new[b].shape() && !other_name(&old[a], &new[b]) {
                let share = bags.alike(a, b);
                if share >= ELSEWHERE {
                    found.push((share, a, b));
                }
            }
        }
    }
    found.sort_by(|x, y| y.0.cmp(&x.0).then(x.1.cmp(&y.1)).then(x.2.cmp(&y.2)));
    for (_, a, b) in found {
        if pairs.old[a] == Partner::None && pairs.new[b] == Partner::None {
            pairs.join(a, b, Partner::Moved);
        }
    }
}
