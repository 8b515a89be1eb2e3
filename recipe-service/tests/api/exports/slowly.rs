//! Exports that are read while they are taken: of what is to come nothing is in memory.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use futures_util::future::join_all;
use serde_json::{Value, json};
use testkit::client::Session;
use testkit::{TestStack, both};

use super::{exported, files_in};
use crate::images::samples::{png, quarters};
use crate::start::program::{program, said};
use crate::written::Written;

/// A recipe nearly as large as one may be.
fn large(title: &str) -> Value {
    let step = json!({ "text": ". ".repeat(4_900) });
    json!({ "title": title, "step_groups": [{ "items": vec![step; 45] }] })
}

/// So many large recipes, in the order in which they are exported, the last of them with a cover.
async fn keep(stack: &TestStack, session: &Session, count: usize) -> Vec<Written> {
    let writes = (0..count).map(|_| Written::by(stack, session, large("before")));
    let mut written = join_all(writes).await;
    written.sort_by(|one, other| one.id.cmp(&other.id));
    let last = written.last().expect("there are recipes");
    stack.put_cover(session, &last.id, png(quarters(40, 30))).await.assert_status(200);
    written
}

async fn change(stack: &TestStack, session: &Session, recipe: &Written) {
    let changed = stack.change_recipe(session, &recipe.id, "*", json!({ "title": "after" })).await;
    changed.assert_status(200);
}

/// Removes the files of all images.
fn lose_images(stack: &TestStack) {
    for folder in fs::read_dir(stack.images_dir()).expect("there are no images") {
        fs::remove_dir_all(folder.unwrap().path()).expect("images stay");
    }
}

fn title<'a>(files: &'a std::collections::BTreeMap<String, Value>, recipe: &Written) -> &'a str {
    files[&format!("recipes/{}.jsonld", recipe.id)]["name"].as_str().expect("no title")
}

/// An answer of which nothing is taken yet.
async fn export(stack: &TestStack, session: &Session) -> reqwest::Response {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let call = client.get(stack.recipes.url("/v1/exports")).bearer_auth(&session.access_token);
    let answer = call.send().await.expect("no answer");
    assert_eq!(answer.status(), 200);
    answer
}

/// Takes the rest; none if it is cut off.
async fn rest(mut answer: reqwest::Response) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(piece) = answer.chunk().await.ok()? {
        bytes.extend_from_slice(&piece);
    }
    Some(bytes)
}

/// All that lies between who sends and who takes is some megabytes, and so far ahead may be read.
#[both]
async fn what_is_not_taken_yet_is_not_read_yet(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipes = keep(&stack, &session, 32).await;
    let (first, last) = (&recipes[0], &recipes[31]);
    let (mut begun, mut cut_off) = (export(&stack, &session).await, export(&stack, &session).await);
    let mut taken = begun.chunk().await.unwrap().expect("an empty export").to_vec();
    cut_off.chunk().await.unwrap().expect("an empty export");

    change(&stack, &session, first).await;
    change(&stack, &session, last).await;

    taken.extend(rest(begun).await.expect("it is cut off"));
    let files = files_in(&taken);
    assert_eq!(files["manifest.json"]["recipes"], 32);
    assert_eq!((title(&files, first), title(&files, last)), ("before", "after"));
    // Images are read last, and without them it is no export: it ends as nothing whole does.
    lose_images(&stack);
    assert_eq!(rest(cut_off).await, None);
}

/// The program that writes a backup into a pipe.
fn backup_into(pipe: &Path, stack: &TestStack) -> Child {
    let mut program = Command::new(env!("CARGO_BIN_EXE_recipe-service"));
    program.arg("export").arg(pipe).env_clear().stderr(Stdio::piped()).stdout(Stdio::null());
    program.env("RECIPES_DATABASE_URL", stack.recipes_database_url());
    program.env("RECIPES_IMAGES", stack.images_dir()).env("RUST_LOG", "off");
    program.spawn().expect("the program cannot be run")
}

#[both]
async fn a_backup_is_written_while_it_is_read_and_is_of_one_moment(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipes = keep(&stack, &session, 8).await;
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("no mkfifo").success());

    let backup = backup_into(&pipe, &stack);
    let mut reader = File::open(&pipe).unwrap();
    let mut bytes = vec![0; 1];
    reader.read_exact(&mut bytes).unwrap();
    change(&stack, &session, &recipes[7]).await;
    reader.read_to_end(&mut bytes).unwrap();

    let output = backup.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(title(&files_in(&bytes), &recipes[7]), "before");

    // The pipe holds less than a recipe, so that the images are still to be read.
    let backup = backup_into(&pipe, &stack);
    let mut reader = File::open(&pipe).unwrap();
    reader.read_exact(&mut bytes[..1]).unwrap();
    lose_images(&stack);
    reader.read_to_end(&mut bytes).unwrap();
    assert_eq!(backup.wait_with_output().unwrap().status.code(), Some(1));
}

/// A backup that comes to nothing leaves the one before as it is.
#[both]
async fn only_a_whole_backup_takes_the_place_of_another(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = Written::by(&stack, &session, json!({ "title": "국" })).await;
    stack.put_cover(&session, &recipe.id, png(quarters(40, 30))).await.assert_status(200);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup.zip");
    let before = exported(stack.recipes_database_url(), &stack.images_dir(), &file);
    lose_images(&stack);

    let images = stack.images_dir().display().to_string();
    let variables = [
        ("RECIPES_DATABASE_URL", stack.recipes_database_url()),
        ("RECIPES_IMAGES", images.as_str()),
        ("RUST_LOG", "off"),
    ];
    let output = program(&["export", &file.display().to_string()], &variables);

    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert_eq!(fs::read(&file).unwrap(), before);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}
