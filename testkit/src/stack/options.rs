use common::clock::{Clock, TestClock};
use common::settings::Variables;
use futures_util::future::join_all;
use recipe_service::egress::Web;

use super::backend::Storage;
use super::clock::{StackClock, Verifier};
use super::service::{self, Bound, Running, Starting};
use super::{Backend, TestStack};
use crate::client::{Client, Listener, http};
use crate::contract::Contract;
use crate::eventually;

/// A stack that is still to be started.
#[derive(Clone, Debug)]
pub struct Options {
    pub(super) backend: Backend,
    copies: usize,
    variables: Vec<(String, String)>,
    /// By how many µs the wall clock of a copy is wrong.
    skews: Vec<(usize, i64)>,
    /// What recipe-service fetches pages from.
    web: Option<Web>,
}

/// Nobody resolves these names: services are reached by their addresses, and say that they are elsewhere.
const AUTH_URL: &str = "http://auth.test";
const RECIPES_URL: &str = "http://recipes.test";

impl Options {
    pub(super) fn new(backend: Backend) -> Self {
        Self { backend, copies: 1, variables: Vec::new(), skews: Vec::new(), web: None }
    }

    /// What a test that starts something of its own is to start it on.
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// How many copies of each service.
    pub fn copies(self, copies: usize) -> Self {
        Self { copies, ..self }
    }

    /// Sets a variable of API.md §5, such as `AUTH_ACCESS_TTL`, for all copies of the service that reads it.
    pub fn set(mut self, variable: &str, value: &str) -> Self {
        self.variables.push((variable.to_owned(), value.to_owned()));
        self
    }

    /// Lets recipe-service fetch pages, from a web that the test has on this machine.
    pub fn web(self, web: Web) -> Self {
        Self { web: Some(web), ..self }
    }

    /// Puts a copy of each service, counted from 0, on a machine whose wall clock is wrong by so many µs.
    pub fn skewed(mut self, copy: usize, skew_us: i64) -> Self {
        self.skews.push((copy, skew_us));
        self
    }

    /// Starts it, and waits until every service says that it is ready.
    pub async fn start(self) -> TestStack {
        common::install_crypto();
        let (storage, clock, http) = (Storage::new(self.backend), TestClock::new(), http(None));
        let auth_settings = self.auth_settings(&storage);
        let auth: Vec<_> = (0..self.copies)
            .map(|copy| service::start_auth(auth_settings.clone(), self.clock(&clock, copy)))
            .collect();
        let auth = ready(&http, auth).await;
        let recipes_settings: Vec<_> =
            (0..self.copies).map(|copy| self.recipes_settings(&storage, &auth, copy)).collect();
        let recipes: Vec<_> = recipes_settings
            .iter()
            .enumerate()
            .map(|(copy, settings)| service::start_recipes(settings.clone(), self.clock(&clock, copy)))
            .collect();
        let recipes = ready(&http, recipes).await;
        let clients = self.clients(&http, &auth, &recipes);
        let verifiers = verifiers(&recipes, &clients);
        let clock = StackClock::new(clock, verifiers);
        let auth = auth.into_iter().map(|bound| Some(bound.running)).collect();
        let recipes = recipes.into_iter().map(|bound| Some(bound.running)).collect();
        TestStack { clock, clients, auth, recipes, auth_settings, recipes_settings, options: self, storage }
    }

    fn clock(&self, clock: &TestClock, copy: usize) -> Clock {
        let skew = self.skews.iter().find(|(skewed, _)| *skewed == copy);
        clock.skewed(skew.map_or(0, |(_, skew_us)| *skew_us))
    }

    fn auth_settings(&self, storage: &Storage) -> auth_service::config::Settings {
        let mut variables = vec![
            ("AUTH_DATABASE_URL", storage.auth_url.clone()),
            ("AUTH_ISSUER", AUTH_URL.to_owned()),
            ("AUTH_BCRYPT_COST", "4".to_owned()),
            ("AUTH_HASH_THREADS", "2".to_owned()),
            ("AUTH_RATE_LIMITS", "off".to_owned()),
        ];
        variables.extend(self.for_any_service("AUTH", storage));
        let settings = auth_service::config::Settings::from_variables(&self.variables("AUTH_", variables));
        settings.expect("a bad setting of auth-service")
    }

    fn recipes_settings(&self, storage: &Storage, auth: &[Bound], copy: usize) -> recipe_service::Settings {
        let feeds: Vec<String> = auth.iter().map(|auth| format!("http://{}", auth.ops_addr)).collect();
        let mut variables = vec![
            ("RECIPES_DATABASE_URL", storage.recipes_url.clone()),
            ("RECIPES_ISSUER", AUTH_URL.to_owned()),
            ("RECIPES_PUBLIC_URL", RECIPES_URL.to_owned()),
            ("RECIPES_JWKS_URL", format!("http://{}/.well-known/jwks.json", auth[copy].addr)),
            ("RECIPES_FEED_URL", feeds.join(",")),
        ];
        variables.extend(self.for_any_service("RECIPES", storage));
        let settings = recipe_service::Settings::from_variables(&self.variables("RECIPES_", variables));
        let settings = settings.expect("a bad setting of recipe-service");
        recipe_service::Settings { web: self.web.clone().or(settings.web), ..settings }
    }

    /// What is set alike for both services, under the names of one.
    fn for_any_service(&self, prefix: &'static str, storage: &Storage) -> Vec<(&'static str, String)> {
        let name = |auth, recipes| if prefix == "AUTH" { auth } else { recipes };
        let mut variables = vec![
            (name("AUTH_LISTEN", "RECIPES_LISTEN"), "127.0.0.1:0".to_owned()),
            (name("AUTH_OPS_LISTEN", "RECIPES_OPS_LISTEN"), "127.0.0.1:0".to_owned()),
            (name("AUTH_WORKERS", "RECIPES_WORKERS"), "1".to_owned()),
            (name("AUTH_DATABASE_POOL", "RECIPES_DATABASE_POOL"), "4".to_owned()),
            (name("AUTH_DATA_DIR", "RECIPES_DATA_DIR"), storage.data_dir()),
            (name("AUTH_SECRETS_DIR", "RECIPES_SECRETS_DIR"), storage.secrets_dir.display().to_string()),
            (name("AUTH_REDIS_PREFIX", "RECIPES_REDIS_PREFIX"), storage.redis_prefix.clone()),
        ];
        if let Some(url) = &storage.redis_url {
            variables.push((name("AUTH_REDIS_URL", "RECIPES_REDIS_URL"), url.clone()));
        }
        variables
    }

    fn clients(&self, http: &reqwest::Client, auth: &[Bound], recipes: &[Bound]) -> Vec<Client> {
        let listener = |addr, public_url| Listener::new(http.clone(), addr, public_url);
        let documented = |listener: Listener, contract, legacy_errors| {
            // Errors of Flask-JWT-Extended are for its clients, who know no document of ours.
            let is_another = self.variables.iter().any(|(variable, _)| variable == legacy_errors);
            if is_another { listener } else { listener.as_documented(contract) }
        };
        let client = |(auth, recipes): (&Bound, &Bound)| Client {
            auth: documented(listener(auth.addr, AUTH_URL), Contract::of_auth(), "AUTH_LEGACY_ERRORS"),
            auth_ops: listener(auth.ops_addr, AUTH_URL),
            recipes: documented(
                listener(recipes.addr, RECIPES_URL),
                Contract::of_recipes(),
                "RECIPES_LEGACY_ERRORS",
            ),
            recipes_ops: listener(recipes.ops_addr, RECIPES_URL),
        };
        auth.iter().zip(recipes).map(client).collect()
    }

    /// These variables, and over them what the test set.
    fn variables(&self, prefix: &str, variables: Vec<(&'static str, String)>) -> Variables {
        let own = self.variables.iter().filter(|(name, _)| name.starts_with(prefix)).cloned();
        variables.into_iter().map(|(name, value)| (name.to_owned(), value)).chain(own).collect()
    }
}

/// Waits until services listen and say that they are ready.
pub(super) async fn ready(http: &reqwest::Client, starting: Vec<(Starting, Running)>) -> Vec<Bound> {
    let bound = join_all(starting.into_iter().map(|(starting, running)| async {
        let (addr, ops_addr, revocations) = starting.await.expect("the service did not start");
        Bound { addr, ops_addr, revocations, running }
    }));
    let bound = bound.await;
    for service in &bound {
        let listener = Listener::new(http.clone(), service.ops_addr, "");
        eventually("the service is ready", async || {
            (listener.get("/readyz").send().await.status == 200).then_some(())
        })
        .await;
    }
    bound
}

fn verifiers(recipes: &[Bound], clients: &[Client]) -> Vec<Option<Verifier>> {
    recipes.iter().zip(clients).map(|(bound, client)| verifier(bound, client)).collect()
}

/// What follows the issuer in a service, if anything does.
pub(super) fn verifier(bound: &Bound, client: &Client) -> Option<Verifier> {
    Some(Verifier { revocations: bound.revocations.clone()?, listener: client.recipes.clone() })
}
