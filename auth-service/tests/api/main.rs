//! auth-service through its real servers: what API.md promises, and what an attacker tries.

mod admin;
mod answers;
mod bodies;
mod clocks;
mod copies;
mod crashes;
mod database;
mod edge;
mod feeds;
mod flask;
mod jwks;
mod keys;
mod login;
mod logout;
mod logs;
mod me;
mod oauth;
mod outages;
mod passwords;
mod races;
mod random;
mod refresh;
mod reuse;
mod sessions;
mod signup;
mod start;
