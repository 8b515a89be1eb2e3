use serde_json::{Value, json};
use testkit::{Answer, Session, TestStack, both, everywhere};

use super::{admin, all_pages, by, delete, get, noted_by, patch, post};
use crate::answers::{assert_invalid, assert_revoked, claims, members, text};

/// A client as whoever made it knows it.
struct Made {
    id: String,
    secret: String,
}

async fn made(stack: &TestStack, admin: &Session) -> Made {
    let body = json!({ "name": "Feeder", "scopes": ["recipes:read"], "audiences": ["auth", "recipes"] });
    let answer = post(stack, admin, "clients", Some(body)).await;
    answer.assert_status(201);
    Made { id: text(&answer, "client_id"), secret: text(&answer, "client_secret") }
}

impl Made {
    async fn token_answer(&self, stack: &TestStack) -> Answer {
        let Self { id, secret } = self;
        let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
        stack.auth.post("/oauth2/token").body("application/x-www-form-urlencoded", form).send().await
    }

    async fn token(&self, stack: &TestStack) -> String {
        text(&self.token_answer(stack).await, "access_token")
    }

    fn path(&self) -> String {
        format!("clients/{}", self.id)
    }
}

#[both]
async fn a_client_is_made_with_a_secret_that_is_shown_once(stack: TestStack) {
    let admin = admin(&stack).await;
    let body = json!({ "name": " Feeder ", "scopes": ["a", "b a"], "audiences": ["recipes"] });
    let answer = post(&stack, &admin, "clients", Some(body)).await;
    answer.assert_status(201);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(members(&answer.json()), ["client_id", "client_secret"]);
    let made = Made { id: text(&answer, "client_id"), secret: text(&answer, "client_secret") };
    assert_eq!(answer.header("location"), format!("/v1/admin/{}", made.path()));

    let shown = get(&stack, &admin, &made.path()).await.json();
    let expected = ["audiences", "client_id", "created_at", "name", "scopes", "state"];
    assert_eq!(members(&shown), expected);
    assert_eq!((&shown["name"], &shown["scopes"]), (&json!("Feeder"), &json!(["a", "b"])));
    assert_eq!((&shown["state"], &shown["audiences"]), (&json!("active"), &json!(["recipes"])));
    assert_eq!(claims(&made.token(&stack).await)["scope"], "a b");
    assert_eq!(noted_by(&stack, &admin, "client_created").await, by(&admin));
    let audit = get(&stack, &admin, "audit?limit=100").await.text();
    assert!(!audit.contains(&made.secret), "{audit}");
}

#[both]
async fn a_client_that_makes_no_sense_is_refused_whole(stack: TestStack) {
    let admin = admin(&stack).await;
    let long = "a".repeat(401);
    for (body, errors) in [
        (json!({}), vec![("/name", "missing_member")]),
        (json!({ "name": "A" }), vec![("/audiences", "missing_member")]),
        (
            json!({ "name": "", "scopes": ["\""], "audiences": [] }),
            vec![("/name", "too_short"), ("/scopes", "invalid_word"), ("/audiences", "too_short")],
        ),
        (
            json!({ "name": "A", "scopes": [long], "audiences": [" "] }),
            vec![("/scopes", "too_long"), ("/audiences", "too_short")],
        ),
        (
            json!({ "name": "A", "audiences": ["a"], "client_id": "x" }),
            vec![("/client_id", "unknown_member")],
        ),
        (json!({ "name": "A", "audiences": "a" }), vec![("/audiences", "wrong_type")]),
    ] {
        assert_invalid(&post(&stack, &admin, "clients", Some(body)).await, &errors);
    }
    assert_eq!(all_pages(&stack, &admin, "clients").await, Vec::<Value>::new());
}

#[everywhere]
async fn less_that_a_client_may_have_ends_its_tokens_and_another_name_does_not(stack: TestStack) {
    let admin = admin(&stack).await;
    let client = made(&stack, &admin).await;
    let broader = client.token(&stack).await;
    let body = json!({ "scopes": [] });
    assert_eq!(patch(&stack, &admin, &client.path(), body).await.assert_ok().json()["scopes"], json!([]));
    assert_revoked(&stack, &broader).await;
    let body = json!({ "scopes": ["recipes:read"] });
    patch(&stack, &admin, &client.path(), body).await.assert_ok();
    let token = client.token(&stack).await;
    let renamed = patch(&stack, &admin, &client.path(), json!({ "name": "Reader" })).await;
    assert_eq!(renamed.assert_ok().json()["name"], "Reader");
    let narrower = patch(&stack, &admin, &client.path(), json!({ "audiences": ["recipes"] })).await;
    assert_eq!(narrower.assert_ok().json()["audiences"], json!(["recipes"]));
    assert_revoked(&stack, &token).await;
    let token = client.token(&stack).await;
    assert_eq!(claims(&token)["aud"], json!(["recipes"]));

    // A later event would end it as well, so this one is told of last.
    patch(&stack, &admin, &client.path(), json!({ "name": "Feeder", "audiences": ["recipes"] }))
        .await
        .assert_ok();
    let other = made(&stack, &admin).await;
    let ended = other.token(&stack).await;
    delete(&stack, &admin, &other.path()).await.assert_status(204);
    assert_revoked(&stack, &ended).await;
    stack.list_recipes(&token, "").await.assert_status(200);
    assert_eq!(noted_by(&stack, &admin, "client_changed").await, by(&admin));
}

#[both]
async fn a_patch_of_a_client_is_strict(stack: TestStack) {
    let admin = admin(&stack).await;
    let client = made(&stack, &admin).await;
    for (body, errors) in [
        (json!({ "name": null }), [("/name", "wrong_type")]),
        (json!({ "audiences": [] }), [("/audiences", "too_short")]),
        (json!({ "scopes": ["\\"] }), [("/scopes", "invalid_word")]),
        (json!({ "state": "active" }), [("/state", "unknown_member")]),
    ] {
        assert_invalid(&patch(&stack, &admin, &client.path(), body).await, &errors);
    }
    for path in ["clients/nothing", &format!("clients/{}", admin.user_id)] {
        patch(&stack, &admin, path, json!({})).await.assert_problem(404, "not_found");
        get(&stack, &admin, path).await.assert_problem(404, "not_found");
        delete(&stack, &admin, path).await.assert_problem(404, "not_found");
        post(&stack, &admin, &format!("{path}/secret"), None).await.assert_problem(404, "not_found");
    }
}

#[both]
async fn a_new_secret_ends_the_old_one(stack: TestStack) {
    let admin = admin(&stack).await;
    let old = made(&stack, &admin).await;
    let token = old.token(&stack).await;
    let answer = post(&stack, &admin, &format!("{}/secret", old.path()), None).await;
    answer.assert_status(200);
    let new = Made { id: text(&answer, "client_id"), secret: text(&answer, "client_secret") };
    old.token_answer(&stack).await.assert_status(401);
    assert_revoked(&stack, &token).await;
    stack.list_recipes(&new.token(&stack).await, "").await.assert_status(200);
    assert_eq!(noted_by(&stack, &admin, "client_secret_changed").await, by(&admin));
}

#[both]
async fn a_deleted_client_gets_nothing_and_stays_in_the_list(stack: TestStack) {
    let admin = admin(&stack).await;
    let (client, others) =
        (made(&stack, &admin).await, [made(&stack, &admin).await, made(&stack, &admin).await]);
    for _ in 0..2 {
        delete(&stack, &admin, &client.path()).await.assert_status(204);
    }
    client.token_answer(&stack).await.assert_status(401);
    patch(&stack, &admin, &client.path(), json!({})).await.assert_problem(404, "not_found");
    post(&stack, &admin, &format!("{}/secret", client.path()), None).await.assert_problem(404, "not_found");
    let listed = all_pages(&stack, &admin, "clients").await;
    let ids: Vec<_> = listed.iter().map(|client| client["client_id"].as_str().unwrap()).collect();
    assert_eq!(ids, [&client.id, &others[0].id, &others[1].id]);
    assert_eq!((&listed[0]["state"], &listed[1]["state"]), (&json!("disabled"), &json!("active")));
}
