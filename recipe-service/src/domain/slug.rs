/// A title as part of an address: `Kimchi stew, twice` → `kimchi-stew-twice`, `김치찌개` as it is.
///
/// Never empty, at most 80 characters. Slugs are not unique; ids are.
pub fn slug(title: &str) -> String {
    let mut slug = String::new();
    for word in folded(title).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if slug.chars().count() + 1 + word.chars().count() > MAX_CHARS && !slug.is_empty() {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.extend(word.chars().take(MAX_CHARS));
    }
    if slug.is_empty() { "recipe".into() } else { slug }
}

const MAX_CHARS: usize = 80;

/// Lower case, without the accents that follow their letter and the apostrophes inside words, neither of which part words.
fn folded(title: &str) -> String {
    title.to_lowercase().chars().filter(|c| !matches!(c, '\u{300}'..='\u{36f}' | '\'' | '’')).collect()
}
