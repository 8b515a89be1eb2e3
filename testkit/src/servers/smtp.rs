use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use tempfile::TempDir;

use crate::mail::Mail;
use crate::python::command;

/// How a server of mails wants to be spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    None,
    StartTls,
    Tls,
}

/// A server that takes mails (aiosmtpd), of one test.
pub struct SmtpServer {
    security: Security,
    credentials: Option<(&'static str, &'static str)>,
    folder: TempDir,
    port: u16,
    running: Option<Running>,
    said: Arc<Mutex<Vec<Value>>>,
}

struct Running {
    child: Child,
    stdin: ChildStdin,
}

impl SmtpServer {
    /// Starts a server on a port of its own.
    pub fn start(security: Security) -> Self {
        Self::start_with(security, None)
    }

    /// Starts a server that wants this name and password.
    pub fn start_with(security: Security, credentials: Option<(&'static str, &'static str)>) -> Self {
        let folder = tempfile::Builder::new().prefix("jipbap-smtp-").tempdir().expect("no temporary folder");
        let said = Arc::default();
        let mut server = Self { security, credentials, folder, port: 0, running: None, said };
        server.start_again();
        server
    }

    /// Stops it: nobody answers where it was.
    pub fn stop(&mut self) {
        if let Some(mut running) = self.running.take() {
            running.child.kill().expect("the server cannot be stopped");
            running.child.wait().expect("the server cannot be waited for");
        }
    }

    /// Starts it where it was before, with certificates of its own.
    pub fn start_again(&mut self) {
        self.stop();
        let mut command = command("smtp_server.py");
        let security = match self.security {
            Security::None => "none",
            Security::StartTls => "starttls",
            Security::Tls => "tls",
        };
        command.args([&self.port.to_string(), security]).arg(self.folder.path());
        command.args(self.credentials.into_iter().flat_map(|(name, password)| [name, password]));
        // What its libraries complain of is the matter of a test only where it does not start.
        let complaints = self.folder.path().join("stderr");
        let stderr = File::create(&complaints).expect("no file for what it complains of");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(stderr);
        let mut child = command.spawn().expect("python does not run");
        let stdin = child.stdin.take().expect("BUG: its input is piped");
        let mut lines = BufReader::new(child.stdout.take().expect("BUG: its output is piped")).lines();
        let first = lines.next().unwrap_or_else(|| {
            let said = std::fs::read_to_string(&complaints).unwrap_or_default();
            panic!("the server did not start: {said}")
        });
        let first = first.expect("the server says no text");
        self.port = json(&first)["port"].as_u64().expect("the server says no port") as u16;
        let said = self.said.clone();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                said.lock().unwrap_or_else(PoisonError::into_inner).push(json(&line));
            }
        });
        self.running = Some(Running { child, stdin });
    }

    /// Has it answer recipients with this code and what it means, such as `450 Later`; `250 OK` takes mails again.
    pub async fn answer(&mut self, answer: &str) {
        let running = self.running.as_mut().expect("the server is stopped");
        writeln!(running.stdin, "{answer}").expect("the server does not listen");
        crate::eventually("the server answers otherwise", async || {
            let said = self.said();
            let last = said.iter().rev().find_map(|said| said["answers"].as_str());
            (last == Some(answer)).then_some(())
        })
        .await;
    }

    /// Where it is, as `AUTH_SMTP_URL` says it.
    pub fn url(&self) -> String {
        let login =
            self.credentials.map(|(name, password)| format!("{name}:{password}@")).unwrap_or_default();
        let (scheme, query) = match self.security {
            Security::None => ("smtp", "?tls=none"),
            Security::StartTls => ("smtp", ""),
            Security::Tls => ("smtps", ""),
        };
        format!("{scheme}://{login}127.0.0.1:{}{query}", self.port)
    }

    /// The file with the certificate that its own is signed by.
    pub fn authority(&self) -> String {
        self.folder.path().join("authority.pem").display().to_string()
    }

    /// What it was given so far: each mail, with what was said of it outside of it.
    pub fn taken(&self) -> Vec<(Value, Mail)> {
        let mails = self.said().into_iter().filter(|said| said["raw"].is_string());
        mails.map(|said| (said.clone(), Mail::parse(&raw(&said)))).collect()
    }

    /// How often it refused a recipient.
    pub fn refused(&self) -> usize {
        self.said().iter().filter(|said| said["refused"].is_string()).count()
    }

    fn said(&self) -> Vec<Value> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.stop();
    }
}

fn json(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|_| panic!("the server says what is no JSON: {line}"))
}

fn raw(said: &Value) -> Vec<u8> {
    STANDARD.decode(said["raw"].as_str().unwrap_or_default()).expect("the server says what is no base64")
}
