//! SPDX licence expressions (SPDX 2.3, annex D), as far as crates use them.

/// Whether the expression is satisfied when exactly the licences for which `is_allowed` holds are accepted.
///
/// `GPL-2.0 WITH Classpath-exception-2.0` is asked for as a whole. The slash of old manifests means OR.
pub fn is_satisfied(expression: &str, is_allowed: impl Fn(&str) -> bool) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    any(&mut words, &is_allowed) && words.next().is_none()
}

type Words<'w, 's> = &'w mut std::iter::Peekable<std::str::SplitWhitespace<'s>>;

fn any(words: Words, is_allowed: &impl Fn(&str) -> bool) -> bool {
    let mut satisfied = all(words, is_allowed);
    while words.next_if_eq(&"OR").is_some() {
        satisfied |= all(words, is_allowed);
    }
    satisfied
}

fn all(words: Words, is_allowed: &impl Fn(&str) -> bool) -> bool {
    let mut satisfied = one(words, is_allowed);
    while words.next_if_eq(&"AND").is_some() {
        satisfied &= one(words, is_allowed);
    }
    satisfied
}

fn one(words: Words, is_allowed: &impl Fn(&str) -> bool) -> bool {
    let Some(word) = words.next() else { return false };
    if word == "(" {
        return any(words, is_allowed) & words.next_if_eq(&")").is_some();
    }
    if words.next_if_eq(&"WITH").is_some() {
        return is_allowed(&format!("{word} WITH {}", words.next().unwrap_or_default()));
    }
    is_allowed(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(expression: &str) -> bool {
        is_satisfied(expression, |licence| ["MIT", "ISC", "A WITH B"].contains(&licence))
    }

    #[test]
    fn one_of_the_alternatives_is_enough_and_all_of_a_conjunction_are_needed() {
        assert!(holds("MIT") && holds("GPL-3.0 OR MIT") && holds("MIT/GPL-3.0") && holds("MIT AND ISC"));
        assert!(!holds("GPL-3.0") && !holds("MIT AND GPL-3.0") && !holds("A WITH C") && holds("A WITH B"));
    }

    #[test]
    fn parentheses_bind_and_a_broken_expression_is_not_satisfied() {
        assert!(holds("(GPL-3.0 OR MIT) AND ISC") && !holds("(MIT OR ISC) AND GPL-3.0"));
        assert!(!holds("") && !holds("MIT MIT") && !holds("(MIT"));
    }
}
