use std::fmt;
use std::time::Duration;

use crate::rounds::Comparison;

/// What a figure must keep.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// This share of its limit's rate.
    AtLeast(f64),
    /// No more than so many times what its limit takes.
    TimesAtMost(f64),
    /// No more than this for one, whatever its limit takes.
    Within(Duration),
}

impl Bound {
    /// True when what was measured keeps it.
    pub fn holds(self, comparison: &Comparison) -> bool {
        match self {
            Self::AtLeast(share) => comparison.ratio >= share,
            Self::TimesAtMost(times) => comparison.times() <= times,
            Self::Within(most) => comparison.one() <= most,
        }
    }

    /// What was measured, in the terms of the bound.
    pub fn measured(self, comparison: &Comparison) -> String {
        match self {
            Self::AtLeast(_) => format!("{:.3}", comparison.ratio),
            Self::TimesAtMost(_) => format!("{:.3}×", comparison.times()),
            Self::Within(_) => microseconds(comparison.one()),
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(share) => write!(f, "≥ {share:.2}"),
            Self::TimesAtMost(times) => write!(f, "≤ {times:.2}×"),
            Self::Within(most) => write!(f, "≤ {}", microseconds(*most)),
        }
    }
}

fn microseconds(time: Duration) -> String {
    format!("{:.2} µs", time.as_secs_f64() * 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(ours: f64, limit: f64) -> Comparison {
        Comparison { ours, limit, ratio: ours / limit, p50: None, p99: None }
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
}
