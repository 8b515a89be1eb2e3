use std::sync::LazyLock;

use common::ids::Uuid;
use common::revocations::feed::{Event, Kind, Published};
use common::revocations::lane::LaneSettings;
use common::time::Instant;
use redis::aio::MultiplexedConnection;
use redis::{RedisResult, Script, ScriptInvocation};

/// Sets keys and moves the marks, at one stroke.
///
/// KEYS: the two marks, `meta` and `filling`, then one an event. ARGV: `always`, or `unmoved` to do nothing unless the
/// marks are as expected; what each is expected to be and what it becomes, empty for absent, `*` for a mark that is left
/// alone; for how many milliseconds each stands; the channel; for each event its milliseconds, empty for ever, and the version that it asks for, empty for none;
/// then the messages. No key is ever shortened or lowered.
static SCRIPT: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
        local unmoved = true
        for i = 1, 2 do
            local expected = ARGV[2 * i]
            unmoved = unmoved and (expected == '*' or expected == (redis.call('GET', KEYS[i]) or ''))
        end
        if ARGV[1] == 'unmoved' and not unmoved then return 0 end
        local arg = 9
        for i = 3, #KEYS do
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
        if unmoved then
            for i = 1, 2 do
                local becomes = ARGV[2 * i + 1]
                if becomes == '' then
                    redis.call('DEL', KEYS[i])
                elseif becomes ~= '*' then
                    redis.call('SET', KEYS[i], becomes, 'PX', ARGV[5 + i])
                end
            end
        end
        for i = arg, #ARGV do
            redis.call('PUBLISH', ARGV[8], ARGV[i])
        end
        if unmoved then return 1 else return 0 end
        ",
    )
});

/// For how long `meta` stands unless a copy finds it right once more: whoever relies on the keys without it would let in
/// what was ended since. As long as a verifier that follows the feed goes on without hearing from it.
const META_STANDS_MS: u32 = 30_000;

/// For how long a copy may pause while it sets all keys anew before another takes over.
const FILLING_STANDS_MS: u32 = 10_000;

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

/// What is written in Redis about how far its keys are set.
#[derive(Clone, Debug)]
pub(super) struct Marks {
    pub meta: Meta,
    /// Who is setting all keys anew, until ten seconds after their last word. It goes with the keys if Redis is emptied
    /// meanwhile, so that nobody takes the rest for all. `None` where it is left alone.
    pub filling: Option<String>,
}

impl Marks {
    /// `meta` says this.
    pub fn meta(meta: Meta) -> Self {
        Self { meta, filling: None }
    }

    /// `meta` says this, and nobody is setting all keys anew.
    pub fn nobody_fills(meta: Meta) -> Self {
        Self { meta, filling: Some(String::new()) }
    }

    /// Nobody is to rely on the keys, since this copy is setting them all anew.
    pub fn filled_by(copy: String) -> Self {
        Self { meta: Meta::default(), filling: Some(copy) }
    }

    fn into_args(self) -> [String; 2] {
        [self.meta.0, self.filling.unwrap_or_else(|| "*".to_owned())]
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
    /// Sets keys in any case, and moves the marks if they are as expected.
    pub fn always(settings: &LaneSettings, expected: Marks, becomes: Marks) -> Self {
        Self::new("always", settings, expected, becomes)
    }

    /// Does nothing unless the marks are as expected.
    pub fn unless_moved(settings: &LaneSettings, expected: Marks, becomes: Marks) -> Self {
        Self::new("unmoved", settings, expected, becomes)
    }

    fn new(when: &str, settings: &LaneSettings, expected: Marks, becomes: Marks) -> Self {
        let prefix = settings.prefix.clone();
        let ([meta, filling], [new_meta, new_filling]) = (expected.into_args(), becomes.into_args());
        Self {
            keys: vec![format!("{prefix}:meta"), format!("{prefix}:filling")],
            args: vec![
                when.to_owned(),
                meta,
                new_meta,
                filling,
                new_filling,
                META_STANDS_MS.to_string(),
                FILLING_STANDS_MS.to_string(),
                settings.channel(),
            ],
            messages: Vec::new(),
            prefix,
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
