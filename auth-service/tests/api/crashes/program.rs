use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::Mutex;
use std::thread::JoinHandle;

use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::client::{Client, Listener};
use testkit::contract::Contract;

/// Where a program keeps its data, and where the next one finds it.
pub struct Folder {
    folder: TempDir,
    database_url: Option<String>,
    /// For how long a spent token gets the same answer once more.
    window: &'static str,
}

impl Folder {
    /// With a database at this address or a file in the folder, and a window for lost answers.
    pub fn new(database_url: Option<&str>, window: &'static str) -> Self {
        let folder = tempfile::Builder::new().prefix("jipbap-crash-").tempdir().expect("no temporary folder");
        Self { folder, database_url: database_url.map(str::to_owned), window }
    }

    /// The folder of mails.
    pub fn mails(&self) -> PathBuf {
        self.folder.path().join("mail")
    }

    /// The folder of secrets.
    pub fn secrets(&self) -> PathBuf {
        self.folder.path().join("secrets")
    }
}

/// The program as an operator starts it.
pub struct Program {
    pub client: Client,
    http: reqwest::Client,
    child: Mutex<Child>,
    log: JoinHandle<String>,
}

const ISSUER: &str = "http://auth.test";

impl Program {
    /// Starts it, and waits until it says where it listens.
    pub fn start(folder: &Folder) -> Self {
        Self::start_with(folder, &[])
    }

    /// The same with these variables.
    pub fn start_with(folder: &Folder, variables: &[(&str, &str)]) -> Self {
        common::install_crypto();
        let mut command = Command::new(env!("CARGO_BIN_EXE_auth-service"));
        command
            .env_clear()
            .env("AUTH_LISTEN", "127.0.0.1:0")
            .env("AUTH_OPS_LISTEN", "127.0.0.1:0")
            .env("AUTH_DATA_DIR", folder.folder.path())
            .env("AUTH_ISSUER", ISSUER)
            .env("AUTH_BCRYPT_COST", "4")
            .env("AUTH_ROTATION_WINDOW", folder.window)
            .env("AUTH_RATE_LIMITS", "off")
            .env("LOG_FORMAT", "json")
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        if let Some(url) = &folder.database_url {
            command.env("AUTH_DATABASE_URL", url);
        }
        let mut child = command.spawn().expect("the program cannot be started");
        let log = child.stderr.take().expect("BUG: standard error is piped");
        let ((addr, ops_addr), log) = listening(BufReader::new(log));
        let http = reqwest::Client::builder().no_proxy().build().expect("BUG: the settings are constants");
        let listener = |addr: &str| Listener::new(http.clone(), addr.parse().expect("no address"), ISSUER);
        let client = Client {
            auth: listener(&addr).as_documented(Contract::of_auth()),
            auth_ops: listener(&ops_addr),
            // There is no recipe-service here.
            recipes: listener(&addr),
            recipes_ops: listener(&ops_addr),
        };
        Self { client, http, child: Mutex::new(child), log }
    }

    /// kill -9, and waits until it is gone.
    pub fn kill(mut self) {
        self.signal_kill();
        self.wait();
    }

    /// Has it end as operators do, and gives all that it logged: kill -9 would lose the last lines.
    pub fn into_log(mut self) -> String {
        let id = self.child.get_mut().expect("nobody panics with it").id().to_string();
        let told = Command::new("kill").args(["-TERM", &id]).status().expect("kill does not run");
        assert!(told.success(), "it cannot be told to end");
        self.wait();
        let log = std::mem::replace(&mut self.log, std::thread::spawn(String::new));
        log.join().expect("the log cannot be read")
    }

    /// kill -9, whatever it is doing.
    pub fn signal_kill(&self) {
        self.child.lock().expect("nobody panics with it").kill().expect("not killed");
    }

    /// Waits until it is gone.
    pub fn wait(&mut self) {
        self.child.get_mut().expect("nobody panics with it").wait().expect("it cannot be waited for");
    }

    /// Exchanges a token, unless the process is gone.
    pub async fn try_refresh(&self, token: &str) -> Option<String> {
        let body = self.try_post("/v1/refresh", &json!({ "refresh_token": token })).await?;
        Some(body["refresh_token"].as_str().expect("no refresh token").to_owned())
    }

    /// Calls, and gives the body of a good and whole answer.
    pub async fn try_post(&self, path: &str, body: &Value) -> Option<Value> {
        let request = self.http.post(self.client.auth.url(path)).header("content-type", "application/json");
        let answer = request.body(body.to_string()).send().await.ok()?;
        let status = answer.status();
        let text = answer.text().await.ok()?;
        assert!(status.is_success(), "{path} was answered {status}: {text}");
        Some(serde_json::from_str(&text).expect("not JSON"))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Gone already, unless the test failed.
        self.signal_kill();
        self.wait();
    }
}

/// Reads the log up to the line that says where the program listens; the rest is read on a thread, so that the pipe is
/// never full.
fn listening(mut log: BufReader<ChildStderr>) -> ((String, String), JoinHandle<String>) {
    let mut said = String::new();
    loop {
        let mut line = String::new();
        assert!(log.read_line(&mut line).expect("the log cannot be read") > 0, "it did not start:\n{said}");
        said.push_str(&line);
        if let Ok(entry) = serde_json::from_str::<Value>(&line)
            && let (Some(addr), Some(ops_addr)) = (entry["addr"].as_str(), entry["ops_addr"].as_str())
        {
            let addresses = (addr.to_owned(), ops_addr.to_owned());
            let rest = std::thread::spawn(move || {
                // Whoever was killed may have left half a character.
                let mut rest = Vec::new();
                let _ = log.read_to_end(&mut rest);
                said.push_str(&String::from_utf8_lossy(&rest));
                said
            });
            return (addresses, rest);
        }
    }
}
