use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use aws_lc_rs::digest;
use foldhash::fast::RandomState;
use papaya::{Guard, HashMap, ResizeMode};
use uuid::Uuid;

use super::feed::{Event, Kind};
use crate::clock::Clock;
use crate::token::{Claims, Refusal, Verified};

/// The copy of what was revoked. Clones share it; reading takes no lock.
#[derive(Clone)]
pub struct Revocations(Arc<Copy>);

/// How far the copy can be relied upon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Freshness {
    /// Everything works.
    Live,
    /// Silent for a while: what is read goes on, what is written or sensitive waits.
    Stale,
    /// Silent for too long, or never loaded: nothing that needs a token goes on.
    Blind,
}

impl Freshness {
    pub const ALL: [Self; 3] = [Self::Live, Self::Stale, Self::Blind];

    /// A word for operators.
    pub fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Stale => "stale",
            Self::Blind => "blind",
        }
    }
}

struct Copy {
    /// False for the issuer itself: nothing follows into it, and all of it is asked of the database instead.
    is_followed: bool,
    sessions: Table<Id, Entry>,
    tokens: Table<Id, Entry>,
    subjects: Table<Id, SubjectEntry>,
    keys: Table<String, ()>,
    /// When the request was sent whose answer completed the copy, in µs of boot time; 0 before the first.
    fresh_at: AtomicU64,
    /// What to add to boot time to have the issuer's time, in µs; `NO_SAMPLE` before the first answer.
    to_issuer_time: AtomicI64,
    stale_after: Duration,
    blind_after: Duration,
}

type Table<K, V> = HashMap<K, V, RandomState>;

/// Whoever writes moves a table that has become too small, and other writers wait for it; readers never do. By the other
/// mode a table that is only merged into stays in several half-moved parts, all of which a reader looks through.
fn table<K: Hash + Eq, V>() -> Table<K, V> {
    HashMap::builder().hasher(RandomState::default()).resize_mode(ResizeMode::Blocking).build()
}

type Id = [u8; 16];

/// Until when it is remembered, and when it was last heard, both in whole seconds: of the issuer's time and of boot time.
#[derive(Clone, Copy)]
struct Entry {
    until: u32,
    heard: u32,
}

#[derive(Clone, Copy)]
struct SubjectEntry {
    min_uv: i64,
    entry: Entry,
}

const NO_SAMPLE: i64 = i64::MIN;

/// An answer that took longer says little about what o'clock it is.
const SLOWEST_SAMPLE: Duration = Duration::from_secs(5);

/// An entry outlives every token that it could concern (one hour) by ten minutes, in boot time too.
const KEEP: Duration = Duration::from_secs(70 * 60);

impl Revocations {
    /// An empty copy that is blind until something follows the feed into it.
    pub fn following(stale_after: Duration, blind_after: Duration) -> Self {
        Self::new(true, stale_after, blind_after)
    }

    /// No copy, only the time: for the issuer, which asks its database about every token.
    pub fn asked_in_the_database() -> Self {
        Self::new(false, Duration::ZERO, Duration::ZERO)
    }

    fn new(is_followed: bool, stale_after: Duration, blind_after: Duration) -> Self {
        Self(Arc::new(Copy {
            is_followed,
            sessions: table(),
            tokens: table(),
            subjects: table(),
            keys: table(),
            fresh_at: AtomicU64::new(0),
            to_issuer_time: AtomicI64::new(NO_SAMPLE),
            stale_after,
            blind_after,
        }))
    }

    /// How far the copy can be relied upon at this boot time.
    pub fn freshness(&self, boot: Duration) -> Freshness {
        if !self.0.is_followed {
            return Freshness::Live;
        }
        match self.silence(boot) {
            Some(silence) if silence <= self.0.stale_after => Freshness::Live,
            Some(silence) if silence <= self.0.blind_after => Freshness::Stale,
            _ => Freshness::Blind,
        }
    }

    /// For how long nothing completed the copy; none before it was first loaded.
    pub fn silence(&self, boot: Duration) -> Option<Duration> {
        match self.0.fresh_at.load(Ordering::Acquire) {
            0 => None,
            at => Some(boot.saturating_sub(Duration::from_micros(at))),
        }
    }

    /// True once the copy was loaded whole.
    pub fn is_loaded(&self) -> bool {
        !self.0.is_followed || self.0.fresh_at.load(Ordering::Acquire) != 0
    }

    /// How many entries are remembered.
    pub fn len(&self) -> usize {
        let copy = &self.0;
        copy.sessions.len() + copy.tokens.len() + copy.subjects.len() + copy.keys.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What o'clock it is in seconds since 1970: the issuer's time once an answer of the feed gave it, whatever this
    /// machine's wall clock says.
    pub fn now(&self, clock: &Clock) -> i64 {
        match self.0.to_issuer_time.load(Ordering::Acquire) {
            NO_SAMPLE => clock.now().as_secs(),
            offset => (clock.boot().as_micros() as i64 + offset).div_euclid(1_000_000),
        }
    }

    /// Checks a token. Freshness is read before the rows, since the writer stores rows before freshness.
    pub(crate) fn check(&self, verified: &Verified, boot: Duration) -> Result<(), Refusal> {
        let freshness = self.freshness(boot);
        judge(freshness, self.0.has_ended(verified))
    }

    /// Checks a token by its name alone: one of another issuer, whose sessions, people and keys are not ours.
    pub(crate) fn check_token(&self, jti: &str, boot: Duration) -> Result<(), Refusal> {
        let freshness = self.freshness(boot);
        judge(freshness, self.0.tokens.pin().contains_key(&id_of(jti)))
    }

    /// Takes an event in. Nothing is ever shortened by it.
    pub fn apply(&self, event: &Event, boot: Duration) {
        self.0.apply(event, boot);
    }

    /// Says that the copy holds everything acknowledged before boot time `sent`.
    pub fn complete(&self, sent: Duration) {
        self.0.fresh_at.fetch_max(sent.as_micros() as u64, Ordering::Release);
    }

    /// Takes the issuer's time, in µs since 1970, from an answer that came at boot time `heard` to what was asked at `sent`.
    pub fn set_time(&self, now_us: i64, sent: Duration, heard: Duration) {
        if heard.saturating_sub(sent) <= SLOWEST_SAMPLE {
            self.0.to_issuer_time.store(now_us - sent.as_micros() as i64, Ordering::Release);
        }
    }

    /// Makes the copy blind until it is completed again: a new life of the signing keys began.
    pub fn begin_again(&self) {
        self.0.fresh_at.store(0, Ordering::Release);
    }

    /// Drops entries that no living token can concern any more, by the issuer's time and by boot time.
    pub fn sweep(&self, clock: &Clock) {
        let (now, boot) = (self.now(clock), clock.boot());
        let keep = |entry: &Entry| {
            i64::from(entry.until) >= now || boot < Duration::from_secs(entry.heard.into()) + KEEP
        };
        self.0.sessions.pin().retain(|_, entry| keep(entry));
        self.0.tokens.pin().retain(|_, entry| keep(entry));
        self.0.subjects.pin().retain(|_, subject| keep(&subject.entry));
    }
}

impl Copy {
    fn has_ended(&self, verified: &Verified) -> bool {
        let subjects = &verified.subjects;
        subjects.session.is_some_and(|sid| self.sessions.pin().contains_key(&sid))
            || self.tokens.pin().contains_key(&subjects.token)
            || self
                .subjects
                .pin()
                .get(&subjects.subject)
                .is_some_and(|least| verified.claims.uv < least.min_uv)
            || self.keys.pin().contains_key(&verified.kid)
    }

    fn apply(&self, event: &Event, boot: Duration) {
        let entry = Entry {
            // Rounded up, and for ever where the event sets no end.
            until: event.until.map_or(u32::MAX, |us| (us / 1_000_000 + 1).clamp(0, u32::MAX.into()) as u32),
            heard: boot.as_secs() as u32,
        };
        let id = id_of(&event.id);
        match event.kind {
            Kind::Session => merge(&self.sessions, id, entry, Entry::max),
            Kind::Token => merge(&self.tokens, id, entry, Entry::max),
            Kind::Subject => {
                let new = SubjectEntry { min_uv: event.min_uv.unwrap_or(i64::MAX), entry };
                merge(&self.subjects, id, new, SubjectEntry::max);
            }
            Kind::Key => {
                self.keys.pin().insert(event.id.clone(), ());
            }
            Kind::KeysChanged => {}
        }
    }
}

fn judge(freshness: Freshness, has_ended: bool) -> Result<(), Refusal> {
    match freshness {
        _ if has_ended => Err(Refusal::Revoked),
        Freshness::Blind => Err(Refusal::RevocationsStale),
        Freshness::Live | Freshness::Stale => Ok(()),
    }
}

fn merge<E: std::marker::Copy>(rows: &Table<Id, E>, id: Id, new: E, max: impl Fn(E, E) -> E) {
    let guard = rows.guard();
    rows.update_or_insert(id, |old| max(*old, new), new, &guard);
    // A table that has just become too small would wait for more of its kind to be freed with.
    guard.flush();
}

impl Entry {
    fn max(self, other: Self) -> Self {
        Self { until: self.until.max(other.until), heard: self.heard.max(other.heard) }
    }
}

impl SubjectEntry {
    fn max(self, other: Self) -> Self {
        Self { min_uv: self.min_uv.max(other.min_uv), entry: self.entry.max(other.entry) }
    }
}

/// What a token can be revoked by, in the form that the copy is keyed by.
#[derive(Debug)]
pub struct Subjects {
    session: Option<Id>,
    token: Id,
    subject: Id,
}

impl Subjects {
    pub(crate) fn of(claims: &Claims) -> Self {
        Self {
            session: claims
                .person
                .as_ref()
                .filter(|person| !person.sid.is_empty())
                .map(|person| id_of(&person.sid)),
            token: id_of(&claims.jti),
            subject: id_of(&claims.sub),
        }
    }
}

/// Sixteen bytes for any id: those of a UUID, else of a hash, so that an entry stays small and no text collides.
fn id_of(text: &str) -> Id {
    let is_canonical = text.len() == 36 && !text.bytes().any(|byte| byte.is_ascii_uppercase());
    if is_canonical && let Ok(uuid) = Uuid::try_parse(text) {
        return *uuid.as_bytes();
    }
    let digest = digest::digest(&digest::SHA256, text.as_bytes());
    digest.as_ref()[..16].try_into().expect("BUG: SHA-256 has 32 bytes")
}
