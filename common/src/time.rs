//! Points in time with the precision that both databases keep: whole microseconds, UTC.

use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A point in time in whole microseconds since 1970, within the years -9999 to 9999.
///
/// Arithmetic saturates at the ends of that range, so that a hostile number cannot stop a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

impl Instant {
    pub const UNIX_EPOCH: Self = Self(0);
    /// The first that can be written, in the year -9999.
    pub const MIN: Self = Self(-377_705_023_201_000_000);
    /// The last that can be written, in the year 9999.
    pub const MAX: Self = Self(253_402_207_200_000_000);

    pub fn from_micros(micros: i64) -> Self {
        Self(micros.clamp(Self::MIN.0, Self::MAX.0))
    }

    pub fn from_secs(seconds: i64) -> Self {
        Self::from_micros(seconds.saturating_mul(1_000_000))
    }

    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970, rounded down: the NumericDate of RFC 7519 §2.
    pub const fn as_secs(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// The time that passed since `earlier`, zero if it is later.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0 - earlier.0).unwrap_or(0))
    }

    /// The IMF-fixdate of RFC 9110 §5.6.7, whole seconds.
    pub fn http_date(self) -> String {
        self.timestamp().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }

    fn timestamp(self) -> Timestamp {
        Timestamp::from_microsecond(self.0).expect("BUG: an instant outside of jiff's range was made")
    }
}

impl From<Timestamp> for Instant {
    fn from(timestamp: Timestamp) -> Self {
        Self::from_micros(timestamp.as_microsecond())
    }
}

impl From<Instant> for Timestamp {
    fn from(instant: Instant) -> Self {
        instant.timestamp()
    }
}

impl Add<Duration> for Instant {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self::from_micros(self.0.saturating_add(micros(duration)))
    }
}

impl Sub<Duration> for Instant {
    type Output = Self;

    fn sub(self, duration: Duration) -> Self {
        Self::from_micros(self.0.saturating_sub(micros(duration)))
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

/// RFC 3339 in UTC, with as many digits of a second as it has.
impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.timestamp().fmt(f)
    }
}

/// Reads RFC 3339 with any offset.
impl FromStr for Instant {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        text.parse::<Timestamp>().map(Self::from)
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Timestamp::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(feature = "web")]
impl utoipa::PartialSchema for Instant {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .into()
    }
}

#[cfg(feature = "web")]
impl utoipa::ToSchema for Instant {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_rfc_3339() {
        let instant: Instant = "2026-11-20T09:08:07.123456789+09:00".parse().unwrap();
        assert_eq!(instant.to_string(), "2026-11-20T00:08:07.123456Z");
        assert_eq!(instant.http_date(), "Fri, 20 Nov 2026 00:08:07 GMT");
        assert_eq!(serde_json::to_string(&instant).unwrap(), "\"2026-11-20T00:08:07.123456Z\"");
    }

    #[test]
    fn seconds_are_rounded_down_before_1970_too() {
        assert_eq!(Instant::from_micros(1_999_999).as_secs(), 1);
        assert_eq!(Instant::from_micros(-1).as_secs(), -1);
    }

    #[test]
    fn the_ends_can_be_written() {
        assert_eq!(Instant::from(Timestamp::MIN), Instant::MIN);
        assert_eq!(Instant::from(Timestamp::MAX), Instant::MAX);
        assert!(Instant::MIN.to_string().starts_with("-009999-"));
        assert!(Instant::MAX.to_string().starts_with("9999-"));
    }

    #[test]
    fn arithmetic_saturates() {
        assert_eq!(Instant::MAX + Duration::MAX, Instant::MAX);
        assert_eq!(Instant::MIN - Duration::MAX, Instant::MIN);
        assert_eq!(Instant::from_micros(i64::MAX).to_string(), Instant::MAX.to_string());
        assert_eq!(Instant::UNIX_EPOCH.since(Instant::MAX), Duration::ZERO);
    }
}
