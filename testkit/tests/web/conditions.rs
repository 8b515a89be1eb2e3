use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue, IF_MATCH, IF_NONE_MATCH};
use common::web::etag::{Condition, ETag};

fn headers(name: HeaderName, values: &[&str]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for value in values {
        headers.append(name.clone(), HeaderValue::from_str(value).unwrap());
    }
    headers
}

#[test]
fn a_weak_tag_never_matches_a_change_but_does_a_read() {
    let current = ETag::new(7);
    for (values, strong, weak) in [
        (&["\"7\""][..], true, true),
        (&["W/\"7\""], false, true),
        (&["\"6\", \"7\""], true, true),
        (&["\"6\"", "\"7\""], true, true),
        (&["\"a,b\" , W/\"7\""], false, true),
        (&["*"], true, true),
        (&["\"8\""], false, false),
    ] {
        let change = Condition::if_match(&headers(IF_MATCH, values)).unwrap();
        let read = Condition::if_none_match(&headers(IF_NONE_MATCH, values)).unwrap();
        assert_eq!(
            (change.matches_strongly(&current), read.matches_weakly(&current)),
            (strong, weak),
            "{values:?}"
        );
    }
}

#[test]
fn an_absent_condition_matches_nothing() {
    let condition = Condition::if_match(&HeaderMap::new()).unwrap();
    assert_eq!((condition.matches_strongly(&ETag::new(7)), condition), (false, Condition::Absent));
}

#[test]
fn what_is_not_a_list_of_tags_is_refused() {
    for value in ["7", "\"7", "\"7\" \"8\"", "w/\"7\"", "", "*, \"7\"", "\"a b\""] {
        assert!(Condition::if_match(&headers(IF_MATCH, &[value])).is_err(), "{value}");
    }
}
