use std::collections::BTreeMap;

use serde_json::json;
use testkit::{TestStack, both, python};

use super::{import, said};
use crate::answers::assert_invalid;
use crate::database::Database;

const PASSWORD: &str = "된장찌개 doenjang 42";

async fn stored(database: &Database, email: &str) -> String {
    let query = format!(
        "SELECT c.secret AS value FROM credentials c JOIN users u ON u.id = c.user_id WHERE u.email = '{email}'"
    );
    database.texts(query).await.remove(0)
}

/// T105: people log in with the password that they had elsewhere, and from then on it is stored as ours are. Until then
/// their logins take as long as that hash does, for which an import sets a bound.
#[both]
async fn a_password_from_elsewhere_lets_in_and_is_stored_our_way(stack: TestStack) {
    let hashes: BTreeMap<String, String> =
        serde_json::from_str(&python("hashes.py", &[PASSWORD]).await).unwrap();
    let email = |scheme: &str| format!("{}@example.org", scheme.replace(' ', "."));
    let lines: Vec<String> = hashes
        .iter()
        .map(|(scheme, hash)| json!({ "email": email(scheme), "password_hash": hash }).to_string())
        .collect();
    let output = import(&stack, &lines.join("\n"), &[]);
    assert!(output.status.success(), "{}", said(&output));

    let database = Database::of(&stack);
    for (scheme, hash) in &hashes {
        let (email, login) = (email(scheme), |password: &str| {
            stack.login(json!({ "email": email(scheme), "password": password }))
        });
        for wrong in ["wrong password", "", &PASSWORD.to_uppercase(), hash] {
            login(wrong).await.assert_problem(401, "invalid_credentials");
        }
        assert_eq!(stored(&database, &email).await, format!("i1.{hash}"), "{scheme}");

        let answer = login(PASSWORD).await;
        assert_eq!(answer.status, 200, "{scheme}: {answer}");
        let renewed = stored(&database, &email).await;
        assert!(renewed.starts_with("b1.1$2b$04$"), "{scheme}: {renewed}");
        login(PASSWORD).await.assert_status(200);
        login("wrong password").await.assert_problem(401, "invalid_credentials");
        stack.refresh(&crate::answers::refresh_token(&answer)).await.assert_status(200);
    }
}

/// T125: bcrypt of other systems stops at a NUL; here it ends nobody's password.
#[both]
async fn a_nul_makes_no_twin_of_an_imported_password(stack: TestStack) {
    let hash = bcrypt::hash("bori cha 42", 4).unwrap();
    let line = json!({ "email": "kim@example.org", "password_hash": hash }).to_string();
    assert!(import(&stack, &line, &[]).status.success());

    for twin in ["bori cha 42\0", "bori cha 42\0bori cha 42"] {
        stack.login_by_basic("kim@example.org", twin).await.assert_problem(401, "invalid_credentials");
        let body = json!({ "email": "kim@example.org", "password": twin });
        assert_invalid(&stack.login(body).await, &[("/password", "nul")]);
    }
    stack.login_by_basic("kim@example.org", "bori cha 42").await.assert_status(200);
}

/// Whoever changes a password while it is being stored anew keeps what they chose: the stored form is compared.
#[both]
async fn an_imported_password_is_renewed_by_whoever_is_first(stack: TestStack) {
    let hash = bcrypt::hash("bori cha 42", 4).unwrap();
    let line = json!({ "email": "kim@example.org", "password_hash": hash }).to_string();
    assert!(import(&stack, &line, &[]).status.success());
    let body = json!({ "email": "kim@example.org", "password": "bori cha 42" });

    let logins = (0..8).map(|_| stack.login(body.clone()));
    let answers = futures_util::future::join_all(logins).await;
    // Who verified the old form while another stored the new one verifies once more.
    assert!(answers.iter().all(|answer| answer.status == 200), "{:?}", answers.iter().map(|a| a.status));
    assert_eq!(Database::of(&stack).count("sessions").await, 8);
}

/// T134: what is damaged in the database is nobody's password, though it came by an import.
#[both]
async fn an_imported_hash_that_was_tampered_with_is_nobodys_password(stack: TestStack) {
    let session = stack.logged_in().await;
    let database = Database::of(&stack);
    let tampered = [
        "i1.",
        "i1.secret",
        "i1.$2b$31$......................................................",
        "i1.pbkdf2:sha256:4000000000$salt$00112233445566778899aabbccddeeff",
        "i1.pbkdf2:sha256:1$salt$",
        "i1.scrypt:1073741824:8:1$salt$00112233445566778899aabbccddeeff",
        "i1.$argon2id$v=19$m=4294967295,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
    ];
    for tampered in tampered {
        database.change(format!("UPDATE credentials SET secret = '{tampered}'")).await;
        stack.login(session.person().credentials()).await.assert_problem(401, "invalid_credentials");
    }
}
