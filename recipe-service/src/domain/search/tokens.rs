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

/// A token, and where in the text its characters end.
pub struct Placed {
    pub text: String,
    /// In bytes.
    pub start: usize,
    /// For each character of the token, where in the text it ends.
    ends: Vec<usize>,
}

impl Placed {
    pub fn end(&self) -> usize {
        self.ends.last().copied().unwrap_or(self.start)
    }

    /// Where the beginning of the token ends, if this is one.
    pub fn end_of_prefix(&self, prefix: &str) -> Option<usize> {
        let count = self.text.starts_with(prefix).then(|| prefix.chars().count())?;
        self.ends.get(count.checked_sub(1)?).copied()
    }
}

/// The tokens of a text, each with its place. Characters that are made of several are looked at one by one, so that a place
/// is never between them.
pub fn placed(text: &str) -> Vec<Placed> {
    let mut runs: Vec<Vec<(char, usize, usize)>> = Vec::new();
    let mut before = None;
    for (start, c) in text.char_indices() {
        let end = start + c.len_utf8();
        for folded in folded(c) {
            let kind = folded.is_alphanumeric().then(|| is_unspaced(folded));
            if kind.is_some() {
                if kind != before {
                    runs.push(Vec::new());
                }
                runs.last_mut().expect("BUG: a run was just begun").push((folded, start, end));
            }
            before = kind;
        }
    }
    runs.iter().flat_map(|run| placed_in(run)).collect()
}

/// One character as the index has it: none, where it is left out.
fn folded(c: char) -> Vec<char> {
    let mut folded = Vec::new();
    for c in std::iter::once(c).nfkc() {
        let mut keep = |c: char| folded.extend(c.to_lowercase().filter(|c| !is_accent(*c)));
        if is_accented_latin(c) {
            decompose_canonical(c, &mut keep);
        } else {
            keep(c);
        }
    }
    folded
}

fn placed_in(run: &[(char, usize, usize)]) -> Vec<Placed> {
    let is_unspaced = run.first().is_some_and(|(c, _, _)| is_unspaced(*c));
    let whole = |chars: &[(char, usize, usize)]| Placed {
        text: chars.iter().map(|(c, _, _)| *c).collect(),
        start: chars.first().map_or(0, |(_, start, _)| *start),
        ends: chars.iter().map(|(_, _, end)| *end).collect(),
    };
    match is_unspaced && run.len() > 1 {
        true => run.windows(2).map(whole).collect(),
        false => vec![whole(&run[..run.len().min(MAX_CHARS)])],
    }
}
