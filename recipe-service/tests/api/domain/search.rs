use recipe_service::domain::search::{Terms, tokens};

fn cut(text: &str) -> String {
    tokens(text).join(" ")
}

#[test]
fn what_is_written_without_blanks_becomes_its_overlapping_pairs() {
    assert_eq!(cut("김치찌개"), "김치 치찌 찌개");
    assert_eq!(cut("김치 찌개"), "김치 찌개");
    assert_eq!(cut("파"), "파");
    assert_eq!(cut("豆腐と味噌"), "豆腐 腐と と味 味噌");
    assert_eq!(cut("LA갈비찜 2인분"), "la 갈비 비찜 2 인분");
}

#[test]
fn words_are_folded() {
    assert_eq!(cut("Crème BRÛLÉE, straße"), "creme brulee straße");
    assert_eq!(cut("cre\u{300}me"), "creme");
    assert_eq!(cut("Ｆｕｌｌ　ﾐｿ"), "full ミソ");
    // The same word in jamo that are put together only when shown.
    assert_eq!(cut("\u{1100}\u{1175}\u{11b7}\u{110e}\u{1175}"), "김치");
    // Marks of kana are letters of their own.
    assert_ne!(cut("が"), cut("か"));
}

#[test]
fn marks_part_words_and_are_none() {
    assert_eq!(cut("a-b_c'd\"e%f*g"), "a b c d e f g");
    assert_eq!(cut("%_*\"'()&|!:^~ \u{e000}\0"), "");
    assert_eq!(cut(""), "");
}

#[test]
fn a_question_is_words_and_quoted_phrases() {
    let terms = |question: &str| {
        Terms::parse(question).iter().map(|term| term.tokens().join(" ")).collect::<Vec<_>>()
    };

    assert_eq!(terms("김치찌개 soup"), ["김치 치찌 찌개", "soup"]);
    assert_eq!(terms("\"green onion\" soup"), ["green onion", "soup"]);
    assert_eq!(terms("soup \"green onion"), ["soup", "green onion"]);
    assert_eq!(terms("half-and-half"), ["half and half"]);
    assert!(terms("% * \"\" '").is_empty());
}

#[test]
fn a_question_has_an_end() {
    let longest = |question: String| {
        let terms = Terms::parse(&question);
        terms.iter().map(|term| term.tokens().len()).sum::<usize>()
    };

    assert!(longest("a ".repeat(100_000)) <= 64);
    assert!(longest("가".repeat(100_000)) <= 64);
    assert!(longest("\u{fdfa}".repeat(100_000)) <= 64);
}
