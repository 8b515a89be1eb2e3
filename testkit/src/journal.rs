//! What was logged: so that a test can say what must not be.

use std::fmt::Write;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use log::kv::{Error, Key, Value, VisitSource};
use log::{LevelFilter, Log, Metadata, Record};

/// A piece of text that was sent, and the lines that hold it.
struct Watched {
    text: String,
    lines: Vec<String>,
}

/// Watches the log of this whole process for a piece of text, until it is dropped.
///
/// The text must be one that no other test has, such as a random id. Lines are looked at as they were given to the
/// log, before any escaping, at every level.
#[derive(Debug)]
pub struct Watch(String);

impl Watch {
    pub fn for_text(text: impl Into<String>) -> Self {
        install();
        let text = text.into();
        watched().push(Watched { text: text.clone(), lines: Vec::new() });
        Self(text)
    }

    /// The lines that hold the text.
    pub fn lines(&self) -> Vec<String> {
        let watched = watched();
        let own = watched.iter().find(|watched| watched.text == self.0);
        own.map(|own| own.lines.clone()).unwrap_or_default()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        watched().retain(|watched| watched.text != self.0);
    }
}

static WATCHED: Mutex<Vec<Watched>> = Mutex::new(Vec::new());

fn watched() -> MutexGuard<'static, Vec<Watched>> {
    WATCHED.lock().unwrap_or_else(PoisonError::into_inner)
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
        if watched().is_empty() {
            return;
        }
        let line = line(record);
        for watched in watched().iter_mut().filter(|watched| line.contains(&watched.text)) {
            watched.lines.push(line.clone());
        }
    }

    fn flush(&self) {}
}

fn line(record: &Record<'_>) -> String {
    let mut line = Line(format!("{} {} {}", record.level(), record.target(), record.args()));
    // Nothing here can fail: the visitor writes into a string.
    let _ = record.key_values().visit(&mut line);
    line.0
}

struct Line(String);

impl<'kvs> VisitSource<'kvs> for Line {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), Error> {
        let _ = write!(self.0, " {key}={value}");
        Ok(())
    }
}
