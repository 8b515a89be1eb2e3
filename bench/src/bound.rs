use std::fmt;
use std::time::Duration;

use crate::rounds::Comparison;

/// What a figure must keep.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// This share of its limit's rate.
    AtLeast(f64),
    /// The same, where there are so many cores: on fewer it says nothing.
    AtLeastOn { cores: usize, share: f64 },
    /// No more than so many times what its limit takes.
    TimesAtMost(f64),
    /// No more than this for one, whatever its limit takes.
    Within(Duration),
    /// No more than this for ninety-nine of a hundred, and for any.
    Latency { p99: Duration, max: Duration },
    /// No more than so many bytes, which stand in the place of the rate.
    Bytes(f64),
}

impl Bound {
    /// True when what was measured keeps it.
    pub fn holds(self, comparison: &Comparison) -> bool {
        match self {
            Self::AtLeast(share) | Self::AtLeastOn { share, .. } => comparison.ratio >= share,
            Self::TimesAtMost(times) => comparison.times() <= times,
            Self::Within(most) => comparison.one() <= most,
            Self::Latency { p99, max } => {
                comparison.p99.is_some_and(|measured| measured <= p99)
                    && comparison.max.is_some_and(|measured| measured <= max)
            }
            Self::Bytes(most) => comparison.ours <= most,
        }
    }

    /// Cores that it takes to be held to it: where there are fewer, a figure is told, and nothing is said of it.
    pub fn cores(self) -> usize {
        match self {
            Self::AtLeastOn { cores, .. } => cores,
            _ => 1,
        }
    }

    /// What was measured, in the terms of the bound.
    pub fn measured(self, comparison: &Comparison) -> String {
        match self {
            Self::AtLeast(_) | Self::AtLeastOn { .. } => format!("{:.3}", comparison.ratio),
            Self::TimesAtMost(_) => format!("{:.3}×", comparison.times()),
            Self::Within(_) => time(comparison.one()),
            Self::Latency { .. } => {
                let [p99, max] = [comparison.p99, comparison.max].map(Option::unwrap_or_default);
                format!("{}, {}", time(p99), time(max))
            }
            Self::Bytes(_) => bytes(comparison.ours),
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(share) => write!(f, "≥ {share:.2}"),
            Self::AtLeastOn { cores, share } => write!(f, "≥ {share:.2} on {cores} cores"),
            Self::TimesAtMost(times) => write!(f, "≤ {times:.2}×"),
            Self::Within(most) => write!(f, "≤ {}", time(*most)),
            Self::Latency { p99, max } => write!(f, "p99 ≤ {}, max ≤ {}", time(*p99), time(*max)),
            Self::Bytes(most) => write!(f, "≤ {}", bytes(*most)),
        }
    }
}

/// One mebibyte.
pub const MIB: f64 = 1024.0 * 1024.0;

fn bytes(bytes: f64) -> String {
    if bytes < MIB { format!("{bytes:.1} B") } else { format!("{:.1} MiB", bytes / MIB) }
}

fn time(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    match seconds {
        ..1e-3 => format!("{:.2} µs", seconds * 1e6),
        1e-3..1.0 => format!("{:.2} ms", seconds * 1e3),
        _ => format!("{seconds:.2} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(ours: f64, limit: f64) -> Comparison {
        Comparison::once(ours, limit)
    }

    #[test]
    fn a_share_is_of_the_limits_rate() {
        let bound = Bound::AtLeast(0.85);
        assert!(bound.holds(&compared(85.0, 100.0)));
        assert!(!bound.holds(&compared(84.0, 100.0)));
        assert_eq!(
            (bound.to_string(), bound.measured(&compared(84.0, 100.0))),
            ("≥ 0.85".into(), "0.840".into())
        );
    }

    #[test]
    fn a_share_on_cores_is_one_that_fewer_cannot_be_held_to() {
        let bound = Bound::AtLeastOn { cores: 8, share: 1.8 };
        assert!(bound.holds(&compared(180.0, 100.0)) && !bound.holds(&compared(179.0, 100.0)));
        assert_eq!((bound.cores(), Bound::AtLeast(1.8).cores()), (8, 1));
        assert_eq!(bound.to_string(), "≥ 1.80 on 8 cores");
    }

    #[test]
    fn bytes_are_told_in_the_size_that_they_have() {
        let bound = Bound::Bytes(20.0 * MIB);
        assert!(bound.holds(&compared(20.0 * MIB, 1.0)) && !bound.holds(&compared(21.0 * MIB, 1.0)));
        assert_eq!(
            (bound.to_string(), bound.measured(&compared(1.5 * MIB, 1.0))),
            ("≤ 20.0 MiB".into(), "1.5 MiB".into())
        );
        assert_eq!(Bound::Bytes(64.0).to_string(), "≤ 64.0 B");
    }

    #[test]
    fn times_are_of_what_the_limit_takes() {
        let bound = Bound::TimesAtMost(1.25);
        assert!(bound.holds(&compared(80.0, 100.0)));
        assert!(!bound.holds(&compared(79.0, 100.0)));
        assert_eq!(
            (bound.to_string(), bound.measured(&compared(80.0, 100.0))),
            ("≤ 1.25×".into(), "1.250×".into())
        );
    }

    #[test]
    fn a_time_is_that_of_one() {
        let bound = Bound::Within(Duration::from_nanos(1500));
        assert!(bound.holds(&compared(1e6, 1.0)));
        assert!(!bound.holds(&compared(5e5, 1e9)));
        assert_eq!(
            (bound.to_string(), bound.measured(&compared(5e5, 1.0))),
            ("≤ 1.50 µs".into(), "2.00 µs".into())
        );
    }

    #[test]
    fn a_latency_is_that_of_the_slow_ones() {
        let millis = Duration::from_millis;
        let bound = Bound::Latency { p99: millis(10), max: millis(100) };
        let measured =
            |p99, max| Comparison { p99: Some(millis(p99)), max: Some(millis(max)), ..compared(1.0, 1.0) };
        assert!(bound.holds(&measured(10, 100)));
        assert!(!bound.holds(&measured(11, 100)) && !bound.holds(&measured(10, 101)));
        assert!(!bound.holds(&compared(1.0, 1.0)));
        assert_eq!(
            (bound.to_string(), bound.measured(&measured(5, 2_000))),
            ("p99 ≤ 10.00 ms, max ≤ 100.00 ms".into(), "5.00 ms, 2.00 s".into())
        );
    }
}
