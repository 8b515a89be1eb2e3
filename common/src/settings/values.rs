//! Values in words.

use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use super::BadValue;

/// A duration: a whole number with `ms`, `s`, `m`, `h` or `d`, as in `250ms`, `15m`, `30d`.
pub fn duration(variable: &str, text: &str) -> Result<Duration, BadValue> {
    let text = text.trim();
    let digits = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let millis_each: Option<u64> = match unit {
        "ms" => Some(1),
        "s" => Some(1_000),
        "m" => Some(60_000),
        "h" => Some(3_600_000),
        "d" => Some(86_400_000),
        _ => None,
    };
    let millis =
        number.parse::<u64>().ok().zip(millis_each).and_then(|(number, each)| number.checked_mul(each));
    millis.map(Duration::from_millis).ok_or_else(|| {
        BadValue::new(variable, format!("{text:?} is not a duration such as 250ms, 10s, 15m, 12h or 30d"))
    })
}

/// A duration within bounds.
pub fn duration_within(
    variable: &str,
    text: &str,
    bounds: RangeInclusive<Duration>,
) -> Result<Duration, BadValue> {
    let duration = duration(variable, text)?;
    if bounds.contains(&duration) {
        return Ok(duration);
    }
    Err(BadValue::new(variable, format!("{text} is not between {:?} and {:?}", bounds.start(), bounds.end())))
}

/// `true` or `false`; `on`, `yes`, `1` and their opposites are understood too.
pub fn boolean(variable: &str, text: &str) -> Result<bool, BadValue> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "on" | "yes" | "1" => Ok(true),
        "false" | "off" | "no" | "0" => Ok(false),
        _ => Err(BadValue::new(variable, format!("{text:?} is neither true nor false"))),
    }
}

/// The elements of a list, separated by commas or spaces. None of them is empty.
pub fn list(text: &str) -> Vec<String> {
    let elements = text.split(|character: char| character == ',' || character.is_whitespace());
    elements.filter(|element| !element.is_empty()).map(str::to_owned).collect()
}

/// A number within bounds.
pub fn number<N: FromStr + PartialOrd + std::fmt::Display>(
    variable: &str,
    text: &str,
    least: N,
    most: N,
) -> Result<N, BadValue> {
    let number = text.trim().parse::<N>().ok().filter(|number| (&least..=&most).contains(&number));
    number.ok_or_else(|| {
        BadValue::new(variable, format!("{text:?} is not a whole number from {least} to {most}"))
    })
}

/// The value that goes by this name.
pub fn one_of<T: Copy>(variable: &str, text: &str, known: &[(&str, T)]) -> Result<T, BadValue> {
    let text = text.trim();
    let found = known.iter().find(|(name, _)| name.eq_ignore_ascii_case(text));
    found.map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        BadValue::new(variable, format!("{text:?} is none of {}", names.join(", ")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_has_a_number_and_a_unit() {
        assert_eq!(duration("X", "250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(duration("X", "10s"), Ok(Duration::from_secs(10)));
        assert_eq!(duration("X", "15m"), Ok(Duration::from_secs(900)));
        assert_eq!(duration("X", "30d"), Ok(Duration::from_secs(30 * 86_400)));
    }

    #[test]
    fn what_is_no_duration_is_refused_by_name() {
        for text in ["", "15", "m", "15 m", "-1s", "1.5h", "15M", "99999999999999999999d", "213503982335d"] {
            assert_eq!(
                duration("AUTH_ACCESS_TTL", text).unwrap_err().variable,
                "AUTH_ACCESS_TTL",
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_list_is_separated_by_commas_or_spaces() {
        assert_eq!(list("auth, recipes"), ["auth", "recipes"]);
        assert_eq!(list("recipes:read recipes:write"), ["recipes:read", "recipes:write"]);
        assert!(list(" , ").is_empty());
    }

    #[test]
    fn a_number_stays_within_its_bounds() {
        assert_eq!(number("X", "8", 1, 64), Ok(8));
        assert!(number("X", "0", 1, 64).is_err());
        assert!(number("X", "65", 1, 64).is_err());
        assert!(number("X", "eight", 1, 64).is_err());
    }
}
