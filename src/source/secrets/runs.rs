//! Runs of the characters that tokens are made of, long enough for one.
//!
//! Words of prose are shorter, so that most of a text is stepped over: where the twentieth character from a place on is
//! none of a run, no run begins at the place or behind it up to there. Knows no token.

use super::is_key;

/// No token is shorter.
const LEAST: usize = 20;

/// Letters, digits, `_`, `-` and dots.
static IN_RUN: [bool; 256] = {
    let mut table = [false; 256];
    let mut b = 0;
    while b < 256 {
        table[b] = is_key(b as u8) || b as u8 == b'.';
        b += 1;
    }
    table
};

/// Calls `each` with the start and the end of every run, dots at its start left out.
pub(super) fn each(bytes: &[u8], mut each: impl FnMut(usize, usize)) {
    let is_part = |at: usize| IN_RUN[usize::from(bytes[at])];
    // No run reaches over this place from before.
    let mut from = 0;
    while from + LEAST <= bytes.len() {
        let probe = from + LEAST - 1;
        if !is_part(probe) {
            from = probe + 1;
            continue;
        }
        let start = (from..probe).rev().find(|at| !is_part(*at)).map_or(from, |at| at + 1);
        if start > from {
            from = start;
            continue;
        }
        let end = bytes[probe..].iter().position(|b| !IN_RUN[usize::from(*b)]).map_or(bytes.len(), |n| probe + n);
        let dots = bytes[start..end].iter().take_while(|b| **b == b'.').count();
        if end - start - dots >= LEAST {
            each(start + dots, end);
        }
        from = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut list = Vec::new();
        each(text.as_bytes(), |start, end| list.push(&text[start..end]));
        list
    }

    /// The plain way, byte by byte.
    fn plainly(text: &str) -> Vec<&str> {
        let runs = text.split(|c: char| !c.is_ascii() || !IN_RUN[c as usize]).map(|run| run.trim_start_matches('.'));
        runs.filter(|run| run.len() >= LEAST).collect()
    }

    #[test]
    fn no_run_is_stepped_over() {
        let long = "a-B_9.".repeat(5);
        assert_eq!(found(&format!("x {long} y")), [&long]);
        // Runs of every length, at every place beside others.
        let mut texts = Vec::new();
        for length in 17..24 {
            for before in 0..45 {
                let (run, short) = ("k".repeat(length), "abc de.f ..ghi, ".repeat(3));
                texts.push(format!("{} {run}", &short[..before]));
                texts.push(format!("{}/{run}/{}:{run}", &short[..before], &short[before..]));
                texts.push(format!("{}..{run}é{run}", &short[..before]));
            }
        }
        for text in texts {
            assert_eq!(found(&text), plainly(&text), "{text}");
        }
        assert_eq!(found(""), [""; 0]);
    }
}
