use std::net::SocketAddr;
use std::ops::Deref;
use std::thread::JoinHandle;

use common::clock::Clock;
use common::settings::Variables;
use common::web::Shutdown;
use recipe_service::{App, Settings};
use testkit::client::Client;
use testkit::servers::redis;
use testkit::{Backend, TestStack, eventually};
use tokio::sync::oneshot;

use super::relay::Relay;

/// A recipe-service beside those of a stack, which reaches the stack's auth-service over ways that can be cut.
///
/// It is also a [`Client`] whose calls go to it.
pub struct Apart {
    /// Its way to what was revoked and to people.
    pub feed: Relay,
    /// Its way to the public keys.
    pub keys: Relay,
    client: Client,
    shutdown: Shutdown,
    thread: Option<JoinHandle<()>>,
}

impl Apart {
    /// Starts one, and waits until it says that it is ready.
    pub async fn start(stack: &TestStack) -> Self {
        Self::start_on(stack, &database_url(stack)).await
    }

    /// Starts one on a database of its own, and waits until it says that it is ready.
    pub async fn start_on(stack: &TestStack, database_url: &str) -> Self {
        Self::start_on_with(stack, database_url, &[]).await
    }

    /// The same with these variables.
    pub async fn start_on_with(stack: &TestStack, database_url: &str, more: &[(&str, &str)]) -> Self {
        let apart = Self::start_with(stack, true, database_url, more).await;
        eventually("the service is ready", async || (apart.readiness().await == 200).then_some(())).await;
        apart
    }

    /// Starts one that hears of nobody yet.
    pub async fn start_alone(stack: &TestStack) -> Self {
        Self::start_alone_with(stack, &[]).await
    }

    /// The same with these variables.
    pub async fn start_alone_with(stack: &TestStack, more: &[(&str, &str)]) -> Self {
        Self::start_with(stack, false, &database_url(stack), more).await
    }

    async fn start_with(stack: &TestStack, is_open: bool, database_url: &str, more: &[(&str, &str)]) -> Self {
        let (feed, keys) = (Relay::to(stack.auth_ops.addr).await, Relay::to(stack.auth.addr).await);
        if !is_open {
            feed.cut().await;
            keys.cut().await;
        }
        let variables = variables(stack, feed.addr, keys.addr, database_url, more);
        let settings = Settings::from_variables(&variables).expect("a bad setting");
        let (shutdown, (started, starting)) = (Shutdown::new(), oneshot::channel());
        let (stop, clock) = (shutdown.clone(), stack.clock.clock());
        let thread = std::thread::spawn(move || run(settings, clock, started, stop));
        let (addr, ops_addr) = starting.await.expect("the service did not start");
        Self { feed, keys, client: client(stack, addr, ops_addr), shutdown, thread: Some(thread) }
    }

    pub async fn readiness(&self) -> u16 {
        self.recipes_ops.get("/readyz").send().await.status
    }
}

impl Deref for Apart {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Drop for Apart {
    fn drop(&mut self) {
        self.shutdown.trigger();
        // That it panicked shows in the output of the test.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

fn run(settings: Settings, clock: Clock, started: oneshot::Sender<(SocketAddr, SocketAddr)>, stop: Shutdown) {
    let ended = actix_rt::System::new().block_on(async {
        let app = App::build(settings, clock).await?;
        let _ = started.send((app.addr(), app.ops_addr()));
        app.run(stop).await
    });
    ended.unwrap_or_else(|error| panic!("{error:#}"));
}

fn client(stack: &TestStack, addr: SocketAddr, ops_addr: SocketAddr) -> Client {
    let recipes = stack.recipes.of_copy_at(addr);
    let recipes_ops = stack.recipes_ops.of_copy_at(ops_addr);
    Client { recipes, recipes_ops, ..stack.auth(0).clone() }
}

fn variables(
    stack: &TestStack,
    feed: SocketAddr,
    keys: SocketAddr,
    database_url: &str,
    more: &[(&str, &str)],
) -> Variables {
    let mut variables = vec![
        ("RECIPES_LISTEN", "127.0.0.1:0".to_owned()),
        ("RECIPES_OPS_LISTEN", "127.0.0.1:0".to_owned()),
        ("RECIPES_WORKERS", "1".to_owned()),
        ("RECIPES_DATABASE_URL", database_url.to_owned()),
        ("RECIPES_DATABASE_POOL", "4".to_owned()),
        ("RECIPES_SECRETS_DIR", stack.secrets_dir().display().to_string()),
        ("RECIPES_IMAGES", stack.images_dir().display().to_string()),
        ("RECIPES_ISSUER", stack.auth.public_url.clone()),
        ("RECIPES_PUBLIC_URL", stack.recipes.public_url.clone()),
        ("RECIPES_JWKS_URL", format!("http://{keys}/.well-known/jwks.json")),
        ("RECIPES_FEED_URL", format!("http://{feed}")),
    ];
    if stack.backend() == Backend::PostgresRedis {
        variables.push(("RECIPES_REDIS_URL", redis().url().to_owned()));
        variables.push(("RECIPES_REDIS_PREFIX", stack.redis_prefix().to_owned()));
    }
    let more = more.iter().map(|(name, value)| (*name, (*value).to_owned()));
    variables.into_iter().chain(more).map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The stack's own database where several copies may share it, else a file beside the stack's.
fn database_url(stack: &TestStack) -> String {
    let secrets = stack.secrets_dir();
    match stack.backend() {
        Backend::PostgresRedis => stack.recipes_database_url().to_owned(),
        Backend::Sqlite => format!("sqlite://{}", secrets.with_file_name("apart.db").display()),
    }
}
