//! What stands in a step: text, `@ingredients`, `#cookware` and `~timers`.

use ingredients::Rational;

/// A piece of a step.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    Text(String),
    Ingredient(Component),
    Cookware(Component),
    Timer(Component),
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Component {
    pub name: String,
    pub amount: Amount,
    /// The amount as it is written.
    pub written: String,
    pub unit: Option<String>,
    /// In round brackets behind it.
    pub preparation: Option<String>,
    /// Marked by `?`.
    pub is_optional: bool,
    /// Marked by `=`: it does not grow with the servings.
    pub is_fixed: bool,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub enum Amount {
    #[default]
    None,
    Number(Rational),
    Range(Rational, Rational),
    Text(String),
}

impl Component {
    /// The amount and its unit as one reads them.
    pub fn said(&self) -> String {
        match &self.unit {
            Some(unit) if self.written.is_empty() => unit.clone(),
            Some(unit) => format!("{} {unit}", self.written),
            None => self.written.clone(),
        }
    }
}

/// Takes the text of a step apart.
pub fn items(text: &str) -> Vec<Item> {
    let mut items = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(MARKS) {
        plain.push_str(&rest[..at]);
        let mark = rest.as_bytes()[at];
        let behind = &rest[at + 1..];
        match component(mark, behind) {
            Some((component, length)) => {
                if !plain.is_empty() {
                    items.push(Item::Text(std::mem::take(&mut plain)));
                }
                items.push(match mark {
                    b'@' => Item::Ingredient(component),
                    b'#' => Item::Cookware(component),
                    _ => Item::Timer(component),
                });
                rest = &behind[length..];
            }
            None => {
                plain.push(char::from(mark));
                rest = behind;
            }
        }
    }
    plain.push_str(rest);
    if !plain.trim().is_empty() {
        let is_only = items.is_empty();
        items.push(Item::Text(if is_only { plain.trim().to_owned() } else { plain.trim_end().to_owned() }));
    }
    items
}

const MARKS: [char; 3] = ['@', '#', '~'];

/// The component that `text`, behind its mark, begins with, and how long it is.
fn component(mark: u8, text: &str) -> Option<(Component, usize)> {
    let modifiers =
        if mark == b'@' { text.len() - text.trim_start_matches(['?', '-', '+', '&']).len() } else { 0 };
    let named = &text[modifiers..];
    let (name, mut length, inside) = braced(named).or_else(|| word(named))?;
    if name.is_empty() && (mark != b'~' || inside.is_none()) {
        return None;
    }
    let mut component = Component { is_optional: text[..modifiers].contains('?'), ..Component::default() };
    component.name = name.trim().to_owned();
    if let Some(inside) = inside {
        fill(&mut component, inside);
        let behind = &named[length..];
        if let Some(preparation) = in_brackets(behind).filter(|_| mark == b'@') {
            component.preparation = Some(preparation.trim().to_owned()).filter(|it| !it.is_empty());
            length += preparation.len() + 2;
        }
    }
    Some((component, modifiers + length))
}

/// `(chopped)`: up to where it ends, or not at all where another mark comes before.
fn in_brackets(text: &str) -> Option<&str> {
    let inside = text.strip_prefix('(')?;
    let end = inside.find([')', '(', '@', '#', '~'])?;
    inside[end..].starts_with(')').then(|| &inside[..end])
}

type Named<'t> = (&'t str, usize, Option<&'t str>);

/// `frying pan{2}`: words up to a brace, with no other mark between.
fn braced(text: &str) -> Option<Named<'_>> {
    let open = text.find(['{', '@', '#', '~', '}']).filter(|at| text[*at..].starts_with('{'))?;
    let inside = open + 1;
    let close = inside
        + text[inside..].find(['}', '{', '@', '~']).filter(|at| text[inside + at..].starts_with('}'))?;
    let name = &text[..open];
    if name.starts_with(char::is_whitespace) {
        return None;
    }
    Some((name, close + 1, Some(&text[inside..close])))
}

/// `pan`: up to a blank or a mark of punctuation.
fn word(text: &str) -> Option<Named<'_>> {
    let end = text.find(|c: char| c.is_whitespace() || is_punctuation(c)).unwrap_or(text.len());
    (end > 0).then(|| (&text[..end], end, None))
}

/// Characters of the category P of Unicode, as far as they stand in recipes.
fn is_punctuation(character: char) -> bool {
    // `$+<=>^`|~` are symbols.
    if character.is_ascii() {
        return character.is_ascii_punctuation() && !"$+<=>^`|".contains(character);
    }
    matches!(
        character,
        '¡' | '§' | '«' | '¶' | '·' | '»' | '¿'
            | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{2e00}'..='\u{2e7f}'
            | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301f}'
            | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}'
    )
}

fn fill(component: &mut Component, inside: &str) {
    let inside = inside.trim();
    let (inside, is_fixed) = inside.strip_prefix('=').map_or((inside, false), |rest| (rest.trim(), true));
    component.is_fixed = is_fixed;
    let (amount, unit) = match inside.split_once('%') {
        Some((amount, unit)) => (amount.trim(), Some(unit.trim())),
        None => (inside, None),
    };
    component.unit = unit.filter(|unit| !unit.is_empty()).map(str::to_owned);
    component.amount = self::amount(amount);
    component.written = amount.to_owned();
}

fn amount(text: &str) -> Amount {
    if text.is_empty() {
        return Amount::None;
    }
    if let Some(number) = number(text) {
        return Amount::Number(number);
    }
    let ends = text.split_once('-').and_then(|(min, max)| number(min.trim()).zip(number(max.trim())));
    match ends.filter(|(min, max)| min <= max) {
        Some((min, max)) => Amount::Range(min, max),
        None => Amount::Text(text.to_owned()),
    }
}

/// `2`, `1.5`, `1/2`, `1 / 2`, `1 1/2`; a zero before other digits makes it a text.
fn number(text: &str) -> Option<Rational> {
    if let Some((whole, fraction)) =
        text.split_once(' ').filter(|(_, fraction)| fraction.contains('/') && !fraction.starts_with('/'))
    {
        return match (simple(whole), simple(&without_blanks(fraction))) {
            (Some(whole), Some(part)) if whole.is_whole() && part.is_proper_fraction() => whole.plus(part),
            _ => simple(&without_blanks(text)),
        };
    }
    if text.contains(' ') && !text.contains('/') {
        return None;
    }
    simple(&without_blanks(text))
}

fn without_blanks(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

fn simple(text: &str) -> Option<Rational> {
    let has_leading_zero = text.len() > 1 && text.starts_with('0') && !text.starts_with("0.");
    if has_leading_zero {
        return None;
    }
    match text.split_once('.') {
        Some((whole, decimals)) if decimals.len() <= 6 => {
            let below = 10_u64.checked_pow(decimals.len().try_into().ok()?)?;
            let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            if !is_digits(whole) || !is_digits(decimals) || whole.len() > 9 {
                return None;
            }
            Rational::new(format!("{whole}{decimals}").parse().ok()?, below)
        }
        Some(_) => None,
        None => Rational::parse(text),
    }
}
