//! The extractors that say who is calling, behind a real server with a door for each of them.

mod anyone;
mod cookies;
mod ended;
mod keyholder;
mod legacy;
mod permitted;
mod presented;
mod stale;
