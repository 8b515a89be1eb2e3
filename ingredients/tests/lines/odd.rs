use ingredients::parse;

#[test]
fn no_line_is_too_odd_to_be_read() {
    let odd = [
        "",
        " ",
        ",",
        "(",
        ")",
        "((((",
        "1",
        "1/",
        "/2",
        "1/0",
        "½½",
        "1 1 1 1",
        "-",
        "--",
        "*",
        "약간",
        "(약간)",
        "반",
        "한",
        "개",
        "1개",
        "개 1",
        "의 ",
        "cup",
        "of",
        "a",
        "1 x",
        "x",
        "1-",
        "1 -",
        "½-",
        "2011-03-04",
        "\0",
        "\u{feff}",
        "🍲",
        "e\u{301}",
        "\u{202e}1g",
        "１",
        "①",
        "Ⅷ",
        "²",
        "1²",
        "٣",
    ];
    for line in odd {
        for language in [None, Some("ko"), Some("en"), Some("")] {
            let parsed = parse(line, language);
            assert!((0.0..=1.0).contains(&parsed.confidence), "{line:?}");
        }
    }
}

#[test]
fn a_long_line_is_read_as_well() {
    for piece in ["(", "1 ", "1개 ", "약간 ", "a,", "half a ", "small ", "1-", "(1개)", "x", "가"] {
        for language in ["ko", "en"] {
            parse(&piece.repeat(10_000 / piece.len()), Some(language));
        }
    }
}

#[test]
fn confidence_falls_with_what_is_not_known() {
    let of = |line: &str| parse(line, None).confidence;

    assert!(of("2 cups flour") > of("2 sleeves crackers"));
    assert!(of("2 sleeves crackers") > of("crackers"));
    assert!(of("crackers") > of("oven at 180"));
    assert!(of("oven at 180") > of(""));
}
