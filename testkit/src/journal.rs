//! What was logged: so that a test can say what must not be.

use std::fmt::Write;
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};

use common::behalf;
use log::kv::{Error, Key, Value, VisitSource};
use log::{LevelFilter, Log, Metadata, Record};

/// A piece of text that was sent, and the lines that hold it.
#[derive(Debug)]
struct Watched {
    text: String,
    lines: Mutex<Vec<String>>,
}

/// Watches the log of this whole process for a piece of text, until it is dropped.
///
/// The text must be one that no other test has, such as a random id or that of a request. Lines are looked at as they were
/// given to the log, before any escaping, at every level, and say which request they were written for.
#[derive(Debug)]
pub struct Watch(Arc<Watched>);

impl Watch {
    pub fn for_text(text: impl Into<String>) -> Self {
        install();
        let own = Arc::new(Watched { text: text.into(), lines: Mutex::default() });
        lock(&WATCHED).push(Arc::clone(&own));
        Self(own)
    }

    /// The lines that hold the text.
    pub fn lines(&self) -> Vec<String> {
        lock(&self.0.lines).clone()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        lock(&WATCHED).retain(|watched| !Arc::ptr_eq(watched, &self.0));
    }
}

static WATCHED: Mutex<Vec<Arc<Watched>>> = Mutex::new(Vec::new());

/// What is behind a lock that a test which failed may have held.
fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes the place of the log of this process; the services leave it where it is.
fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        log::set_logger(&Journal).expect("another log was installed before the test's own");
        log::set_max_level(LevelFilter::Trace);
    });
}

struct Journal;

impl Log for Journal {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let watched = lock(&WATCHED).clone();
        if watched.is_empty() {
            return;
        }
        let line = line(record);
        for watched in watched.iter().filter(|watched| line.contains(&watched.text)) {
            lock(&watched.lines).push(line.clone());
        }
    }

    fn flush(&self) {}
}

fn line(record: &Record<'_>) -> String {
    let mut line = Line(format!("{} {} {}", record.level(), record.target(), record.args()));
    // Nothing here can fail: the visitor writes into a string.
    let _ = record.key_values().visit(&mut line);
    if let Some(behalf) = behalf::present() {
        let _ = write!(line.0, " request_id={}", behalf.request_id);
    }
    line.0
}

struct Line(String);

impl<'kvs> VisitSource<'kvs> for Line {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), Error> {
        let _ = write!(self.0, " {key}={value}");
        Ok(())
    }
}
