//! Bad input: refused with a 4xx that names the place, and nothing of it kept.

mod bodies;
mod ids;
mod media;
mod members;
mod parameters;

use serde_json::json;
use testkit::client::{Request, Session};
use testkit::{Answer, TestStack};

use crate::shelf::{Contents, Shelf};
use crate::written::Written;

/// The three calls that take a recipe, on a recipe that is there, and a look at what they leave behind.
struct Counter<'a> {
    stack: &'a TestStack,
    session: Session,
    recipe: Written,
    shelf: Shelf,
    before: Contents,
}

impl<'a> Counter<'a> {
    async fn of(stack: &'a TestStack) -> Self {
        let session = stack.logged_in().await;
        let recipe = Written::by(stack, &session, json!({ "title": "국", "tags": ["찌개"] })).await;
        let shelf = Shelf::of(stack);
        let before = shelf.contents().await;
        Self { stack, session, recipe, shelf, before }
    }

    /// The calls, all that they need but a body.
    fn calls(&self) -> [Request; 3] {
        let (recipes, path) = (&self.stack.recipes, self.recipe.path());
        [recipes.post("/v1/recipes"), recipes.put(&path), recipes.patch(&path)]
            .map(|request| request.bearer(&self.session).header("if-match", &self.recipe.etag))
    }

    /// Sends these bytes to each of them as JSON.
    async fn send(&self, body: &[u8]) -> Vec<Answer> {
        let mut answers = Vec::new();
        for call in self.calls() {
            answers.push(call.body("application/json", body.to_vec()).send().await);
        }
        answers
    }

    /// Checks that nothing was kept since the counter was made.
    async fn assert_nothing_kept(&self) {
        assert_eq!(self.shelf.contents().await, self.before);
        let now = self.recipe.again(self.stack, &self.session).await;
        assert_eq!((&now.body["version"], &now.body["title"]), (&json!(1), &json!("국")));
    }
}
