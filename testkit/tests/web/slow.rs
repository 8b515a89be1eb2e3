//! Clients that take their time: every wait for one of them has an end.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use common::web::Limits;
use testkit::Stopwatch;
use tokio::io::{AsyncReadExt, AsyncWriteExt, Interest};
use tokio::time::{interval, timeout};

use crate::harness::{FEAST, Kitchen};

/// The limit that a test is about. Whatever takes about so long was ended by it.
const SHORT: Duration = Duration::from_millis(300);
/// The others: a test that runs into one of these fails.
const LONG: Duration = Duration::from_secs(60);
/// When a trickling client sends its next byte.
const DRIP: Duration = Duration::from_millis(50);

const LIMITS: Limits = Limits { head: LONG, body: LONG, send: LONG, idle: LONG, connections: 100 };
const WHOLE: &[u8] = b"GET /whoami HTTP/1.1\r\nHost: x\r\n\r\n";

/// A connection on which one request was answered, with a body or without.
fn used(kitchen: &Kitchen) -> TcpStream {
    let mut stream = connect(kitchen);
    stream.write_all(WHOLE).unwrap();
    let mut answer = [0; 4096];
    let read = stream.read(&mut answer).unwrap();
    assert!(answer[..read].starts_with(b"HTTP/1.1 200"));
    stream
}

fn connect(kitchen: &Kitchen) -> TcpStream {
    let stream = TcpStream::connect(kitchen.addr).unwrap();
    stream.set_read_timeout(Some(DRIP)).unwrap();
    stream
}

/// Sends one byte after the other until the server has had enough, and answers what it said.
///
/// Panics where it is patient for longer than [`SHORT`] by far, or not even for so long.
fn trickle(mut stream: TcpStream, mut bytes: impl Iterator<Item = u8>) -> String {
    let (stopwatch, mut answer, mut part) = (Stopwatch::start(), Vec::new(), [0; 4096]);
    loop {
        if let Some(byte) = bytes.next() {
            // It may be closed by now; then reading says so.
            let _ = stream.write_all(&[byte]);
        }
        match stream.read(&mut part) {
            Ok(0) => break,
            Ok(read) => answer.extend_from_slice(&part[..read]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(_) => break,
        }
        assert!(stopwatch.elapsed() < SHORT * 20, "the server waits and waits");
    }
    assert!(stopwatch.elapsed() >= SHORT / 2, "the server did not wait at all");
    String::from_utf8_lossy(&answer).into_owned()
}

/// T221: a head that comes byte by byte, as the first of a connection and as a later one.
#[test]
fn a_head_that_trickles_is_cut_off() {
    let kitchen = Kitchen::with_limits(Limits { head: SHORT, ..LIMITS });
    for stream in [connect(&kitchen), used(&kitchen)] {
        let answer = trickle(
            stream,
            b"GET /whoami HTTP/1.1\r\nX-Long: ".iter().copied().chain(std::iter::repeat(b'x')),
        );
        assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("\"request_timeout\""), "{answer}");
        assert!(
            answer.contains("connection: close") && answer.contains("application/problem+json"),
            "{answer}"
        );
    }
}

/// T221
#[test]
fn a_connection_on_which_nothing_ever_comes_is_closed() {
    let kitchen = Kitchen::with_limits(Limits { head: SHORT, ..LIMITS });
    assert_eq!(trickle(connect(&kitchen), std::iter::empty()), "");
}

/// T222: a body that comes byte by byte, to a handler that reads it and to one that does not.
#[test]
fn a_body_that_trickles_is_cut_off() {
    let kitchen = Kitchen::with_limits(Limits { body: SHORT, ..LIMITS });
    let head =
        b"POST /dishes HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n";
    for mut stream in [connect(&kitchen), used(&kitchen)] {
        stream.write_all(head).unwrap();
        let answer = trickle(stream, std::iter::repeat(b' '));
        assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("\"request_timeout\""), "{answer}");
    }
}

/// T222: what nobody reads is thrown away, and not for ever.
#[test]
fn a_body_that_nobody_reads_does_not_hold_its_connection() {
    let kitchen = Kitchen::with_limits(Limits { head: SHORT, idle: SHORT * 4, ..LIMITS });
    for framing in ["Transfer-Encoding: chunked\r\n\r\n1000\r\n", "Content-Length: 1000\r\n\r\n"] {
        let mut stream = connect(&kitchen);
        stream.write_all(format!("GET /whoami HTTP/1.1\r\nHost: x\r\n{framing}").as_bytes()).unwrap();
        let answer = trickle(stream, std::iter::repeat(b'x'));
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");

        let mut stream = connect(&kitchen);
        stream.write_all(format!("GET /whoami HTTP/1.1\r\nHost: x\r\n{framing}").as_bytes()).unwrap();
        assert!(trickle(stream, std::iter::empty()).starts_with("HTTP/1.1 200"));
    }
}

/// Asks for an answer that no system keeps for a client that does not read.
async fn asked(kitchen: &Kitchen, path: &str) -> tokio::net::TcpStream {
    let mut stream = tokio::net::TcpStream::connect(kitchen.addr).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

/// T223: an answer that nobody reads, whole and in parts.
#[actix_rt::test]
async fn an_answer_that_is_not_read_is_taken_back() {
    let kitchen = Kitchen::with_limits(Limits { send: SHORT, ..LIMITS });
    for path in ["/feast", "/courses"] {
        let stream = asked(&kitchen, path).await;
        // The server throws away what was not read, so the client's system hears of a reset.
        let closed = timeout(SHORT * 20, stream.ready(Interest::ERROR)).await;
        closed.expect("the server waits and waits").unwrap();
        assert_eq!(stream.take_error().unwrap().unwrap().kind(), ErrorKind::ConnectionReset);
    }
}

/// Who reads, and be it slowly, gets the whole answer.
#[actix_rt::test]
async fn an_answer_that_is_read_slowly_comes_to_its_end() {
    let kitchen = Kitchen::with_limits(Limits { send: SHORT, ..LIMITS });
    for path in ["/feast", "/courses"] {
        let mut stream = asked(&kitchen, path).await;
        let (stopwatch, mut sips) = (Stopwatch::start(), interval(Duration::from_millis(30)));
        let (mut taken, mut part) = (0, vec![0; 1024 * 1024]);
        loop {
            sips.tick().await;
            match stream.read(&mut part).await.unwrap() {
                0 => break,
                some => taken += some,
            }
        }
        assert!(
            taken >= FEAST && stopwatch.elapsed() > SHORT * 2,
            "{path}: {taken} {:?}",
            stopwatch.elapsed()
        );
    }
}

/// T224
#[test]
fn an_idle_connection_is_closed_without_a_word() {
    let kitchen = Kitchen::with_limits(Limits { idle: SHORT, ..LIMITS });
    assert_eq!(trickle(used(&kitchen), std::iter::empty()), "");
}

/// The time that we take is not the client's.
#[actix_rt::test]
async fn a_client_that_waits_for_us_is_not_cut_off() {
    let kitchen =
        Kitchen::with_limits(Limits { head: SHORT, body: SHORT, send: SHORT, idle: SHORT, connections: 100 });
    let mut stream = connect(&kitchen);
    stream.write_all(b"GET /oven HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    kitchen.oven.entered.notified().await;

    let mut answer = [0; 4096];
    stream.set_read_timeout(Some(SHORT * 3)).unwrap();
    assert_eq!(stream.read(&mut answer).unwrap_err().kind(), ErrorKind::WouldBlock);

    kitchen.oven.done.notify_one();
    stream.set_read_timeout(Some(LONG)).unwrap();
    let read = stream.read(&mut answer).unwrap();
    assert!(answer[..read].starts_with(b"HTTP/1.1 200"));
}

/// T224: those that hold all connections do not hold them for ever, and who waits is served then.
#[test]
fn who_waits_for_a_connection_is_served_in_time() {
    let kitchen = Kitchen::with_limits(Limits { head: SHORT, connections: 2, ..LIMITS });
    let holders: Vec<TcpStream> = (0..8).map(|_| connect(&kitchen)).collect();

    let answer = kitchen.raw(b"GET /whoami HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    drop(holders);
}
