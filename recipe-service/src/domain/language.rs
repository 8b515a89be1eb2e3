/// True for a language tag that is well-formed (BCP 47, RFC 5646 §2.1), such as `ko`, `en-US`, `zh-Hant-TW`.
///
/// Whether its subtags are registered is not asked: the registry grows, and a recipe need not wait for it.
pub fn is_language_tag(text: &str) -> bool {
    let mut subtags = text.split('-');
    let is_private = match subtags.next() {
        Some("x" | "X" | "i" | "I") => true,
        Some(primary) if is_primary(primary) => false,
        _ => return false,
    };
    let rest: Vec<&str> = subtags.collect();
    let ends_open = rest.last().is_some_and(|last| last.len() == 1 && !is_private);
    text.len() <= MAX_BYTES
        && rest.iter().all(|subtag| is_subtag(subtag))
        && !ends_open
        && (!is_private || !rest.is_empty())
}

/// Longer than any tag in use: seven subtags of five letters.
const MAX_BYTES: usize = 64;

fn is_primary(subtag: &str) -> bool {
    (2..=8).contains(&subtag.len()) && subtag.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn is_subtag(subtag: &str) -> bool {
    (1..=8).contains(&subtag.len()) && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
