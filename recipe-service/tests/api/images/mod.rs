//! Covers of recipes and images of steps.

mod caching;
mod forms;
mod metadata;
mod places;
mod purge;
mod races;
mod refused;
mod s3;
pub mod samples;
mod seen;
mod sizes;
mod turns;
mod versions;

use image::DynamicImage;
use serde_json::{Value, json};
use testkit::client::Session;
use testkit::{Answer, TestStack};

use crate::written::Written;

/// A recipe with one step.
pub async fn stew(stack: &TestStack, session: &Session) -> Written {
    let recipe = json!({ "title": "국", "step_groups": [{ "items": ["끓인다"] }] });
    Written::by(stack, session, recipe).await
}

/// The recipe with this cover.
pub async fn covered(stack: &TestStack, session: &Session, image: impl Into<Vec<u8>>) -> Written {
    let recipe = stew(stack, session).await;
    Written::of(stack.put_cover(session, &recipe.id, image).await.assert_status(200))
}

/// The image in an answer, which is of the type that it says.
#[track_caller]
pub fn decoded(answer: &Answer) -> DynamicImage {
    answer.assert_status(200);
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    let format = image::guess_format(&answer.body).expect("it is no image");
    assert_eq!(answer.header("content-type"), format.to_mime_type());
    image::load_from_memory(&answer.body).expect("it is a broken image")
}

/// Where the images of a cover are, in its sizes.
pub fn urls(cover: &Value) -> Vec<String> {
    let sizes = cover["sizes"].as_array().unwrap_or_else(|| panic!("no image: {cover}"));
    sizes.iter().map(|size| size["url"].as_str().expect("no address").to_owned()).collect()
}

/// The names of all files of images.
pub fn files(stack: &TestStack) -> Vec<String> {
    let mut names = Vec::new();
    let mut folders = vec![stack.images_dir()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("no folder of images").map(Result::unwrap) {
            match entry.file_type().unwrap().is_dir() {
                true => folders.push(entry.path()),
                false => names.push(entry.path().display().to_string()),
            }
        }
    }
    names.sort_unstable();
    names
}
