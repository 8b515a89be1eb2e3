//! What a request is known by, for as long as it is worked on: its id and its place in a trace.

use std::cell::{Cell, RefCell};
use std::fmt::Display;
use std::net::IpAddr;
use std::rc::Rc;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

use crate::behalf::{self, Behalf};
use crate::web::edge::address_group;

pub(super) static X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
static TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

tokio::task_local! {
    static CONTEXT: Rc<Context>;
}

/// The id of the request that this task, or this thread, works on, for whatever leaves the process because of it.
pub fn request_id() -> Option<String> {
    behalf::present().map(|behalf| behalf.request_id)
}

/// The `traceparent` that the request came with (W3C Trace Context), to be sent along with calls made for it.
pub fn traceparent() -> Option<String> {
    behalf::present()?.traceparent
}

/// The request that this task works on, for threads that work for it.
pub(crate) fn behalf() -> Option<Behalf> {
    let of = |context: &Rc<Context>| Behalf {
        request_id: text(&context.request_id).to_owned(),
        traceparent: context.traceparent.as_ref().map(|value| text(value).to_owned()),
        client: context.client.map(address_group),
    };
    CONTEXT.try_with(of).ok()
}

/// Says who makes the request that this task works on.
pub(crate) fn acts(who: &dyn Display) {
    // A task that works for no request has no line of its own.
    let _ = CONTEXT.try_with(|context| context.actor.replace(Some(who.to_string())));
}

/// Who was said to make it.
pub(super) fn actor() -> Option<String> {
    CONTEXT.with(|context| context.actor.borrow().clone())
}

/// Where it came from.
pub(super) fn client() -> Option<IpAddr> {
    CONTEXT.with(|context| context.client)
}

pub(super) fn header_value() -> HeaderValue {
    CONTEXT.with(|context| context.request_id.clone())
}

pub(super) fn scope<F: Future>(context: Context, work: F) -> impl Future<Output = F::Output> {
    CONTEXT.scope(Rc::new(context), work)
}

pub(super) struct Context {
    request_id: HeaderValue,
    traceparent: Option<HeaderValue>,
    client: Option<IpAddr>,
    actor: RefCell<Option<String>>,
}

impl Context {
    pub(super) fn of(headers: &HeaderMap, ids: &RequestIds, client: Option<IpAddr>) -> Self {
        let given = headers.get(&X_REQUEST_ID).filter(|id| is_request_id(id));
        Self {
            request_id: given.cloned().unwrap_or_else(|| ids.next()),
            traceparent: headers.get(&TRACEPARENT).filter(|value| is_traceparent(value)).cloned(),
            client,
            actor: RefCell::default(),
        }
    }
}

/// `[A-Za-z0-9._-]{1,64}`: nothing that could forge a line of a log or a header.
fn is_request_id(value: &HeaderValue) -> bool {
    let id = value.as_bytes();
    (1..=64).contains(&id.len())
        && id.iter().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(byte))
}

/// Version, trace id, parent id and flags in lower-case hex; later versions may append to it.
fn is_traceparent(value: &HeaderValue) -> bool {
    let text = value.as_bytes();
    let hex = |byte: &u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(byte);
    (55..=128).contains(&text.len()) && text.iter().all(|byte| hex(byte) || *byte == b'-')
}

/// Both kinds of value were checked, or made, to be visible ASCII.
fn text(value: &HeaderValue) -> &str {
    value.to_str().unwrap_or_default()
}

/// Makes request ids: a random number drawn once a worker, and a count. Asking for randomness each time would cost more
/// than all else that is done for an id.
pub(super) struct RequestIds {
    prefix: u64,
    count: Cell<u64>,
}

impl RequestIds {
    pub(super) fn new() -> Self {
        let (prefix, _) = uuid::Uuid::new_v4().as_u64_pair();
        Self { prefix, count: Cell::new(0) }
    }

    fn next(&self) -> HeaderValue {
        let count = self.count.get() + 1;
        self.count.set(count);
        let id = format!("{:016x}-{count:x}", self.prefix);
        HeaderValue::try_from(id).expect("BUG: a made request id is not a header value")
    }
}
