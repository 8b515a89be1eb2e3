//! Crowds of slow clients, by the tool that is used to make them: they are gone when their time is over, and everybody else is
//! served meanwhile.

use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use common::web::Limits;

use crate::harness::Kitchen;

/// The limit that a siege is about.
const SHORT: Duration = Duration::from_secs(3);
/// The others, all longer than a siege may take.
const LONG: Duration = Duration::from_secs(120);
const LIMITS: Limits = Limits { head: LONG, body: LONG, send: LONG, idle: LONG, connections: 1000 };

/// How many clients there are.
const CROWD: &str = "150";
/// After how many seconds the tool gives up.
const PATIENCE: &str = "60";

/// Lets a crowd in, and waits until the last of them is gone. Others ask all the while, each on a connection of its own.
#[track_caller]
fn withstands(kitchen: &Kitchen, path: &str, kind: &[&str]) {
    let program = throwaway::find("slowhttptest").unwrap_or_else(|error| panic!("{error:#}"));
    let mut siege = Command::new(program);
    siege.args(["-c", CROWD, "-r", CROWD, "-l", PATIENCE, "-i", "1", "-u", &kitchen.url(path)]).args(kind);
    let is_over = AtomicBool::new(false);
    let (said, served) = std::thread::scope(|scope| {
        let served = scope.spawn(|| {
            let mut served = 0;
            while !is_over.load(Ordering::Relaxed) {
                let answer =
                    kitchen.raw(b"GET /dishes?limit=1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
                assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
                served += 1;
            }
            served
        });
        let said = siege.output().expect("slowhttptest does not run").stdout;
        is_over.store(true, Ordering::Relaxed);
        (said, served.join().expect("others were not served"))
    });
    let said = String::from_utf8_lossy(&said);
    assert!(said.contains("No open connections left"), "{said}");
    assert!(served > 0);
}

/// T221
#[test]
fn a_crowd_that_sends_its_heads_slowly_is_gone_in_time() {
    let kitchen = Kitchen::with_limits(Limits { head: SHORT, ..LIMITS });
    withstands(&kitchen, "/whoami", &["-H"]);
}

/// T222
#[test]
fn a_crowd_that_sends_its_bodies_slowly_is_gone_in_time() {
    let kitchen = Kitchen::with_limits(Limits { body: SHORT, ..LIMITS });
    withstands(&kitchen, "/dishes", &["-B", "-f", "application/json", "-s", "1000", "-x", "2"]);
}

/// T223
#[test]
fn a_crowd_that_reads_slowly_is_gone_in_time() {
    let kitchen = Kitchen::with_limits(Limits { send: SHORT, ..LIMITS });
    withstands(&kitchen, "/courses", &["-X", "-w", "512", "-y", "1024", "-n", "1", "-z", "512"]);
}
