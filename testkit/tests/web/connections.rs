use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use common::web::Server;

use crate::harness::{Kitchen, anywhere};

const JSON: &str = "POST /dishes HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";

/// T220
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
fn a_malformed_head_is_a_problem_and_ends_the_connection() {
    let kitchen = Kitchen::open();
    for head in [
        "nonsense\r\n\r\n",
        "GET /whoami HTTP/9.9\r\n\r\n",
        "GET /whoami HTTP/1.1\r\nbad header: x\r\n\r\n",
        "POST /dishes HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    ] {
        let answer = kitchen.raw(head.as_bytes());
        assert_refused(&answer, "400 Bad Request", "malformed_request");
    }
}

/// T204
#[test]
fn too_many_or_too_long_headers_are_a_problem_and_end_the_connection() {
    let kitchen = Kitchen::open();
    let many = (0..120).map(|n| format!("X-{n}: 1\r\n")).collect::<String>();
    let answer = kitchen.raw(format!("GET /whoami HTTP/1.1\r\nHost: x\r\n{many}\r\n").as_bytes());
    assert_refused(&answer, "431 Request Header Fields Too Large", "head_too_large");
    let long = format!("X-Long: {}\r\n", "x".repeat(200_000));
    let answer = kitchen.raw(format!("GET /whoami HTTP/1.1\r\nHost: x\r\n{long}\r\n").as_bytes());
    assert_refused(&answer, "431 Request Header Fields Too Large", "head_too_large");
}

/// Checks for a whole problem, with nothing before or after it.
#[track_caller]
fn assert_refused(answer: &str, status: &str, code: &str) {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {answer:?}"));
    assert!(head.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{answer}");
    for field in
        ["connection: close", "content-type: application/problem+json", "x-content-type-options: nosniff"]
    {
        assert!(head.contains(field), "{field}: {answer}");
    }
    assert!(head.contains(&format!("content-length: {}", body.len())), "{answer}");
    let body: serde_json::Value =
        serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {answer}"));
    assert_eq!(body["code"], code, "{answer}");
    assert_eq!(body["type"], format!("https://kitchen.example/problems/{code}"));
    let request_id = body["request_id"].as_str().unwrap();
    assert!(head.contains(&format!("x-request-id: {request_id}")), "{answer}");
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
