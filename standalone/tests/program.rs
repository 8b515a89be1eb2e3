//! The program as a newcomer meets it.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// A running `jipbap` on free ports, with a data folder of its own.
struct Program {
    child: Child,
    tour: String,
}

fn command(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jipbap"));
    let any_port = "127.0.0.1:0";
    for variable in ["AUTH_LISTEN", "AUTH_OPS_LISTEN", "RECIPES_LISTEN", "RECIPES_OPS_LISTEN"] {
        command.env(variable, any_port);
    }
    command.env("AUTH_DATA_DIR", data).env("RUST_LOG", "warn").stdin(Stdio::null());
    command
}

impl Program {
    /// Starts it and reads what it prints, up to the line that ends the tour.
    fn start(data: &Path) -> Self {
        let mut child = command(data).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let printed: Vec<_> = lines.take_while(|line| !line.starts_with("Ctrl-C")).collect();
        let from = printed.iter().position(|line| line.starts_with("auth=")).expect("it prints a tour");
        Self { child, tour: printed[from..].join("\n") }
    }

    /// Runs a script with what the tour defines first: `$auth`, `$recipes`, `$json` and `member`.
    fn run(&self, script: &str) -> String {
        let definitions: Vec<_> = self.tour.lines().take(2).collect();
        shell(&format!("{}\n{script}", definitions.join("\n")))
    }

    /// Where auth-service listens.
    fn auth(&self) -> String {
        let (_, rest) = self.tour.split_once("auth=http://").unwrap();
        rest.split_once(' ').unwrap().0.to_owned()
    }

    fn interrupt(self) -> Option<i32> {
        kill_process(Pid::from_child(&self.child), Signal::INT).unwrap();
        self.wait()
    }

    fn wait(mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn shell(script: &str) -> String {
    let output = Command::new("bash").args(["-euo", "pipefail", "-c", script]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn line(answers: &mut impl BufRead) -> String {
    let mut line = String::new();
    answers.read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}

/// Runs it where it cannot start, and expects one line that says why.
fn refusal(command: &mut Command) -> (Option<i32>, String) {
    let Output { status, stderr, stdout } = command.output().unwrap();
    let (stderr, stdout) = (String::from_utf8(stderr).unwrap(), String::from_utf8(stdout).unwrap());
    assert_eq!(stdout, "");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    (status.code(), stderr)
}

const SIGN_UP: &str = r#"curl -s $auth/v1/signup -H "$json" -d '{"email":"kim@example.org","password":"boil the rice first"}' | member access_token"#;

#[test]
fn the_tour_works_when_pasted_twice() {
    let data = TempDir::new().unwrap();
    let program = Program::start(data.path());
    for _ in 0..2 {
        let printed = shell(&program.tour);
        assert!(printed.contains("김치찌개"), "{printed}");
        let last: Vec<_> = printed.lines().rev().take(3).collect();
        assert_eq!((last[0], last[2]), ("401", "204"), "{printed}");
        assert!(last[1].contains("token_revoked"), "{printed}");
    }
}

#[test]
fn the_readme_shows_the_same_tour() {
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md")).unwrap();
    assert!(readme.contains(include_str!("../src/tour.sh")));
}

#[test]
fn a_second_start_has_the_same_people_and_keys() {
    let data = TempDir::new().unwrap();
    let first = Program::start(data.path());
    let token = first.run(SIGN_UP);
    assert_eq!(first.interrupt(), Some(0));

    let second = Program::start(data.path());

    let me = second.run(&format!("curl -s $auth/v1/me -H 'Authorization: Bearer {}'", token.trim()));
    assert!(me.contains("kim@example.org"), "{me}");
}

#[test]
fn ctrl_c_answers_what_was_accepted_and_exits_with_0() {
    let data = TempDir::new().unwrap();
    let program = Program::start(data.path());
    let body = r#"{"email":"kim@example.org","password":"boil the rice first"}"#;
    let mut connection = TcpStream::connect(program.auth()).unwrap();
    let head = format!(
        "POST /v1/signup HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        body.len()
    );
    connection.write_all(head.as_bytes()).unwrap();
    let mut answers = BufReader::new(connection.try_clone().unwrap());
    // It has begun to answer: from here on the request counts as accepted.
    assert_eq!(line(&mut answers), "HTTP/1.1 100 Continue");
    kill_process(Pid::from_child(&program.child), Signal::INT).unwrap();

    connection.write_all(body.as_bytes()).unwrap();

    assert_eq!(line(&mut answers), "");
    assert_eq!(line(&mut answers), "HTTP/1.1 201 Created");
    assert_eq!(program.wait(), Some(0));
}

#[test]
fn a_port_in_use_is_said_in_one_line() {
    let data = TempDir::new().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();

    let (code, line) = refusal(command(data.path()).env("AUTH_LISTEN", &address));

    assert_eq!(code, Some(1));
    assert!(line.contains("AUTH_LISTEN") && line.contains(&address) && line.contains("in use"), "{line}");
}

#[test]
fn a_folder_that_cannot_be_written_is_said_in_one_line() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("data");
    fs::write(&file, "no folder").unwrap();

    let (code, line) = refusal(&mut command(&file));

    assert_ne!(code, Some(0));
    assert!(line.contains(file.to_str().unwrap()), "{line}");
}

#[test]
fn a_data_folder_without_its_secrets_is_said_in_one_line() {
    let data = TempDir::new().unwrap();
    assert_eq!(Program::start(data.path()).interrupt(), Some(0));
    fs::remove_dir_all(data.path().join("secrets/auth")).unwrap();

    let (code, line) = refusal(&mut command(data.path()));

    assert_eq!(code, Some(78));
    assert!(line.contains("secrets"), "{line}");
}

#[test]
fn a_half_written_secret_is_said_in_one_line() {
    let data = TempDir::new().unwrap();
    assert_eq!(Program::start(data.path()).interrupt(), Some(0));
    let secret = data.path().join("secrets/auth/pepper.1");
    let mut text = String::new();
    fs::File::open(&secret).unwrap().read_to_string(&mut text).unwrap();
    fs::write(&secret, &text[..10]).unwrap();

    let (code, line) = refusal(&mut command(data.path()));

    assert_eq!(code, Some(78));
    assert!(line.contains("pepper.1"), "{line}");
}

#[test]
fn a_bad_value_names_its_variable_and_an_unknown_flag_exits_with_2() {
    let data = TempDir::new().unwrap();
    let (code, line) = refusal(command(data.path()).env("AUTH_ACCESS_TTL", "soon"));
    assert_eq!(code, Some(78));
    assert!(line.contains("AUTH_ACCESS_TTL"), "{line}");

    let unknown = command(data.path()).arg("--nonsense").output().unwrap();
    assert_eq!(unknown.status.code(), Some(2));
}
