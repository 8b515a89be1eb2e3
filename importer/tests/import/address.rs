use importer::address::key;

#[test]
fn addresses_of_one_page_have_one_key() {
    let page = key("https://example.org/stew").unwrap();
    for same in [
        "http://example.org/stew",
        "https://www.EXAMPLE.org/stew/",
        "https://example.org:443/stew#comments",
        "https://example.org/stew?utm_source=mail&fbclid=1",
        " https://example.org./stew ",
    ] {
        assert_eq!(key(same).as_deref(), Some(page.as_str()), "{same}");
    }
    for other in [
        "https://example.org/Stew",
        "https://example.org/stew?page=2",
        "https://blog.example.org/stew",
        "https://example.org:8443/stew",
        "https://example.org/stew2",
    ] {
        assert_ne!(key(other).as_deref(), Some(page.as_str()), "{other}");
    }
    assert_eq!(key("https://example.org/?b=2&a=1"), key("https://example.org?a=1&b=2"));
    for none in ["", "stew", "javascript:alert(1)", "file:///stew", "mailto:a@example.org"] {
        assert_eq!(key(none), None, "{none}");
    }
}
