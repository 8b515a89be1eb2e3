//! On behalf of which request something is done, for what it logs and for whom it asks in turn.

use std::cell::RefCell;
use std::fmt::Display;
use std::net::IpAddr;

/// The request that work is done for, as it is known outside of its task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behalf {
    pub request_id: String,
    /// As it came (W3C Trace Context).
    pub traceparent: Option<String>,
    /// Where it came from; of IPv6, the first 64 bits.
    pub client: Option<IpAddr>,
}

thread_local! {
    static OF_THREAD: RefCell<Option<Behalf>> = const { RefCell::new(None) };
}

/// The request that the present task is of, or else that the present thread works for.
pub fn present() -> Option<Behalf> {
    #[cfg(feature = "web")]
    if let Some(behalf) = crate::web::behalf() {
        return Some(behalf);
    }
    OF_THREAD.with_borrow(Clone::clone)
}

/// Says who makes the request that the present task is of, for its line of the log, where no access token does.
pub fn acts(who: &dyn Display) {
    #[cfg(feature = "web")]
    crate::web::acts(who);
    #[cfg(not(feature = "web"))]
    let _ = who;
}

/// Does work on this thread for a request that another thread answers.
pub fn during<T>(behalf: Option<Behalf>, work: impl FnOnce() -> T) -> T {
    /// Leaves nothing behind on a thread that goes on after a panic.
    struct Forget;
    impl Drop for Forget {
        fn drop(&mut self) {
            OF_THREAD.set(None);
        }
    }
    OF_THREAD.set(behalf);
    let _forget = Forget;
    work()
}
