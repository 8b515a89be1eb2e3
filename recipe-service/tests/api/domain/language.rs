use recipe_service::domain::language::is_language_tag;

#[test]
fn well_formed_tags_are_known() {
    for tag in [
        "ko",
        "en-US",
        "zh-Hant-TW",
        "sl-rozaj-biske",
        "es-419",
        "de-CH-1996",
        "x-house",
        "en-a-bbb-x-ccc",
        "i-klingon",
    ] {
        assert!(is_language_tag(tag), "{tag}");
    }
}

#[test]
fn other_texts_are_no_tags() {
    for tag in [
        "",
        "k",
        "-",
        "ko-",
        "-ko",
        "ko_KR",
        "한국어",
        "english please",
        "abcdefghi",
        "en-abcdefghi",
        "en-a",
        "x",
        "en--US",
    ] {
        assert!(!is_language_tag(tag), "{tag}");
    }
}
