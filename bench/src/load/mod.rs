//! A load driver that takes little of the two cores it shares with what it measures: one thread, keep-alive connections,
//! requests that were rendered before, and of each answer only the head taken apart.

mod answer;
mod connection;
mod measured;
mod request;

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result};
use common::clock::Clock;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

pub use self::connection::Connection;
pub use self::measured::Measured;
pub use self::request::{get, member, post};

/// What one connection says: the next request, given the answer to the one before.
pub trait Conversation: Send + 'static {
    fn request(&self) -> &[u8];

    /// Takes the body of a good answer in.
    ///
    /// # Errors
    /// It is not what was expected.
    fn answered(&mut self, body: &[u8]) -> Result<()>;
}

/// The same request again and again.
#[derive(Clone)]
pub struct Repeated(pub Vec<u8>);

impl Conversation for Repeated {
    fn request(&self) -> &[u8] {
        &self.0
    }

    fn answered(&mut self, _: &[u8]) -> Result<()> {
        Ok(())
    }
}

/// Where the load goes, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    pub to: SocketAddr,
    /// Caches fill and connections open meanwhile; its answers are not counted.
    pub warm_up: Duration,
    pub measured: Duration,
}

impl Load {
    /// A second to warm up, and then these.
    pub fn lasting(seconds: u64, to: SocketAddr) -> Self {
        Self { to, warm_up: Duration::from_secs(1), measured: Duration::from_secs(seconds) }
    }

    /// Holds all conversations at once, each on a connection of its own, and gives them back for another run.
    ///
    /// # Errors
    /// Any answer but a 2xx, counted or not.
    pub fn run<C: Conversation>(&self, conversations: Vec<C>) -> Result<(Measured, Vec<C>)> {
        runtime()?.block_on(async {
            let (load, start) = (*self, Clock::system().boot());
            let mut talks = JoinSet::new();
            for conversation in conversations {
                talks.spawn(async move { load.talk(start, conversation).await });
            }
            let (mut latencies, mut conversations) = (Vec::new(), Vec::new());
            while let Some(talk) = talks.join_next().await {
                let (more, conversation) = talk.context("a connection of the driver panicked")??;
                latencies.extend(more);
                conversations.push(conversation);
            }
            Ok((Measured::of(self.measured, latencies), conversations))
        })
    }

    /// Answers the latencies, in µs, of the answers that came within the measured time.
    async fn talk<C: Conversation>(&self, start: Duration, mut conversation: C) -> Result<(Vec<u32>, C)> {
        let clock = Clock::system();
        let (from, until) = (start + self.warm_up, start + self.warm_up + self.measured);
        let mut connection = Connection::open(self.to).await?;
        let mut latencies = Vec::with_capacity(1 << 16);
        let mut sent = clock.boot();
        while sent < until {
            let body = connection.call(conversation.request()).await?;
            conversation.answered(body)?;
            let answered = clock.boot();
            if (from..until).contains(&answered) {
                latencies.push((answered - sent).as_micros() as u32);
            }
            sent = answered;
        }
        Ok((latencies, conversation))
    }
}

/// Sends one request and answers the body of the answer.
///
/// # Errors
/// Any answer but a 2xx.
pub fn call(to: SocketAddr, request: &[u8]) -> Result<String> {
    runtime()?.block_on(async {
        let body = Connection::open(to).await?.call(request).await?.to_vec();
        Ok(String::from_utf8(body)?)
    })
}

/// A runtime for this thread.
///
/// # Errors
/// The system has no room for one.
pub fn runtime() -> Result<Runtime> {
    Ok(Builder::new_current_thread().enable_all().build()?)
}
