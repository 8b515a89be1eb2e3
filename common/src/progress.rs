//! How far something is that takes its time, for who waits for it at a terminal.

use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::clock::Clock;

/// A line on standard error. Where that is no terminal, nothing is drawn.
///
/// Clones draw the same line, which is gone with the last of them.
#[derive(Clone)]
pub struct Progress(Option<Arc<Line>>);

struct Line {
    what: &'static str,
    clock: Clock,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    done: usize,
    /// Nought while it is not known.
    total: usize,
    drawn_at: Option<Duration>,
}

/// How long a line stands before it is drawn anew.
const PAUSE: Duration = Duration::from_millis(100);

/// Characters of a bar.
const WIDTH: usize = 30;

/// Goes to the line's beginning and wipes it out.
const WIPE: &str = "\r\x1b[K";

impl Progress {
    /// Begins at nought of nobody knows how many. `what` is done: `recipes read`.
    pub fn of(what: &'static str) -> Self {
        let line = || Arc::new(Line { what, clock: Clock::system(), state: Mutex::default() });
        Self(io::stderr().is_terminal().then(line))
    }

    /// Says how many there will be.
    pub fn expect(&self, total: usize) {
        if let Some(line) = &self.0 {
            line.state().total = total;
        }
    }

    /// So many more are done.
    pub fn advance(&self, by: usize) {
        if let Some(line) = &self.0 {
            line.advance(by);
        }
    }

    /// Writes something else to standard error, which the line makes room for.
    pub fn say(&self, text: &str) {
        match &self.0 {
            Some(line) => {
                line.state().drawn_at = None;
                eprintln!("{WIPE}{text}");
            }
            None => eprintln!("{text}"),
        }
    }
}

impl Line {
    fn advance(&self, by: usize) {
        let (now, mut state) = (self.clock.boot(), self.state());
        state.done += by;
        let is_recent = state.drawn_at.is_some_and(|at| now - at < PAUSE);
        if !is_recent || state.done == state.total {
            state.drawn_at = Some(now);
            draw(&format!("{WIPE}{}", text(self.what, state.done, state.total)));
        }
    }

    /// Whoever panicked with it has drawn half a line at worst.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        draw(WIPE);
    }
}

fn draw(text: &str) {
    let mut terminal = io::stderr();
    // A terminal that is gone misses nothing.
    let _ = terminal.write_all(text.as_bytes()).and_then(|()| terminal.flush());
}

fn text(what: &str, done: usize, total: usize) -> String {
    if total == 0 {
        return format!("{what}: {done}");
    }
    let share = (done as f64 / total as f64).min(1.0);
    let bar = "#".repeat((share * WIDTH as f64) as usize);
    format!("{what} [{bar:.<WIDTH$}] {:3.0} %", share * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_the_share_or_where_nobody_knows_it_the_count() {
        assert_eq!(text("recipes read", 12, 0), "recipes read: 12");
        assert_eq!(text("recipes read", 1, 3), "recipes read [##########....................]  33 %");
        assert_eq!(text("recipes read", 4, 3), "recipes read [##############################] 100 %");
    }
}
