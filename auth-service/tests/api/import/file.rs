use serde_json::{Value, json};
use testkit::{TestStack, both};

use super::{import, said};
use crate::answers::{access_token, claims, refresh_token};
use crate::database::Database;

fn hash(password: &str) -> String {
    bcrypt::hash(password, 4).unwrap()
}

fn lines(accounts: &[Value]) -> String {
    accounts.iter().map(|account| format!("{account}\n")).collect()
}

#[both]
async fn everything_that_is_said_of_somebody_is_taken_over(stack: TestStack) {
    let account = json!({
        "email": " Cheolsu.Kim@Example.ORG ",
        "username": "CheolSu",
        "external_id": 4711,
        "password_hash": hash("bori cha 42"),
        "name": "Cheolsu Kim",
        "email_verified": true,
        "roles": ["editor", "cook"],
        "created_at": "2019-05-06T07:08:09Z",
    });
    let output = import(&stack, &lines(&[account]), &[]);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "1 imported, 0 known before, 0 refused.\n");

    let answer = stack.login(json!({ "username": "cheolsu", "password": "bori cha 42" })).await;
    let user = &answer.assert_ok().json()["user"];
    for (member, value) in [
        ("email", json!("cheolsu.kim@example.org")),
        ("username", json!("cheolsu")),
        ("name", json!("Cheolsu Kim")),
        ("email_verified", json!(true)),
        ("roles", json!(["editor", "cook"])),
        ("created_at", json!("2019-05-06T07:08:09Z")),
    ] {
        assert_eq!(user[member], value, "{member}");
    }
    let database = Database::of(&stack);
    assert_eq!(database.texts("SELECT external_id AS value FROM users").await, ["4711"]);
    // Other services hear of the name, and of the id that their tables have.
    let told = database.texts("SELECT external_id || ' ' || name AS value FROM people_events").await;
    assert_eq!(told, ["4711 Cheolsu Kim"]);
    assert_eq!(
        database.texts("SELECT event AS value FROM audit ORDER BY id").await,
        ["imported", "logged_in"]
    );
}

#[both]
async fn what_is_not_said_has_a_default(stack: TestStack) {
    let by_name =
        json!({ "username": "chulsoo", "password_hash": hash("bori cha 42"), "email": null, "name": null });
    let output = import(&stack, &lines(&[by_name]), &[]);
    assert!(output.status.success(), "{}", said(&output));
    let answer = stack.login(json!({ "username": "chulsoo", "password": "bori cha 42" })).await;
    let user = &answer.assert_ok().json()["user"];
    assert_eq!((&user["email_verified"], &user["roles"]), (&json!(false), &json!([])));
    assert!(user.get("email").is_none());
}

/// Good lines are imported whatever is beside them; each other one is reported, and the exit code says that there are.
#[both]
async fn a_line_that_cannot_be_taken_is_reported_and_the_others_are_imported(stack: TestStack) {
    let known = stack.logged_in().await;
    let database = Database::of(&stack);
    let hash = hash("bori cha 42");
    let with = |members: Value| {
        let mut account = json!({ "password_hash": hash });
        account.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        account.to_string()
    };
    let good = ["one@example.org", "two@example.org"];
    let refused = [
        ("is not JSON", "{\"email\": ".to_owned()),
        ("is not JSON", "kim@example.org;secret".to_owned()),
        ("a member has a wrong type", with(json!({ "email": 42 }))),
        ("unknown field", with(json!({ "email": "a@example.org", "is_admin": true }))),
        (
            "duplicate field",
            format!(
                "{{\"email\":\"a@example.org\",\"email\":\"b@example.org\",\"password_hash\":\"{hash}\"}}"
            ),
        ),
        ("missing field", json!({ "email": "a@example.org" }).to_string()),
        ("needs an email or a username", with(json!({ "external_id": "7" }))),
        ("email: ", with(json!({ "email": "김@example.org" }))),
        ("username: ", with(json!({ "username": "Kim Chi" }))),
        ("username: ", with(json!({ "username": "admin" }))),
        ("name: ", with(json!({ "email": "a@example.org", "name": "" }))),
        ("roles: ", with(json!({ "email": "a@example.org", "roles": ["two words"] }))),
        (
            "roles: ",
            with(
                json!({ "email": "a@example.org", "roles": (0..17).map(|n| format!("role{n}")).collect::<Vec<_>>() }),
            ),
        ),
        ("external_id: ", with(json!({ "email": "a@example.org", "external_id": "" }))),
        ("external_id: ", with(json!({ "email": "a@example.org", "external_id": "a\nb" }))),
        ("created_at: ", with(json!({ "email": "a@example.org", "created_at": "2999-01-01T00:00:00Z" }))),
        (
            "password_hash: is no hash",
            json!({ "email": "a@example.org", "password_hash": "bori cha 42" }).to_string(),
        ),
        (
            "password_hash: is damaged",
            json!({ "email": "a@example.org", "password_hash": "$2b$12$x" }).to_string(),
        ),
        (
            "password_hash: costs more",
            json!({ "email": "a@example.org", "password_hash": format!("$2b$31${}", ".".repeat(53)) })
                .to_string(),
        ),
        ("username: another account", with(json!({ "email": "a@example.org", "username": "taken-name" }))),
        (
            "external_id: another account",
            with(json!({ "email": "a@example.org", "external_id": "taken-id" })),
        ),
    ];
    let mut file =
        vec![with(json!({ "email": good[0], "username": "taken-name", "external_id": "taken-id" }))];
    file.extend(refused.iter().map(|(_, line)| line.clone()));
    file.extend([String::new(), with(json!({ "email": known.email })), with(json!({ "email": good[1] }))]);

    for dry_run in [true, false] {
        let output = import(&stack, &file.join("\n"), if dry_run { &["--dry-run"] } else { &[] });
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        let summary = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            summary.starts_with(&format!("2 imported, 1 known before, {} refused.", refused.len())),
            "{summary}"
        );
        let complaints = String::from_utf8_lossy(&output.stderr).into_owned();
        for (number, (complaint, _)) in (2..).zip(&refused) {
            let line = complaints.lines().find(|line| line.starts_with(&format!("line {number}: ")));
            assert!(
                line.is_some_and(|line| line.contains(complaint)),
                "{complaint}, line {number}: {complaints}"
            );
        }
        assert!(!said(&output).contains(&hash) && !said(&output).contains("bori cha"), "{}", said(&output));
        assert_eq!(database.count("users").await, if dry_run { 1 } else { 3 });
        assert_eq!(database.count("credentials").await, if dry_run { 1 } else { 3 });
    }
    for email in good {
        stack.login(json!({ "email": email, "password": "bori cha 42" })).await.assert_status(200);
    }
    // Who was here keeps their own password.
    stack.login(known.person().credentials()).await.assert_status(200);
}

/// An import that was cut off goes on where it was when it is run again.
#[both]
async fn an_import_that_is_run_again_changes_nothing(stack: TestStack) {
    let accounts = [
        json!({ "email": "one@example.org", "username": "one-cook", "external_id": 1, "password_hash": hash("bori cha 1") }),
        json!({ "username": "two-cook", "external_id": "2", "password_hash": hash("bori cha 2") }),
    ];
    let database = Database::of(&stack);
    assert!(import(&stack, &lines(&accounts[..1]), &[]).status.success());
    let output = import(&stack, &lines(&accounts), &[]);
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "1 imported, 1 known before, 0 refused.\n",
        "{}",
        said(&output)
    );
    let before = database.counts().await;

    for arguments in [&[][..], &["--dry-run"]] {
        let output = import(&stack, &lines(&accounts), arguments);
        assert!(output.status.success(), "{}", said(&output));
        assert!(
            String::from_utf8_lossy(&output.stdout).starts_with("0 imported, 2 known before, 0 refused.")
        );
        assert_eq!(database.counts().await, before);
    }
}

#[both]
async fn a_program_reads_what_became_of_each_line(stack: TestStack) {
    let file = lines(&[
        json!({ "email": "one@example.org", "password_hash": hash("bori cha 1") }),
        json!({ "email": "one@example.org", "password_hash": hash("bori cha 1") }),
        json!({ "email": "two@example.org" }),
    ]);
    let output = import(&stack, &file, &["--json"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let told: Value = serde_json::from_slice(&output.stdout).expect("not JSON");
    assert_eq!((&told["imported"], &told["known"]), (&json!(1), &json!(1)), "{told}");
    assert_eq!(told["refused"], json!([{ "line": 3, "why": "missing field `password_hash`" }]));
}

#[both]
async fn a_rehearsal_meets_those_who_are_twice_in_the_file(stack: TestStack) {
    let hash = hash("bori cha 42");
    let file = lines(&[
        json!({ "email": "one@example.org", "username": "one-cook", "external_id": 1, "password_hash": hash }),
        json!({ "email": "ONE@example.org", "password_hash": hash }),
        json!({ "username": "One-Cook", "password_hash": hash }),
        json!({ "email": "two@example.org", "username": "one-cook", "password_hash": hash }),
        json!({ "email": "two@example.org", "external_id": "1", "password_hash": hash }),
    ]);
    for arguments in [&["--dry-run"][..], &[]] {
        let output = import(&stack, &file, arguments);
        assert_eq!(output.status.code(), Some(1));
        let summary = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(summary.starts_with("1 imported, 2 known before, 2 refused."), "{}", said(&output));
    }
}

#[both]
async fn a_file_that_is_not_there_is_said_to_be_missing(stack: TestStack) {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_auth-service"))
        .args(["users", "import", "/nowhere/at-all.jsonl"])
        .env("AUTH_DATABASE_URL", stack.auth_database_url())
        .env("AUTH_SECRETS_DIR", stack.secrets_dir())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("/nowhere/at-all.jsonl"), "{}", said(&output));
}

/// Services whose tables have the old ids join by what the token says.
#[both]
async fn the_old_id_is_in_the_tokens_where_that_is_wanted(stack: TestStack) {
    let account = |name: &str, external_id: Value| json!({ "username": name, "external_id": external_id, "password_hash": hash("bori cha 42") });
    let output = import(&stack, &lines(&[account("quiet", json!(1))]), &[]);
    assert!(output.status.success(), "{}", said(&output));
    let more = [
        account("numbered", json!(4711)),
        account("worded", json!("k-4712")),
        account("without", Value::Null),
    ];
    let output = import(&stack, &lines(&more), &["--claim"]);
    assert!(output.status.success(), "{}", said(&output));
    for (name, ext) in [
        ("quiet", None),
        ("numbered", Some(json!({ "external_id": "4711" }))),
        ("worded", Some(json!({ "external_id": "k-4712" }))),
        ("without", None),
    ] {
        let answer = stack.login(json!({ "username": name, "password": "bori cha 42" })).await;
        let refreshed = stack.refresh(&refresh_token(&answer)).await;
        for token in [access_token(&answer), access_token(&refreshed)] {
            assert_eq!(claims(&token).get("ext"), ext.as_ref(), "{name}");
            stack.list_recipes(&token, "").await.assert_status(200);
        }
    }
}
