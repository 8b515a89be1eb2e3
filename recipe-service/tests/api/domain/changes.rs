use recipe_service::domain::changes::changed_members;
use serde_json::json;

#[test]
fn members_that_differ_come_and_go_are_named() {
    let base = json!({ "title": "a", "tags": ["x"], "old": 1, "same": { "k": 1 } });
    let now = json!({ "title": "b", "tags": ["x", "y"], "new": 1, "same": { "k": 1 } });

    let changed = changed_members(base.as_object().unwrap(), now.as_object().unwrap());

    assert_eq!(changed, ["new", "old", "tags", "title"]);
}
