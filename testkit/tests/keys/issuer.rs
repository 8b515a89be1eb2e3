use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use url::Url;

/// How an issuer answers when it is asked for its keys.
#[derive(Clone, Debug)]
pub enum Behaviour {
    Body(Vec<u8>),
    Status(u16),
    Html,
    Redirect(Url),
    /// Ten megabytes, whose beginning is JSON.
    Huge,
    /// Takes the connection, and closes it.
    HangUp,
    /// Takes the request, and says nothing.
    Hang,
    /// Says that there is more to come, and says no more.
    Stall,
}

/// A real HTTP server on loopback, of an issuer that may misbehave.
pub struct Issuer {
    pub addr: SocketAddr,
    state: Arc<State>,
}

struct State {
    behaviour: Mutex<Behaviour>,
    asked: AtomicUsize,
    /// The head of the last request.
    head: Mutex<String>,
    /// Connections that must not be closed.
    open: Mutex<Vec<TcpStream>>,
}

impl Issuer {
    pub fn start(behaviour: Behaviour) -> Self {
        Self::listening(TcpListener::bind("127.0.0.1:0").expect("no port"), behaviour)
    }

    pub fn listening(listener: TcpListener, behaviour: Behaviour) -> Self {
        let addr = listener.local_addr().expect("no address");
        let state = Arc::new(State {
            behaviour: Mutex::new(behaviour),
            asked: AtomicUsize::new(0),
            head: Mutex::default(),
            open: Mutex::default(),
        });
        let serving = state.clone();
        // It ends with the process.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = serving.clone();
                thread::spawn(move || state.answer(stream));
            }
        });
        Self { addr, state }
    }

    pub fn behave(&self, behaviour: Behaviour) {
        *self.state.behaviour.lock().unwrap() = behaviour;
    }

    /// How often it was asked.
    pub fn asked(&self) -> usize {
        self.state.asked.load(Ordering::SeqCst)
    }

    /// With what it was asked the last time, as it came.
    pub fn last_head(&self) -> String {
        self.state.head.lock().unwrap().clone()
    }

    pub fn url(&self) -> Url {
        format!("http://{}/.well-known/jwks.json", self.addr).parse().expect("no URL")
    }
}

impl State {
    /// Whoever hangs up is no concern of an issuer's: errors of the connection are left alone.
    fn answer(&self, mut stream: TcpStream) {
        let _ = stream.set_read_timeout(Some(Duration::from_secs(10)));
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") {
            match stream.read(&mut byte) {
                Ok(1) => head.push(byte[0]),
                _ => return,
            }
        }
        let behaviour = self.behaviour.lock().unwrap().clone();
        *self.head.lock().unwrap() = String::from_utf8_lossy(&head).into_owned();
        self.asked.fetch_add(1, Ordering::SeqCst);
        let json = "application/jwk-set+json";
        let _ = match &behaviour {
            Behaviour::Body(body) => respond(&mut stream, 200, json, body),
            Behaviour::Status(status) => respond(&mut stream, *status, json, b"{}"),
            Behaviour::Html => respond(&mut stream, 200, "text/html", b"<!doctype html><h1>Welcome</h1>"),
            Behaviour::Redirect(to) => write!(
                stream,
                "HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            ),
            Behaviour::Huge => {
                let mut body = br#"{"keys":[],"filler":""#.to_vec();
                body.resize(10 * 1024 * 1024, b' ');
                respond(&mut stream, 200, json, &body)
            }
            Behaviour::HangUp | Behaviour::Hang => Ok(()),
            Behaviour::Stall => {
                write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{{\"keys\":[")
            }
        };
        if matches!(behaviour, Behaviour::Hang | Behaviour::Stall) {
            self.open.lock().unwrap().push(stream);
        }
    }
}

fn respond(stream: &mut TcpStream, status: u16, media: &str, body: &[u8]) -> std::io::Result<()> {
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status} Whatever\r\nContent-Type: {media}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    )?;
    stream.write_all(body)
}
