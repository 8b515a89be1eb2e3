//! A web on this machine: names, and sites behind them that answer as they like.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use recipe_service::egress::{Addresses, Names, Web};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What counts as an address of the internet here, besides those that are. No other of this machine does.
pub const OUTSIDE: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 7));
/// Of this machine, and not to be reached.
pub const INSIDE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// Every name that there is, with what it is said to be at the first question, the second, and from the last one on.
#[derive(Clone, Default)]
pub struct Book(Arc<Mutex<HashMap<String, Entry>>>);

#[derive(Default)]
struct Entry {
    answers: Vec<Vec<SocketAddr>>,
    asked: usize,
}

impl Book {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn name(self, name: &str, answers: &[&[SocketAddr]]) -> Self {
        let answers = answers.iter().map(|answer| answer.to_vec()).collect();
        self.0.lock().unwrap().insert(name.to_owned(), Entry { answers, asked: 0 });
        self
    }

    pub fn asked(&self, name: &str) -> usize {
        self.0.lock().unwrap()[name].asked
    }

    pub fn web(&self) -> Web {
        Web::through(Arc::new(self.clone()), |ip| ip == OUTSIDE || Web::is_public(ip))
    }
}

impl Names for Book {
    fn look_up(&self, name: &str) -> Addresses {
        let mut names = self.0.lock().unwrap();
        let answer = names.get_mut(name).map(|entry| {
            entry.asked += 1;
            entry.answers[(entry.asked - 1).min(entry.answers.len() - 1)].clone()
        });
        Box::pin(async move { answer.ok_or(io::ErrorKind::NotFound.into()) })
    }
}

/// What a site answers.
#[derive(Clone)]
pub enum Reply {
    /// These bytes, and an end.
    Whole(Vec<u8>),
    /// These, and then more without an end, as fast as they are taken.
    Endless(Vec<u8>),
    /// These, and then a byte now and then without an end.
    Drip(Vec<u8>),
}

/// A site that is being served, until the test ends.
pub struct Site {
    pub addr: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Site {
    /// Serves what this says for a path.
    pub async fn start(ip: IpAddr, reply: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((ip, 0)).await.expect("no port");
        let site = Self { addr: listener.local_addr().unwrap(), heads: Arc::default() };
        let (heads, reply) = (Arc::clone(&site.heads), Arc::new(reply));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (heads, reply) = (Arc::clone(&heads), Arc::clone(&reply));
                tokio::spawn(async move {
                    // Who was cut off stops.
                    let _ = serve(stream, &heads, &*reply).await;
                });
            }
        });
        site
    }

    /// The heads of all requests, in lower case.
    pub fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

async fn serve(
    mut stream: TcpStream,
    heads: &Mutex<Vec<String>>,
    reply: impl Fn(&str) -> Reply,
) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    heads.lock().unwrap().push(head.to_ascii_lowercase());
    match reply(&path) {
        Reply::Whole(bytes) => stream.write_all(&bytes).await?,
        Reply::Endless(bytes) => {
            stream.write_all(&bytes).await?;
            loop {
                stream.write_all(&[b' '; 64 * 1024]).await?;
            }
        }
        Reply::Drip(bytes) => {
            stream.write_all(&bytes).await?;
            let mut now_and_then = tokio::time::interval(Duration::from_millis(10));
            loop {
                now_and_then.tick().await;
                stream.write_all(b" ").await?;
            }
        }
    }
    stream.shutdown().await
}

/// An answer with these headers, each with a line's end.
pub fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let mut answer = format!("HTTP/1.1 {status}\r\n{headers}Connection: close\r\n\r\n").into_bytes();
    answer.extend_from_slice(body);
    answer
}

pub fn html(body: impl AsRef<[u8]>) -> Reply {
    Reply::Whole(answer("200 OK", "Content-Type: text/html\r\n", body.as_ref()))
}

pub fn redirect(location: &str) -> Reply {
    Reply::Whole(answer("302 Found", &format!("Location: {location}\r\n"), b""))
}
