//! Both services on Postgres and Redis, as they run in production.

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::load::{call, member, post};
use crate::postgres::Postgres;
use crate::processes::Service;

/// The servers of one run. They end when it is dropped, recipe-service first.
pub struct Stack {
    pub recipes: Service,
    pub auth: Service,
    pub postgres: Postgres,
    pub redis: throwaway::Redis,
    of_auth: Variables,
    of_recipes: Variables,
    folder: TempDir,
}

/// Of one service, without what they begin with.
type Variables = Vec<(&'static str, String)>;

/// Who the load is.
pub const EMAIL: &str = "bench@example.com";
pub const PASSWORD: &str = "correct horse battery staple";

impl Stack {
    /// Starts everything, with a Postgres whose commits wait for the disk or do not, and signs up whom the load will be.
    pub fn start(durable: bool) -> Result<Self> {
        Self::start_with(durable, &[])
    }

    /// The same with more variables of auth-service, without their `AUTH_`.
    pub fn start_with(durable: bool, of_auth: &[(&'static str, &str)]) -> Result<Self> {
        Self::start_as(durable, of_auth, None)
    }

    /// The same with the recipes in a file of SQLite of this name, if one is given.
    pub fn start_as(durable: bool, of_auth: &[(&'static str, &str)], recipes: Option<&str>) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("jipbap-bench-").tempdir()?;
        let (postgres, redis) = (Postgres::start(durable)?, throwaway::Redis::start()?);
        let data = |name: &str| folder.path().join(name).display().to_string();
        let settings = |database: &str| -> Result<_> {
            Ok(vec![
                ("DATABASE_URL", postgres.create(database)?),
                ("DATA_DIR", data(database)),
                ("SECRETS_DIR", data("secrets")),
                ("REDIS_URL", redis.url()),
                ("RATE_LIMITS", "off".to_owned()),
                // As many as pgbench has.
                ("DATABASE_POOL", "16".to_owned()),
            ])
        };
        let more = of_auth.iter().map(|(name, value)| (*name, (*value).to_owned()));
        let of_auth: Variables = settings("auth")?.into_iter().chain(more).collect();
        let auth = Service::start("auth-service", "AUTH_", folder.path(), &of_auth)?;
        let mut of_recipes = settings("recipes")?;
        of_recipes.push(("JWKS_URL", format!("http://{}/.well-known/jwks.json", auth.addr)));
        of_recipes.push(("FEED_URL", format!("http://{}", auth.ops_addr)));
        if let Some(file) = recipes {
            of_recipes.push(("DATABASE_URL", format!("sqlite://{}", data(file))));
        }
        let recipes = Service::start("recipe-service", "RECIPES_", folder.path(), &of_recipes)?;
        let stack = Self { recipes, auth, postgres, redis, of_auth, of_recipes, folder };
        stack.sign_up()?;
        Ok(stack)
    }

    /// Starts another copy of auth-service, and waits until it is ready.
    ///
    /// # Errors
    /// It does not start.
    pub fn another_auth(&self) -> Result<Service> {
        Service::start("auth-service", "AUTH_", self.folder.path(), &self.of_auth)
    }

    /// The same of recipe-service.
    ///
    /// # Errors
    /// It does not start.
    pub fn another_recipes(&self) -> Result<Service> {
        self.another_recipes_with(&[])
    }

    /// The same with more variables, without their `RECIPES_`.
    ///
    /// # Errors
    /// It does not start.
    pub fn another_recipes_with(&self, more: &[(&'static str, &str)]) -> Result<Service> {
        let more = more.iter().map(|(name, value)| (*name, (*value).to_owned()));
        let variables: Variables = self.of_recipes.iter().cloned().chain(more).collect();
        Service::start("recipe-service", "RECIPES_", self.folder.path(), &variables)
    }

    fn sign_up(&self) -> Result<()> {
        let json = format!(r#"{{"email":"{EMAIL}","password":"{PASSWORD}"}}"#);
        call(self.auth.addr, &post("/v1/signup", None, &json)).context("cannot sign up")?;
        Ok(())
    }

    /// A login, as a request.
    pub fn login_request() -> Vec<u8> {
        post("/v1/login", None, &format!(r#"{{"email":"{EMAIL}","password":"{PASSWORD}"}}"#))
    }

    /// Logs in and gives a member of the answer, such as `access_token`.
    pub fn logged_in(&self, wanted: &str) -> Result<String> {
        let answer = call(self.auth.addr, &Self::login_request()).context("cannot log in")?;
        member(&answer, wanted).map(str::to_owned).with_context(|| format!("a login without {wanted}"))
    }
}
