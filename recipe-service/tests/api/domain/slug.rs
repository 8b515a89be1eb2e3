use recipe_service::domain::slug::slug;

#[test]
fn a_slug_keeps_the_words_of_every_script() {
    assert_eq!(slug("Kimchi Stew, twice!"), "kimchi-stew-twice");
    assert_eq!(slug("돼지고기 김치찌개 (2인분)"), "돼지고기-김치찌개-2인분");
    assert_eq!(slug("Grandma's cre\u{300}me"), "grandmas-creme");
    assert_eq!(slug("../../etc/passwd"), "etc-passwd");
}

#[test]
fn a_slug_is_never_empty_nor_long() {
    assert_eq!(slug("🍲"), "recipe");
    assert_eq!(slug(&"찌".repeat(200)).chars().count(), 80);
    assert_eq!(slug(&"word ".repeat(40)).chars().count(), 79);
}
