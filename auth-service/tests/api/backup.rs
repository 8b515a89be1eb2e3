//! `deploy/backup.sh` and `deploy/restore.sh`, run as operators run them.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use tempfile::TempDir;
use testkit::forge::{Forge, Hmac, Key, Members};
use testkit::servers::{Database, postgres};
use testkit::stack::Options;
use testkit::{Backend, TestStack, both, eventually};

/// Databases that are empty, and a folder of secrets that is not there.
struct Place {
    folder: TempDir,
    auth_url: String,
    recipes_url: String,
    _databases: Vec<Database>,
}

/// A PNG of one pixel.
const PIXEL: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

type Variables = Vec<(&'static str, String)>;

impl Place {
    fn empty(backend: Backend) -> Self {
        let folder = tempfile::tempdir().expect("no temporary folder");
        if backend == Backend::PostgresRedis {
            let (auth, recipes) = (postgres().database("restored"), postgres().database("restored"));
            let (auth_url, recipes_url) = (auth.url().to_owned(), recipes.url().to_owned());
            return Self { folder, auth_url, recipes_url, _databases: vec![auth, recipes] };
        }
        let url = |name: &str| format!("sqlite://{}", folder.path().join(name).display());
        let (auth_url, recipes_url) = (url("auth.db"), url("recipes.db"));
        Self { folder, auth_url, recipes_url, _databases: Vec::new() }
    }

    fn variables(&self) -> Variables {
        let secrets = self.folder.path().join("secrets").display().to_string();
        vec![
            ("AUTH_DATABASE_URL", self.auth_url.clone()),
            ("RECIPES_DATABASE_URL", self.recipes_url.clone()),
            ("RECIPES_IMAGES", self.folder.path().join("images").display().to_string()),
            ("AUTH_SECRETS_DIR", secrets),
        ]
    }

    async fn stack(&self, options: Options) -> TestStack {
        let secrets = self.folder.path().join("secrets").display().to_string();
        let options = options.set("RECIPES_SECRETS_DIR", &secrets);
        self.variables().iter().fold(options, |options, (name, value)| options.set(name, value)).start().await
    }
}

/// Where a running stack keeps its things.
fn of(stack: &TestStack) -> Variables {
    vec![
        ("AUTH_DATABASE_URL", stack.auth_database_url().to_owned()),
        ("RECIPES_DATABASE_URL", stack.recipes_database_url().to_owned()),
        ("RECIPES_IMAGES", stack.images_dir().display().to_string()),
        ("AUTH_SECRETS_DIR", stack.secrets_dir().display().to_string()),
    ]
}

fn run(script: &str, backup: &Path, variables: &Variables) -> Output {
    let script = format!("{}/../deploy/{script}", env!("CARGO_MANIFEST_DIR"));
    let mut bash = Command::new("bash");
    bash.arg(script).arg(backup).envs(variables.iter().cloned());
    bash.env("AUTH_SERVICE", env!("CARGO_BIN_EXE_auth-service")).output().expect("bash does not run")
}

#[track_caller]
fn assert_done(output: &Output) {
    let said = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes)).join("\n");
    assert!(output.status.success(), "{said}");
}

/// Checks for one line that says what is in the way.
#[track_caller]
fn assert_refused(output: &Output, named: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.lines().count() == 1 && said.contains("FAILED") && said.contains(named), "{said}");
}

#[both]
async fn what_was_backed_up_comes_back_and_nothing_from_before_counts(options: Options) {
    let folder = tempfile::tempdir().unwrap();
    let (backup, place) = (folder.path().join("backup"), Place::empty(options.backend()));
    let before = options.clone().start().await;
    let (session, ended) = (before.logged_in().await, before.logged_in().await);
    let recipe = before.create_recipe(&session, json!({ "title": "된장찌개" })).await.assert_ok().json();
    let id = recipe["id"].as_str().unwrap();
    let pixel = STANDARD.decode(PIXEL).expect("BUG: it is base64");
    before.put_cover(&session, id, pixel).await.assert_ok();
    let cover = before.cover(&session, id, "").await.assert_ok().body.clone();
    assert_done(&run("backup.sh", &backup, &of(&before)));
    // The backup will know nothing of this.
    before.logout(&ended).await.assert_status(204);
    drop(before);

    assert_done(&run("restore.sh", &backup, &place.variables()));

    let after = place.stack(options).await;
    for old in [&session, &ended] {
        after.me(old).await.assert_status(401);
        after.list_recipes(old, "").await.assert_status(401);
        after.refresh(&old.refresh_token).await.assert_status(401);
    }
    let again = after.logged_in_again(&session.person()).await;
    assert_eq!(after.cover(&again, id, "").await.assert_ok().body, cover);
    let found = after.recipe(&again, id).await;
    let found = found.assert_ok().json();
    assert_eq!((&found["title"], &found["owner"]["id"]), (&json!("된장찌개"), &json!(session.user_id)));
    let listed = after.list_recipes(&again, "?q=%EC%B0%8C%EA%B0%9C").await.assert_ok().json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
}

/// A token of another issuer that services still take: nothing in it is of a session that `restored` could end.
#[both]
async fn who_was_ended_since_the_backup_does_not_come_back_with_an_old_token(options: Options) {
    const SECRET: &str = "of the other issuer, who kept it well";
    let folder = tempfile::tempdir().unwrap();
    let (backup, place) = (folder.path().join("backup"), Place::empty(options.backend()));
    let options =
        options.set("RECIPES_LEGACY_HS256_SECRET", SECRET).set("RECIPES_LEGACY_UNTIL", "2100-01-01");
    let before = options.clone().start().await;
    let ended = before.logged_in().await;
    before.call(&ended.user_id, "7").await;
    let old = Forge::new("", Key::hmac(Hmac::Hs256, SECRET), before.clock.clock());
    let token = old_token(&old, "7");
    answered(&before, &token, 200).await;
    assert_done(&run("backup.sh", &backup, &of(&before)));
    before.logout_of("all", &ended).await.assert_status(204);
    answered(&before, &token, 401).await;
    drop(before);

    assert_done(&run("restore.sh", &backup, &place.variables()));

    let after = place.stack(options).await;
    let first = eventually("it is known", async || {
        let answer = after.list_recipes(&token, "").await;
        (answer.status != 503).then_some(answer)
    });
    first.await.assert_status(401);
    let again = after.logged_in_again(&ended.person()).await;
    after.list_recipes(&again, "").await.assert_status(200);
    after.list_recipes(&token, "").await.assert_status(401);
}

/// What Flask-JWT-Extended makes for somebody.
fn old_token(issuer: &Forge, sub: &str) -> String {
    let now = issuer.now();
    let header = Members::default().with("alg", json!("HS256")).with("typ", json!("JWT"));
    let claims = Members::default()
        .with("fresh", json!(false))
        .with("iat", json!(now))
        .with("jti", json!("5b1a2f3e-8c4d-4e5f-9a6b-7c8d9e0f1a2b"))
        .with("type", json!("access"))
        .with("sub", json!(sub))
        .with("nbf", json!(now))
        .with("exp", json!(now + 900));
    issuer.sign(header, claims).to_string()
}

async fn answered(stack: &TestStack, token: &str, status: u16) {
    eventually("recipe-service has heard of it", async || {
        (stack.list_recipes(token, "").await.status == status).then_some(())
    })
    .await;
}

#[both]
async fn a_backup_is_read_by_its_owner_alone(stack: TestStack) {
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("backup");
    assert_done(&run("backup.sh", &backup, &of(&stack)));
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&backup), 0o700);
    let files: Vec<_> = fs::read_dir(&backup).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files.len(), 4, "{files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[both]
async fn nothing_that_is_there_is_replaced(stack: TestStack) {
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("backup");
    assert_done(&run("backup.sh", &backup, &of(&stack)));
    assert_refused(&run("backup.sh", &backup, &of(&stack)), "exists");
    assert_refused(&run("restore.sh", &backup, &of(&stack)), "exists");

    let place = Place::empty(stack.backend());
    let with = |name: &'static str, url: &str| {
        let mut variables = place.variables();
        variables
            .iter_mut()
            .filter(|(variable, _)| *variable == name)
            .for_each(|(_, value)| *value = url.into());
        variables
    };
    // Of two databases the second is in use: nothing is written to the first either.
    let used = with("RECIPES_DATABASE_URL", stack.recipes_database_url());
    let refused = run("restore.sh", &backup, &used);
    assert_refused(&refused, if stack.backend() == Backend::Sqlite { "exists" } else { "into an empty one" });
    assert!(!place.folder.path().join("secrets").exists());

    fs::remove_file(backup.join("secrets.tar")).unwrap();
    assert_refused(&run("restore.sh", &backup, &place.variables()), "no whole backup");
    assert_done(&run("backup.sh", &folder.path().join("another"), &of(&stack)));
}

/// What is wrong is said, and no half of a backup is left behind.
#[test]
fn a_backup_of_nothing_fails() {
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("backup");
    let secrets = ("AUTH_SECRETS_DIR", folder.path().display().to_string());
    let nowhere = |url: &str| {
        vec![("AUTH_DATABASE_URL", url.to_owned()), ("RECIPES_DATABASE_URL", url.to_owned()), secrets.clone()]
    };
    assert_refused(&run("backup.sh", &backup, &nowhere("sqlite:///nowhere/at/all.db")), "no database");
    assert_refused(&run("backup.sh", &backup, &nowhere("mysql://localhost/auth")), "not a database");
    assert_refused(
        &run("backup.sh", &backup, &vec![("AUTH_SECRETS_DIR", "/nowhere".into())]),
        "no folder of secrets",
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}
