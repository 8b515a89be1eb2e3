use recipe_service::domain::json::FreeObject;

#[test]
fn numbers_are_exact_or_refused() {
    for text in [
        r#"{"x":9007199254740993}"#,
        r#"{"x":-9223372036854775808}"#,
        r#"{"x":18446744073709551615}"#,
        r#"{"x":1.5}"#,
    ] {
        let read: FreeObject = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
    }
    for text in [r#"{"x":18446744073709551616}"#, r#"{"x":1e400}"#, r#"{"x":1e30}"#] {
        assert!(serde_json::from_str::<FreeObject>(text).is_err(), "{text} was read");
    }
}
