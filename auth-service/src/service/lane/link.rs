use std::time::Duration;

use common::revocations::lane::LaneSettings;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, Cmd, FromRedisValue, InfoDict, RedisResult};

use super::script::Update;

/// A connection to Redis that is made when it is needed and made anew after every failure: one that hangs, without the
/// other side ever having closed it, would otherwise hang for ever.
pub(super) struct Link {
    client: Client,
    connection: Option<MultiplexedConnection>,
    is_down: bool,
}

const CONNECT: Duration = Duration::from_millis(500);
const ANSWER: Duration = Duration::from_millis(250);

impl Link {
    pub fn new(settings: &LaneSettings) -> RedisResult<Self> {
        Ok(Self { client: Client::open(settings.url.as_str())?, connection: None, is_down: false })
    }

    /// Runs an update, and once more if the connection was lost while idle: twice is as good as once. Answers whether
    /// `meta` stood where it was expected.
    pub async fn invoke(&mut self, update: &Update) -> RedisResult<bool> {
        let was_connected = self.connection.is_some();
        match self.try_invoke(update).await {
            Err(_) if was_connected => self.try_invoke(update).await,
            answer => answer,
        }
    }

    pub async fn query<T: FromRedisValue>(&mut self, command: &Cmd) -> RedisResult<T> {
        let answer = match self.connect().await {
            Ok(mut connection) => command.query_async(&mut connection).await,
            Err(error) => Err(error),
        };
        self.note(answer)
    }

    /// The policy by which keys are dropped when the memory is full, if there is one.
    pub async fn evicting_policy(&mut self) -> RedisResult<Option<String>> {
        let info: InfoDict = self.query(redis::cmd("INFO").arg("memory")).await?;
        Ok(info.get::<String>("maxmemory_policy").filter(|policy| policy != "noeviction"))
    }

    /// True after a failure, until something succeeds.
    pub fn is_down(&self) -> bool {
        self.is_down
    }

    async fn try_invoke(&mut self, update: &Update) -> RedisResult<bool> {
        let answer = match self.connect().await {
            Ok(mut connection) => update.invoke(&mut connection).await,
            Err(error) => Err(error),
        };
        self.note(answer)
    }

    async fn connect(&mut self) -> RedisResult<MultiplexedConnection> {
        if let Some(connection) = &self.connection {
            return Ok(connection.clone());
        }
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT))
            .set_response_timeout(Some(ANSWER));
        let connection = self.client.get_multiplexed_async_connection_with_config(&config).await?;
        self.connection = Some(connection.clone());
        Ok(connection)
    }

    /// Says once that Redis is away, and once that it is back.
    fn note<T>(&mut self, answer: RedisResult<T>) -> RedisResult<T> {
        match &answer {
            Ok(_) if self.is_down => log::info!("Redis is back"),
            // The category, since the error's own text may hold an address with a password.
            Err(error) if !self.is_down => {
                log::warn!(error:% = error.category(); "Redis is away: revocations take effect over the feed");
            }
            _ => {}
        }
        self.is_down = answer.is_err();
        if self.is_down {
            self.connection = None;
        }
        answer
    }
}
