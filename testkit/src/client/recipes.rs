use serde_json::Value;

use super::{Answer, Bearer, Client};

/// recipe-service (API.md §4).
impl Client {
    pub async fn create_recipe<'a>(&self, token: impl Into<Bearer<'a>>, recipe: Value) -> Answer {
        self.recipes.post("/v1/recipes").bearer(token).json(&recipe).send().await
    }

    pub async fn recipe<'a>(&self, token: impl Into<Bearer<'a>>, id: &str) -> Answer {
        self.recipes.get(&format!("/v1/recipes/{id}")).bearer(token).send().await
    }

    /// Lists recipes. `query` is empty or begins with `?`.
    pub async fn list_recipes<'a>(&self, token: impl Into<Bearer<'a>>, query: &str) -> Answer {
        self.recipes.get(&format!("/v1/recipes{query}")).bearer(token).send().await
    }

    /// Replaces the version that `etag` names.
    pub async fn replace_recipe<'a>(
        &self,
        token: impl Into<Bearer<'a>>,
        id: &str,
        etag: &str,
        recipe: Value,
    ) -> Answer {
        let request = self.recipes.put(&format!("/v1/recipes/{id}")).header("if-match", etag);
        request.bearer(token).json(&recipe).send().await
    }

    /// Changes the version that `etag` names.
    pub async fn change_recipe<'a>(
        &self,
        token: impl Into<Bearer<'a>>,
        id: &str,
        etag: &str,
        change: Value,
    ) -> Answer {
        let request = self.recipes.patch(&format!("/v1/recipes/{id}")).header("if-match", etag);
        request.bearer(token).merge_patch(&change).send().await
    }

    pub async fn delete_recipe<'a>(&self, token: impl Into<Bearer<'a>>, id: &str, etag: &str) -> Answer {
        let request = self.recipes.delete(&format!("/v1/recipes/{id}")).header("if-match", etag);
        request.bearer(token).send().await
    }

    pub async fn publish_recipe<'a>(&self, token: impl Into<Bearer<'a>>, id: &str) -> Answer {
        self.recipes.put(&format!("/v1/recipes/{id}/publish")).bearer(token).send().await
    }

    pub async fn unpublish_recipe<'a>(&self, token: impl Into<Bearer<'a>>, id: &str) -> Answer {
        self.recipes.delete(&format!("/v1/recipes/{id}/publish")).bearer(token).send().await
    }
}
