use std::error::Error;
use std::time::Duration;

use auth_service::domain::Password;
use serde_json::{Value, json};
use testkit::client::Person;
use testkit::{Answer, Backend, Session, TestStack, both};

use super::{admin, all_pages, delete, get, patch, post};
use crate::answers::{members, refresh_token, text};
use crate::database::Database;

#[both]
async fn what_happened_is_listed_the_newest_first(stack: TestStack) {
    let admin = admin(&stack).await;
    let person = stack.logged_in().await;
    stack.logout(&person).await.assert_status(204);
    let entries = all_pages(&stack, &admin, "audit").await;
    let events: Vec<_> = entries.iter().map(|entry| entry["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["logged_out", "signed_up", "logged_in", "roles_changed", "signed_up"]);
    let expected = [
        "actor",
        "at",
        "detail",
        "event",
        "id",
        "outcome",
        "personal",
        "request_id",
        "session_id",
        "user_id",
    ];
    assert_eq!(members(&entries[0]), expected);
    assert_eq!(entries[0]["session_id"], person.session_id);
    assert_eq!(entries[1]["personal"]["ip"], "127.0.0.1");
    assert_eq!((&entries[3]["user_id"], &entries[3]["actor"]), (&admin.user_id.into(), &"operator".into()));
}

#[both]
async fn nothing_changes_what_was_noted(stack: TestStack) {
    let admin = admin(&stack).await;
    delete(&stack, &admin, "audit").await.assert_problem(405, "method_not_allowed");
    let id = all_pages(&stack, &admin, "audit").await[0]["id"].as_str().unwrap().to_owned();
    get(&stack, &admin, &format!("audit/{id}")).await.assert_problem(404, "not_found");
}

/// Reads what was written down, as an administrator.
struct Reader<'a> {
    stack: &'a TestStack,
    admin: &'a Session,
}

impl Reader<'_> {
    /// The newest entry of this event is of this actor, about this person, and names the request that was answered so.
    async fn finds(&self, event: &str, actor: Value, user: Value, by: Option<&Answer>) -> Value {
        let entries = get(self.stack, self.admin, "audit?limit=100").await.json();
        let entries = entries["items"].as_array().expect("no items").clone();
        let entry = entries.iter().find(|entry| entry["event"] == event);
        let entry = entry.unwrap_or_else(|| panic!("no {event}: {entries:?}")).clone();
        let outcome = if event.ends_with("failed") || event.ends_with("reused") { "refused" } else { "done" };
        assert_eq!((&entry["actor"], &entry["user_id"]), (&actor, &user), "{entry}");
        assert_eq!(entry["outcome"], outcome, "{entry}");
        entry["at"].as_str().expect("no time").parse::<common::time::Instant>().expect("no time");
        match by {
            Some(answer) => {
                assert_eq!(entry["request_id"], answer.header("x-request-id"), "{entry}");
                let ip = entry["personal"]["ip"].as_str().or(entry["personal"]["presenter"]["ip"].as_str());
                assert_eq!(ip, Some("127.0.0.1"), "{entry}");
            }
            None => assert_eq!((&entry["request_id"], &entry["personal"]), (&Value::Null, &Value::Null)),
        }
        entry
    }
}

/// T236: log-ins that went well and that did not, log-outs, reuse, and every change of what somebody is or may.
#[both]
async fn what_people_do_is_written_down_with_who_did_it_and_by_which_request(stack: TestStack) {
    let admin = admin(&stack).await;
    let audit = Reader { stack: &stack, admin: &admin };
    let person = stack.logged_in().await;
    let id = json!(person.user_id);

    let login = stack.login(person.person().credentials()).await;
    audit.finds("logged_in", id.clone(), id.clone(), Some(&login)).await;
    let wrong = stack.login(json!({ "email": person.email, "password": "wrong password" })).await;
    let entry = audit.finds("login_failed", Value::Null, id.clone(), Some(&wrong)).await;
    assert_eq!(entry["detail"], json!({ "reason": "invalid_credentials" }));
    let nobody = stack.login(Person::new().credentials()).await;
    let entry = audit.finds("login_failed", Value::Null, Value::Null, Some(&nobody)).await;
    assert_eq!(entry["detail"], json!({ "reason": "invalid_credentials" }));
    let wrong = stack.reauthenticate(&person, "wrong password").await;
    audit.finds("reauthentication_failed", Value::Null, id.clone(), Some(&wrong)).await;
    let logout = stack.logout(&refresh_token(&login)).await;
    let entry = audit.finds("logged_out", id.clone(), id.clone(), Some(&logout)).await;
    assert_eq!(entry["session_id"], text(&login, "session_id"));

    let verified = stack.verify_email(&stack.token_to(&person.email, "verify").await).await;
    audit.finds("email_verified", id.clone(), id.clone(), Some(&verified)).await;
    let other = Person::new();
    stack.change_email(&person, &other.email).await.assert_status(202);
    let changed = stack.verify_email(&stack.token_to(&other.email, "verify").await).await;
    audit.finds("email_changed", id.clone(), id.clone(), Some(&changed)).await;
    stack.forgot_password(&other.email).await.assert_status(202);
    let reset = stack.reset_password(&stack.token_to(&other.email, "reset").await, "kongnamul guk 71").await;
    let entry = audit.finds("password_changed", id.clone(), id.clone(), Some(&reset)).await;
    assert_eq!(entry["detail"], json!({ "by": "link" }));
    let again = Person { email: other.email, password: "kongnamul guk 71".to_owned() };
    let session = stack.logged_in_again(&again).await;
    let changed = stack.change_password(&session, &again.password, "doenjang jjigae 83").await;
    audit.finds("password_changed", id.clone(), id.clone(), Some(&changed)).await;

    let next = refresh_token(&stack.refresh(&refresh_token(&changed)).await);
    stack.refresh(&next).await.assert_status(200);
    let reuse = stack.refresh(&refresh_token(&changed)).await;
    reuse.assert_problem(401, "refresh_token_reused");
    audit.finds("refresh_token_reused", Value::Null, id.clone(), Some(&reuse)).await;

    let leaver = stack.logged_in().await;
    stack.delete_me(&leaver, "").await.assert_status(204);
    let entries = all_pages(&stack, &admin, "audit").await;
    let gone = entries.iter().find(|entry| entry["event"] == "deleted").expect("nobody left");
    assert_eq!((&gone["actor"], &gone["user_id"]), (&json!(leaver.user_id), &json!(leaver.user_id)));
    assert_eq!(gone["personal"], Value::Null);
}

/// T236: and what administrators do to others.
#[both]
async fn what_administrators_do_is_written_down(stack: TestStack) {
    let admin = admin(&stack).await;
    let audit = Reader { stack: &stack, admin: &admin };
    let (person, by) = (stack.logged_in().await, json!(admin.user_id));
    let (id, path) = (json!(person.user_id), format!("users/{}", person.user_id));
    for (event, change) in [
        ("roles_changed", json!({ "roles": ["cook"] })),
        ("ext_changed", json!({ "ext": { "tier": "gold" } })),
        ("external_id_changed", json!({ "external_id": "7" })),
        ("disabled", json!({ "state": "disabled" })),
    ] {
        let answer = patch(&stack, &admin, &path, change).await;
        audit.finds(event, by.clone(), id.clone(), Some(&answer)).await;
    }
    let closed = stack.login(person.person().credentials()).await;
    closed.assert_problem(403, "account_disabled");
    let entry = audit.finds("login_failed", Value::Null, id.clone(), Some(&closed)).await;
    assert_eq!(entry["detail"], json!({ "reason": "account_disabled" }));
    let answer = patch(&stack, &admin, &path, json!({ "state": "active" })).await;
    audit.finds("enabled", by.clone(), id.clone(), Some(&answer)).await;
    let answer = delete(&stack, &admin, &format!("{path}/sessions")).await;
    audit.finds("sessions_ended", by.clone(), id, Some(&answer)).await;

    let body = json!({ "name": "Feeder", "scopes": ["tokens:introspect"], "audiences": ["auth"] });
    let made = post(&stack, &admin, "clients", Some(body)).await;
    audit.finds("client_created", by.clone(), Value::Null, Some(&made)).await;
    let (client, secret) = (text(&made, "client_id"), text(&made, "client_secret"));
    let victim = stack.logged_in().await;
    let form = format!("client_id={client}&client_secret={secret}&token={}", victim.access_token);
    let revoke =
        stack.auth.post("/oauth2/revoke").body("application/x-www-form-urlencoded", form).send().await;
    let service = json!(format!("client:{client}"));
    audit.finds("token_revoked", service, json!(victim.user_id), Some(&revoke)).await;
    let path = format!("clients/{client}");
    let answer = patch(&stack, &admin, &path, json!({ "name": "Reader" })).await;
    audit.finds("client_changed", by.clone(), Value::Null, Some(&answer)).await;
    let answer = post(&stack, &admin, &format!("{path}/secret"), None).await;
    audit.finds("client_secret_changed", by.clone(), Value::Null, Some(&answer)).await;
    let answer = delete(&stack, &admin, &path).await;
    audit.finds("client_disabled", by.clone(), Value::Null, Some(&answer)).await;

    stack.clock.advance(Duration::from_secs(180)).await;
    let rotated = post(&stack, &admin, "keys/rotate", None).await;
    audit.finds("keys_rotated", by.clone(), Value::Null, Some(&rotated)).await;
    let revoked = post(&stack, &admin, &format!("keys/{}/revoke", text(&rotated, "next")), None).await;
    audit.finds("key_revoked", by, Value::Null, Some(&revoked)).await;
}

/// T236: and what is done on the command line, which comes with no request.
#[both]
async fn what_operators_do_is_written_down(stack: TestStack) {
    let admin = admin(&stack).await;
    let audit = Reader { stack: &stack, admin: &admin };
    let (person, by) = (stack.logged_in().await, json!("operator"));
    let id = json!(person.user_id);
    let session = person.session_id.parse().expect("no id");
    stack
        .as_operator(async |auth| {
            auth.end_any_session(session).await.unwrap();
            auth.promote(&person.email, true).await.unwrap();
            let password = Password::tried("kongnamul guk 71").unwrap();
            auth.set_password(&person.email, &password).await.unwrap();
            auth.disable(&person.email).await.unwrap();
            auth.enable(&person.email).await.unwrap();
            auth.use_newest_pepper().await.unwrap();
            auth.reseal_keys(false).await.unwrap();
        })
        .await;
    for event in ["session_ended", "roles_changed", "password_changed", "disabled", "enabled"] {
        audit.finds(event, by.clone(), id.clone(), None).await;
    }
    for event in ["pepper_renewed", "keys_resealed"] {
        audit.finds(event, by.clone(), Value::Null, None).await;
    }
}

/// Where an administrator was, too, is forgotten when they leave; what they did stays.
#[both]
async fn a_deletion_empties_what_is_personal_of_both_sides(stack: TestStack) {
    let (leaver, stays) = (admin(&stack).await, admin(&stack).await);
    let person = stack.logged_in().await;
    let path = format!("users/{}", person.user_id);
    patch(&stack, &leaver, &path, json!({ "roles": ["cook"] })).await.assert_ok();
    stack.login(json!({ "email": leaver.email, "password": "wrong password" })).await.assert_status(401);
    stack.delete_me(&leaver, "").await.assert_status(204);
    let entries = all_pages(&stack, &stays, "audit").await;
    let theirs = |entry: &&Value| entry["user_id"] == leaver.user_id || entry["actor"] == leaver.user_id;
    let of_leaver: Vec<&Value> = entries.iter().filter(theirs).collect();
    let told: Vec<&Value> = of_leaver.iter().copied().filter(|entry| !entry["personal"].is_null()).collect();
    assert!(of_leaver.len() >= 5 && told.is_empty(), "{told:?}");
    assert!(
        entries.iter().any(|entry| entry["event"] == "roles_changed" && entry["actor"] == leaver.user_id)
    );
    // Others' stays.
    let of_person =
        entries.iter().find(|entry| entry["user_id"] == person.user_id && entry["event"] == "signed_up");
    assert_eq!(of_person.unwrap()["personal"]["ip"], "127.0.0.1");
}

/// Not even who writes into the database changes an entry: all that can be done is to empty what is personal.
#[both]
async fn the_database_itself_keeps_every_entry(stack: TestStack) {
    stack.logged_in().await;
    let database = Database::of(&stack);
    let before = database.count("audit").await;
    let columns = [
        "id = user_id",
        "at = (SELECT expires_at FROM links)",
        "event = 'nothing'",
        "user_id = NULL",
        "session = NULL",
        "detail = personal",
        "actor = NULL",
        "outcome = 'refused'",
        "request_id = NULL",
    ];
    let changes = columns.map(|change| format!("UPDATE audit SET personal = NULL, {change}"));
    let mut forbidden = vec!["DELETE FROM audit", "UPDATE audit SET personal = detail"];
    forbidden.extend(changes.iter().map(String::as_str));
    // SQLite has no such statement.
    if stack.backend() == Backend::PostgresRedis {
        forbidden.push("TRUNCATE audit");
    }
    for statement in forbidden {
        let refused = database.try_change(statement).await.expect_err(statement);
        let cause = refused.source().map(|cause| cause.to_string());
        assert_eq!(cause.as_deref(), Some("the audit is append-only"), "{statement}");
    }
    assert_eq!(database.count("audit").await, before);
    assert_eq!(database.change("UPDATE audit SET personal = NULL").await as i64, before);
}

const DAY: Duration = Duration::from_secs(24 * 3600);

/// No deletion is ever of who tried names that are nobody's: time forgets where they were. What they tried stays, and so
/// does where people were.
#[both]
async fn where_strangers_were_is_forgotten_after_thirty_days(stack: TestStack) {
    let (person, database) = (stack.logged_in().await, Database::of(&stack));
    let stranger =
        async || stack.login(Person::new().credentials()).await.assert_problem(401, "invalid_credentials");
    let purge = async || stack.as_operator(async |auth| auth.purge().await).await.unwrap();
    let told = async |of: &str| {
        let query =
            format!("SELECT count(*) AS value FROM audit WHERE personal IS NOT NULL AND user_id IS {of}");
        database.number(query).await
    };
    stack.login(json!({ "email": person.email, "password": "wrong password" })).await.assert_status(401);
    stranger().await;
    stack.login_by_basic("nobody", "wrong password").await.assert_status(401);
    stack.clock.advance(29 * DAY).await;
    stranger().await;
    purge().await;
    assert_eq!((told("NULL").await, told("NOT NULL").await), (3, 2));

    stack.clock.advance(2 * DAY).await;
    purge().await;
    assert_eq!((told("NULL").await, told("NOT NULL").await), (1, 2));
    let tries = "SELECT count(*) AS value FROM audit WHERE event = 'login_failed' AND outcome = 'refused'";
    assert_eq!(database.number(tries).await, 4);
}
