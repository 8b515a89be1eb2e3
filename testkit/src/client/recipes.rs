use serde_json::Value;

use super::{Answer, Bearer, Client};

/// recipe-service (API.md §4).
impl Client {
    pub async fn create_recipe<'a>(&self, token: impl Into<Bearer<'a>>, recipe: Value) -> Answer {
        self.recipes.post("/v1/recipes").bearer(token).json(&recipe).send().await
    }

    /// Imports a text of this media type. `query` is empty or begins with `?`.
    pub async fn import_recipe<'a>(
        &self,
        token: impl Into<Bearer<'a>>,
        query: &str,
        media_type: &str,
        text: impl Into<String>,
    ) -> Answer {
        self.recipes
            .post(&format!("/v1/imports{query}"))
            .bearer(token)
            .body(media_type, text.into())
            .send()
            .await
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

    /// The versions of a recipe. `query` is empty or begins with `?`.
    pub async fn revisions<'a>(&self, token: impl Into<Bearer<'a>>, id: &str, query: &str) -> Answer {
        self.recipes.get(&format!("/v1/recipes/{id}/revisions{query}")).bearer(token).send().await
    }

    pub async fn revision<'a>(&self, token: impl Into<Bearer<'a>>, id: &str, version: i64) -> Answer {
        self.recipes.get(&format!("/v1/recipes/{id}/revisions/{version}")).bearer(token).send().await
    }

    /// Makes an earlier version the newest, whatever that is.
    pub async fn restore_revision<'a>(&self, token: impl Into<Bearer<'a>>, id: &str, version: i64) -> Answer {
        self.recipes.post(&format!("/v1/recipes/{id}/revisions/{version}/restore")).bearer(token).send().await
    }

    /// What is in the trash. `query` is empty or begins with `?`.
    pub async fn trash<'a>(&self, token: impl Into<Bearer<'a>>, query: &str) -> Answer {
        self.recipes.get(&format!("/v1/trash{query}")).bearer(token).send().await
    }

    pub async fn undelete_recipe<'a>(&self, token: impl Into<Bearer<'a>>, id: &str) -> Answer {
        self.recipes.post(&format!("/v1/recipes/{id}/undelete")).bearer(token).send().await
    }

    pub async fn erase_recipe<'a>(&self, token: impl Into<Bearer<'a>>, id: &str) -> Answer {
        self.recipes.delete(&format!("/v1/trash/{id}")).bearer(token).send().await
    }

    /// What somebody keeps to themselves about a recipe.
    pub async fn personal<'a>(&self, token: impl Into<Bearer<'a>>, id: &str) -> Answer {
        self.recipes.get(&format!("/v1/recipes/{id}/me")).bearer(token).send().await
    }

    pub async fn keep_personal<'a>(&self, token: impl Into<Bearer<'a>>, id: &str, personal: Value) -> Answer {
        self.recipes.put(&format!("/v1/recipes/{id}/me")).bearer(token).json(&personal).send().await
    }

    pub async fn forget_personal<'a>(&self, token: impl Into<Bearer<'a>>, id: &str) -> Answer {
        self.recipes.delete(&format!("/v1/recipes/{id}/me")).bearer(token).send().await
    }

    /// Gives a recipe a cover. `Content-Type` says nothing of what it is.
    pub async fn put_cover<'a>(
        &self,
        token: impl Into<Bearer<'a>>,
        id: &str,
        image: impl Into<Vec<u8>>,
    ) -> Answer {
        self.put_image(token, &format!("/v1/recipes/{id}/cover"), image).await
    }

    /// The cover of a recipe. `query` is empty or begins with `?`.
    pub async fn cover<'a>(&self, token: impl Into<Bearer<'a>>, id: &str, query: &str) -> Answer {
        self.recipes.get(&format!("/v1/recipes/{id}/cover{query}")).bearer(token).send().await
    }

    pub async fn delete_cover<'a>(&self, token: impl Into<Bearer<'a>>, id: &str) -> Answer {
        self.recipes.delete(&format!("/v1/recipes/{id}/cover")).bearer(token).send().await
    }

    /// Gives a step of a recipe an image.
    pub async fn put_step_image<'a>(
        &self,
        token: impl Into<Bearer<'a>>,
        id: &str,
        step: &str,
        image: impl Into<Vec<u8>>,
    ) -> Answer {
        self.put_image(token, &format!("/v1/recipes/{id}/steps/{step}/image"), image).await
    }

    pub async fn step_image<'a>(&self, token: impl Into<Bearer<'a>>, id: &str, step: &str) -> Answer {
        self.recipes.get(&format!("/v1/recipes/{id}/steps/{step}/image")).bearer(token).send().await
    }

    pub async fn delete_step_image<'a>(&self, token: impl Into<Bearer<'a>>, id: &str, step: &str) -> Answer {
        self.recipes.delete(&format!("/v1/recipes/{id}/steps/{step}/image")).bearer(token).send().await
    }

    async fn put_image<'a>(
        &self,
        token: impl Into<Bearer<'a>>,
        path: &str,
        image: impl Into<Vec<u8>>,
    ) -> Answer {
        let request = self.recipes.put(path).bearer(token);
        request.body("application/octet-stream", image.into()).send().await
    }

    /// The image under an address that a recipe names.
    pub async fn image_at<'a>(&self, token: impl Into<Bearer<'a>>, url: &str) -> Answer {
        let path = url.strip_prefix(&self.recipes.public_url);
        let path = path.unwrap_or_else(|| panic!("{url} is elsewhere"));
        self.recipes.get(path).bearer(token).send().await
    }

    /// All of one's recipes in one file.
    pub async fn export_recipes<'a>(&self, token: impl Into<Bearer<'a>>) -> Answer {
        self.recipes.get("/v1/exports").bearer(token).send().await
    }

    /// Keeps a new recipe by a call that may be repeated.
    pub async fn create_recipe_once<'a>(
        &self,
        token: impl Into<Bearer<'a>>,
        key: &str,
        recipe: Value,
    ) -> Answer {
        let request = self.recipes.post("/v1/recipes").header("idempotency-key", key);
        request.bearer(token).json(&recipe).send().await
    }

    /// Makes a link to a recipe.
    pub async fn share_recipe<'a>(&self, token: impl Into<Bearer<'a>>, id: &str, share: Value) -> Answer {
        self.recipes.post(&format!("/v1/recipes/{id}/shares")).bearer(token).json(&share).send().await
    }

    /// The links to a recipe. `query` is empty or begins with `?`.
    pub async fn shares<'a>(&self, token: impl Into<Bearer<'a>>, id: &str, query: &str) -> Answer {
        self.recipes.get(&format!("/v1/recipes/{id}/shares{query}")).bearer(token).send().await
    }

    pub async fn revoke_share<'a>(&self, token: impl Into<Bearer<'a>>, id: &str, share: &str) -> Answer {
        self.recipes.delete(&format!("/v1/recipes/{id}/shares/{share}")).bearer(token).send().await
    }

    /// What a link leads to.
    pub async fn shared(&self, token: &str) -> Answer {
        self.recipes.get(&format!("/v1/shared/{token}")).send().await
    }
}
