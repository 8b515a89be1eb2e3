use serde_json::{Value, json};
use testkit::{Session, TestStack, both, everywhere};

use super::{admin, all_pages, by, delete, get, noted_by, patch};
use crate::answers::{access_token, assert_invalid, assert_revoked, claims, members, text};
use crate::database::Database;

fn path(person: &Session) -> String {
    format!("users/{}", person.user_id)
}

fn ids(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| item["id"].as_str().unwrap()).collect()
}

async fn found(stack: &TestStack, admin: &Session, text: &str) -> Vec<String> {
    let query: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
    let items = all_pages(stack, admin, &format!("users?q={query}")).await;
    ids(&items).into_iter().map(str::to_owned).collect()
}

#[both]
async fn people_are_listed_the_newest_first_and_found_by_what_is_known_of_them(stack: TestStack) {
    let mut people = vec![admin(&stack).await];
    for _ in 0..4 {
        people.push(stack.logged_in().await);
    }
    let admin = people[0].clone();
    let listed = all_pages(&stack, &admin, "users").await;
    let newest: Vec<&str> = people.iter().rev().map(|person| person.user_id.as_str()).collect();
    assert_eq!(ids(&listed), newest);
    let expected = [
        "created_at",
        "email",
        "email_verified",
        "ext",
        "external_id",
        "id",
        "locale",
        "name",
        "roles",
        "state",
    ];
    assert_eq!(members(&listed[0]), expected);

    let person = &people[2];
    stack.change_me(person, json!({ "name": "Kim 100%_Cook", "username": "kimchi" })).await.assert_ok();
    patch(&stack, &admin, &path(person), json!({ "external_id": "HR-7" })).await.assert_ok();
    let address = person.email.to_uppercase();
    for text in ["kIm 100", "0%_c", "KIMCHI", "HR-7", " kimchi ", &person.user_id, &address, &address[4..12]]
    {
        assert_eq!(found(&stack, &admin, text).await, std::slice::from_ref(&person.user_id), "{text}");
    }
    for text in ["HR-", "hr-7", "%", "_", "' OR 1=1 --", "\\"] {
        let found = found(&stack, &admin, text).await;
        let is_named = matches!(text, "%" | "_");
        assert_eq!(found.len(), usize::from(is_named), "{text}");
    }
    assert_eq!(found(&stack, &admin, "@example.com").await.len(), 5);
    get(&stack, &admin, "users?q=a&q=b").await.assert_problem(400, "invalid_parameter");
}

#[both]
async fn a_cursor_is_of_one_list_and_one_administrator(stack: TestStack) {
    let (one, other) = (admin(&stack).await, admin(&stack).await);
    for _ in 0..2 {
        stack.client("recipes:read", "recipes").await;
    }
    let [sessions, others] = [&one, &other].map(|admin| format!("{}/sessions", path(admin)));
    let lists =
        ["users?", "users?q=a&", "audit?", "clients?", &format!("{sessions}?"), &format!("{others}?")];
    for list in lists {
        let page = get(&stack, &one, &format!("{list}limit=1")).await;
        let next = text(&page, "next_cursor");
        assert!(page.header("link").ends_with(&format!("limit=1&cursor={next}>; rel=\"next\"")), "{page}");
        for (admin, asked) in [&one, &other].into_iter().flat_map(|admin| lists.map(|asked| (admin, asked))) {
            let answer = get(&stack, admin, &format!("{asked}cursor={next}")).await;
            if (&admin.user_id, asked) == (&one.user_id, list) {
                answer.assert_status(200);
            } else {
                answer.assert_problem(400, "invalid_cursor");
            }
        }
    }
}

#[everywhere]
async fn a_change_of_roles_or_ext_ends_tokens_and_sessions_go_on_with_it(stack: TestStack) {
    let (admin, person) = (admin(&stack).await, stack.logged_in().await);
    let change = json!({ "roles": ["editor", "cook", "editor"], "ext": { "tier": "gold" } });
    let changed = patch(&stack, &admin, &path(&person), change).await.assert_ok().json();
    assert_eq!((&changed["roles"], &changed["ext"]["tier"]), (&json!(["editor", "cook"]), &json!("gold")));
    assert_revoked(&stack, &person.access_token).await;
    let next = stack.refresh(&person.refresh_token).await;
    let said = claims(&access_token(&next));
    assert_eq!((&said["roles"], &said["ext"]), (&json!(["editor", "cook"]), &json!({ "tier": "gold" })));
    stack.list_recipes(&access_token(&next), "").await.assert_status(200);
    let again = stack.logged_in_again(&person.person()).await;
    assert_eq!(claims(&again.access_token)["roles"], json!(["editor", "cook"]));

    // What changes nothing ends nothing.
    let before = Database::of(&stack).counts().await;
    let same = json!({ "roles": ["editor", "cook"], "state": "active", "ext": { "tier": "gold" } });
    patch(&stack, &admin, &path(&person), same).await.assert_ok();
    assert_eq!(Database::of(&stack).counts().await, before);
    stack.me(&again).await.assert_status(200);

    let gone =
        patch(&stack, &admin, &path(&person), json!({ "roles": [], "ext": null })).await.assert_ok().json();
    assert_eq!((&gone["roles"], &gone["ext"]), (&json!([]), &Value::Null));
    let said = claims(&stack.logged_in_again(&person.person()).await.access_token);
    assert!(said.get("ext").is_none(), "{said}");
    for event in ["roles_changed", "ext_changed"] {
        assert_eq!(noted_by(&stack, &admin, event).await, by(&admin));
    }
}

#[everywhere]
async fn a_closed_account_is_shut_and_can_be_opened_again(stack: TestStack) {
    let (admin, person) = (admin(&stack).await, stack.logged_in().await);
    let closed = patch(&stack, &admin, &path(&person), json!({ "state": "disabled" })).await;
    assert_eq!(closed.assert_ok().json()["state"], "disabled");
    assert_revoked(&stack, &person.access_token).await;
    stack.refresh(&person.refresh_token).await.assert_problem(401, "session_ended");
    stack.login(person.person().credentials()).await.assert_problem(403, "account_disabled");
    let opened = patch(&stack, &admin, &path(&person), json!({ "state": "active" })).await;
    assert_eq!(opened.assert_ok().json()["state"], "active");
    stack.refresh(&person.refresh_token).await.assert_problem(401, "session_ended");
    let again = stack.logged_in_again(&person.person()).await;
    stack.list_recipes(&again, "").await.assert_status(200);
    for event in ["disabled", "enabled"] {
        assert_eq!(noted_by(&stack, &admin, event).await, by(&admin));
    }
}

#[both]
async fn an_external_id_is_one_accounts_alone_and_others_are_told(stack: TestStack) {
    let (admin, one, other) = (admin(&stack).await, stack.logged_in().await, stack.logged_in().await);
    patch(&stack, &admin, &path(&one), json!({ "external_id": "7" })).await.assert_ok();
    let taken = patch(&stack, &admin, &path(&other), json!({ "external_id": "7", "roles": ["x"] })).await;
    taken.assert_problem(409, "external_id_taken");
    assert_eq!(get(&stack, &admin, &path(&other)).await.json()["roles"], json!([]));
    // The tokens say nothing of it.
    stack.me(&one).await.assert_status(200);
    stack.change_me(&one, json!({ "name": "Renamed" })).await.assert_ok();
    let query = "SELECT external_id AS value FROM people_events ORDER BY seq";
    assert_eq!(Database::of(&stack).texts(query).await, ["7", "7"]);
    patch(&stack, &admin, &path(&one), json!({ "external_id": null })).await.assert_ok();
    patch(&stack, &admin, &path(&other), json!({ "external_id": "7" })).await.assert_ok();
}

#[both]
async fn a_patch_of_an_account_is_strict(stack: TestStack) {
    let (admin, person) = (admin(&stack).await, stack.logged_in().await);
    let (long, wide) = ("x".repeat(201), json!({ "a": "x".repeat(600) }));
    for (body, error) in [
        (json!({ "email_verified": true }), ("/email_verified", "unknown_member")),
        (json!({ "uv": 0 }), ("/uv", "unknown_member")),
        (json!({ "state": "deleted" }), ("/state", "invalid_value")),
        (json!({ "state": null }), ("/state", "invalid_value")),
        (json!({ "roles": null }), ("/roles", "wrong_type")),
        (json!({ "roles": "admin" }), ("/roles", "wrong_type")),
        (json!({ "roles": ["Admin"] }), ("/roles", "invalid_word")),
        (json!({ "roles": ["a b"] }), ("/roles", "invalid_word")),
        (json!({ "roles": ["a".repeat(129)] }), ("/roles", "too_long")),
        (json!({ "ext": [] }), ("/ext", "wrong_type")),
        (json!({ "ext": wide }), ("/ext", "too_long")),
        (json!({ "external_id": "" }), ("/external_id", "too_long")),
        (json!({ "external_id": long }), ("/external_id", "too_long")),
        (json!({ "external_id": "a\u{7}" }), ("/external_id", "control_character")),
    ] {
        assert_invalid(&patch(&stack, &admin, &path(&person), body).await, &[error]);
    }
    stack.me(&person).await.assert_status(200);
    patch(&stack, &admin, "users/nobody", json!({})).await.assert_problem(404, "not_found");
    let unknown = admin.session_id.clone();
    patch(&stack, &admin, &format!("users/{unknown}"), json!({})).await.assert_problem(404, "not_found");
}

#[everywhere]
async fn the_sessions_of_a_person_are_listed_and_ended(stack: TestStack) {
    let (admin, person) = (admin(&stack).await, stack.logged_in().await);
    let mut sessions = vec![person.session_id.clone()];
    for _ in 0..2 {
        sessions.insert(0, stack.logged_in_again(&person.person()).await.session_id);
    }
    let of = format!("{}/sessions", path(&person));
    let listed = all_pages(&stack, &admin, &of).await;
    assert_eq!(ids(&listed), sessions);
    assert!(listed.iter().all(|session| session["current"] == false));
    delete(&stack, &admin, &of).await.assert_status(204);
    assert_revoked(&stack, &person.access_token).await;
    stack.refresh(&person.refresh_token).await.assert_problem(401, "session_ended");
    let listed = all_pages(&stack, &admin, &of).await;
    assert!(listed.iter().all(|session| session["end_reason"] == "ended_by_admin"), "{listed:?}");
    assert_eq!(noted_by(&stack, &admin, "sessions_ended").await, by(&admin));
    stack.me(&admin).await.assert_status(200);
    let unknown = format!("users/{}/sessions", admin.session_id);
    get(&stack, &admin, &unknown).await.assert_problem(404, "not_found");
    delete(&stack, &admin, &unknown).await.assert_problem(404, "not_found");
}
