use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use testkit::eventually;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Stands between a reader and the feed, and can keep answers back. Questions are numbered from 1.
pub struct Relay {
    pub addr: SocketAddr,
    wire: Arc<Wire>,
}

struct Wire {
    asked: AtomicUsize,
    answered: AtomicUsize,
    /// The last question whose answer may pass.
    passes: watch::Sender<usize>,
}

impl Relay {
    /// Opens a way to the feed.
    pub async fn to(target: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("no port");
        let addr = listener.local_addr().expect("no address");
        let (passes, _) = watch::channel(usize::MAX);
        let wire = Arc::new(Wire { asked: AtomicUsize::default(), answered: AtomicUsize::default(), passes });
        let shared = wire.clone();
        tokio::spawn(async move {
            while let Ok((reader, _)) = listener.accept().await {
                let feed = TcpStream::connect(target).await.expect("no feed");
                let ((from_reader, to_reader), (from_feed, to_feed)) =
                    (reader.into_split(), feed.into_split());
                tokio::spawn(questions(from_reader, to_feed, shared.clone()));
                tokio::spawn(answers(from_feed, to_reader, shared.clone()));
            }
        });
        Self { addr, wire }
    }

    /// Keeps back the answer to the next question, which it names once the feed has given it.
    pub async fn hold_the_next_answer(&self) -> usize {
        let held = self.wire.asked.load(Ordering::SeqCst) + 1;
        self.wire.passes.send_replace(held - 1);
        self.until_answered(held).await;
        held
    }

    /// Keeps every answer back.
    pub fn hold_all(&self) {
        self.wire.passes.send_replace(0);
    }

    /// Waits until the feed has given the answer to a question.
    pub async fn until_answered(&self, question: usize) {
        let has_answered = || self.wire.answered.load(Ordering::SeqCst) >= question;
        eventually("the feed has answered", async || has_answered().then_some(())).await;
    }

    /// Lets one answer through, and waits until the reader has taken it in: then it asks again.
    pub async fn let_through(&self, held: usize) {
        self.wire.passes.send_replace(held);
        let asks_again = || self.wire.asked.load(Ordering::SeqCst) > held;
        eventually("the reader asks again", async || asks_again().then_some(())).await;
    }

    pub fn let_all_through(&self) {
        self.wire.passes.send_replace(usize::MAX);
    }
}

/// A question is small: it comes in one piece.
async fn questions(mut reader: OwnedReadHalf, mut feed: OwnedWriteHalf, wire: Arc<Wire>) {
    let mut piece = [0; 4096];
    while let Ok(length @ 1..) = reader.read(&mut piece).await {
        wire.asked.fetch_add(1, Ordering::SeqCst);
        if feed.write_all(&piece[..length]).await.is_err() {
            return;
        }
    }
}

async fn answers(mut feed: OwnedReadHalf, mut reader: OwnedWriteHalf, wire: Arc<Wire>) {
    let mut piece = [0; 4096];
    while let Ok(length @ 1..) = feed.read(&mut piece).await {
        let question = wire.asked.load(Ordering::SeqCst);
        wire.answered.fetch_max(question, Ordering::SeqCst);
        let passes = wire.passes.subscribe().wait_for(|last| *last >= question).await.is_ok();
        if !passes || reader.write_all(&piece[..length]).await.is_err() {
            return;
        }
    }
}
