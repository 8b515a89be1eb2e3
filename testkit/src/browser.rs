//! Chromium, without a window, told what to do over the DevTools protocol.
//!
//! The protocol is JSON with a NUL behind each message, on a pair of pipes: no port, no driver, no package beside the browser.
//! A browser whose pipes are closed ends, so it never outlives its test.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::eventually;

/// A browser with a profile of its own. It ends when it is dropped.
pub struct Browser {
    process: Child,
    /// Closed first in a drop: that ends the browser.
    orders: Mutex<Option<ChildStdin>>,
    waiting: Waiting,
    last_id: AtomicU64,
}

/// Who waits for which answer.
type Waiting = Arc<Mutex<HashMap<u64, oneshot::Sender<Value>>>>;

/// A tab of a browser. All tabs of one share their cookies.
pub struct Tab<'a> {
    browser: &'a Browser,
    session: String,
}

/// Runs the browser on the pipes 3 and 4, in a folder that is gone afterwards even if the test is killed.
const RUN: &str = "profile=$(mktemp -d) || exit; trap 'rm -rf \"$profile\"' EXIT; trap '' INT TERM HUP
    \"$0\" \"$@\" --user-data-dir=\"$profile\" 3<&0 4>&1 </dev/null >/dev/null 2>&1";

/// A browser that says nothing for so long hangs: it may take half a minute to start on a busy machine.
const ENOUGH: Duration = Duration::from_secs(90);

const FLAGS: [&str; 8] = [
    "--headless=new",
    "--remote-debugging-pipe",
    // Tests run as root in containers, where its sandbox cannot; it sees no page but ours.
    "--no-sandbox",
    "--disable-gpu",
    // Containers have little of it.
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "about:blank",
];

impl Browser {
    /// Starts Chromium. Panics where it is not installed.
    pub fn start() -> Self {
        let program = throwaway::find("chromium").unwrap_or_else(|error| panic!("{error:#}"));
        let mut command = Command::new("sh");
        command.args(["-c", RUN]).arg(program).args(FLAGS).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().expect("sh does not run");
        let (orders, answers) = (process.stdin.take(), process.stdout.take().expect("BUG: piped"));
        let waiting = Waiting::default();
        let told = waiting.clone();
        std::thread::spawn(move || hand_out(answers, &told));
        Self { process, orders: Mutex::new(orders), waiting, last_id: AtomicU64::new(0) }
    }

    /// Opens a tab and waits until its page is loaded.
    pub async fn open(&self, url: &str) -> Tab<'_> {
        let text = |answer: Value, member: &str| answer[member].as_str().expect("no text").to_owned();
        let target = text(self.ask("Target.createTarget", json!({ "url": url }), None).await, "targetId");
        let attach = json!({ "targetId": target, "flatten": true });
        let session = text(self.ask("Target.attachToTarget", attach, None).await, "sessionId");
        let tab = Tab { browser: self, session };
        let is_loaded = "location.href !== 'about:blank' && document.readyState === 'complete'";
        eventually("the page is loaded", async || (tab.run(is_loaded).await == json!(true)).then_some(()))
            .await;
        tab
    }

    /// The cookies that it keeps, by their names.
    pub async fn cookies(&self) -> Vec<Value> {
        let kept = self.ask("Storage.getCookies", json!({}), None).await;
        let mut cookies = kept["cookies"].as_array().expect("no cookies").clone();
        cookies.sort_by_key(|cookie| format!("{} {}", cookie["name"], cookie["path"]));
        cookies
    }

    async fn ask(&self, method: &str, params: Value, session: Option<&str>) -> Value {
        let id = self.last_id.fetch_add(1, Ordering::Relaxed) + 1;
        let mut order = json!({ "id": id, "method": method, "params": params });
        if let Some(session) = session {
            order["sessionId"] = json!(session);
        }
        let (sender, answer) = oneshot::channel();
        self.waiting.lock().expect("poisoned").insert(id, sender);
        self.send(&order);
        let answer = tokio::time::timeout(ENOUGH, answer).await;
        let answer = answer.unwrap_or_else(|_| panic!("{method}: no answer within {ENOUGH:?}"));
        let mut answer = answer.unwrap_or_else(|_| panic!("the browser ended instead of {method}"));
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].take()
    }

    fn send(&self, order: &Value) {
        let mut orders = self.orders.lock().expect("poisoned");
        let orders = orders.as_mut().expect("BUG: it is told things after its end");
        // Where it has ended, the answer fails to come.
        let _ = orders.write_all(format!("{order}\0").as_bytes());
    }
}

/// Reads answers until the browser ends; then nobody waits any more. Events are nobody's.
fn hand_out(answers: ChildStdout, waiting: &Waiting) {
    let mut answers = BufReader::new(answers);
    let mut message = Vec::new();
    while answers.read_until(0, &mut message).is_ok_and(|read| read > 0) {
        let answer: Value =
            serde_json::from_slice(message.strip_suffix(b"\0").unwrap_or(&message)).unwrap_or_default();
        let asked = answer["id"].as_u64().and_then(|id| waiting.lock().expect("poisoned").remove(&id));
        if let Some(asked) = asked {
            // Whoever asked may have gone.
            let _ = asked.send(answer);
        }
        message.clear();
    }
    waiting.lock().expect("poisoned").clear();
}

impl Tab<'_> {
    /// Runs a script in the page and answers what it, or its promise, comes to. Panics where it throws.
    pub async fn run(&self, script: &str) -> Value {
        let params = json!({ "expression": script, "awaitPromise": true, "returnByValue": true });
        let mut answer = self.browser.ask("Runtime.evaluate", params, Some(&self.session)).await;
        assert!(answer.get("exceptionDetails").is_none(), "{script}: {answer}");
        answer["result"]["value"].take()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        drop(self.orders.lock().map(|mut orders| orders.take()));
        // It fails only where it was waited for already.
        let _ = self.process.wait();
    }
}
