//! Exact amounts.

pub use ingredients::Rational;
