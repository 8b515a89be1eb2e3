use recipe_service::domain::document::MAX_DOCUMENT_BYTES;
use recipe_service::domain::draft::Draft;
use recipe_service::domain::visibility::Visibility;
use serde_json::{Value, json};

use super::{accept, accepted, at, titled, violations};

#[test]
fn only_a_title_is_required() {
    let document = accepted(json!({ "title": "김치찌개" }));

    assert_eq!(
        document,
        json!({
            "title": "김치찌개", "description": null, "language": null, "yield": null, "times": null,
            "ingredient_groups": [], "step_groups": [], "nutrition": null, "tags": [], "cuisines": [],
            "categories": [], "diets": [], "tools": [], "source": null, "extras": null,
        })
    );
    assert_eq!(accept(json!({ "title": "김치찌개" })).unwrap().visibility, Visibility::Private);
}

#[test]
fn a_full_document_is_kept_as_it_was_given() {
    let given = json!({
        "title": "돼지고기 김치찌개 🍲",
        "description": "<script>alert(1)</script> \u{202e}rtl e\u{301}",
        "language": "ko-KR",
        "yield": { "raw": "2-3인분", "quantity": "2", "quantity_max": "3", "unit": "인분" },
        "times": { "prep": 600, "cook": 1800, "rest": null, "total": 2400 },
        "ingredient_groups": [{ "title": "양념", "items": [{
            "id": "0192f0c1-2d3e-7abc-8def-0123456789ab", "raw": "고춧가루 1½큰술",
            "quantity": { "min": "3/2", "max": null }, "unit": "tbsp", "item": "고춧가루", "preparation": null,
            "note": null, "optional": true, "scaling": "fixed"
        }] }],
        "step_groups": [{ "title": null, "items": [{
            "id": "0192f0c1-2d3e-7abc-8def-0123456789ac", "text": "끓인다.", "name": null, "duration": 900,
            "ingredient_ids": ["0192f0c1-2d3e-7abc-8def-0123456789ab"]
        }] }],
        "nutrition": { "calories": 65.5, "sodium": "2441 mg" },
        "tags": ["찌개", "매운맛"], "cuisines": ["한식"], "categories": ["국"], "diets": ["글루텐프리"], "tools": ["뚝배기"],
        "source": { "url": "https://example.com/김치?q=1", "name": "집밥", "author": "할머니" },
        "extras": { "mine": [1, 9_007_199_254_740_993_i64, true, null, { "deep": "x" }] },
    });

    assert_eq!(accepted(given.clone()), given);
}

#[test]
fn members_that_the_service_sets_are_ignored() {
    let given = json!({
        "title": "t", "id": 1, "version": "x", "owner": { "id": "someone else" }, "cover": [], "rating": 5,
        "created_at": null, "updated_at": {}, "published_at": 0, "slug": "other",
    });

    let kept = accepted(given);

    for name in
        ["id", "version", "owner", "cover", "rating", "created_at", "updated_at", "published_at", "slug"]
    {
        assert!(kept.get(name).is_none(), "{name} was kept");
    }
}

#[test]
fn every_violation_is_answered_at_once() {
    let found = violations(json!({
        "title": "", "description": "x".repeat(4_001), "language": "not a language", "times": { "prep": -1 },
        "tags": ["ok", " "], "source": { "url": "javascript:alert(1)" },
        "ingredient_groups": [{ "items": [{ "raw": "a\0b", "quantity": { "min": "1/0" } }, {}] }],
    }));

    assert_eq!(
        found,
        [
            at("/title", "too_short"),
            at("/description", "too_long"),
            at("/language", "not_a_language"),
            at("/times/prep", "out_of_range"),
            at("/ingredient_groups/0/items/0/raw", "nul"),
            at("/ingredient_groups/0/items/0/quantity/min", "not_a_quantity"),
            at("/ingredient_groups/0/items/1/raw", "missing_member"),
            at("/tags/1", "too_short"),
            at("/source/url", "not_a_web_address"),
        ]
    );
}

#[test]
fn limits_count_characters_and_hold_at_their_edge() {
    accepted(json!({ "title": "찌".repeat(200) }));
    accepted(titled("description", "찌".repeat(4_000).into()));
    accepted(titled("tags", vec!["찌개"; 100].into()));
    accepted(titled("times", json!({ "total": 366 * 86_400 })));

    assert_eq!(violations(json!({ "title": "찌".repeat(201) })), [at("/title", "too_long")]);
    assert_eq!(violations(titled("tags", vec!["찌개"; 101].into())), [at("/tags", "too_long")]);
    assert_eq!(
        violations(titled("times", json!({ "total": 366 * 86_400 + 1 }))),
        [at("/times/total", "out_of_range")]
    );
}

#[test]
fn a_title_that_is_missing_null_or_blank_is_refused() {
    for draft in [json!({}), json!({ "title": null })] {
        assert_eq!(violations(draft), [at("/title", "missing_member")]);
    }
    assert_eq!(violations(json!({ "title": " \u{3000}" })), [at("/title", "too_short")]);
}

#[test]
fn wrong_types_and_unknown_members_are_refused() {
    for (name, value) in [
        ("title", json!(1)),
        ("description", json!(["x"])),
        ("tags", json!("찌개")),
        ("tags", json!(null)),
        ("tags", json!([1])),
        ("times", json!({ "prep": 1.0 })),
        ("times", json!({ "prep": "1" })),
        ("times", json!({ "prep": 1, "idle": 2 })),
        ("visibility", json!("secret")),
        ("visibility", json!(null)),
        ("extras", json!([])),
        ("yield", json!("2인분")),
        ("owner_id", json!("x")),
        ("author", json!("x")),
    ] {
        let draft = titled(name, value);
        assert!(serde_json::from_value::<Draft>(draft.clone()).is_err(), "{draft} was read");
    }
}

#[test]
fn duplicate_members_are_refused_wherever_they_are() {
    for text in [
        r#"{"title":"a","title":"b"}"#,
        r#"{"title":"a","id":1,"id":2}"#,
        r#"{"title":"a","times":{"prep":1,"prep":1}}"#,
        r#"{"title":"a","extras":{"x":{"y":1,"y":1}}}"#,
        r#"{"title":"a","step_groups":[{"items":[{"text":"a","text":"a"}]}]}"#,
    ] {
        assert!(serde_json::from_str::<Draft>(text).is_err(), "{text} was read");
    }
}

#[test]
fn extras_have_sixteen_kibibytes() {
    let extras = |bytes: usize| titled("extras", json!({ "x": "y".repeat(bytes - r#"{"x":""}"#.len()) }));

    accepted(extras(16 * 1024));
    assert_eq!(violations(extras(16 * 1024 + 1)), [at("/extras", "too_large")]);
}

#[test]
fn a_nul_in_extras_is_refused_in_names_and_in_texts() {
    for extras in [json!({ "a\0": 1 }), json!({ "a": ["\0"] }), json!({ "a": { "b": { "c\0": null } } })] {
        assert_eq!(violations(titled("extras", extras)), [at("/extras", "nul")]);
    }
}

#[test]
fn a_document_beyond_512_kibibytes_is_too_large() {
    let of_steps = |count: usize| {
        let steps: Vec<Value> = (0..count).map(|_| "x".repeat(10_000).into()).collect();
        accept(titled("step_groups", json!([{ "items": steps }]))).unwrap()
    };

    assert!(of_steps(50).to_text().unwrap().len() <= MAX_DOCUMENT_BYTES);
    assert!(of_steps(60).to_text().is_err());
}

#[test]
fn sources_are_addresses_of_the_web() {
    for url in ["http://example.com", "https://예시.kr/레시피?a=b#c", "HTTPS://EXAMPLE.com"] {
        accepted(titled("source", json!({ "url": url })));
    }
    for url in ["", "example.com", "/recipes/1", "ftp://example.com", "data:text/html,x", "http://"] {
        assert_eq!(
            violations(titled("source", json!({ "url": url }))),
            [at("/source/url", "not_a_web_address")]
        );
    }
}

#[test]
fn a_yield_needs_its_words_and_a_range_in_order() {
    assert_eq!(violations(titled("yield", json!({ "quantity": "2" }))), [at("/yield/raw", "missing_member")]);
    assert_eq!(
        violations(titled("yield", json!({ "raw": "3-2인분", "quantity": "3", "quantity_max": "2" }))),
        [at("/yield/quantity_max", "out_of_range")]
    );
}

#[test]
fn violations_stop_at_a_hundred() {
    assert_eq!(violations(titled("tools", vec![""; 5_000].into())).len(), 100);
}
