use ingredients::parse;

use super::{amount, assert_read, text};

#[test]
fn the_thing_and_its_amount_come_in_either_order() {
    assert_read(&[
        ("간장 2큰술", "2", "tbsp", "간장"),
        ("2큰술 간장", "2", "tbsp", "간장"),
        ("간장 한 큰술", "1", "tbsp", "간장"),
        ("한 큰술 간장", "1", "tbsp", "간장"),
        ("간장 한큰술", "1", "tbsp", "간장"),
        ("간장(2큰술)", "2", "tbsp", "간장"),
        ("간장2큰술", "2", "tbsp", "간장"),
    ]);
}

#[test]
fn amounts_are_exact_fractions() {
    assert_read(&[
        ("밀가루 1과1/2컵", "3/2", "cup_kr", "밀가루"),
        ("밀가루 1과 1/2컵", "3/2", "cup_kr", "밀가루"),
        ("밀가루 1½컵", "3/2", "cup_kr", "밀가루"),
        ("밀가루 1컵 반", "3/2", "cup_kr", "밀가루"),
        ("밀가루 1컵반", "3/2", "cup_kr", "밀가루"),
        ("밀가루 1.5컵", "3/2", "cup_kr", "밀가루"),
        ("양파 반 개", "1/2", "piece", "양파"),
        ("양파 반개", "1/2", "piece", "양파"),
        ("두부 반모", "1/2", "모", "두부"),
        ("물 1,200ml", "1200", "ml", "물"),
        ("물 ２００㎖", "200", "ml", "물"),
    ]);
}

#[test]
fn a_range_goes_up() {
    assert_read(&[
        ("대추 3~4개", "3-4", "piece", "대추"),
        ("대추 3-4개", "3-4", "piece", "대추"),
        ("마늘 두세 쪽", "2-3", "쪽", "마늘"),
        ("마늘 서너쪽", "3-4", "쪽", "마늘"),
    ]);
}

#[test]
fn known_units_have_codes_and_others_keep_their_word() {
    assert_read(&[
        ("설탕 2T", "2", "tbsp", "설탕"),
        ("설탕 2t", "2", "tsp", "설탕"),
        ("설탕 2작은술", "2", "tsp", "설탕"),
        ("감자 2개", "2", "piece", "감자"),
        ("쌀 2컵", "2", "cup_kr", "쌀"),
        ("고등어 2마리", "2", "마리", "고등어"),
        ("배추 1/4포기", "1/4", "포기", "배추"),
        ("묵 1판때기", "1", "판때기", "묵"),
        ("당근 1", "1", "", "당근"),
        ("1/2 당근", "1/2", "", "당근"),
    ]);
}

#[test]
fn a_number_or_a_counter_in_a_name_is_no_amount() {
    assert_read(&[
        ("2배 식초 3g", "3", "g", "2배 식초"),
        ("7분도미 1컵", "1", "cup_kr", "7분도미"),
        ("한우 300g", "300", "g", "한우"),
        ("반죽 1덩이", "1", "덩이", "반죽"),
        ("세발나물 1줌", "1", "줌", "세발나물"),
        ("무 20g(5×1×1cm)", "20", "g", "무"),
    ]);
}

#[test]
fn the_amount_outside_of_parentheses_counts_and_the_other_is_a_note() {
    let parsed = parse("두부 200g(1/2모)", None);

    assert_eq!((amount(&parsed), text(&parsed.unit)), ("200".to_owned(), "g"));
    assert_eq!((text(&parsed.item), text(&parsed.note)), ("두부", "1/2모"));
}

#[test]
fn what_else_stands_in_parentheses_is_a_note() {
    let parsed = parse("돼지고기(앞다리살, 300g)", None);

    assert_eq!((amount(&parsed), text(&parsed.unit)), ("300".to_owned(), "g"));
    assert_eq!((text(&parsed.item), text(&parsed.note)), ("돼지고기", "앞다리살"));
}

#[test]
fn a_heading_before_the_thing_is_a_note() {
    for (line, note) in
        [("●양념 : 간장 10g", "양념"), ("[양념] 간장 10g", "양념"), ("[2인분] 간장(10g)", "2인분")]
    {
        let parsed = parse(line, None);
        assert_eq!((amount(&parsed), text(&parsed.unit)), ("10".to_owned(), "g"), "{line}");
        assert_eq!((text(&parsed.item), text(&parsed.note)), ("간장", note), "{line}");
    }
}

#[test]
fn a_vague_amount_has_no_number_and_keeps_its_words() {
    for (line, item, note) in [
        ("소금 약간", "소금", "약간"),
        ("약간의 소금", "소금", "약간"),
        ("소금약간", "소금", "약간"),
        ("소금(약간)", "소금", "약간"),
        ("소금 적당량", "소금", "적당량"),
        ("후추 조금씩", "후추", "조금씩"),
        ("참기름 기호에 따라", "참기름", "기호에 따라"),
        ("소금, 후추 약간씩", "소금, 후추", "약간씩"),
    ] {
        let parsed = parse(line, None);
        let read = (amount(&parsed), text(&parsed.unit), text(&parsed.item), text(&parsed.note));
        assert_eq!(read, (String::new(), "", item, note), "{line}");
    }
}

#[test]
fn what_follows_the_amount_is_done_to_it() {
    let parsed = parse("대파 1대, 송송 썬 것", None);

    assert_eq!((amount(&parsed), text(&parsed.unit)), ("1".to_owned(), "대"));
    assert_eq!((text(&parsed.item), text(&parsed.preparation)), ("대파", "송송 썬 것"));
}

#[test]
fn a_line_in_latin_letters_is_korean_where_the_recipe_is() {
    assert_eq!(text(&parse("MSG 2C", Some("ko-KR")).unit), "cup_kr");
    assert_eq!(text(&parse("2 c MSG", Some("en")).unit), "cup");
}
