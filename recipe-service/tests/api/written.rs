use serde_json::Value;
use testkit::Answer;
use testkit::client::{Bearer, Client};

/// A recipe as it was last answered.
#[derive(Clone, Debug)]
pub struct Written {
    pub id: String,
    pub etag: String,
    pub body: Value,
}

impl Written {
    /// Reads an answer that is a recipe, as the OpenAPI document has it.
    #[track_caller]
    pub fn of(answer: &Answer) -> Self {
        let body = answer.assert_ok().json();
        crate::openapi::assert_is("Recipe", &body);
        let id = body["id"].as_str().unwrap_or_else(|| panic!("no recipe: {answer}")).to_owned();
        Self { id, etag: answer.header("etag").to_owned(), body }
    }

    /// Keeps a new recipe.
    pub async fn by<'a>(client: &Client, author: impl Into<Bearer<'a>>, recipe: Value) -> Self {
        let answer = client.create_recipe(author, recipe).await;
        answer.assert_status(201);
        Self::of(&answer)
    }

    /// The recipe as it is now.
    pub async fn again<'a>(&self, client: &Client, reader: impl Into<Bearer<'a>>) -> Self {
        let answer = client.recipe(reader, &self.id).await;
        answer.assert_status(200);
        Self::of(&answer)
    }

    /// The id of its first step.
    pub fn step(&self) -> String {
        let id = self.body["step_groups"][0]["items"][0]["id"].as_str();
        id.unwrap_or_else(|| panic!("no step: {}", self.body)).to_owned()
    }

    pub fn path(&self) -> String {
        format!("/v1/recipes/{}", self.id)
    }
}
