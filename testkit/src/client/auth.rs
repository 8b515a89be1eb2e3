use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{Answer, Bearer, Client};

/// auth-service (API.md §2).
impl Client {
    pub async fn signup(&self, body: Value) -> Answer {
        self.auth.post("/v1/signup").json(&body).send().await
    }

    pub async fn login(&self, body: Value) -> Answer {
        self.auth.post("/v1/login").json(&body).send().await
    }

    /// Logs in by `Authorization: Basic`, with an address or a user name.
    pub async fn login_by_basic(&self, name: &str, password: &str) -> Answer {
        let credentials = STANDARD.encode(format!("{name}:{password}"));
        self.auth.post("/v1/login").header("authorization", format!("Basic {credentials}")).send().await
    }

    pub async fn refresh(&self, refresh_token: &str) -> Answer {
        self.refresh_with(json!({ "refresh_token": refresh_token })).await
    }

    pub async fn refresh_with(&self, body: Value) -> Answer {
        self.auth.post("/v1/refresh").json(&body).send().await
    }

    /// Logs out of one session, by an access or a refresh token of it.
    pub async fn logout<'a>(&self, token: impl Into<Bearer<'a>>) -> Answer {
        self.auth.post("/v1/logout").bearer(token).send().await
    }

    /// Logs out of `local`, `others` or `all`.
    pub async fn logout_of<'a>(&self, scope: &str, token: impl Into<Bearer<'a>>) -> Answer {
        self.auth.post(&format!("/v1/logout?scope={scope}")).bearer(token).send().await
    }

    pub async fn me<'a>(&self, token: impl Into<Bearer<'a>>) -> Answer {
        self.auth.get("/v1/me").bearer(token).send().await
    }

    pub async fn change_me<'a>(&self, token: impl Into<Bearer<'a>>, change: Value) -> Answer {
        self.auth.patch("/v1/me").bearer(token).merge_patch(&change).send().await
    }

    pub async fn change_password<'a>(
        &self,
        token: impl Into<Bearer<'a>>,
        current: &str,
        new: &str,
    ) -> Answer {
        let body = json!({ "current_password": current, "new_password": new });
        self.auth.post("/v1/me/password").bearer(token).json(&body).send().await
    }

    pub async fn reauthenticate<'a>(&self, token: impl Into<Bearer<'a>>, password: &str) -> Answer {
        self.auth.post("/v1/reauthenticate").bearer(token).json(&json!({ "password": password })).send().await
    }

    pub async fn forgot_password(&self, email: &str) -> Answer {
        self.auth.post("/v1/password/forgot").json(&json!({ "email": email })).send().await
    }

    /// Chooses another password, by the token of a link.
    pub async fn reset_password(&self, token: &str, new: &str) -> Answer {
        let body = json!({ "token": token, "new_password": new });
        self.auth.post("/v1/password/reset").json(&body).send().await
    }

    /// Asks for another address.
    pub async fn change_email<'a>(&self, token: impl Into<Bearer<'a>>, email: &str) -> Answer {
        self.auth.post("/v1/email").bearer(token).json(&json!({ "email": email })).send().await
    }

    /// Shows that an address is one's own, by the token of a link.
    pub async fn verify_email(&self, token: &str) -> Answer {
        self.auth.post("/v1/email/verify").json(&json!({ "token": token })).send().await
    }

    pub async fn resend_verification<'a>(&self, token: impl Into<Bearer<'a>>) -> Answer {
        self.auth.post("/v1/email/verify/resend").bearer(token).send().await
    }

    /// Deletes one's account. `query` is empty or begins with `?`.
    pub async fn delete_me<'a>(&self, token: impl Into<Bearer<'a>>, query: &str) -> Answer {
        self.auth.delete(&format!("/v1/me{query}")).bearer(token).send().await
    }

    pub async fn export<'a>(&self, token: impl Into<Bearer<'a>>) -> Answer {
        self.auth.get("/v1/me/export").bearer(token).send().await
    }

    pub async fn user<'a>(&self, token: impl Into<Bearer<'a>>, id: &str) -> Answer {
        self.auth.get(&format!("/v1/users/{id}")).bearer(token).send().await
    }

    /// One's sessions. `query` is empty or begins with `?`.
    pub async fn sessions<'a>(&self, token: impl Into<Bearer<'a>>, query: &str) -> Answer {
        self.auth.get(&format!("/v1/sessions{query}")).bearer(token).send().await
    }

    pub async fn end_session<'a>(&self, token: impl Into<Bearer<'a>>, id: &str) -> Answer {
        self.auth.delete(&format!("/v1/sessions/{id}")).bearer(token).send().await
    }

    pub async fn jwks(&self) -> Answer {
        self.auth.get("/.well-known/jwks.json").send().await
    }
}
