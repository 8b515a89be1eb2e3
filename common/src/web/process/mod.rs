//! The process around the service: listeners, workers, and how it ends.

mod files;
mod healthcheck;
mod program;
mod server;
mod shutdown;

pub use self::healthcheck::{Unhealthy, healthcheck};
pub use self::program::run_program;
pub use self::server::{Address, BindError, Server};
pub use self::shutdown::Shutdown;
