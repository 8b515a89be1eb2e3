use std::sync::LazyLock;

use common::ids::Uuid;
use common::revocations::feed::{Event, Kind, Published};
use common::revocations::lane::LaneSettings;
use common::time::Instant;
use redis::aio::MultiplexedConnection;
use redis::{RedisResult, Script, ScriptInvocation};

/// Sets keys and moves `meta`, at one stroke.
///
/// KEYS: `meta`, then one an event. ARGV: `always`, or `unmoved` to do nothing unless `meta` is as expected; what it is
/// expected to be and what it becomes, empty for none; the channel; for each event its milliseconds, empty for ever, and
/// the version that it asks for, empty for none; then the messages. No key is ever shortened or lowered.
static SCRIPT: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
        local meta = redis.call('GET', KEYS[1]) or ''
        local unmoved = meta == ARGV[2]
        if ARGV[1] == 'unmoved' and not unmoved then return 0 end
        local arg = 5
        for i = 2, #KEYS do
            local value, px = '1', ARGV[arg]
            if ARGV[arg + 1] ~= '' then
                local least = tonumber(redis.call('GET', KEYS[i]) or '0')
                value = string.format('%.0f', math.max(least, tonumber(ARGV[arg + 1])))
            end
            local left = redis.call('PTTL', KEYS[i])
            if px == '' or left == -1 then
                redis.call('SET', KEYS[i], value)
            else
                redis.call('SET', KEYS[i], value, 'PX', math.max(left, tonumber(px)))
            end
            arg = arg + 2
        end
        if unmoved and ARGV[3] == '' then
            redis.call('DEL', KEYS[1])
        elseif unmoved then
            redis.call('SET', KEYS[1], ARGV[3])
        end
        for i = arg, #ARGV do
            redis.call('PUBLISH', ARGV[4], ARGV[i])
        end
        if unmoved then return 1 else return 0 end
        ",
    )
});

/// What `meta` says, as it is written there; empty where it says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Meta(pub String);

impl Meta {
    /// Everything of this epoch up to this number is set.
    pub fn at(epoch: Uuid, seq: i64) -> Self {
        Self(format!("{epoch} {seq}"))
    }

    /// Up to which number everything is set, in this epoch; `None` where it speaks of another, or of nothing.
    pub fn seq(&self, epoch: Uuid) -> Option<i64> {
        let (of, seq) = self.0.split_once(' ')?;
        (of == epoch.to_string()).then(|| seq.parse().ok()).flatten()
    }
}

/// One run of the script.
pub(super) struct Update {
    prefix: String,
    keys: Vec<String>,
    args: Vec<String>,
    messages: Vec<String>,
}

impl Update {
    /// Sets keys in any case, and moves `meta` if it is as expected.
    pub fn always(settings: &LaneSettings, expected: Meta, becomes: Meta) -> Self {
        Self::new("always", settings, expected, becomes)
    }

    /// Does nothing unless `meta` is as expected.
    pub fn unless_moved(settings: &LaneSettings, expected: Meta, becomes: Meta) -> Self {
        Self::new("unmoved", settings, expected, becomes)
    }

    fn new(when: &str, settings: &LaneSettings, expected: Meta, becomes: Meta) -> Self {
        Self {
            prefix: settings.prefix.clone(),
            keys: vec![format!("{}:meta", settings.prefix)],
            args: vec![when.to_owned(), expected.0, becomes.0, settings.channel()],
            messages: Vec::new(),
        }
    }

    /// Sets the key of an event, by the database's time. One that is over sets nothing.
    pub fn set(&mut self, event: &Event, now: Instant) {
        let Some(key) = key(event) else { return };
        let millis = event.until.map(|until| (until - now.as_micros()) / 1000);
        if millis.is_some_and(|millis| millis <= 0) {
            return;
        }
        self.keys.push(format!("{}:{key}", self.prefix));
        self.args.push(millis.map(|millis| millis.to_string()).unwrap_or_default());
        self.args.push(event.min_uv.map(|uv| uv.to_string()).unwrap_or_default());
    }

    pub fn publish(&mut self, published: &Published) {
        self.messages.push(serde_json::to_string(published).expect("BUG: an event is not JSON"));
    }

    pub async fn invoke(&self, connection: &mut MultiplexedConnection) -> RedisResult<bool> {
        self.invocation().invoke_async(connection).await
    }

    fn invocation(&self) -> ScriptInvocation<'static> {
        let mut invocation = SCRIPT.prepare_invoke();
        invocation.key(&self.keys);
        invocation.arg(&self.args).arg(&self.messages);
        invocation
    }
}

/// The key that says an event; none for those that end nothing.
fn key(event: &Event) -> Option<String> {
    let id = &event.id;
    match event.kind {
        Kind::Session => Some(format!("blocklist:sid:{id}")),
        Kind::Token => Some(format!("blocklist:jti:{id}")),
        Kind::Key => Some(format!("blocklist:kid:{id}")),
        Kind::Subject => Some(format!("minuv:{id}")),
        Kind::KeysChanged => None,
    }
}
