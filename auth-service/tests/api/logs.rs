//! What the log of the program itself never says.

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
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
