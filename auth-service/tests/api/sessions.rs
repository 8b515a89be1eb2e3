//! GET /v1/sessions and DELETE /v1/sessions/{id}.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::client::Anonymous;
use testkit::stack::Options;
use testkit::{Answer, Session, TestStack, both, everywhere};

use crate::answers::{access_token, members, refresh_token};
use crate::database::Database;

const DAY: Duration = Duration::from_secs(24 * 3600);

fn items(list: &Answer) -> Vec<Value> {
    list.assert_ok().json()["items"].as_array().expect("no items").clone()
}

fn ids(list: &Answer) -> Vec<String> {
    items(list).iter().map(|item| item["id"].as_str().expect("no id").to_owned()).collect()
}

#[both]
async fn the_list_shows_ones_own_sessions_the_newest_first(stack: TestStack) {
    let person = stack.logged_in().await.person();
    let login = stack.auth.post("/v1/login").header("user-agent", "phone/2").json(&person.credentials());
    let login = login.send().await;
    let one = Session::of(&login, &person);
    stack.logged_in().await;

    let list = stack.sessions(&one, "").await;
    list.assert_status(200);
    assert_eq!(list.header("cache-control"), "no-store");
    assert_eq!(list.json()["next_cursor"], Value::Null);
    let items = items(&list);
    assert_eq!(items.len(), 2);
    assert_eq!(members(&items[0]), ["created_at", "current", "id", "ip", "last_used_at", "user_agent"]);
    assert_eq!(items[0]["id"], one.session_id);
    assert_eq!((&items[0]["current"], &items[1]["current"]), (&json!(true), &json!(false)));
    assert_eq!((&items[0]["user_agent"], &items[0]["ip"]), (&json!("phone/2"), &json!("127.0.0.1")));
    assert_eq!(items[0]["created_at"], items[0]["last_used_at"]);
}

/// Of an IPv6 address a customer of a network has the last 64 bits to choose from: they are nobody's business.
#[both]
async fn of_an_address_its_network_is_kept(options: Options) {
    let stack = options.set("AUTH_TRUSTED_PROXIES", "127.0.0.1").start().await;
    let person = stack.logged_in().await.person();
    for (address, kept) in [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
    ] {
        let login =
            stack.auth.post("/v1/login").header("x-forwarded-for", address).json(&person.credentials());
        let session = Session::of(&login.send().await, &person);
        assert_eq!(items(&stack.sessions(&session, "?limit=1").await)[0]["ip"], kept);
        let query =
            "SELECT CAST(personal AS TEXT) AS value FROM audit WHERE event = 'logged_in' ORDER BY id DESC";
        let personal: Value = serde_json::from_str(&Database::of(&stack).texts(query).await[0]).unwrap();
        assert_eq!(personal["ip"], kept);
    }
}

/// What nobody is shown any more is deleted; what happened stays written down.
#[both]
async fn sessions_that_are_over_are_deleted_after_thirty_days(stack: TestStack) {
    let ended = stack.logged_in().await;
    let expires = stack.logged_in_again(&ended.person()).await;
    stack.logout(&ended).await.assert_status(204);
    let database = Database::of(&stack);
    // Keys rotate meanwhile, which is about nobody.
    let of_people = "SELECT count(*) AS value FROM audit WHERE user_id IS NOT NULL";
    let noted = database.number(of_people).await;
    stack.clock.advance(29 * DAY).await;
    let good = stack.logged_in_again(&ended.person()).await;
    stack.as_operator(async |auth| auth.purge().await).await.unwrap();
    assert_eq!(database.count("sessions").await, 3);
    stack.clock.advance(2 * DAY).await;
    stack.as_operator(async |auth| auth.purge().await).await.unwrap();
    assert_eq!(database.count("sessions").await, 2);
    stack.refresh(&ended.refresh_token).await.assert_problem(401, "refresh_token_invalid");
    stack.refresh(&expires.refresh_token).await.assert_problem(401, "refresh_token_expired");
    let next = refresh_token(&stack.refresh(&good.refresh_token).await);
    stack.clock.advance(29 * DAY).await;
    let next = refresh_token(&stack.refresh(&next).await);
    stack.clock.advance(2 * DAY).await;
    stack.as_operator(async |auth| auth.purge().await).await.unwrap();
    assert_eq!(database.count("sessions").await, 1);
    stack.refresh(&next).await.assert_status(200);
    assert_eq!(database.number(of_people).await, noted + 1);
}

#[both]
async fn a_refresh_is_a_use(stack: TestStack) {
    let session = stack.logged_in().await;
    stack.clock.advance(DAY).await;
    let next = stack.refresh(&session.refresh_token).await;
    let item = items(&stack.sessions(&access_token(&next), "").await).remove(0);
    let time = |member: &str| item[member].as_str().unwrap().parse::<common::time::Instant>().unwrap();
    assert!(time("last_used_at").since(time("created_at")) >= DAY);
}

#[both]
async fn how_and_when_a_session_ended_is_shown_for_thirty_days(stack: TestStack) {
    let ended = stack.logged_in().await;
    let person = ended.person();
    stack.logout(&ended).await.assert_status(204);
    let reused = stack.logged_in_again(&person).await;
    let next = refresh_token(&stack.refresh(&reused.refresh_token).await);
    stack.refresh(&next).await.assert_status(200);
    stack.refresh(&reused.refresh_token).await.assert_status(401);
    let proved_again = stack.logged_in_again(&person).await;
    stack.reauthenticate(&proved_again, &person.password).await.assert_status(200);
    stack.disable(&person.email).await;
    stack.as_operator(async |auth| auth.enable(&person.email).await.map(drop)).await.unwrap();
    let present = stack.logged_in_again(&person).await;

    let list = items(&stack.sessions(&present, "").await);
    let reasons: Vec<&Value> = list.iter().map(|item| &item["end_reason"]).collect();
    let expected =
        ["account_disabled", "reauthenticated", "refresh_token_reused", "logged_out"].map(Value::from);
    assert_eq!(reasons, [&[&Value::Null][..], &expected.each_ref()].concat());
    let with_end =
        ["created_at", "current", "end_reason", "ended_at", "id", "ip", "last_used_at", "user_agent"];
    assert_eq!(members(&list[1]), with_end);

    stack.clock.advance(29 * DAY).await;
    let present = stack.logged_in_again(&person).await;
    assert_eq!(items(&stack.sessions(&present, "").await).len(), 6);
    stack.clock.advance(DAY + Duration::from_secs(3600)).await;
    let present = stack.logged_in_again(&person).await;
    // Who was ended then is forgotten; who was not used since has expired, and is shown.
    let list = items(&stack.sessions(&present, "").await);
    let reasons: Vec<&Value> = list.iter().map(|item| &item["end_reason"]).collect();
    assert_eq!(reasons, [&Value::Null, &Value::Null, &json!("expired")]);
}

#[both]
async fn a_long_list_comes_in_pages(stack: TestStack) {
    let first = stack.logged_in().await;
    let mut newest_first = vec![first.session_id.clone()];
    for _ in 0..24 {
        newest_first.insert(0, stack.logged_in_again(&first.person()).await.session_id);
    }

    let page = stack.sessions(&first, "").await;
    assert_eq!(ids(&page), newest_first[..20]);
    assert_eq!(ids(&stack.sessions(&first, "?limit=100").await), newest_first);
    assert_eq!(ids(&stack.sessions(&first, "?limit=25").await), newest_first);

    let mut seen = Vec::new();
    let mut query = "?limit=7".to_owned();
    loop {
        let page = stack.sessions(&first, &query).await;
        seen.extend(ids(&page));
        let next = page.json()["next_cursor"].clone();
        let Some(cursor) = next.as_str() else {
            assert_eq!(page.header("link"), "");
            break;
        };
        query = format!("?limit=7&cursor={cursor}");
        assert_eq!(page.header("link"), format!("<{query}>; rel=\"next\""));
    }
    assert_eq!(seen, newest_first);
}

/// T187: a cursor is of one list of one person, and cannot be made.
#[both]
async fn a_cursor_of_somebody_else_or_of_nobody_is_refused(stack: TestStack) {
    let (mine, theirs) = (stack.logged_in().await, stack.logged_in().await);
    stack.logged_in_again(&theirs.person()).await;
    let cursor = stack.sessions(&theirs, "?limit=1").await.json()["next_cursor"].as_str().unwrap().to_owned();
    stack.sessions(&theirs, &format!("?cursor={cursor}")).await.assert_status(200);

    let mut altered = cursor.clone();
    altered.replace_range(4..5, if &cursor[4..5] == "A" { "B" } else { "A" });
    let long = "A".repeat(3000);
    for cursor in [&*cursor, &altered, &cursor[1..], "", "x", "null", &mine.session_id, &long] {
        let person = if cursor == altered { &theirs } else { &mine };
        let answer = stack.sessions(person, &format!("?cursor={cursor}")).await;
        answer.assert_problem(400, "invalid_cursor");
    }
}

/// T187
#[both]
async fn a_limit_beyond_the_limits_is_refused_by_name(stack: TestStack) {
    let session = stack.logged_in().await;
    for limit in [
        "0",
        "-1",
        "101",
        "1000000000",
        "18446744073709551616",
        "NaN",
        "1.5",
        "1e2",
        "",
        "ten",
        "%00",
        "5&limit=6",
    ] {
        let answer = stack.sessions(&session, &format!("?limit={limit}")).await;
        let problem = answer.assert_problem(400, "invalid_parameter");
        assert!(problem["detail"].as_str().unwrap().contains("limit"), "{answer}");
    }
    for unknown in ["offset=1", "user_id=1", "Limit=1", "limit%5B%5D=1"] {
        let answer = stack.sessions(&session, &format!("?{unknown}")).await;
        answer.assert_problem(400, "unknown_parameter");
    }
    stack.sessions(&session, "?limit=1").await.assert_status(200);
}

#[everywhere]
async fn a_person_ends_one_of_their_sessions(stack: TestStack) {
    let mine = stack.logged_in().await;
    let lost = stack.logged_in_again(&mine.person()).await;
    let answer = stack.auth(stack.copies() - 1).end_session(&mine, &lost.session_id).await;
    answer.assert_status(204);
    assert!(answer.body.is_empty());

    for copy in 0..stack.copies() {
        stack.auth(copy).me(&lost).await.assert_problem(401, "token_revoked");
        stack.auth(copy).refresh(&lost.refresh_token).await.assert_problem(401, "session_ended");
        stack.auth(copy).me(&mine).await.assert_status(200);
    }
    // Again is the same, in whichever letters the id is written.
    stack.end_session(&mine, &lost.session_id.to_uppercase()).await.assert_status(204);
    // One's own is a session like the others.
    stack.end_session(&mine, &mine.session_id).await.assert_status(204);
    stack.me(&mine).await.assert_problem(401, "token_revoked");
}

/// T086: what is somebody else's is not there, as what never was.
#[both]
async fn nobody_ends_the_session_of_somebody_else(stack: TestStack) {
    let (mine, theirs) = (stack.logged_in().await, stack.logged_in().await);
    let other = stack.end_session(&mine, &theirs.session_id).await;
    other.assert_problem(404, "not_found");
    let none = stack.end_session(&mine, &uuid::Uuid::now_v7().to_string()).await;
    let but = crate::answers::but_for_its_request;
    assert_eq!(but(&other), but(&none));
    stack.me(&theirs).await.assert_status(200);
    stack.refresh(&theirs.refresh_token).await.assert_status(200);
}

/// T186
#[both]
async fn an_id_that_is_none_names_nothing(stack: TestStack) {
    let session = stack.logged_in().await;
    let simple = session.session_id.replace('-', "");
    let braces = format!("%7B{}%7D", session.session_id);
    let long = "a".repeat(5000);
    for id in [
        "0",
        "-1",
        "1",
        "2147483648",
        "18446744073709551616",
        "1e3",
        "x",
        "%00",
        "%20",
        "..%2f",
        &simple,
        &braces,
        &long,
    ] {
        stack.end_session(&session, id).await.assert_problem(404, "not_found");
    }
    stack.me(&session).await.assert_status(200);
}

#[both]
async fn nobody_sees_sessions_without_a_token_of_a_person(stack: TestStack) {
    stack.sessions(Anonymous, "").await.assert_problem(401, "missing_token");
    stack
        .end_session(Anonymous, &uuid::Uuid::now_v7().to_string())
        .await
        .assert_problem(401, "missing_token");
    let forge = stack.forge().await;
    let (client, _) = stack.client("", "auth").await;
    let claims = forge.service_claims().with("sub", json!(client.subject()));
    let service = forge.with_claims(claims).to_string();
    stack.sessions(&service, "").await.assert_problem(403, "forbidden");
    stack.end_session(&service, &uuid::Uuid::now_v7().to_string()).await.assert_problem(403, "forbidden");
}
