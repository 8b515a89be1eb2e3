use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Child, ChildStdin, Stdio};

use tokio::net::TcpSocket;

use crate::python::command;

/// A server that speaks as S3 does, with one bucket. What is in it is gone when it stops.
pub struct S3Server {
    port: u16,
    running: Option<(Child, ChildStdin)>,
    /// Keeps the port while it does not run, so that no server of another test answers there.
    reserved: Option<TcpSocket>,
}

impl S3Server {
    pub const BUCKET: &str = "kitchen";

    /// Starts it with an empty bucket.
    pub fn start() -> Self {
        let mut server = Self { port: 0, running: None, reserved: None };
        server.start_again();
        server
    }

    /// Stops it: nobody answers where it was.
    pub fn stop(&mut self) {
        self.end();
        self.reserved = Some(reserve(self.addr()));
    }

    fn end(&mut self) {
        if let Some((mut child, _)) = self.running.take() {
            child.kill().expect("the server cannot be stopped");
            child.wait().expect("the server cannot be waited for");
        }
    }

    /// Starts it where it was before.
    pub fn start_again(&mut self) {
        self.end();
        let mut command = command("s3_server.py");
        command.args([&self.port.to_string(), Self::BUCKET]);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("python does not run");
        let stdin = child.stdin.take().expect("BUG: its input is piped");
        let mut lines = BufReader::new(child.stdout.take().expect("BUG: its output is piped")).lines();
        let first = lines.next().expect("the server did not start").expect("the server says no text");
        self.port = first.parse().unwrap_or_else(|_| panic!("the server says no port: {first}"));
        self.running = Some((child, stdin));
        self.reserved = None;
    }

    pub fn addr(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    /// Where it is, as `RECIPES_IMAGES_S3_ENDPOINT` says it.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.addr())
    }
}

/// Binds where nobody listens: whoever connects is refused, and only who asks for this very port can have it, too.
fn reserve(addr: SocketAddr) -> TcpSocket {
    let socket = TcpSocket::new_v4().expect("no socket can be had");
    socket.set_reuseaddr(true).expect("an address cannot be used again");
    socket.bind(addr).expect("somebody was faster");
    socket
}

impl Drop for S3Server {
    fn drop(&mut self) {
        self.end();
    }
}
