//! Taking recipes along, and moving all of them to another database.

mod slowly;

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::Path;

use serde_json::{Value, json};
use testkit::client::{Anonymous, Session};
use testkit::servers::Postgres;
use testkit::{Answer, Backend, TestStack, both};

use crate::images::samples::{png, quarters, tiny};
use crate::images::{decoded, urls};
use crate::issuer::Apart;
use crate::shelf::Shelf;
use crate::start::program::{program, said};
use crate::written::Written;

/// The files of an export, by their names.
#[track_caller]
fn files(export: &Answer) -> BTreeMap<String, Value> {
    export.assert_status(200);
    assert_eq!(export.header("content-type"), "application/zip");
    files_in(&export.body)
}

#[track_caller]
fn files_in(export: &[u8]) -> BTreeMap<String, Value> {
    let mut archive = zip::ZipArchive::new(Cursor::new(export)).expect("it is no zip");
    let names = archive.file_names().map(|name| name.unwrap().into_owned());
    let names: Vec<String> = names.filter(|name| !name.starts_with("images/")).collect();
    let mut read = |name: String| {
        let mut content = String::new();
        archive.by_name(&name).unwrap().read_to_string(&mut content).unwrap();
        (name, serde_json::from_str(&content).expect("a file is not JSON"))
    };
    names.into_iter().map(&mut read).collect()
}

/// The names of the images in an export.
fn images(export: &[u8]) -> Vec<String> {
    let archive = zip::ZipArchive::new(Cursor::new(export)).expect("it is no zip");
    let names = archive.file_names().map(|name| name.unwrap().into_owned());
    names.filter(|name| name.starts_with("images/")).collect()
}

fn stew() -> Value {
    serde_json::from_str(include_str!("../fixtures/kimchi-stew.json")).expect("the fixture is JSON")
}

/// Two people with recipes in every state, with versions, ratings and a link.
async fn kept(stack: &TestStack, session: &Session, other: &Session) -> (Written, String) {
    let stew = Written::by(stack, session, stew()).await;
    stack.put_cover(session, &stew.id, png(quarters(400, 30))).await.assert_status(200);
    stack.put_step_image(session, &stew.id, &stew.step(), tiny()).await.assert_status(200);
    stack.put_cover(session, &stew.id, png(quarters(20, 30))).await.assert_status(200);
    let public = json!({ "title": "국", "visibility": "public", "tags": ["a"], "cuisines": ["Korean"] });
    let public = Written::by(stack, session, public).await;
    let put = stack.replace_recipe(
        session,
        &public.id,
        "*",
        json!({ "title": "찌개", "visibility": "public", "tags": ["b"] }),
    );
    put.await.assert_status(200);
    let trashed = Written::by(stack, other, json!({ "title": "버린 국" })).await;
    stack.put_cover(other, &trashed.id, png(quarters(21, 30))).await.assert_status(200);
    stack.delete_recipe(other, &trashed.id, "*").await.assert_status(204);
    for (who, recipe, personal) in [
        (session, &stew, json!({ "rating": 5, "favourite": true, "note": "간은 세게" })),
        (session, &public, json!({ "rating": 3 })),
        (other, &public, json!({ "rating": 4, "note": "남의 메모" })),
    ] {
        stack.keep_personal(who, &recipe.id, personal).await.assert_status(200);
    }
    let link =
        stack.share_recipe(session, &stew.id, json!({})).await.json()["token"].as_str().unwrap().to_owned();
    (public, link)
}

/// T183: one's own, all of it, and of others only what one thinks of theirs.
#[both]
async fn everyone_takes_along_what_is_theirs(stack: TestStack) {
    let (session, other) = (stack.logged_in().await, stack.logged_in().await);
    let (public, _) = kept(&stack, &session, &other).await;

    let own = stack.export_recipes(&session).await;

    let own_files = files(&own);
    assert_eq!(own_files["manifest.json"], json!({ "format": 1, "recipes": 2 }));
    assert_eq!(own_files["personal.json"], json!([]));
    let file = &own_files[&format!("recipes/{}.jsonld", public.id)];
    assert_eq!((&file["@type"], &file["name"]), (&json!("Recipe"), &json!("찌개")));
    let saved = &file["jipbap"];
    assert_eq!((&saved["version"], &saved["owner"]), (&json!(2), &json!(session.user_id)));
    assert_eq!(saved["revisions"][0]["document"]["title"], "국");
    assert_eq!(saved["personal"].as_array().unwrap().len(), 1);
    assert!(!own.text().contains("남의 메모") && !own.text().contains("버린 국"));
    // Of the stew two covers, one of them in two sizes, and an image of a step; another's is not among them.
    assert_eq!(images(&own.body).len(), 4);
    let exported = stack.export_recipes(&other).await;
    assert_eq!(images(&exported.body).len(), 1);
    let others = files(&exported);
    assert_eq!(others["manifest.json"]["recipes"], 1);
    assert_eq!(others["personal.json"][0]["note"], "남의 메모");
    let trashed = others.values().find(|file| file["name"] == "버린 국").unwrap();
    assert!(trashed["jipbap"]["deleted_at"].is_string());
    assert_eq!(trashed["image"], format!("../{}", images(&exported.body)[0]));
    // The same recipes are the same bytes.
    assert_eq!(stack.export_recipes(&session).await.body, own.body);
    assert_eq!(own.header("cache-control"), "no-store");
    stack.export_recipes(Anonymous).await.assert_problem(401, "missing_token");
    let nobody = files(&stack.export_recipes(&stack.logged_in().await).await);
    assert_eq!(nobody["manifest.json"]["recipes"], 0);
}

#[track_caller]
fn run(arguments: &[&str], database_url: &str, images: &Path) -> String {
    let images = images.display().to_string();
    let variables =
        [("RECIPES_DATABASE_URL", database_url), ("RECIPES_IMAGES", images.as_str()), ("RUST_LOG", "off")];
    let output = program(arguments, &variables);
    assert!(output.status.success(), "{}", said(&output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[track_caller]
fn exported(database_url: &str, images: &Path, file: &Path) -> Vec<u8> {
    let said = run(&["export", &file.display().to_string(), "--json"], database_url, images);
    let bytes = std::fs::read(file).expect("there is no export");
    assert_eq!(serde_json::from_str::<Value>(&said).unwrap()["bytes"], bytes.len());
    bytes
}

/// From SQLite to Postgres and back: what is exported is the same bytes each time.
#[test]
fn a_backup_moves_between_databases() {
    testkit::stack::run(Backend::Sqlite, 1, moves_between_databases);
}

async fn moves_between_databases(stack: TestStack) {
    let (session, other) = (stack.logged_in().await, stack.logged_in().await);
    let (public, link) = kept(&stack, &session, &other).await;
    let folder = tempfile::tempdir().unwrap();
    let (file, again) = (folder.path().join("backup.zip"), folder.path().join("again.zip"));
    let server = Postgres::own();
    let postgres = server.database("restored");
    let sqlite = format!("sqlite://{}", folder.path().join("restored.db").display());

    let backup = exported(stack.recipes_database_url(), &stack.images_dir(), &file);
    assert_eq!(images(&backup).len(), 5);
    let folders = ["on-postgres", "on-sqlite"].map(|name| folder.path().join(name));
    for ((url, count), images) in [(postgres.url(), 3), (sqlite.as_str(), 3)].into_iter().zip(&folders) {
        let said = run(&["import", &file.display().to_string(), "--json"], url, images);
        assert_eq!(serde_json::from_str::<Value>(&said).unwrap(), json!({ "recipes": count }));
        assert!(exported(url, images, &again) == backup, "{url}");
        // What was exported of the one is imported into the other.
        std::fs::copy(&again, &file).unwrap();
        assert_eq!(Shelf::at(url).contents().await, Shelf::of(&stack).contents().await);
    }

    // It is found, counted, rated and shared as before.
    let images = folders[0].display().to_string();
    let apart = Apart::start_on_with(&stack, postgres.url(), &[("RECIPES_IMAGES", &images)]).await;
    let found =
        apart.list_recipes(&session, "?q=찌개&sort=-rating&facets=tag").await.assert_status(200).json();
    assert_eq!(found["total"], 2, "{found}");
    assert_eq!(found["items"][1]["id"], public.id);
    assert_eq!(
        apart.recipe(Anonymous, &public.id).await.json()["rating"],
        json!({ "average": 3.5, "count": 2 })
    );
    assert_eq!(apart.shared(&link).await.json()["title"], stew()["title"]);
    apart.restore_revision(&session, &public.id, 1).await.assert_status(200);
    let stew = found["items"][0].clone();
    for url in urls(&stew["cover"]) {
        decoded(&apart.image_at(&session, &url).await);
    }
    let earlier = apart.restore_revision(&session, stew["id"].as_str().unwrap(), 3).await;
    assert_eq!(urls(&Written::of(&earlier).body["cover"]).len(), 2);
    decoded(&apart.cover(&session, stew["id"].as_str().unwrap(), "").await);
    assert_eq!(apart.trash(&other, "").await.json()["items"][0]["title"], "버린 국");
}

#[test]
fn what_is_no_backup_is_refused_and_nothing_is_written_over() {
    testkit::stack::run(Backend::Sqlite, 1, is_refused);
}

async fn is_refused(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, json!({ "title": "국" })).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup.zip");
    exported(stack.recipes_database_url(), &stack.images_dir(), &file);
    use std::os::unix::fs::PermissionsExt;
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let import = |file: &Path, url: &str| {
        let file = file.display().to_string();
        let images = folder.path().join("images").display().to_string();
        let variables =
            [("RECIPES_DATABASE_URL", url), ("RECIPES_IMAGES", images.as_str()), ("RUST_LOG", "off")];
        let output = program(&["import", &file], &variables);
        (output.status.code(), said(&output))
    };

    let (code, said) = import(&file, stack.recipes_database_url());
    assert!(code == Some(1) && said.contains("has recipes already"), "{said}");
    let url = format!("sqlite://{}", folder.path().join("new.db").display());
    let spoilt = folder.path().join("spoilt.zip");
    let bytes = std::fs::read(&file).unwrap();
    for content in [Vec::new(), b"PK".to_vec(), bytes[..bytes.len() / 2].to_vec(), b"{}".to_vec()] {
        std::fs::write(&spoilt, content).unwrap();
        let (code, said) = import(&spoilt, &url);
        assert!(code == Some(1) && said.contains("no backup"), "{said}");
    }
    assert_eq!(Shelf::at(&url).contents().await.recipes, 0);
    recipe.again(&stack, &session).await;
}
