use std::io::Write;
use std::mem;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How long a line waits for others to be written with it.
const PAUSE: Duration = Duration::from_millis(10);

/// As many bytes as wait for whoever reads them: some seconds of a busy service. Then lines are left out, and counted.
const MOST: usize = 4 << 20;

/// Lines on their way out, written by a thread of their own: no worker waits for a slow disk or a reader that stopped.
#[derive(Default)]
pub(super) struct Lines {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: Vec<u8>,
    left_out: u64,
    is_closed: bool,
}

/// What a logger writes to.
pub(super) struct Pipe(pub(super) Arc<Lines>);

impl Write for Pipe {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        self.0.push(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Lines {
    /// Starts the thread. It ends after [`close`](Self::close).
    pub(super) fn write_to(
        self: &Arc<Self>,
        out: impl Write + Send + 'static,
    ) -> std::io::Result<JoinHandle<()>> {
        let lines = Arc::clone(self);
        thread::Builder::new().name("log".to_owned()).spawn(move || lines.run(out))
    }

    /// Lets the thread write what waits, and end.
    pub(super) fn close(&self) {
        self.state().is_closed = true;
        self.changed.notify_one();
    }

    fn push(&self, line: &[u8]) {
        let mut state = self.state();
        if state.waiting.len() + line.len() > MOST {
            state.left_out += 1;
            return;
        }
        let is_first = state.waiting.is_empty();
        state.waiting.extend_from_slice(line);
        drop(state);
        if is_first {
            self.changed.notify_one();
        }
    }

    fn run(&self, mut out: impl Write) {
        loop {
            let state = self.state();
            let is_idle = |state: &mut State| state.waiting.is_empty() && !state.is_closed;
            let state = self.changed.wait_while(state, is_idle).unwrap_or_else(PoisonError::into_inner);
            let is_open = |state: &mut State| !state.is_closed;
            let pause = self.changed.wait_timeout_while(state, PAUSE, is_open);
            let mut state = pause.unwrap_or_else(PoisonError::into_inner).0;
            let (lines, left_out) = (mem::take(&mut state.waiting), mem::take(&mut state.left_out));
            let is_closed = state.is_closed;
            drop(state);
            // If nobody reads it, there is nobody to tell.
            let _ = out.write_all(&lines);
            if left_out > 0 {
                let _ =
                    writeln!(out, "{left_out} lines of the log were left out: it is not read fast enough");
            }
            if is_closed {
                return;
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};

    use super::*;

    /// A reader that says when it is given something, and takes it when it is told to.
    struct Reader(Sender<Vec<u8>>, Receiver<()>);

    impl Write for Reader {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.send(bytes.to_vec()).expect("the test listens");
            // Once the test is over it takes everything.
            let _ = self.1.recv();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn started() -> (Arc<Lines>, JoinHandle<()>, Receiver<Vec<u8>>, Sender<()>) {
        let (sender, given) = channel();
        let (go_on, told) = channel();
        let lines = Arc::new(Lines::default());
        let thread = lines.write_to(Reader(sender, told)).unwrap();
        (lines, thread, given, go_on)
    }

    #[test]
    fn a_reader_that_stopped_holds_up_nobody_and_is_told_what_it_missed() {
        let (lines, thread, given, go_on) = started();
        let mut pipe = Pipe(Arc::clone(&lines));
        pipe.write_all(b"first\n").unwrap();
        assert_eq!(given.recv().unwrap(), b"first\n");
        let line = [b'x'; 1024];
        (0..MOST / line.len() + 10).for_each(|_| pipe.write_all(&line).unwrap());
        lines.close();
        drop(go_on);
        thread.join().unwrap();
        let rest = given.iter().flatten().collect::<Vec<u8>>();
        let told = String::from_utf8(rest[MOST..].to_vec()).unwrap();
        assert_eq!(told, "10 lines of the log were left out: it is not read fast enough\n");
    }

    #[test]
    fn what_waits_when_it_is_closed_is_written_in_order() {
        let (lines, thread, given, go_on) = started();
        drop(go_on);
        let mut pipe = Pipe(Arc::clone(&lines));
        (0..100).for_each(|number| writeln!(pipe, "{number}").unwrap());
        lines.close();
        thread.join().unwrap();
        let written = String::from_utf8(given.iter().flatten().collect()).unwrap();
        let expected: String = (0..100).map(|number| format!("{number}\n")).collect();
        assert_eq!(written, expected);
    }
}
