use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use common::web::Server;

use crate::harness::{Kitchen, anywhere};

const JSON: &str = "POST /dishes HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";

#[test]
fn a_huge_announcement_is_refused_without_reading() {
    let kitchen = Kitchen::open();
    let answer = kitchen.raw(format!("{JSON}Content-Length: 104857600\r\n\r\n{{").as_bytes());
    assert!(answer.starts_with("HTTP/1.1 413") && answer.contains("\"too_large\""), "{answer}");
}

#[test]
fn an_ambiguous_length_closes_the_connection() {
    let kitchen = Kitchen::open();
    let smuggled = "0\r\n\r\nGET /whoami HTTP/1.1\r\nHost: x\r\n\r\n";
    for framing in [
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 4\r\nContent-Length: 5\r\n",
        "Content-Length: +4\r\n",
        "Content-Length: 4 4\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "X-Folded: a\r\n b\r\n",
    ] {
        let answer = kitchen.raw(format!("{JSON}{framing}\r\n{smuggled}").as_bytes());
        assert!(answer.starts_with("HTTP/1.1 400"), "{framing}: {answer}");
        assert!(!answer.contains("request_id\":") || !answer.contains("\"get\":true"), "{framing}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1").count(), 1, "{framing}: {answer}");
    }
}

#[test]
fn too_many_or_too_long_headers_close_the_connection() {
    let kitchen = Kitchen::open();
    let many = (0..120).map(|n| format!("X-{n}: 1\r\n")).collect::<String>();
    let long = format!("X-Long: {}\r\n", "x".repeat(200_000));
    for headers in [many, long] {
        let answer = kitchen.raw(format!("GET /whoami HTTP/1.1\r\nHost: x\r\n{headers}\r\n").as_bytes());
        assert!(answer.starts_with("HTTP/1.1 4") || answer.is_empty(), "{answer}");
    }
}

#[test]
fn an_odd_host_is_not_reflected() {
    let kitchen = Kitchen::open();
    for head in [
        "GET /nowhere HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n",
        "GET /nowhere HTTP/1.0\r\n",
        "GET http://evil.example/nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n",
        "CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n",
    ] {
        let answer = kitchen.raw(format!("{head}\r\n").as_bytes());
        assert!(answer.starts_with("HTTP/1.1 40") || answer.starts_with("HTTP/1.0 40"), "{head}: {answer}");
        assert!(!answer.contains("evil"), "{head}: {answer}");
    }
}

#[test]
fn a_head_that_does_not_arrive_is_cut() {
    let kitchen = Kitchen::open();
    let answer = kitchen.raw(b"GET /whoami HTTP/1.1\r\nHost");
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
}

#[test]
fn a_body_that_does_not_arrive_is_cut() {
    let kitchen = Kitchen::open();
    let answer = kitchen.raw(format!("{JSON}Content-Length: 100\r\n\r\n{{").as_bytes());
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("\"request_timeout\""), "{answer}");
}

#[actix_rt::test]
async fn a_port_in_use_is_named_with_its_variable() {
    let kitchen = Kitchen::open();
    let taken = common::web::Address { variable: "AUTH_LISTEN", value: kitchen.addr.to_string() };
    let error = Server::bind(taken, anywhere("AUTH_OPS_LISTEN")).unwrap_err().to_string();
    assert_eq!(error, format!("AUTH_LISTEN: {} is in use by another program", kitchen.addr));

    let nonsense = common::web::Address { variable: "AUTH_LISTEN", value: "8081".to_owned() };
    let error = Server::bind(nonsense, anywhere("AUTH_OPS_LISTEN")).unwrap_err().to_string();
    assert!(error.starts_with("AUTH_LISTEN: \"8081\" is not an address"), "{error}");
}

#[actix_rt::test]
async fn a_request_that_is_being_answered_survives_the_shutdown() {
    let mut kitchen = Kitchen::open();
    let mut busy = TcpStream::connect(kitchen.addr).unwrap();
    busy.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    busy.write_all(b"GET /oven HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    kitchen.oven.entered.notified().await;
    let mut idle = TcpStream::connect(kitchen.addr).unwrap();
    idle.set_read_timeout(Some(Duration::from_secs(20))).unwrap();

    kitchen.shutdown.trigger();

    // The idle connection is closed at once, and then nothing new is accepted.
    assert_eq!(idle.read(&mut [0; 1]).unwrap_or(0), 0);
    kitchen.oven.done.notify_one();
    let mut answer = String::new();
    busy.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("done"), "{answer}");
    kitchen.wait();
    assert!(TcpStream::connect(kitchen.addr).is_err());
}
