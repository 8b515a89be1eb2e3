use std::cmp::Ordering;
use std::fmt;

/// An exact amount that is not negative, always reduced: `3/2`, `2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rational {
    numerator: u32,
    denominator: u32,
}

impl Rational {
    pub const HALF: Self = Self { numerator: 1, denominator: 2 };

    /// Reads `3/2` or `2` and reduces it. None for anything else: signs, blanks, decimals, a zero below the line, more
    /// than nine digits.
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once('/') {
            Some((above, below)) => Self::new(whole(above)?, whole(below)?),
            None => Self::new(whole(text)?, 1),
        }
    }

    /// The fraction of two numbers, reduced. None if it takes more than nine digits, or there is a zero below the line.
    pub fn new(numerator: u64, denominator: u64) -> Option<Self> {
        if denominator == 0 {
            return None;
        }
        let divisor = greatest_common_divisor(numerator, denominator);
        let digits = |number: u64| u32::try_from(number / divisor).ok().filter(|number| *number <= LARGEST);
        Some(Self { numerator: digits(numerator)?, denominator: digits(denominator)? })
    }

    /// The exact sum, if nine digits hold it.
    pub fn plus(self, other: Self) -> Option<Self> {
        let (a, b) = (self.wide(), other.wide());
        Self::new(a.0 * b.1 + b.0 * a.1, a.1 * b.1)
    }

    /// The exact product, if nine digits hold it.
    pub fn times(self, other: Self) -> Option<Self> {
        let (a, b) = (self.wide(), other.wide());
        Self::new(a.0 * b.0, a.1 * b.1)
    }

    /// The exact quotient, if nine digits hold it. None for a division by zero.
    pub fn divided_by(self, other: Self) -> Option<Self> {
        let (a, b) = (self.wide(), other.wide());
        Self::new(a.0 * b.1, a.1 * b.0)
    }

    /// What stands above the line and below it.
    pub fn parts(self) -> (u32, u32) {
        (self.numerator, self.denominator)
    }

    pub fn is_zero(self) -> bool {
        self.numerator == 0
    }

    pub fn is_whole(self) -> bool {
        self.denominator == 1
    }

    /// True below one and above zero.
    pub fn is_proper_fraction(self) -> bool {
        0 < self.numerator && self.numerator < self.denominator
    }

    fn wide(self) -> (u64, u64) {
        (self.numerator.into(), self.denominator.into())
    }
}

impl From<u16> for Rational {
    fn from(number: u16) -> Self {
        Self { numerator: number.into(), denominator: 1 }
    }
}

impl Ord for Rational {
    fn cmp(&self, other: &Self) -> Ordering {
        let (a, b) = (self.wide(), other.wide());
        (a.0 * b.1).cmp(&(b.0 * a.1))
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

#[cfg(feature = "serde")]
impl serde::Serialize for Rational {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Nine digits: two such numbers multiply, and two products add, without overflow.
const LARGEST: u32 = 999_999_999;

/// A number of one to nine digits.
fn whole(digits: &str) -> Option<u64> {
    let is_number = (1..=9).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { digits.parse().ok() } else { None }
}

/// Euclid's; never zero, since `b` is not.
fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if a == 0 { b } else { greatest_common_divisor(b % a, a) }
}
