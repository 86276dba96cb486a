//! How many words a text has: what stands between white space and holds a letter or digit, whatever marks are within.

/// A count that goes on over pieces of text.
#[derive(Default)]
pub(super) struct Words {
    pub(super) count: u32,
    /// The word that is under way has been counted.
    inside: bool,
}

impl Words {
    /// White space, or what parts words as it does.
    pub(super) fn gap(&mut self) {
        self.inside = false;
    }

    /// More text. Most of it is ASCII and its words start with letters or digits: then counting starts is enough, and
    /// goes many bytes at a time.
    pub(super) fn push(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return };
        let starts = u32::from(!self.inside && !is_space(*first));
        let odd = starts == 1 && !first.is_ascii_alphanumeric();
        let pairs = || bytes.iter().zip(&bytes[1..]);
        let others = || {
            pairs()
                .map(|(before, b)| u32::from(is_space(*before) & !is_space(*b) & !b.is_ascii_alphanumeric()))
                .sum::<u32>()
        };
        if odd || !text.is_ascii() || others() > 0 {
            return self.push_slowly(text);
        }
        self.count += starts + pairs().map(|(before, b)| u32::from(is_space(*before) & !is_space(*b))).sum::<u32>();
        self.inside = !is_space(*last);
    }

    fn push_slowly(&mut self, text: &str) {
        for c in text.chars() {
            let begins = !self.inside && c.is_alphanumeric();
            self.count += u32::from(begins);
            self.inside = (self.inside || begins) && !c.is_whitespace();
        }
    }
}

fn is_space(b: u8) -> bool {
    b <= b' '
}

/// How many words a text has by itself.
pub(super) fn count(text: &str) -> u32 {
    let mut words = Words::default();
    words.push(text);
    words.count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_count_the_same() {
        for (text, words) in [
            ("", 0),
            ("a", 1),
            (" a  b\nc\t", 3),
            ("don't 24-hour a/b — (c) -- \"d\" …", 5),
            ("a - b", 2),
            ("über alles", 2),
            ("a\u{a0}b", 2),
            ("x.", 1),
        ] {
            assert_eq!(count(text), words, "{text}");
            let mut slow = Words::default();
            slow.push_slowly(text);
            assert_eq!(slow.count, words, "{text}");
        }
    }

    #[test]
    fn words_go_on_over_pieces() {
        let mut words = Words::default();
        for piece in ["un", "believ", "able ", "(", "x", ")", " y"] {
            words.push(piece);
        }
        assert_eq!(words.count, 3);
        words.gap();
        words.push("z");
        assert_eq!(words.count, 4);
    }
}
