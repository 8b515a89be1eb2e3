//! Both services in this process, on real listeners, with everything of their own.

mod backend;
mod clock;
mod operator;
mod options;
mod service;

use std::ops::Deref;
use std::path::{Path, PathBuf};

pub use self::backend::Backend;
use self::backend::Storage;
pub use self::clock::StackClock;
pub use self::options::Options;
use self::service::Running;
use crate::client::Client;

/// auth-service and recipe-service, one or more copies of each, with databases, secrets and a clock of their own.
///
/// It is also a [`Client`] of the first copy of each. When it is dropped, the services stop and their data is gone.
pub struct TestStack {
    /// What o'clock it is for every service of the stack, and for the databases as they ask them.
    pub clock: StackClock,
    clients: Vec<Client>,
    auth: Vec<Option<Running>>,
    recipes: Vec<Option<Running>>,
    auth_settings: auth_service::config::Settings,
    /// Those of each copy, which hears from a copy of auth-service of its own.
    recipes_settings: Vec<recipe_service::Settings>,
    options: Options,
    // Dropped last: the services are still writing.
    storage: Storage,
}

impl TestStack {
    /// One copy of each service, on SQLite.
    pub async fn start() -> Self {
        Self::on(Backend::Sqlite).start().await
    }

    /// Two copies of each service, on one Postgres and one Redis.
    pub async fn start_two() -> Self {
        Self::on(Backend::PostgresRedis).copies(2).start().await
    }

    /// A stack that is still to be described.
    pub fn on(backend: Backend) -> Options {
        Options::new(backend)
    }

    /// A client whose calls go to this copy of auth-service, counted from 0.
    pub fn auth(&self, copy: usize) -> &Client {
        &self.clients[copy]
    }

    /// A client whose calls go to this copy of recipe-service, counted from 0.
    pub fn recipes(&self, copy: usize) -> &Client {
        &self.clients[copy]
    }

    pub fn backend(&self) -> Backend {
        self.options.backend
    }

    /// How many copies there are of each service.
    pub fn copies(&self) -> usize {
        self.clients.len()
    }

    /// `sqlite://…` or `postgres://…`
    pub fn auth_database_url(&self) -> &str {
        &self.auth_settings.database_url
    }

    /// `sqlite://…` or `postgres://…`
    pub fn recipes_database_url(&self) -> &str {
        &self.storage.recipes_url
    }

    /// The folder of secrets that all services share.
    pub fn secrets_dir(&self) -> &Path {
        &self.storage.secrets_dir
    }

    /// The folder that mails are written to where no server of them is set.
    pub fn mail_dir(&self) -> PathBuf {
        Path::new(&self.storage.data_dir()).join("mail")
    }

    /// The folder that the files of images are kept in.
    pub fn images_dir(&self) -> PathBuf {
        Path::new(&self.storage.data_dir()).join("images")
    }

    /// What the names in Redis begin with.
    pub fn redis_prefix(&self) -> &str {
        &self.storage.redis_prefix
    }
}

/// The first copies.
impl Deref for TestStack {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.clients[0]
    }
}

impl Drop for TestStack {
    fn drop(&mut self) {
        // All at once, so that none waits for another; a service that failed has said so in its thread.
        let all = self.auth.iter_mut().chain(&mut self.recipes);
        let services: Vec<Running> = all.filter_map(Option::take).collect();
        services.iter().for_each(Running::stop);
        services.into_iter().for_each(Running::join);
    }
}

/// What a test of [`both`](crate::both) and its like may take.
pub trait Arrange: Sized {
    fn arrange(options: Options) -> impl Future<Output = Self>;
}

impl Arrange for TestStack {
    async fn arrange(options: Options) -> Self {
        options.start().await
    }
}

/// For a test with settings of its own.
impl Arrange for Options {
    async fn arrange(options: Options) -> Self {
        options
    }
}

/// Runs a test on a runtime of its own. Called by what the attributes of [`testkit_macros`] generate.
pub fn run<A: Arrange>(backend: Backend, copies: usize, test: impl AsyncFnOnce(A)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("no runtime");
    runtime.block_on(async {
        let arranged = A::arrange(Options::new(backend).copies(copies)).await;
        test(arranged).await;
    });
}
