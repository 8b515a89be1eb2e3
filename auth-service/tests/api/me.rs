//! GET and PATCH /v1/me, GET /v1/users/{id}.

use serde_json::{Value, json};
use testkit::client::{Anonymous, Person};
use testkit::forge::Key;
use testkit::{TestStack, both, everywhere};

use crate::answers::{assert_invalid, members};
use crate::database::Database;

#[everywhere]
async fn a_person_sees_what_is_known_of_them(stack: TestStack) {
    let session = stack.logged_in().await;
    for copy in 0..stack.copies() {
        let me = stack.auth(copy).me(&session).await;
        me.assert_status(200);
        assert_eq!(me.header("cache-control"), "no-store");
        let body = me.json();
        assert_eq!(
            members(&body),
            ["created_at", "email", "email_verified", "id", "locale", "name", "roles"]
        );
        assert_eq!((&body["id"], &body["email"]), (&json!(session.user_id), &json!(session.email)));
        assert_eq!(stack.auth(copy).user(&session, &session.user_id).await.json(), body);
    }
}

#[both]
async fn a_person_changes_what_they_are_called(stack: TestStack) {
    let session = stack.logged_in().await;
    let before = stack.me(&session).await.json();
    let all = json!({ "name": " 김 철수 ", "username": "ChulSoo", "locale": "ko" });
    let changed = stack.change_me(&session, all).await;
    changed.assert_status(200);
    assert_eq!(changed.header("cache-control"), "no-store");
    let expected = (json!("김 철수"), json!("chulsoo"), json!("ko"));
    let body = changed.json();
    assert_eq!((&body["name"], &body["username"], &body["locale"]), (&expected.0, &expected.1, &expected.2));
    for member in ["id", "email", "created_at", "roles", "email_verified"] {
        assert_eq!(body[member], before[member], "{member}");
    }

    // What is not named stays (RFC 7396), and what is the same as before is no trouble.
    let name_alone = stack.change_me(&session, json!({ "name": "Chulsoo" })).await.json();
    assert_eq!((&name_alone["username"], &name_alone["locale"]), (&expected.1, &expected.2));
    stack.change_me(&session, json!({ "username": "chulsoo" })).await.assert_status(200);
    assert_eq!(stack.change_me(&session, json!({})).await.json(), name_alone);
    assert_eq!(stack.me(&session).await.json(), name_alone);

    // Tokens are of the person, not of the name.
    stack.refresh(&session.refresh_token).await.assert_status(200);
    stack.login(json!({ "username": "chulsoo", "password": session.password })).await.assert_status(200);
}

#[both]
async fn a_patch_is_read_as_either_media_type(stack: TestStack) {
    let session = stack.logged_in().await;
    for content_type in
        ["application/json", "application/merge-patch+json", "Application/JSON; charset=utf-8"]
    {
        let request = stack.auth.patch("/v1/me").bearer(&session).body(content_type, "{\"name\":\"Kim\"}");
        request.send().await.assert_status(200);
    }
    let request = stack.auth.patch("/v1/me").bearer(&session).body("text/plain", "{\"name\":\"Lee\"}");
    let answer = request.send().await;
    answer.assert_problem(415, "unsupported_media_type");
    assert_eq!(answer.header("accept-patch"), "application/merge-patch+json, application/json");
}

#[both]
async fn a_user_name_that_somebody_has_is_taken(stack: TestStack) {
    let (mine, theirs) = (stack.logged_in().await, stack.logged_in().await);
    stack.change_me(&theirs, json!({ "username": "chulsoo" })).await.assert_status(200);
    let before = stack.me(&mine).await.json();
    let answer = stack.change_me(&mine, json!({ "username": "CHULSOO", "name": "Kim" })).await;
    answer.assert_problem(409, "username_taken");
    // All of a change happens or none of it.
    assert_eq!(stack.me(&mine).await.json(), before);
    // A name that is given up is free.
    stack.change_me(&theirs, json!({ "username": "younghee" })).await.assert_status(200);
    stack.change_me(&mine, json!({ "username": "chulsoo" })).await.assert_status(200);
}

#[both]
async fn a_change_that_breaks_a_rule_is_refused_by_name(stack: TestStack) {
    let session = stack.logged_in().await;
    let before = stack.me(&session).await.json();
    let refused = [
        (json!({ "name": "" }), "/name", "too_short"),
        (json!({ "name": "가".repeat(101) }), "/name", "too_long"),
        (json!({ "name": "a\nb" }), "/name", "control_character"),
        (json!({ "name": "a\0b" }), "/name", "nul"),
        (json!({ "name": null }), "/name", "wrong_type"),
        (json!({ "name": 1 }), "/name", "wrong_type"),
        (json!({ "username": "x" }), "/username", "malformed"),
        (json!({ "username": "admin" }), "/username", "reserved"),
        (json!({ "username": null }), "/username", "wrong_type"),
        (json!({ "locale": "korean!" }), "/locale", "malformed"),
        (json!({ "locale": null }), "/locale", "wrong_type"),
        (json!({ "email": "a@example.com" }), "/email", "unknown_member"),
        (json!({ "roles": ["admin"] }), "/roles", "unknown_member"),
        (json!({ "id": "x" }), "/id", "unknown_member"),
        (json!({ "email_verified": true }), "/email_verified", "unknown_member"),
        (json!({ "password": "bori cha 42" }), "/password", "unknown_member"),
        (json!([]), "", "wrong_type"),
        (json!(["Kim", "chulsoo", "ko"]), "", "wrong_type"),
        (json!("Kim"), "", "wrong_type"),
        (Value::Null, "", "wrong_type"),
    ];
    for (change, pointer, code) in refused {
        let answer = stack.change_me(&session, change.clone()).await;
        assert_invalid(&answer, &[(pointer, code)]);
    }
    let all = json!({ "name": "", "username": "x", "locale": "korean!" });
    let errors = [("/name", "too_short"), ("/username", "malformed"), ("/locale", "malformed")];
    assert_invalid(&stack.change_me(&session, all).await, &errors);
    assert_eq!(stack.me(&session).await.json(), before);
    assert_eq!(Database::of(&stack).count("people_events").await, 1);
}

#[both]
async fn nobody_is_known_without_a_good_token(stack: TestStack) {
    let session = stack.logged_in().await;
    stack.me(Anonymous).await.assert_problem(401, "missing_token");
    stack.change_me(Anonymous, json!({ "name": "Kim" })).await.assert_problem(401, "missing_token");
    let forge = stack.forge().await;
    let stranger = forge.with_key(Key::es256()).token().to_string();
    for token in ["", "x", "a.b.c", &*stranger, &*session.refresh_token] {
        stack.me(token).await.assert_invalid_token();
        stack.change_me(token, json!({ "name": "Kim" })).await.assert_invalid_token();
    }
    // Ours, but of a session that never was: nobody ended it, and nobody opened it.
    stack.me(&forge.token().to_string()).await.assert_problem(401, "token_revoked");
    let (client, _) = stack.client("", "auth").await;
    let claims = forge.service_claims().with("sub", json!(client.subject()));
    let service = forge.with_claims(claims).to_string();
    stack.me(&service).await.assert_problem(403, "forbidden");
    stack.change_me(&service, json!({ "name": "Kim" })).await.assert_problem(403, "forbidden");
}

/// T062
#[both]
async fn nobody_who_is_disabled_is_known(stack: TestStack) {
    let session = stack.logged_in().await;
    stack.disable(&session.user_id).await;
    stack.me(&session).await.assert_problem(401, "token_revoked");
    stack.change_me(&session, json!({ "name": "Kim" })).await.assert_problem(401, "token_revoked");
}

/// T008
#[both]
async fn two_tokens_are_one_too_many(stack: TestStack) {
    let session = stack.logged_in().await;
    let bearer = format!("Bearer {}", session.access_token);
    for other in ["Bearer x", &bearer, "Basic a2ltOmE="] {
        for (first, second) in [(&*bearer, other), (other, &*bearer)] {
            let request =
                stack.auth.get("/v1/me").header("authorization", first).header("authorization", second);
            request.send().await.assert_problem(400, "multiple_credentials");
        }
    }
}

#[both]
async fn a_person_is_shown_to_oneself_and_to_administrators(stack: TestStack) {
    let (mine, theirs) = (stack.logged_in().await, stack.logged_in().await);
    stack.user(&mine, &mine.user_id.to_uppercase()).await.assert_status(200);
    // Said before looking: whether there is such a person is not.
    let other = stack.user(&mine, &theirs.user_id).await;
    other.assert_problem(403, "forbidden");
    let nobody = stack.user(&mine, &uuid::Uuid::now_v7().to_string()).await;
    let but = crate::answers::but_for_its_request;
    assert_eq!(but(&other), but(&nobody));
    for id in ["me", "1", "0", "x", "%00"] {
        stack.user(&mine, id).await.assert_problem(404, "not_found");
    }

    let database = Database::of(&stack);
    let admin = database.id(&mine.user_id);
    database.change(format!("UPDATE users SET roles = 'admin' WHERE id = {admin}")).await;
    let admin = stack.logged_in_again(&mine.person()).await;
    let shown = stack.user(&admin, &theirs.user_id).await;
    assert_eq!(shown.assert_ok().json(), stack.me(&theirs).await.json());
    assert_eq!(stack.me(&admin).await.json()["roles"], json!(["admin"]));
    stack.user(&admin, &uuid::Uuid::now_v7().to_string()).await.assert_problem(404, "not_found");
}

/// T185: who takes over a name takes over nothing else.
#[both]
async fn a_name_that_changes_hands_is_a_name(stack: TestStack) {
    let mut first = Person::new().credentials();
    first["username"] = json!("chulsoo");
    let first = testkit::Session::of(
        &stack.signup(first.clone()).await,
        &Person {
            email: first["email"].as_str().unwrap().into(),
            password: first["password"].as_str().unwrap().into(),
        },
    );
    stack.create_recipe(&first, json!({ "title": "국" })).await.assert_status(201);
    stack.change_me(&first, json!({ "username": "younghee" })).await.assert_status(200);

    let second = stack.logged_in().await;
    stack.change_me(&second, json!({ "username": "chulsoo" })).await.assert_status(200);
    let recipes = stack.list_recipes(&second, "").await;
    assert_eq!(recipes.assert_ok().json()["items"], json!([]));
    stack.login(json!({ "username": "chulsoo", "password": first.password })).await.assert_status(401);
}
