//! What the tests share.
//!
//! ```text
//! use testkit::{TestStack, both};
//!
//! /// T151
//! #[both]
//! async fn a_reused_refresh_token_ends_its_session(stack: TestStack) {
//!     let session = stack.logged_in().await;
//!     stack.refresh(&session.refresh_token).await.assert_ok();
//!
//!     stack.clock.advance(ROTATION_WINDOW).await;
//!     stack.refresh(&session.refresh_token).await.assert_problem(401, "refresh_token_reused");
//! }
//! ```
//!
//! [`both`] runs a test on SQLite and on Postgres with Redis, [`everywhere`] across two copies of each service too. A
//! [`TestStack`] is those services, in this process, with databases, secrets and a clock of their own; it is also a
//! [`Client`](client::Client) of them, which holds every answer against the services' OpenAPI documents. A [`Gateway`] stands in front of it as deployed. [`forge`] makes the tokens that a
//! real issuer never would, [`journal`] says what was logged, [`python()`] uses the services from another language, a
//! [`Browser`] from its pages, [`eventually()`] waits for what takes its time, and a [`Stopwatch`] tells how long it took.

mod browser;
pub mod client;
pub mod contract;
mod eventually;
pub mod forge;
pub mod gateway;
pub mod journal;
mod mail;
mod python;
pub mod servers;
pub mod stack;
mod stopwatch;

pub use browser::{Browser, Tab};
pub use client::{Answer, Session};
pub use eventually::eventually;
pub use forge::Forge;
pub use gateway::Gateway;
pub use mail::Mail;
pub use python::python;
pub use stack::{Backend, TestStack};
pub use stopwatch::Stopwatch;
pub use testkit_macros::{both, everywhere, two_copies};
