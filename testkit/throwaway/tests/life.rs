//! How long servers live: as long as the process that started them, whichever way it ends.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use throwaway::Redis;

#[test]
fn servers_die_with_a_process_that_is_killed() {
    let (mut owner, mut addresses) = start_the_program();
    let (postgres, redis) = (port(&mut addresses), port(&mut addresses));
    let connections = [postgres, redis].map(|port| TcpStream::connect(("127.0.0.1", port)).unwrap());

    owner.kill().unwrap();
    owner.wait().unwrap();

    for connection in connections {
        wait_until_closed(connection);
    }
}

#[test]
fn a_dropped_server_leaves_no_folder() {
    let server = Redis::start().unwrap();
    let mut connection = redis_connection(&server);
    let folder = config(&mut connection, "dir");
    assert!(std::fs::exists(&folder).unwrap());

    drop(server);

    assert!(!std::fs::exists(&folder).unwrap());
}

#[test]
fn a_paused_server_is_silent_until_it_is_resumed() {
    let server = Redis::start().unwrap();
    let mut connection = redis_connection(&server);
    connection.get_ref().set_read_timeout(Some(Duration::from_millis(100))).unwrap();

    server.pause().unwrap();
    ask(&mut connection, "PING");
    assert!(connection.read_line(&mut String::new()).is_err());

    server.resume().unwrap();
    connection.get_ref().set_read_timeout(None).unwrap();
    assert_eq!(answer(&mut connection), "+PONG");
}

fn start_the_program() -> (Child, BufReader<ChildStdout>) {
    let mut owner = Command::new(env!("CARGO_BIN_EXE_throwaway")).stdout(Stdio::piped()).spawn().unwrap();
    let addresses = BufReader::new(owner.stdout.take().unwrap());
    (owner, addresses)
}

/// Reads a line such as `redis://127.0.0.1:1234`.
fn port(addresses: &mut impl BufRead) -> u16 {
    let mut address = String::new();
    addresses.read_line(&mut address).unwrap();
    let authority = address.trim_end().split('/').nth(2).unwrap();
    authority.rsplit_once(':').unwrap().1.parse().unwrap()
}

fn wait_until_closed(mut connection: TcpStream) {
    connection.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let closed = match connection.read(&mut [0]) {
        Ok(length) => length == 0,
        Err(error) => error.kind() == std::io::ErrorKind::ConnectionReset,
    };
    assert!(closed);
}

fn redis_connection(server: &Redis) -> BufReader<TcpStream> {
    let port = server.url().rsplit_once(':').unwrap().1.parse().unwrap();
    BufReader::new(TcpStream::connect(("127.0.0.1", port)).unwrap())
}

fn ask(connection: &mut BufReader<TcpStream>, command: &str) {
    std::io::Write::write_all(connection.get_mut(), format!("{command}\r\n").as_bytes()).unwrap();
}

fn answer(connection: &mut BufReader<TcpStream>) -> String {
    let mut line = String::new();
    connection.read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}

/// `CONFIG GET` answers five lines: `*2`, the length and name of the setting, the length and text of its value.
fn config(connection: &mut BufReader<TcpStream>, setting: &str) -> String {
    ask(connection, &format!("CONFIG GET {setting}"));
    let lines: Vec<String> = (0..5).map(|_| answer(connection)).collect();
    lines[4].clone()
}
