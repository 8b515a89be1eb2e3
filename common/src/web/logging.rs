//! Lines of the log: text for people, one JSON object a line for machines, the request's id on each.

mod lines;

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::panic::PanicHookInfo;
use std::sync::Arc;
use std::thread::JoinHandle;

use env_logger::{Builder, Target};
use log::Record;
use log::kv::{Error, Key, Value, VisitSource};

use self::lines::{Lines, Pipe};
use crate::behalf::{self, Behalf};
use crate::clock::Clock;
use crate::settings::{self, BadValue};

/// How a line is written (`LOG_FORMAT`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Text,
    Json,
}

impl Format {
    /// By the names that the setting knows.
    pub const NAMES: &[(&str, Self)] = &[("text", Self::Text), ("json", Self::Json)];
}

/// What is written unless told otherwise: actix says much when it starts and stops, and an error for every malformed
/// request of a stranger; and nothing that we do not.
const DEFAULT_FILTER: &str = "info,actix_server=warn,actix_http=off";

/// The settings of the log, to be flattened into a program's flags.
#[derive(Clone, Debug, clap::Args)]
pub struct LogFlags {
    /// How a line is written: text for people, json for machines.
    #[arg(long, env = "LOG_FORMAT", default_value = "text", global = true)]
    log_format: String,
    /// What is written, as env_logger reads it: `info`, or `warn,access=info`.
    #[arg(long, env = "RUST_LOG", default_value = DEFAULT_FILTER, global = true)]
    log: String,
}

impl LogFlags {
    /// Starts logging, until what this answers is dropped.
    ///
    /// # Errors
    /// The format is not known.
    pub fn start(&self) -> Result<Logging, BadValue> {
        Ok(init(settings::one_of("LOG_FORMAT", &self.log_format, Format::NAMES)?, &self.log))
    }
}

/// A log that is being written. Lines leave within some 10 ms, in batches; dropping this writes what is left.
#[must_use = "what is logged after its drop is lost"]
pub struct Logging(Option<(Arc<Lines>, JoinHandle<()>)>);

impl Drop for Logging {
    fn drop(&mut self) {
        if let Some((lines, thread)) = self.0.take() {
            lines.close();
            let _ = thread.join();
        }
    }
}

/// Starts logging to standard error. `filter` is `RUST_LOG` as env_logger reads it. Again is harmless: the first counts.
pub fn init(format: Format, filter: &str) -> Logging {
    let clock = Clock::system();
    let lines = Arc::new(Lines::default());
    let target = Target::Pipe(Box::new(Pipe(Arc::clone(&lines))));
    let mut builder = Builder::new();
    builder.parse_filters(filter).target(target).format(move |out, record| {
        let time = clock.now().to_string();
        let line = match format {
            Format::Text => text_line(&time, record),
            Format::Json => json_line(&time, record),
        };
        out.write_all(line.as_bytes())
    });
    // Where something else logs already, such as a test or an embedding program, it goes on.
    if builder.try_init().is_err() {
        return Logging(None);
    }
    std::panic::set_hook(Box::new(log_panic));
    let thread = lines.write_to(io::stderr()).expect("no thread for the log");
    Logging(Some((lines, thread)))
}

/// A panic is a line like any other, with the id of the request that it happened in.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let text = panic.payload_as_str().unwrap_or("panic");
    log::error!(target: "panic", place = place.as_str(); "{text}");
}

fn text_line(time: &str, record: &Record) -> String {
    let mut line = format!("{time} {:<5} {} ", record.level(), record.target());
    push_escaped(&mut line, &record.args().to_string());
    for (name, value) in request(&behalf::present()) {
        let _ = write!(line, " {name}={value}");
    }
    // Nothing here can fail: the visitor writes into a string.
    let _ = record.key_values().visit(&mut TextValues(&mut line));
    line.push('\n');
    line
}

fn json_line(time: &str, record: &Record) -> String {
    let mut members = serde_json::Map::new();
    members.insert("ts".into(), time.into());
    members.insert("level".into(), record.level().as_str().to_ascii_lowercase().into());
    members.insert("target".into(), record.target().into());
    members.insert("msg".into(), record.args().to_string().into());
    for (name, value) in request(&behalf::present()) {
        members.insert(name.into(), value.into());
    }
    let _ = record.key_values().visit(&mut JsonValues(&mut members));
    // JSON escapes control characters itself.
    let mut line = serde_json::Value::Object(members).to_string();
    line.push('\n');
    line
}

/// What a line says of the request that it was written for.
fn request(behalf: &Option<Behalf>) -> impl Iterator<Item = (&'static str, &str)> {
    let request_id = behalf.as_ref().map(|behalf| ("request_id", behalf.request_id.as_str()));
    let traceparent = behalf.as_ref().and_then(|behalf| behalf.traceparent.as_deref());
    // Version, trace id, parent id, flags: the second names the trace, wherever it began.
    let trace_id = traceparent.and_then(|value| value.split('-').nth(1)).map(|id| ("trace_id", id));
    request_id.into_iter().chain(trace_id)
}

struct TextValues<'a>(&'a mut String);

impl<'kvs> VisitSource<'kvs> for TextValues<'_> {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), Error> {
        self.0.push(' ');
        push_escaped(self.0, key.as_str());
        self.0.push('=');
        push_escaped(self.0, &value.to_string());
        Ok(())
    }
}

struct JsonValues<'a>(&'a mut serde_json::Map<String, serde_json::Value>);

impl<'kvs> VisitSource<'kvs> for JsonValues<'_> {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), Error> {
        let value = serde_json::to_value(&value).unwrap_or_else(|_| value.to_string().into());
        // The line's own members cannot be forged by a pair of the same name.
        self.0.entry(key.as_str()).or_insert(value);
        Ok(())
    }
}

/// A line stays one line, and a terminal obeys nobody's escape sequences.
fn push_escaped(line: &mut String, text: &str) {
    for character in text.chars() {
        if character.is_control() {
            let _ = write!(line, "{}", character.escape_default());
        } else {
            line.push(character);
        }
    }
}
