//! Connections that close themselves when their client is too slow, at whichever request and in whichever part of it.
//!
//! actix limits the time of a connection's first head and of idleness, and nothing else: a client that sends its second
//! head byte by byte, or never reads an answer, would keep a connection, its buffers and a handler for as long as it
//! likes. Here every wait for a client has an end. The stream sees bytes come and go; when a request begins and when its
//! answer is there it hears from the middleware, by the [`Pace`] that both share.

mod alarm;
mod limits;
mod pace;
mod refusal;

use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use actix_web::rt::net::TcpStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

use self::alarm::Alarm;
pub use self::limits::Limits;
pub(super) use self::pace::Pace;
use super::surround::Surroundings;

/// A stream with deadlines.
pub(super) struct Connection {
    stream: TcpStream,
    around: Arc<Surroundings>,
    pace: Rc<Pace>,
    alarm: Alarm,
    /// Since the client does not take what is written: until when it may go on so.
    stalled: Option<Instant>,
    /// A refusal in our words, as much of it as is not sent yet.
    refusal: Vec<u8>,
    /// After a refusal: until when the rest of what the client sends is taken in. To close at once would make its system
    /// throw the refusal away.
    linger: Option<Instant>,
}

const LINGER: Duration = Duration::from_secs(2);

impl Connection {
    pub(super) fn new(stream: TcpStream, around: Arc<Surroundings>) -> Self {
        let pace = Rc::new(Pace::new(around.edge.limits));
        Self { stream, around, pace, alarm: Alarm::new(), stalled: None, refusal: Vec::new(), linger: None }
    }

    pub(super) fn pace(&self) -> Rc<Pace> {
        Rc::clone(&self.pace)
    }

    /// Ends a connection whose deadline has passed as if the client had ended it; if it was at a head, with a word why.
    fn give_up(&mut self) {
        if self.pace.is_in_head() && self.linger.is_none() {
            self.refuse(408, refusal::too_slow(&self.around.public_url, &self.around.clock));
        }
    }

    fn refuse(&mut self, status: u16, refusal: Vec<u8>) {
        self.refusal = refusal;
        self.linger = Some(alarm::now() + LINGER);
        self.around.log_refused(self.stream.peer_addr().ok(), status);
    }

    fn poll_send_refusal(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.refusal.is_empty() {
            let sent = ready!(self.poll_write_stream(cx, None))?;
            self.refusal.drain(..sent);
        }
        Poll::Ready(Ok(()))
    }

    /// Writes these bytes, or else the refusal, if the client takes them in time.
    fn poll_write_stream(&mut self, cx: &mut Context<'_>, bytes: Option<&[u8]>) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes.unwrap_or(&self.refusal));
        match (&written, &mut self.stalled) {
            (Poll::Ready(Ok(sent)), Some(deadline)) => {
                *deadline += Duration::from_secs(1) * *sent as u32 / Limits::SLOWEST_READER;
            }
            (Poll::Ready(_), _) => {}
            (Poll::Pending, stalled) => {
                let deadline = *stalled.get_or_insert_with(|| self.pace.send_by());
                if self.alarm.has_rung(cx, Some(deadline)) {
                    return Poll::Ready(Err(self.abort()));
                }
            }
        }
        written
    }

    /// Says that nothing more comes, and reads on until the client has nothing more to say either.
    fn poll_linger(&mut self, cx: &mut Context<'_>, until: Instant) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_shutdown(cx))?;
        let mut unread = [0; 4096];
        loop {
            let mut buffer = ReadBuf::new(&mut unread);
            match Pin::new(&mut self.stream).poll_read(cx, &mut buffer) {
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => {}
                Poll::Ready(_) => return Poll::Ready(Ok(())),
                Poll::Pending if self.alarm.has_rung(cx, Some(until)) => return Poll::Ready(Ok(())),
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    /// Lets the system forget what the client did not read: it would else keep it, and the socket, for minutes.
    fn abort(&self) -> io::Error {
        // A socket that is gone already lingers no more.
        let _ = self.stream.set_zero_linger();
        io::ErrorKind::TimedOut.into()
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let outcome = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if buffer.filled().len() > before {
            self.pace.received();
        }
        let deadline = self.pace.deadline();
        if outcome.is_pending() && self.alarm.has_rung(cx, deadline) {
            self.give_up();
            return Poll::Ready(Ok(()));
        }
        outcome
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        ready!(self.poll_send_refusal(cx))?;
        if self.pace.is_before_answer()
            && let Some((status, refusal)) = refusal::in_place_of(bytes, &self.around.public_url)
        {
            self.refuse(status, refusal);
            return Poll::Ready(Ok(bytes.len()));
        }
        self.poll_write_stream(cx, Some(bytes))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_send_refusal(cx))?;
        ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
        self.stalled = None;
        if self.pace.flushed() {
            // Nobody reads again before something comes, or before this rings: it is too early to have rung.
            let deadline = self.pace.deadline();
            let _ = self.alarm.has_rung(cx, deadline);
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_send_refusal(cx))?;
        match self.linger {
            Some(until) => self.poll_linger(cx, until),
            None => Pin::new(&mut self.stream).poll_shutdown(cx),
        }
    }
}
