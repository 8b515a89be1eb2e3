use std::time::Duration;

/// What a client may take of a listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// From the connection, or from the first byte of a later request, to the end of the request's head.
    pub head: Duration,
    /// From the end of a head to the end of its body.
    pub body: Duration,
    /// How long an answer may wait for a client that does not read. What is read adds a second for every 8 KiB.
    pub send: Duration,
    /// How long a connection may lie idle between two requests.
    pub idle: Duration,
    /// How many connections a listener has at once; the others wait in its backlog.
    pub connections: usize,
}

impl Limits {
    /// A client that reads slower than so many bytes a second falls behind.
    pub(super) const SLOWEST_READER: u32 = 8 * 1024;
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(5),
            body: Duration::from_secs(12),
            send: Duration::from_secs(10),
            // Longer than gateways keep idle connections to us, so that they close first and no request meets a closed one.
            idle: Duration::from_secs(75),
            connections: 8192,
        }
    }
}
