//! How often something may be done: counted in Redis, or in this process where there is none.
//!
//! A limit is a window that slides: of the last minute, the last hour. Asking and counting are one step, so that a
//! hundred tries at once count as a hundred. Redis away halves every limit, and each copy counts for itself.
//!
//! Tries at passwords have several ways, of which the first that is open is taken:
//! 1. a device that logged in to the account before, by wrong passwords of its own;
//! 2. anybody, by tries from their address and by wrong passwords for the account;
//! 3. once there were too many of those, one slow try after another, from each address and in all.
//!
//! So nobody can lock an owner out: strangers slow down strangers.

mod shared;

use std::sync::Arc;

use aws_lc_rs::digest;
use common::clock::Clock;
use common::ids::Uuid;
use common::limits::{Counter, Limit, Memory, Outcome, Refusal, Way};

use self::shared::Shared;
use crate::config::{RateLimits, Settings};
use crate::domain::session::Client;
use crate::domain::{DeviceId, MailKind, SessionId, UserId};
use crate::error::Error;

/// Counts. Clones share the counters.
#[derive(Clone)]
pub struct Limits(Option<Arc<Counting>>);

struct Counting {
    limits: RateLimits,
    memory: Memory,
    shared: Option<Shared>,
    clock: Clock,
}

/// Something that was counted.
#[must_use = "what went well is taken back"]
pub(super) struct Counted {
    id: Uuid,
    /// The counters that it is taken back from.
    way: Way,
}

/// Who tries a password, and at whose account.
pub(super) struct Trier<'a> {
    /// The account's name as it was given, in its canonical form. That a name is nobody's makes no difference, and two
    /// names of one account are counted apart: else one could tell that they are.
    pub name: &'a str,
    pub device: Option<DeviceId>,
    pub client: &'a Client,
}

impl Limits {
    pub fn start(settings: &Settings, clock: Clock) -> redis::RedisResult<Self> {
        let Some(limits) = settings.rate_limits else { return Ok(Self(None)) };
        let url = settings.redis_url.as_deref();
        let shared = url.map(|url| Shared::new(url, &settings.redis_prefix, clock.clone())).transpose()?;
        // What has refused nobody yet shows as nought, so that the first time shows as an increase.
        for name in ["login", "failures", "device", "slowed", "slowed-in-all", "signup", "refresh"] {
            metrics::counter!("rate_limited_total", "limit" => name).increment(0);
        }
        Ok(Self(Some(Arc::new(Counting { limits, memory: Memory::default(), shared, clock }))))
    }

    /// Counts a try at a password as a wrong one. Who turns out to be right takes it back.
    ///
    /// # Errors
    /// `RateLimited`.
    pub(super) async fn try_password(&self, trier: &Trier<'_>) -> Result<Option<Counted>, Error> {
        let Some(counting) = &self.0 else { return Ok(None) };
        let ways = trier.ways(&counting.limits);
        let failures = |counter: &Counter| ["failures", "device"].contains(&counter.name);
        let mut counted = counting.count(ways).await?;
        counted.way.retain(failures);
        Ok(Some(counted))
    }

    /// Counts a sign-up.
    ///
    /// # Errors
    /// `RateLimited`.
    pub(super) async fn sign_up(&self, client: &Client) -> Result<(), Error> {
        self.count("signup", |limits| limits.signup, client.network()).await.map(drop)
    }

    /// Counts a refresh. One that was only repeated is taken back.
    ///
    /// # Errors
    /// `RateLimited`.
    pub(super) async fn refresh(&self, session: SessionId) -> Result<Option<Counted>, Error> {
        self.count("refresh", |limits| limits.refresh, session.to_string()).await
    }

    /// Counts a request for a link to choose another password; false where an address has asked for enough.
    pub(super) async fn ask_for_reset(&self, client: &Client) -> bool {
        self.count("forgot-address", |limits| limits.forgot_address, client.network()).await.is_ok()
    }

    /// How many links to choose another password an account is sent. They are counted where they are kept.
    pub(super) fn of_resets(&self) -> Option<Limit> {
        self.0.as_ref().map(|counting| counting.limits.forgot)
    }

    /// Counts a link to verify an address.
    ///
    /// # Errors
    /// `RateLimited`.
    pub(super) async fn verify(&self, user: UserId) -> Result<(), Error> {
        self.count("verify", |limits| limits.verify, user.to_string()).await.map(drop)
    }

    /// Counts a notice; false where somebody had enough of its kind.
    pub(super) async fn notice(&self, kind: MailKind, user: UserId) -> bool {
        self.count("notices", |limits| limits.notices, format!("{}:{user}", kind.as_str())).await.is_ok()
    }

    async fn count(
        &self,
        name: &'static str,
        limit: impl Fn(&RateLimits) -> Limit,
        key: String,
    ) -> Result<Option<Counted>, Error> {
        let Some(counting) = &self.0 else { return Ok(None) };
        let counter = Counter { name, limit: limit(&counting.limits), key };
        counting.count(vec![vec![counter]]).await.map(Some)
    }

    /// Takes something back, as if it had not been.
    pub(super) async fn take_back(&self, counted: Option<Counted>) {
        if let (Some(counting), Some(counted)) = (&self.0, counted) {
            counting.take_back(counted).await;
        }
    }
}

impl Counting {
    async fn count(&self, ways: Vec<Way>) -> Result<Counted, Error> {
        let id = Uuid::now_v7();
        let outcome = match &self.shared {
            Some(shared) => match shared.count(id, &ways).await {
                Some(outcome) => outcome,
                None => self.memory.count(id, &halved(&ways), self.clock.boot()),
            },
            None => self.memory.count(id, &ways, self.clock.boot()),
        };
        match outcome {
            Outcome::Counted(way) => Ok(Counted { id, way: ways.into_iter().nth(way).unwrap_or_default() }),
            Outcome::Refused { counter: Counter { name, limit, .. }, wait } => {
                metrics::counter!("rate_limited_total", "limit" => name).increment(1);
                Err(Error::RateLimited(Refusal { name, limit, wait }))
            }
        }
    }

    async fn take_back(&self, Counted { id, way }: Counted) {
        // Who was right while tries are slowed takes nothing back, and Redis is not to be asked for nothing.
        if way.is_empty() {
            return;
        }
        self.memory.take_back(id, &way);
        if let Some(shared) = &self.shared {
            shared.take_back(id, &way).await;
        }
    }
}

impl Trier<'_> {
    fn ways(&self, limits: &RateLimits) -> Vec<Way> {
        let (account, network) = (self.account(), self.client.network());
        let counter = |name, limit, key: String| Counter { name, limit, key };
        let address = || counter("login", limits.login, network.clone());
        let device = self
            .device
            .map(|device| vec![counter("device", limits.device_failures, format!("{account}:{device}"))]);
        let anybody = vec![address(), counter("failures", limits.failures, account.clone())];
        let slowed = vec![
            address(),
            counter("slowed", limits.slowed, format!("{account}:{network}")),
            counter("slowed-in-all", limits.slowed_in_all, account.clone()),
        ];
        device.into_iter().chain([anybody, slowed]).collect()
    }

    /// The name's hash: people type their passwords there.
    fn account(&self) -> String {
        let digest = digest::digest(&digest::SHA256, self.name.as_bytes());
        digest.as_ref()[..16].iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

fn halved(ways: &[Way]) -> Vec<Way> {
    let half = |counter: &Counter| {
        let limit = Limit { most: (counter.limit.most / 2).max(1), ..counter.limit };
        Counter { limit, ..counter.clone() }
    };
    ways.iter().map(|way| way.iter().map(half).collect()).collect()
}
