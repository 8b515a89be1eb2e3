//! What the log of the program itself never says.

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use testkit::client::Person;
use testkit::{Mail, Session, eventually};

use crate::answers::{access_token, refresh_token};
use crate::crashes::on_both;
use crate::crashes::program::{Folder, Program};

/// What is in the files of a folder and of those in it, where it is text.
fn texts(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("no folder").map(|entry| entry.expect("no entry").path());
    let texts = entries.flat_map(|path| {
        if path.is_dir() { texts(&path) } else { fs::read_to_string(path).into_iter().collect() }
    });
    texts.map(|text| text.trim().to_owned()).filter(|text| text.len() >= 16).collect()
}

/// T236: one line each, with who, what, what came of it, by which request, from where and when (UTC).
#[test]
fn what_concerns_security_is_one_line_of_the_log() {
    on_both(async |folder: &Folder| {
        let limits = [("AUTH_RATE_LIMITS", "on"), ("AUTH_LIMIT_LOGIN", "4/1m")];
        let program = Program::start_with(folder, &limits);
        let (client, person) = (&program.client, Person::new());
        let session = Session::of(&client.signup(person.credentials()).await, &person);
        let (id, wrong) =
            (session.user_id.clone(), json!({ "email": person.email, "password": "wrong one" }));
        let login = client.login(person.credentials()).await;
        let refreshed = client.refresh(&session.refresh_token).await;
        let next = client.refresh(&refresh_token(&refreshed)).await;
        let failed = client.login(wrong.clone()).await;
        let denied = client.auth.get("/v1/admin/users").bearer(&access_token(&next)).send().await;
        let reuse = client.refresh(&session.refresh_token).await;
        let logout = client.logout(&refresh_token(&login)).await;
        client.login(wrong.clone()).await.assert_status(401);
        client.login(wrong.clone()).await.assert_status(401);
        let throttled = client.login(wrong).await;
        let log = program.into_log();

        let lines: Vec<Value> = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        for (answer, route, actor, status, code) in [
            (&login, "/v1/login", id.as_str(), 200, ""),
            (&failed, "/v1/login", "", 401, "invalid_credentials"),
            (&refreshed, "/v1/refresh", &id, 200, ""),
            (&reuse, "/v1/refresh", "", 401, "refresh_token_reused"),
            (&logout, "/v1/logout", &id, 204, ""),
            (&denied, "/v1/admin/users", &id, 403, "insufficient_scope"),
            (&throttled, "/v1/login", "", 429, "rate_limited"),
        ] {
            let request = answer.header("x-request-id");
            let is_of = |line: &&Value| line["target"] == "access" && line["request_id"] == request;
            let found: Vec<&Value> = lines.iter().filter(is_of).collect();
            let [line] = found[..] else { panic!("{route}: {found:?}") };
            assert_eq!((&line["route"], &line["actor"]), (&json!(route), &json!(actor)), "{line}");
            assert_eq!((&line["status"], &line["code"]), (&json!(status), &json!(code)), "{line}");
            assert_eq!(line["client"], "127.0.0.1", "{line}");
            assert!(line["ts"].as_str().is_some_and(|ts| ts.ends_with('Z')), "{line}");
        }
    });
}

/// T235, T238: at the level that says the most, with everything of the libraries.
#[test]
fn not_even_a_trace_tells_a_secret() {
    on_both(async |folder: &Folder| {
        let program = Program::start_with(folder, &[("RUST_LOG", "trace")]);
        let (client, person, wrong) = (&program.client, Person::new(), Person::new().password);
        let session = Session::of(&client.signup(person.credentials()).await, &person);
        client.login_by_basic(&person.email, &person.password).await.assert_status(200);
        client.login(json!({ "email": person.email, "password": wrong })).await.assert_status(401);
        let refreshed = client.refresh(&session.refresh_token).await;
        client.me(&session).await.assert_status(200);
        client.me(&session.refresh_token).await.assert_status(401);
        client.auth.get(&format!("/v1/me?access_token={}", session.access_token)).send().await;
        client.auth.get(&format!("/v1/nothing/{}", session.access_token)).send().await;
        client.logout(&session).await.assert_status(204);
        client.forgot_password(&person.email).await.assert_status(202);
        let reset = eventually("a link was sent", async || {
            Mail::all_in(&folder.mails()).iter().find_map(|mail| mail.token_for("reset"))
        })
        .await;
        client.reset_password(&reset, &wrong).await.assert_status(204);
        let mut secrets = texts(&folder.secrets());
        assert!(secrets.len() > 1, "the secrets are elsewhere");
        for secret in &secrets {
            client.auth_ops.get("/internal/revocations").bearer(secret).send().await;
        }
        secrets.extend([
            STANDARD.encode(format!("{}:{}", person.email, person.password)),
            access_token(&refreshed),
            refresh_token(&refreshed),
            session.access_token,
            session.refresh_token,
            person.password,
            person.email,
            wrong,
            reset,
        ]);

        let log = program.into_log();

        assert!(log.contains("\"level\":\"trace\"") && log.contains("/v1/me"), "that is no trace");
        assert!(log.contains("mails are written to files"), "it does not say where mails are");
        for secret in secrets {
            let told = log.lines().find(|line| line.contains(&secret));
            assert_eq!(told, None, "{secret} is told");
        }
    });
}
