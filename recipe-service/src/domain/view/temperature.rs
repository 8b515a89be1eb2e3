use super::Units;

/// A text whose temperatures are in degrees of these units: 350°F is 175°C. One that has some in both is left as it is.
pub fn converted(text: &str, units: Units) -> String {
    let found = temperatures(text);
    if found.iter().any(|one| one.scale == units.scale()) {
        return text.to_owned();
    }
    let mut seen = String::with_capacity(text.len());
    let mut at = 0;
    for one in found {
        seen.push_str(&text[at..one.start]);
        seen.push_str(&one.in_other());
        at = one.end;
    }
    seen.push_str(&text[at..]);
    seen
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scale {
    Celsius,
    Fahrenheit,
}

impl Units {
    fn scale(self) -> Scale {
        match self {
            Self::Metric => Scale::Celsius,
            Self::Us => Scale::Fahrenheit,
        }
    }
}

/// Degrees in a text, from where to where.
struct Temperature {
    start: usize,
    end: usize,
    degrees: i64,
    /// The end of a range.
    to: Option<i64>,
    scale: Scale,
}

impl Temperature {
    /// The same in the other scale, to five degrees: an oven has no finer marks. Below boiling, where it is about meat, to
    /// one.
    fn in_other(&self) -> String {
        let convert = |degrees: i64| match self.scale {
            Scale::Fahrenheit => to_celsius(degrees),
            Scale::Celsius => to_fahrenheit(degrees),
        };
        let letter = match self.scale {
            Scale::Fahrenheit => 'C',
            Scale::Celsius => 'F',
        };
        match self.to {
            Some(to) => format!("{}–{}°{letter}", convert(self.degrees), convert(to)),
            None => format!("{}°{letter}", convert(self.degrees)),
        }
    }
}

fn to_celsius(degrees: i64) -> i64 {
    let exact = (degrees - 32) as f64 * 5.0 / 9.0;
    if exact < 100.0 { exact.round() as i64 } else { (exact / 5.0).round() as i64 * 5 }
}

fn to_fahrenheit(degrees: i64) -> i64 {
    let exact = degrees as f64 * 9.0 / 5.0 + 32.0;
    if degrees < 100 { exact.round() as i64 } else { (exact / 5.0).round() as i64 * 5 }
}

/// The temperatures of a text, in its order.
fn temperatures(text: &str) -> Vec<Temperature> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(|c: char| c.is_ascii_digit()).map(|start| at + start) {
        let (number, end) = number(text, start);
        at = end;
        let Some(degrees) = number.filter(|_| !is_inside_word(text, start)) else { continue };
        let (to, end) = range(text, end);
        if let Some((scale, end)) = scale(text, end) {
            let (scale, start) = named_before(text, start).unwrap_or((scale, start));
            found.push(Temperature { start, end, degrees, to, scale });
            at = end;
        }
    }
    found
}

/// A number of up to three digits, and where it ends; none where it is part of a decimal or longer.
fn number(text: &str, start: usize) -> (Option<i64>, usize) {
    let digits = text[start..].len() - text[start..].trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let end = start + digits;
    (if digits <= 3 { text[start..end].parse().ok() } else { None }, end)
}

fn is_inside_word(text: &str, start: usize) -> bool {
    text[..start].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | ',' | '/' | '-' | '–' | '−'))
}

/// The end of a range that goes on behind a number: `-375`, ` to 375`.
fn range(text: &str, end: usize) -> (Option<i64>, usize) {
    let behind = &text[end..];
    let bare = behind.trim_start_matches(['°', 'º', '˚', ' ']);
    let joined = ["-", "–", "~", "∼", "to "].iter().find_map(|join| bare.strip_prefix(join));
    let Some(rest) =
        joined.map(str::trim_start).filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    else {
        return (None, end);
    };
    let start = text.len() - rest.len();
    match number(text, start) {
        (Some(to), to_end) => (Some(to), to_end),
        (None, _) => (None, end),
    }
}

/// The scale that is named behind a number, and where its name ends.
fn scale(text: &str, end: usize) -> Option<(Scale, usize)> {
    const NAMES: [(&str, Scale); 9] = [
        ("℃", Scale::Celsius),
        ("℉", Scale::Fahrenheit),
        ("degrees fahrenheit", Scale::Fahrenheit),
        ("degrees celsius", Scale::Celsius),
        ("degrees f", Scale::Fahrenheit),
        ("degrees c", Scale::Celsius),
        ("f", Scale::Fahrenheit),
        ("c", Scale::Celsius),
        ("도", Scale::Celsius),
    ];
    let behind = &text[end..];
    let bare = behind.trim_start_matches(['°', 'º', '˚', ' ', '\u{a0}']);
    let is_marked = behind[..behind.len() - bare.len()].contains(['°', 'º', '˚']);
    NAMES.iter().find_map(|(name, scale)| {
        let rest = starts_with_ignoring_case(bare, name)?;
        let is_word_end = !rest.starts_with(|c: char| c.is_ascii_alphanumeric());
        // `2 c flour` are cups: a bare letter needs the sign, or is a capital that touches the number.
        let is_touching = behind.len() == bare.len() && bare.starts_with(['C', 'F']);
        let is_sure = name.len() > 1 || is_marked || is_touching;
        (is_word_end && is_sure).then(|| (*scale, text.len() - rest.len()))
    })
}

/// 섭씨 180도, 화씨 350도: the scale before the number, and where its name begins.
fn named_before(text: &str, start: usize) -> Option<(Scale, usize)> {
    let before = text[..start].trim_end();
    let names = [("섭씨", Scale::Celsius), ("화씨", Scale::Fahrenheit)];
    names.iter().find_map(|(name, scale)| Some((*scale, before.strip_suffix(name)?.len())))
}

fn starts_with_ignoring_case<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let start = text.get(..name.len())?;
    start.eq_ignore_ascii_case(name).then(|| &text[name.len()..])
}
