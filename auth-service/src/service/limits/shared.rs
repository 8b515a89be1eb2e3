use std::sync::LazyLock;
use std::time::Duration;

use common::clock::Clock;
use common::ids::Uuid;
use common::limits::{Counter, Outcome, Way, first_to_open};
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, RedisResult, Script};
use tokio::sync::Mutex;

/// The counters in Redis, which all copies share.
pub(super) struct Shared {
    client: Client,
    prefix: String,
    clock: Clock,
    link: Mutex<Link>,
}

#[derive(Default)]
struct Link {
    connection: Option<MultiplexedConnection>,
    /// In boot time. Until then nobody tries again: each would wait for what does not come.
    away_until: Option<Duration>,
}

/// Longer than Redis needs on a machine that is busy, and shorter than what a password waits for anyway.
const PATIENCE: Duration = Duration::from_secs(2);
const AWAY: Duration = Duration::from_secs(5);

/// Counts in the first way that has room, at one stroke, by the time of Redis.
///
/// KEYS: one a counter, a sorted set of what was counted by when it was, in µs. ARGV: what is added to the time (in
/// tests), the id of what is counted, then for each counter the number of its way, its most, and its window in µs.
/// Answers the way; or -1, and for each way which counter is closed longest, and for how many µs.
static COUNT: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2] + tonumber(ARGV[1])
        local function wait(key, most, window)
            redis.call('ZREMRANGEBYSCORE', key, '-inf', string.format('%.0f', now - window))
            if redis.call('ZCARD', key) < most then return 0 end
            local over = redis.call('ZRANGE', key, -most, -most, 'WITHSCORES')
            return tonumber(over[2]) + window - now
        end
        local answer, i = {-1}, 1
        while i <= #KEYS do
            local way, first, longest, closed = ARGV[3 * i], i, 0, 0
            while i <= #KEYS and ARGV[3 * i] == way do
                local left = wait(KEYS[i], tonumber(ARGV[3 * i + 1]), tonumber(ARGV[3 * i + 2]))
                if left > longest then longest, closed = left, i end
                i = i + 1
            end
            if longest == 0 then
                for k = first, i - 1 do
                    redis.call('ZADD', KEYS[k], string.format('%.0f', now), ARGV[2])
                    redis.call('PEXPIRE', KEYS[k], math.ceil(tonumber(ARGV[3 * k + 2]) / 1000))
                end
                return {tonumber(way)}
            end
            answer[#answer + 1] = closed - 1
            answer[#answer + 1] = math.ceil(longest)
        end
        return answer
        ",
    )
});

impl Shared {
    /// # Errors
    /// A URL that cannot be one of Redis.
    pub fn new(url: &str, prefix: &str, clock: Clock) -> RedisResult<Self> {
        Ok(Self { client: Client::open(url)?, prefix: prefix.to_owned(), clock, link: Mutex::default() })
    }

    /// Counts; `None` where Redis is away.
    pub async fn count(&self, id: Uuid, ways: &[Way]) -> Option<Outcome> {
        let mut script = COUNT.prepare_invoke();
        script.arg(self.clock.offset_us()).arg(id.to_string());
        let numbered = ways.iter().enumerate().flat_map(|(number, way)| way.iter().map(move |c| (number, c)));
        let numbered: Vec<(usize, &Counter)> = numbered.collect();
        for (number, counter) in &numbered {
            script.key(self.key(counter)).arg(*number);
            script.arg(counter.limit.most).arg(counter.limit.window.as_micros() as u64);
        }
        let mut connection = self.connection().await?;
        let answer: Vec<i64> = self.note(script.invoke_async(&mut connection).await).await?;
        match answer.split_first()? {
            (-1, closed) => {
                let closed = closed.chunks_exact(2).filter_map(|pair| {
                    let (_, counter) = numbered.get(pair[0] as usize)?;
                    Some(((*counter).clone(), Duration::from_micros(pair[1].max(1) as u64)))
                });
                Some(first_to_open(closed.collect()))
            }
            (way, _) => Some(Outcome::Counted(*way as usize)),
        }
    }

    /// Takes something back. Where Redis is away it stays counted until its window is over.
    pub async fn take_back(&self, id: Uuid, way: &Way) {
        let Some(mut connection) = self.connection().await else { return };
        let mut commands = redis::pipe();
        for counter in way {
            commands.zrem(self.key(counter), id.to_string()).ignore();
        }
        self.note(commands.query_async::<()>(&mut connection).await).await;
    }

    fn key(&self, Counter { name, key, .. }: &Counter) -> String {
        format!("{}:limit:{name}:{key}", self.prefix)
    }

    async fn connection(&self) -> Option<MultiplexedConnection> {
        let mut link = self.link.lock().await;
        if let Some(connection) = &link.connection {
            return Some(connection.clone());
        }
        if link.away_until.is_some_and(|until| self.clock.boot() < until) {
            return None;
        }
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE));
        match self.client.get_multiplexed_async_connection_with_config(&config).await {
            Ok(connection) => {
                link.connection = Some(connection.clone());
                Some(connection)
            }
            Err(error) => {
                self.lose(&mut link, &error);
                None
            }
        }
    }

    async fn note<T>(&self, answer: RedisResult<T>) -> Option<T> {
        match answer {
            Ok(answer) => Some(answer),
            Err(error) => {
                self.lose(&mut *self.link.lock().await, &error);
                None
            }
        }
    }

    fn lose(&self, link: &mut Link, error: &redis::RedisError) {
        // The category, since the error's own text may hold an address with a password.
        log::warn!(error:% = error.category(); "Redis does not count: limits are halved and kept in this process");
        *link = Link { connection: None, away_until: Some(self.clock.boot() + AWAY) };
    }
}
