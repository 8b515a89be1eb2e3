//! The command line beside running servers: accounts, sessions, keys and clients.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use testkit::stack::Options;
use testkit::{Answer, TestStack, both, eventually};

use crate::answers::{access_token, assert_revoked, header};

/// Runs the program beside the servers of a stack, with this on its standard input.
fn program(stack: &TestStack, input: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_auth-service"));
    command.env_clear().env("AUTH_DATABASE_URL", stack.auth_database_url());
    command.env("AUTH_SECRETS_DIR", stack.secrets_dir()).env("AUTH_ISSUER", &stack.auth.public_url);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).args(arguments);
    let mut child = command.spawn().expect("the program cannot be started");
    // A command that reads nothing may have ended.
    let _ = child.stdin.take().expect("BUG: piped").write_all(input.as_bytes());
    child.wait_with_output().expect("the program cannot be waited for")
}

fn done(stack: &TestStack, arguments: &[&str]) -> String {
    let output = program(stack, "", arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).expect("not UTF-8")
}

fn done_as_json(stack: &TestStack, arguments: &[&str]) -> Value {
    let text = done(stack, &[arguments, &["--json"]].concat());
    serde_json::from_str(&text).unwrap_or_else(|_| panic!("no JSON: {text}"))
}

#[both]
async fn an_account_is_closed_and_opened_again(stack: TestStack) {
    let person = stack.logged_in().await;
    let id = &person.user_id;
    let closed = done_as_json(&stack, &["users", "disable", &person.email]);
    assert_eq!(closed, json!({ "id": id, "state": "disabled" }));
    assert_revoked(&stack, &person.access_token).await;
    stack.login(person.person().credentials()).await.assert_problem(403, "account_disabled");
    // Again is the same.
    assert!(done(&stack, &["users", "disable", id]).contains("closed"));

    let opened = done_as_json(&stack, &["users", "enable", &person.email]);
    assert_eq!(opened, json!({ "id": id, "state": "active" }));
    stack.refresh(&person.refresh_token).await.assert_problem(401, "session_ended");
    stack.login(person.person().credentials()).await.assert_status(200);
    assert!(done(&stack, &["users", "enable", id]).contains("open"));
}

#[both]
async fn sessions_are_listed_and_ended(stack: TestStack) {
    let one = stack.logged_in().await;
    let two = stack.logged_in_again(&one.person()).await;
    let stranger = stack.logged_in().await;
    let listed = done_as_json(&stack, &["sessions", "list", &one.email]);
    let ids: Vec<&Value> = listed.as_array().unwrap().iter().map(|session| &session["id"]).collect();
    assert_eq!(ids, [&json!(two.session_id), &json!(one.session_id)]);
    assert_eq!((&listed[0]["ip"], &listed[0]["end_reason"]), (&json!("127.0.0.1"), &Value::Null));

    let ended = done_as_json(&stack, &["sessions", "end", &one.session_id]);
    assert_eq!(ended, json!({ "ended": one.session_id }));
    assert_revoked(&stack, &one.access_token).await;
    stack.me(&two).await.assert_status(200);
    done(&stack, &["sessions", "end", &one.session_id]);
    let table = done(&stack, &["sessions", "list", &one.user_id]);
    let states: Vec<bool> = table.lines().skip(1).map(|line| line.contains("ended_by_admin")).collect();
    assert_eq!(states, [false, true], "{table}");

    let all = done_as_json(&stack, &["sessions", "end-all", &one.email]);
    assert_eq!(all, json!({ "ended_of": one.user_id }));
    assert_revoked(&stack, &two.access_token).await;
    stack.me(&stranger).await.assert_status(200);
    stack.login(one.person().credentials()).await.assert_status(200);
}

/// Nobody runs away with the terminal of an operator.
#[both]
async fn what_a_device_says_of_itself_is_printed_without_controls(stack: TestStack) {
    let person = stack.logged_in().await.person();
    let login = stack.auth.post("/v1/login").header("user-agent", "evil\tphone").json(&person.credentials());
    login.send().await.assert_status(200);
    let table = done(&stack, &["sessions", "list", &person.email]);
    assert!(table.contains("evilphone"), "{table}");
}

#[both]
async fn what_is_not_there_is_said_with_exit_code_1(stack: TestStack) {
    let nobody = "nobody@example.com";
    let none = uuid::Uuid::now_v7().to_string();
    for (arguments, said) in [
        (["users", "enable", nobody], "no such account"),
        (["users", "disable", nobody], "no such account"),
        (["sessions", "list", nobody], "no such account"),
        (["sessions", "end-all", nobody], "no such account"),
        (["sessions", "end", &none], "no such session"),
    ] {
        let output = program(&stack, "", &arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {output:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains(said), "{output:?}");
    }
    assert_eq!(program(&stack, "", &["sessions", "end", "nonsense"]).status.code(), Some(2));
}

#[both]
async fn every_command_for_accounts_answers_in_json_too(stack: TestStack) {
    let person = stack.logged_in().await;
    let id = &person.user_id;
    let promoted = done_as_json(&stack, &["users", "promote", &person.email, "--unverified"]);
    assert_eq!(promoted, json!({ "id": id, "roles": ["admin"] }));
    let arguments = ["users", "set-password", &person.email, "--json"];
    let changed = program(&stack, "kongnamul guk 71 jeon\n", &arguments);
    let changed: Value = serde_json::from_slice(&changed.stdout).unwrap_or_else(|_| panic!("{changed:?}"));
    assert_eq!(changed, json!({ "id": id, "password": "changed" }));
    assert_eq!(done_as_json(&stack, &["users", "renew-pepper"]), json!({ "pepper": 1 }));

    let file = tempfile::NamedTempFile::new().unwrap();
    let hash = "$2b$04$abcdefghijklmnopqrstuuJ0N1fW6dYtq1yQ1VhQ7n2Yw8s1r2S3u";
    let lines = format!("{{\"email\":\"new@example.com\",\"password_hash\":\"{hash}\"}}\n{{}}\n");
    std::fs::write(file.path(), lines).unwrap();
    let path = file.path().to_str().unwrap();
    let rehearsed = program(&stack, "", &["users", "import", path, "--dry-run", "--json"]);
    assert_eq!(rehearsed.status.code(), Some(1), "{rehearsed:?}");
    let tally: Value = serde_json::from_slice(&rehearsed.stdout).unwrap_or_else(|_| panic!("{rehearsed:?}"));
    assert_eq!((&tally["imported"], &tally["refused"][0]["line"]), (&json!(1), &json!(2)), "{tally}");
}

#[both]
async fn keys_are_listed_rotated_and_revoked(options: Options) {
    let stack = options.set("AUTH_KEY_LEAD", "1s").start().await;
    let session = stack.logged_in().await;
    let listed = done_as_json(&stack, &["keys", "list"]);
    let in_state = |state: &str| {
        let found = listed.as_array().unwrap().iter().find(|key| key["state"] == state);
        found.unwrap_or_else(|| panic!("no {state} key: {listed}"))["kid"].clone()
    };
    let (current, next) = (in_state("current"), in_state("next"));
    assert_eq!(header(&session.access_token)["kid"], current);

    let rotated = done_as_json(&stack, &["keys", "rotate"]);
    assert_eq!((&rotated["current"], &rotated["retiring"]), (&next, &current));
    stack.list_recipes(&session, "").await.assert_status(200);

    let revoke = ["keys", "revoke", current.as_str().unwrap()];
    assert_eq!(done_as_json(&stack, &revoke), json!({ "kid": current, "was": "retiring" }));
    eventually("both refuse what it signed", async || {
        let (me, list) = (stack.me(&session).await, stack.list_recipes(&session, "").await);
        ((me.status, list.status) == (401, 401)).then_some(())
    })
    .await;
    let renewed = access_token(&stack.refresh(&session.refresh_token).await);
    assert_eq!(header(&renewed)["kid"], next);
    assert_eq!(done_as_json(&stack, &revoke), json!({ "kid": current, "was": null }));
    let table = done(&stack, &["keys", "list"]);
    let states: Vec<&str> = table.lines().skip(1).filter_map(|line| line.split_whitespace().nth(2)).collect();
    assert_eq!(states, ["revoked", "current", "next"], "{table}");
}

/// What a client with this secret gets.
async fn token_answer(stack: &TestStack, made: &Value) -> Answer {
    let text = |member: &str| made[member].as_str().unwrap_or_else(|| panic!("no {member}: {made}"));
    let (id, secret) = (text("client_id"), text("client_secret"));
    let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    stack.auth.post("/oauth2/token").body("application/x-www-form-urlencoded", form).send().await
}

#[both]
async fn clients_are_made_given_another_secret_and_disabled(stack: TestStack) {
    let create = ["clients", "create", "Feeder", "--scope", "recipes:read"];
    let made =
        done_as_json(&stack, &[&create[..], &["--audience", "auth", "--audience", "recipes"]].concat());
    let id = made["client_id"].as_str().unwrap();
    let token = access_token(&token_answer(&stack, &made).await);
    stack.list_recipes(&token, "").await.assert_status(200);

    let renewed = done_as_json(&stack, &["clients", "new-secret", id]);
    assert_eq!(renewed["client_id"], id);
    token_answer(&stack, &made).await.assert_status(401);
    assert_revoked(&stack, &token).await;
    let token = access_token(&token_answer(&stack, &renewed).await);
    stack.list_recipes(&token, "").await.assert_status(200);

    let disabled = done_as_json(&stack, &["clients", "disable", id]);
    assert_eq!(disabled, json!({ "client_id": id, "state": "disabled" }));
    token_answer(&stack, &renewed).await.assert_status(401);
    assert_revoked(&stack, &token).await;
    let listed = done_as_json(&stack, &["clients", "list"]);
    assert_eq!((&listed[0]["name"], &listed[0]["state"]), (&json!("Feeder"), &json!("disabled")));
    assert!(!listed.to_string().contains("jcs1_"), "{listed}");
    let again = program(&stack, "", &["clients", "new-secret", id]);
    assert_eq!(again.status.code(), Some(1), "{again:?}");
}
