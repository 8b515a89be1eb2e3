use std::cmp::Ordering;
use std::fmt;

use serde::{Serialize, Serializer};

/// An exact amount that is not negative, always reduced: `3/2`, `2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rational {
    numerator: u32,
    denominator: u32,
}

impl Rational {
    /// Reads `3/2` or `2` and reduces it. None for anything else: signs, blanks, decimals, a zero below the line, more
    /// than nine digits.
    pub fn parse(text: &str) -> Option<Self> {
        let (numerator, denominator) = match text.split_once('/') {
            Some((above, below)) => (whole(above)?, whole(below)?),
            None => (whole(text)?, 1),
        };
        if denominator == 0 {
            return None;
        }
        let divisor = greatest_common_divisor(numerator, denominator);
        Some(Self { numerator: numerator / divisor, denominator: denominator / divisor })
    }
}

impl Ord for Rational {
    fn cmp(&self, other: &Self) -> Ordering {
        let scaled = |number: u32, by: u32| u64::from(number) * u64::from(by);
        scaled(self.numerator, other.denominator).cmp(&scaled(other.numerator, self.denominator))
    }
}

impl PartialOrd for Rational {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.denominator {
            1 => write!(f, "{}", self.numerator),
            below => write!(f, "{}/{below}", self.numerator),
        }
    }
}

impl Serialize for Rational {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A number of one to nine digits: two of them multiply without overflow.
fn whole(digits: &str) -> Option<u32> {
    let is_number = (1..=9).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { digits.parse().ok() } else { None }
}

/// Euclid's; never zero, since `b` is not.
fn greatest_common_divisor(a: u32, b: u32) -> u32 {
    if a == 0 { b } else { greatest_common_divisor(b % a, a) }
}
