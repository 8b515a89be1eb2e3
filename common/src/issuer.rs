//! Everything that a resource server keeps of its issuer: its keys and what it revoked.

use std::time::Duration;

use url::Url;

use crate::clock::Clock;
use crate::keys::{FetchedKeys, JwksSource, Keys};
use crate::revocations::{Epochs, Follower, FollowerSettings, Revocations};
use crate::secrets::Secret;

/// Where an issuer is, and for how long to go on without hearing from it.
pub struct IssuerSettings {
    pub jwks_url: Url,
    /// The ops listeners of the copies of auth-service.
    pub feed_urls: Vec<Url>,
    pub feed_secret: Secret,
    pub stale_after: Duration,
    pub blind_after: Duration,
    pub clock: Clock,
    #[cfg(feature = "redis")]
    pub lane: Option<crate::revocations::lane::LaneSettings>,
}

impl IssuerSettings {
    /// An issuer with the usual bounds: stale after 5 s, blind after 30 s.
    ///
    /// # Errors
    /// A text that is no URL.
    pub fn new(jwks_url: &str, feed_url: &str, feed_secret: Secret) -> Result<Self, url::ParseError> {
        Ok(Self {
            jwks_url: jwks_url.parse()?,
            feed_urls: vec![feed_url.parse()?],
            feed_secret,
            stale_after: Duration::from_secs(5),
            blind_after: Duration::from_secs(30),
            clock: Clock::system(),
            #[cfg(feature = "redis")]
            lane: None,
        })
    }
}

/// Follows an issuer's keys and revocations in the background, until it is dropped.
pub struct Issuer {
    keys: FetchedKeys,
    revocations: Revocations,
    epochs: Epochs,
    #[cfg(feature = "web")]
    clock: Clock,
    _follower: Follower,
    #[cfg(feature = "redis")]
    _lane: Option<crate::revocations::lane::Lane>,
}

impl Issuer {
    /// Starts to follow on the present runtime. Nothing is believed before keys and revocations are first loaded.
    pub fn follow(settings: IssuerSettings) -> Self {
        let epochs = Epochs::default();
        let revocations = Revocations::following(settings.stale_after, settings.blind_after);
        let keys = FetchedKeys::follow(JwksSource {
            url: settings.jwks_url,
            clock: settings.clock.clone(),
            epochs: epochs.clone(),
        });
        #[cfg(feature = "redis")]
        let lane = settings.lane.map(|lane| {
            use crate::revocations::lane::Lane;
            Lane::listen(lane, revocations.clone(), epochs.clone(), settings.clock.clone())
        });
        #[cfg(feature = "web")]
        let clock = settings.clock.clone();
        let follower = Follower::start(FollowerSettings {
            urls: settings.feed_urls,
            secret: settings.feed_secret,
            copy: revocations.clone(),
            epochs: epochs.clone(),
            keys: keys.changed(),
            clock: settings.clock,
        });
        Self {
            keys,
            revocations,
            epochs,
            #[cfg(feature = "web")]
            clock,
            _follower: follower,
            #[cfg(feature = "redis")]
            _lane: lane,
        }
    }

    pub fn keys(&self) -> Keys {
        self.keys.keys()
    }

    pub fn revocations(&self) -> Revocations {
        self.revocations.clone()
    }

    /// The newest life of the issuer's keys that was heard of: what is said of an older one counts for nothing.
    pub fn epochs(&self) -> Epochs {
        self.epochs.clone()
    }

    /// True once a token can be believed or refused for good reason.
    pub fn is_loaded(&self) -> bool {
        self.keys.keys().is_loaded() && self.revocations.is_loaded()
    }

    /// Makes a service not ready until keys and revocations are first loaded, and has it tell how far the copy of the
    /// revocations can be relied upon. Later silence leaves readiness: all copies of the service would drop out at once.
    #[cfg(feature = "web")]
    pub fn tell(&self, health: &crate::web::Health) {
        use crate::revocations::Freshness;
        let (keys, revocations, clock) = (self.keys(), self.revocations(), self.clock.clone());
        let copy = revocations.clone();
        health.probe("issuer", move || {
            let is_loaded = keys.is_loaded() && copy.is_loaded();
            async move { if is_loaded { Ok(()) } else { Err("not loaded") } }
        });
        health.inform("revocations", move || {
            let freshness = revocations.freshness(clock.boot());
            async move { if freshness == Freshness::Live { Ok(()) } else { Err(freshness.name()) } }
        });
    }
}
