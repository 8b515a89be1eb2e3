use auth_service::app;
use auth_service::config::Settings;
use auth_service::domain::{ClientId, Name, Words};
use auth_service::service::Auth;
use auth_service::service::admin::AccountChange;
use auth_service::service::background::Background;
use auth_service::service::clients::NewClient;

use super::options::{ready, verifier};
use super::{TestStack, service};
use crate::client::http;
use crate::forge::{Forge, stolen};

impl TestStack {
    /// A forge with the key that auth-service signs with.
    pub async fn forge(&self) -> Forge {
        let key = stolen(self.auth_database_url(), self.secrets_dir()).await;
        Forge::new(&self.auth_settings.issuer, key, self.clock.clock())
    }

    /// Stops a copy of auth-service: nobody reaches it, and verifiers hear nothing from it.
    pub fn stop_auth(&mut self, copy: usize) {
        let running = self.auth[copy].take().expect("this copy is stopped already");
        running.stop();
        running.join();
    }

    /// Starts a copy of auth-service again, where it was before.
    pub async fn start_auth_again(&mut self, copy: usize) {
        assert!(self.auth[copy].is_none(), "this copy is running");
        let (client, mut settings) = (&self.clients[copy], self.auth_settings.clone());
        (settings.listen, settings.ops_listen) =
            (client.auth.addr.to_string(), client.auth_ops.addr.to_string());
        let starting = service::start_auth(settings, self.clock.clock());
        let started = ready(&http(None), vec![starting]).await;
        self.auth[copy] = started.into_iter().map(|bound| bound.running).next();
    }

    /// Stops a copy of recipe-service: it hears nothing of its issuer, and nobody reaches it.
    pub fn stop_recipes(&mut self, copy: usize) {
        let running = self.recipes[copy].take().expect("this copy is stopped already");
        running.stop();
        running.join();
        self.clock.follow(copy, None);
    }

    /// Starts a copy of recipe-service again, where it was before.
    pub async fn start_recipes_again(&mut self, copy: usize) {
        assert!(self.recipes[copy].is_none(), "this copy is running");
        let (client, mut settings) = (&self.clients[copy], self.recipes_settings[copy].clone());
        (settings.listen, settings.ops_listen) =
            (client.recipes.addr.to_string(), client.recipes_ops.addr.to_string());
        let starting = service::start_recipes(settings, self.clock.clock());
        let started = ready(&http(None), vec![starting]).await.pop().expect("BUG: one was started");
        self.clock.follow(copy, verifier(&started, client));
        self.recipes[copy] = Some(started.running);
    }

    /// Closes an account, by address, user name or id, as `auth-service users disable` does beside a running server.
    pub async fn disable(&self, who: &str) {
        self.as_operator(async |auth| auth.disable(who).await.expect("the account cannot be disabled")).await;
    }

    /// Has somebody known by what another system calls them, as an administrator does. No text: by nothing.
    pub async fn call(&self, user_id: &str, external_id: &str) {
        let external_id = Some(external_id.to_owned()).filter(|id| !id.is_empty());
        self.change_account(
            user_id,
            AccountChange { external_id: Some(external_id), ..AccountChange::default() },
        )
        .await;
    }

    /// Gives somebody these roles and no others, separated by spaces, as an administrator does.
    pub async fn give_roles(&self, user_id: &str, roles: &str) {
        let roles = Some(Words::parse(roles));
        self.change_account(user_id, AccountChange { roles, ..AccountChange::default() }).await;
    }

    async fn change_account(&self, user_id: &str, change: AccountChange) {
        let id = user_id.parse().expect("no id of a person");
        self.as_operator(async |auth| {
            auth.change_account(id, change).await.expect("the account cannot be changed")
        })
        .await;
    }

    /// Adds a service that may call others, as `auth-service clients create` does: its id and its secret. Scopes and
    /// audiences are separated by spaces.
    pub async fn client(&self, scopes: &str, audiences: &str) -> (ClientId, String) {
        let name = Name::parse("A service").expect("BUG: a name is no name");
        let new = NewClient { name, scopes: Words::parse(scopes), audiences: Words::parse(audiences) };
        let made = self.as_operator(async |auth| auth.create_client(new).await).await;
        let (id, secret) = made.expect("the client cannot be added");
        (id, secret.expose().to_owned())
    }

    /// What every copy of auth-service was started with.
    pub fn auth_settings(&self) -> &Settings {
        &self.auth_settings
    }

    /// Does what the command line of auth-service does: with a service of its own, beside those that serve.
    pub async fn as_operator<T>(&self, act: impl AsyncFnOnce(Auth) -> T) -> T {
        self.as_operator_with(|_| (), act).await
    }

    /// The same, with other settings than those who serve have.
    pub async fn as_operator_with<T>(
        &self,
        change: impl FnOnce(&mut Settings),
        act: impl AsyncFnOnce(Auth) -> T,
    ) -> T {
        let mut settings = self.auth_settings.clone();
        change(&mut settings);
        let db = app::open(&settings).expect("the auth database cannot be opened");
        let mut background = Background::default();
        let auth = app::start(settings, db, self.clock.clock(), &mut background).await;
        act(auth.expect("auth-service cannot be started")).await
    }
}
