use serde::Serialize;

use super::tokens;

/// Words that a recipe must have, all of them.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Terms(Vec<Term>);

/// A word or, in quotes, several that stand side by side: a phrase of tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Term {
    tokens: Vec<String>,
    /// The last token is what a token begins with.
    is_prefix: bool,
}

/// Nobody asks for more; what is beyond is left out rather than refused, since people paste.
const MAX_TERMS: usize = 16;
const MAX_TOKENS: usize = 64;
const MAX_WORD_CHARS: usize = 512;

impl Terms {
    /// Reads a question. Blanks part words, quotes join them, and nothing else means anything.
    pub fn parse(question: &str) -> Self {
        // Every second piece stood in quotes; a last quote without its twin joins what is behind it.
        let pieces = question.split(['"', '“', '”']).enumerate();
        let words = pieces.flat_map(|(index, piece)| match index % 2 {
            0 => piece.split_whitespace().collect::<Vec<_>>(),
            _ => vec![piece],
        });
        let mut left = MAX_TOKENS;
        let terms = words.filter_map(|word| Term::of(word, &mut left)).take(MAX_TERMS);
        Self(terms.collect())
    }

    /// One phrase, whatever is in it.
    pub fn phrase(text: &str) -> Self {
        Self(Term::of(text, &mut { MAX_TOKENS }).into_iter().collect())
    }

    /// A question that somebody is still writing: its last word may go on.
    pub fn beginning(question: &str) -> Self {
        let mut terms = Self::parse(question);
        if let Some(last) = terms.0.last_mut() {
            last.is_prefix = true;
        }
        terms
    }

    /// True if no word was in it: nothing has it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Term> {
        self.0.iter()
    }
}

impl Term {
    fn of(word: &str, left: &mut usize) -> Option<Self> {
        if *left == 0 {
            return None;
        }
        // Before it is normalised, which is work.
        let word = word.char_indices().nth(MAX_WORD_CHARS).map_or(word, |(end, _)| &word[..end]);
        let mut tokens = tokens(word);
        tokens.truncate(*left);
        *left -= tokens.len();
        let is_prefix = is_one_syllable(&tokens);
        (!tokens.is_empty()).then_some(Self { tokens, is_prefix })
    }

    pub fn tokens(&self) -> &[String] {
        &self.tokens
    }

    /// True where the last token is what a token begins with: for one syllable alone, 김 finds 김치.
    pub fn is_prefix(&self) -> bool {
        self.is_prefix
    }
}

fn is_one_syllable(tokens: &[String]) -> bool {
    let [token] = tokens else { return false };
    let mut chars = token.chars();
    let first = chars.next();
    first.is_some_and(
        |c| matches!(c, '\u{1100}'..='\u{11ff}' | '\u{3040}'..='\u{9fff}' | '\u{ac00}'..='\u{d7ff}'),
    ) && chars.next().is_none()
}
