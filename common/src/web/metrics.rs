//! The process's metrics: one recorder for all services in it, and the times of requests.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::OnceLock;
use std::time::Duration;

use actix_web::http::Method;
use metrics::{Counter, Histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use super::codes::Code;

/// Seconds, from a cached answer to a hopeless one.
const BUCKETS: &[f64] = &[0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0];

/// Installs the recorder, once a process, and gives what renders it.
pub(super) fn recorder() -> &'static PrometheusHandle {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    RECORDER.get_or_init(|| {
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), BUCKETS)
            .expect("BUG: the buckets are empty")
            .build_recorder();
        let handle = recorder.handle();
        // Someone who embeds the services may have a recorder already, and keeps it.
        if metrics::set_global_recorder(recorder).is_err() {
            log::warn!("another metrics recorder is installed; /metrics stays empty");
        }
        handle
    })
}

/// The times of requests by method, route template and status, as one worker records them.
pub(super) struct RequestMetrics {
    service: &'static str,
    /// Looked up once each: the recorder's own look-up builds a key of labels every time.
    known: RefCell<HashMap<(Method, String, u16), Histogram>>,
}

impl RequestMetrics {
    pub(super) fn new(service: &'static str) -> Self {
        Self { service, known: RefCell::default() }
    }

    pub(super) fn record(&self, method: &Method, route: String, status: u16, took: Duration) {
        // Strangers may invent methods; each would be a series for ever.
        let method = if route.is_empty() { &Method::GET } else { method };
        let mut known = self.known.borrow_mut();
        let histogram =
            known.entry((method.clone(), route, status)).or_insert_with_key(|(method, route, status)| {
                metrics::histogram!(
                    "http_request_duration_seconds",
                    "service" => self.service, "method" => method.to_string(), "route" => route.clone(),
                    "status" => status.to_string()
                )
            });
        histogram.record(took.as_secs_f64());
    }
}

/// Counts a problem that was answered, by the code that clients see.
pub(super) fn count_problem(service: &'static str, code: &'static Code) {
    problems(service, code).increment(1);
}

/// Begins the count of every problem of a service at nought, so that the first one shows as an increase.
pub(super) fn announce_problems(service: &'static str, codes: impl IntoIterator<Item = &'static Code>) {
    codes.into_iter().for_each(|code| problems(service, code).increment(0));
}

fn problems(service: &'static str, code: &'static Code) -> Counter {
    metrics::counter!("problems_total", "service" => service, "code" => code.name)
}
