use recipe_service::domain::rational::Rational;

#[test]
fn fractions_are_read_and_reduced() {
    for (text, reduced) in
        [("2", "2"), ("3/2", "3/2"), ("6/4", "3/2"), ("4/2", "2"), ("0", "0"), ("0/7", "0"), ("007", "7")]
    {
        assert_eq!(Rational::parse(text).unwrap().to_string(), reduced);
    }
}

#[test]
fn anything_else_is_no_quantity() {
    for text in [
        "",
        "-1",
        "+1",
        "1.5",
        "1e3",
        "1/0",
        "1/-2",
        "1/2/3",
        "/2",
        "1/",
        " 1",
        "1 1/2",
        "½",
        "９",
        "1234567890",
    ] {
        assert_eq!(Rational::parse(text), None, "{text}");
    }
}

#[test]
fn quantities_compare_by_value() {
    let quantity = |text| Rational::parse(text).unwrap();

    assert!(quantity("1/3") < quantity("1/2"));
    assert!(quantity("999999999/999999998") > quantity("1"));
    assert!(quantity("999999999") > quantity("999999998/999999999"));
}
