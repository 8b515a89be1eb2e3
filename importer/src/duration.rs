//! How long something takes, in seconds.

/// Reads `PT1H30M` (ISO 8601-1 §5.5.2), `1 hour 20 minutes`, `1시간 30분`, and a bare number as minutes.
///
/// None for what says no time. Of a range it is the longer end.
pub fn seconds(text: &str) -> Option<u32> {
    let text = text.trim();
    let read = if text.starts_with(['P', 'p']) { iso(&text[1..]) } else { words(text) };
    let seconds = read?.round();
    (seconds >= 1.0 && seconds <= f64::from(MAX_SECONDS)).then_some(seconds as u32)
}

/// 366 days.
pub const MAX_SECONDS: u32 = 366 * 24 * 60 * 60;

const MINUTE: f64 = 60.0;
const HOUR: f64 = 60.0 * MINUTE;
const DAY: f64 = 24.0 * HOUR;

/// True for a time that is given, and is none.
pub fn is_zero(text: &str) -> bool {
    text.contains('0') && !text.contains(|c: char| c.is_ascii_digit() && c != '0')
}

fn iso(text: &str) -> Option<f64> {
    let (mut sum, mut is_time, mut digits) = (0.0, false, String::new());
    let mut has_number = false;
    for character in text.chars() {
        match character.to_ascii_uppercase() {
            'T' => {
                is_time = true;
                digits.clear();
            }
            '0'..='9' => digits.push(character),
            '.' | ',' => digits.push('.'),
            ' ' | '\u{a0}' => {}
            unit => {
                let number: f64 = digits.parse().ok()?;
                digits.clear();
                has_number = true;
                sum += number * iso_unit(unit, is_time)?;
            }
        }
    }
    // `PT90` means minutes to whoever wrote it.
    match digits.parse::<f64>() {
        Ok(minutes) if !has_number => Some(minutes * MINUTE),
        Ok(_) => None,
        Err(_) => has_number.then_some(sum),
    }
}

fn iso_unit(unit: char, is_time: bool) -> Option<f64> {
    Some(match (unit, is_time) {
        ('Y', false) => 365.0 * DAY,
        ('M', false) => 30.0 * DAY,
        ('W', false) => 7.0 * DAY,
        ('D', _) => DAY,
        ('H', _) => HOUR,
        ('M', true) => MINUTE,
        ('S', true) => 1.0,
        _ => return None,
    })
}

/// Numbers, each with the unit behind it.
fn words(text: &str) -> Option<f64> {
    let tokens = tokens(text);
    let (mut sum, mut at, mut has_unit) = (0.0, 0, false);
    while at < tokens.len() {
        let Token::Number(mut number) = tokens[at] else {
            at += 1;
            continue;
        };
        at += 1;
        // `20-30 min`: the longer end. `1 1/2 hours`: their sum.
        while let Some(Token::Number(next)) = tokens.get(at) {
            number = if *next < 1.0 && number >= 1.0 { number + next } else { *next };
            at += 1;
        }
        let Some(Token::Unit(unit)) = tokens.get(at) else { continue };
        sum += number * unit;
        has_unit = true;
        at += 1;
    }
    let mut numbers = tokens.iter().filter_map(|token| match token {
        Token::Number(number) => Some(*number),
        Token::Unit(_) | Token::Other => None,
    });
    match (has_unit, numbers.next(), numbers.next()) {
        (true, ..) => Some(sum),
        (false, Some(minutes), None) if tokens.len() == 1 => Some(minutes * MINUTE),
        _ => None,
    }
}

enum Token {
    Number(f64),
    /// In seconds.
    Unit(f64),
    Other,
}

const MAX_TOKENS: usize = 200;

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next().filter(|_| tokens.len() < MAX_TOKENS) {
        let is_number = |c: char| c.is_ascii_digit() || c == '.' || c == ',' || c == '/';
        let end_of = |belongs: &dyn Fn(char) -> bool| rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        if let Some(fraction) = vulgar(first) {
            tokens.push(Token::Number(fraction));
            rest = &rest[first.len_utf8()..];
        } else if first.is_ascii_digit() {
            let end = end_of(&is_number);
            tokens.push(number(&rest[..end]).map_or(Token::Other, Token::Number));
            rest = &rest[end..];
        } else if first.is_alphabetic() {
            let end = end_of(&char::is_alphabetic);
            tokens.push(unit(&rest[..end]));
            rest = &rest[end..];
        } else {
            rest = &rest[first.len_utf8()..];
        }
    }
    tokens
}

fn number(text: &str) -> Option<f64> {
    let text = text.trim_end_matches(['.', ',', '/']);
    match text.split_once('/') {
        Some((above, below)) => {
            let (above, below): (f64, f64) = (above.parse().ok()?, below.parse().ok()?);
            (below > 0.0).then_some(above / below)
        }
        None => text.replace(',', ".").parse().ok(),
    }
}

fn vulgar(character: char) -> Option<f64> {
    Some(match character {
        '½' => 0.5,
        '¼' => 0.25,
        '¾' => 0.75,
        '⅓' => 1.0 / 3.0,
        '⅔' => 2.0 / 3.0,
        _ => return None,
    })
}

/// In the languages of the pages that were seen.
fn unit(word: &str) -> Token {
    let word = word.to_lowercase();
    let known: &[(&[&str], f64)] = &[
        (
            &[
                "d", "day", "days", "tag", "tage", "tagen", "jour", "jours", "día", "días", "dia", "dias",
                "giorno", "giorni", "dag", "dagen", "dager", "일",
            ],
            DAY,
        ),
        (
            &[
                "h",
                "hr",
                "hrs",
                "hour",
                "hours",
                "std",
                "stunde",
                "stunden",
                "heure",
                "heures",
                "hora",
                "horas",
                "ora",
                "ore",
                "uur",
                "uren",
                "timme",
                "timmar",
                "time",
                "timer",
                "tim",
                "godz",
                "godzina",
                "godziny",
                "час",
                "часа",
                "часов",
                "시간",
                "時間",
                "小时",
                "óra",
                "saat",
                "tunti",
                "tuntia",
            ],
            HOUR,
        ),
        (
            &[
                "m",
                "min",
                "mins",
                "minute",
                "minutes",
                "minuten",
                "minuto",
                "minutos",
                "minuti",
                "minut",
                "minuter",
                "minuut",
                "minutter",
                "minuty",
                "minuta",
                "мин",
                "минут",
                "минуты",
                "분",
                "分",
                "分鐘",
                "分钟",
                "perc",
                "dakika",
                "minuuttia",
                "mn",
            ],
            MINUTE,
        ),
        (
            &[
                "s", "sec", "secs", "second", "seconds", "sek", "sekunden", "seconde", "secondes",
                "segundos", "초", "秒",
            ],
            1.0,
        ),
    ];
    let named = known.iter().find(|(names, _)| names.contains(&word.as_str())).map(|(_, seconds)| *seconds);
    if let Some(seconds) = named {
        return Token::Unit(seconds);
    }
    // `30분간`, `1시간이상`.
    let korean = [("시간", HOUR), ("분", MINUTE), ("초", 1.0)];
    korean
        .iter()
        .find(|(name, _)| word.starts_with(name))
        .map_or(Token::Other, |(_, seconds)| Token::Unit(*seconds))
}
