use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::reachable::is_public;

/// The web as it is reached: who knows its names, which addresses count as its, how long a page may take.
///
/// A service has [`Web::default`]: no setting makes another one. A test has pages of its own on this machine, and says
/// here where.
#[derive(Clone)]
pub struct Web {
    names: Arc<dyn Names>,
    reached: fn(IpAddr) -> bool,
    /// From the first name to the last byte.
    pub(super) patience: Duration,
}

/// Who knows the addresses of a name. A port of 0 stands for that of the place.
pub trait Names: Send + Sync {
    fn look_up(&self, name: &str) -> Addresses;
}

/// What becomes known of a name.
pub type Addresses = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

const PATIENCE: Duration = Duration::from_secs(10);

impl Default for Web {
    fn default() -> Self {
        Self { names: Arc::new(System), reached: is_public, patience: PATIENCE }
    }
}

impl Web {
    /// Another one.
    pub fn through(names: Arc<dyn Names>, reached: fn(IpAddr) -> bool) -> Self {
        Self { names, reached, ..Self::default() }
    }

    pub fn patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// True for the addresses of the public internet.
    pub fn is_public(ip: IpAddr) -> bool {
        is_public(ip)
    }

    pub(super) fn reaches(&self, ip: IpAddr) -> bool {
        (self.reached)(ip)
    }
}

impl fmt::Debug for Web {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Web")
    }
}

/// The names that the system knows.
struct System;

impl Names for System {
    fn look_up(&self, name: &str) -> Addresses {
        let name = name.to_owned();
        Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.collect()) })
    }
}

/// What a connection is made to is what was looked at here: the client asks for a name once for each, and nobody else.
impl Resolve for Web {
    fn resolve(&self, name: Name) -> Resolving {
        let (web, addresses) = (self.clone(), self.names.look_up(name.as_str()));
        Box::pin(async move {
            let addresses = addresses.await?;
            // A name of both kinds is somebody's attempt to get in with the one behind the other.
            if addresses.iter().any(|address| !web.reaches(address.ip())) {
                return Err("not all of its addresses are public".into());
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}
