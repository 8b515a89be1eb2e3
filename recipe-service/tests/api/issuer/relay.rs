use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;
use tokio::task::{JoinHandle, JoinSet};

/// A way to a server that can be cut. While it is, connections are closed as soon as they are made.
///
/// The port stays bound meanwhile: another test might get it.
pub struct Relay {
    pub addr: SocketAddr,
    wire: Arc<Wire>,
    accepting: JoinHandle<()>,
}

struct Wire {
    target: SocketAddr,
    is_open: AtomicBool,
    connections: Mutex<JoinSet<()>>,
}

impl Relay {
    /// Opens a way to `target`.
    pub async fn to(target: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("no port");
        let addr = listener.local_addr().expect("a bound port has an address");
        let wire = Wire { target, is_open: AtomicBool::new(true), connections: Mutex::default() };
        let wire = Arc::new(wire);
        let accepting = tokio::spawn(accept(listener, Arc::clone(&wire)));
        Self { addr, wire, accepting }
    }

    /// Cuts every connection, and those to come.
    pub async fn cut(&self) {
        self.wire.is_open.store(false, Ordering::SeqCst);
        self.wire.connections.lock().await.shutdown().await;
    }

    pub fn mend(&self) {
        self.wire.is_open.store(true, Ordering::SeqCst);
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, wire: Arc<Wire>) {
    while let Ok((stream, _)) = listener.accept().await {
        let mut connections = wire.connections.lock().await;
        if wire.is_open.load(Ordering::SeqCst) {
            connections.spawn(pass_on(stream, wire.target));
        }
    }
}

async fn pass_on(mut stream: TcpStream, target: SocketAddr) {
    if let Ok(mut behind) = TcpStream::connect(target).await {
        let _ = copy_bidirectional(&mut stream, &mut behind).await;
    }
}
