//! The extractors that say who is calling, behind a real server with a door for each of them.

mod anyone;
mod ended;
mod keyholder;
mod permitted;
mod presented;
mod stale;
