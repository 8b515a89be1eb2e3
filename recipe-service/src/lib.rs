//! Keeps recipes and believes a token without asking anyone.

pub mod domain;
