use std::ops::Deref;
use std::sync::LazyLock;

use uuid::Uuid;

use super::given;

/// A Redis server on which each test has a prefix of its own.
pub struct Redis {
    url: String,
}

/// The server that the tests of this process share. Nobody flushes, reconfigures or stops it: for that there is [`Redis::own`].
///
/// Panics where `redis-server` is not installed: a test that needs it must not pass without it.
pub fn redis() -> &'static Redis {
    static STARTED: LazyLock<OwnRedis> = LazyLock::new(Redis::own);
    static SHARED: LazyLock<Redis> = LazyLock::new(|| match given("JIPBAP_TEST_REDIS_URL") {
        Some(url) => Redis { url },
        None => Redis { url: STARTED.process.url() },
    });
    &SHARED
}

/// A server of one test, which may pause, kill and restart it through [`OwnRedis::process`].
pub struct OwnRedis {
    redis: Redis,
    /// The server itself; it ends when this is dropped.
    pub process: throwaway::Redis,
}

impl Deref for OwnRedis {
    type Target = Redis;

    fn deref(&self) -> &Redis {
        &self.redis
    }
}

impl Redis {
    /// Starts a server for one test.
    pub fn own() -> OwnRedis {
        Self::own_with(&[])
    }

    /// Starts a server for one test with more arguments, such as `["--maxmemory-policy", "allkeys-lru"]`.
    pub fn own_with(arguments: &[&str]) -> OwnRedis {
        let process =
            throwaway::Redis::start_with(arguments).unwrap_or_else(|error| panic!("no Redis: {error:#}"));
        OwnRedis { redis: Redis { url: process.url() }, process }
    }

    /// The address to connect to.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A prefix that no other test has, for keys and channels.
    pub fn prefix(&self) -> String {
        format!("test-{}", Uuid::new_v4().simple())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(redis: &Redis) -> redis::RedisResult<Vec<String>> {
        redis::cmd("KEYS").arg("*").query(&mut redis::Client::open(redis.url())?.get_connection()?)
    }

    #[test]
    fn a_killed_server_starts_again_empty() {
        let server = Redis::own();
        let mut connection = redis::Client::open(server.url()).unwrap().get_connection().unwrap();
        redis::cmd("SET").arg("key").arg(1).exec(&mut connection).unwrap();

        server.process.kill().unwrap();
        assert!(keys(&server).is_err());
        server.process.start_again().unwrap();

        assert_eq!(keys(&server).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn the_shared_server_answers() {
        assert!(keys(redis()).is_ok());
        assert_ne!(redis().prefix(), redis().prefix());
    }
}
