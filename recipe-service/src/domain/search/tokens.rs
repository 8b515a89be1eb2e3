use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::decompose_canonical;

/// The tokens of a text, in its order.
///
/// The text is normalised (NFKC) and folded: no case, and no accents on Latin letters. Letters and digits that stand
/// together are a word. A run of Han, Hangul or Kana, which are written without blanks, becomes its overlapping pairs:
/// 김치찌개 is 김치, 치찌, 찌개, and whatever stands in it is a phrase of them. A single syllable stays itself.
pub fn tokens(text: &str) -> Vec<String> {
    let mut cutter = Cutter::default();
    text.nfkc().for_each(|c| fold(c, &mut cutter));
    cutter.end();
    cutter.tokens
}

/// A longer word is cut: nobody looks for its end, and the databases have bounds of their own.
const MAX_CHARS: usize = 64;

fn fold(c: char, cutter: &mut Cutter) {
    if c.is_ascii() {
        cutter.take(c.to_ascii_lowercase());
    } else if is_accented_latin(c) {
        let letters = |c: char| c.to_lowercase().filter(|c| !is_accent(*c));
        decompose_canonical(c, |part| letters(part).for_each(|c| cutter.take(c)));
    } else if !is_accent(c) {
        c.to_lowercase().for_each(|c| cutter.take(c));
    }
}

fn is_accented_latin(c: char) -> bool {
    matches!(c, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// Written without blanks between words.
fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{1100}'..='\u{11ff}' | '\u{3040}'..='\u{30ff}' | '\u{3105}'..='\u{318e}' | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{a960}'..='\u{a97f}' | '\u{ac00}'..='\u{d7ff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}' | '々' | '〆')
}

#[derive(Default)]
struct Cutter {
    tokens: Vec<String>,
    run: String,
    is_unspaced: bool,
}

impl Cutter {
    fn take(&mut self, c: char) {
        let belongs = c.is_alphanumeric();
        if !belongs || is_unspaced(c) != self.is_unspaced {
            self.end();
        }
        if belongs {
            self.is_unspaced = is_unspaced(c);
            self.run.push(c);
        }
    }

    /// Ends a run.
    fn end(&mut self) {
        if self.run.is_empty() {
            return;
        }
        if self.is_unspaced {
            self.pairs();
        } else {
            self.tokens.push(self.run.chars().take(MAX_CHARS).collect());
        }
        self.run.clear();
    }

    fn pairs(&mut self) {
        let mut ends = self.run.char_indices().map(|(at, c)| at + c.len_utf8());
        let (Some(first), Some(mut middle)) = (ends.next(), ends.next()) else {
            self.tokens.push(self.run.clone());
            return;
        };
        let (mut start, mut next) = (0, first);
        loop {
            self.tokens.push(self.run[start..middle].to_owned());
            let Some(end) = ends.next() else { return };
            (start, next, middle) = (next, middle, end);
        }
    }
}
