//! What the log says, read from a child process: a logger is one a process.

use std::process::{Command, Stdio};

use common::web::logging::{Format, init};

use crate::harness::{Kitchen, client};

/// Runs the test below in a process of its own, and gives what it logged.
fn logged(format: &str) -> Vec<String> {
    let this = std::env::current_exe().unwrap();
    let child = Command::new(this)
        .args(["--exact", "lines::a_kitchen_that_is_visited", "--nocapture"])
        .env("KITCHEN_LOG", format)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stderr));
    String::from_utf8(child.stderr).unwrap().lines().map(str::to_owned).collect()
}

#[actix_rt::test]
#[allow(clippy::disallowed_methods, reason = "its parent speaks to it through the environment")]
async fn a_kitchen_that_is_visited() {
    let _logging = std::env::var("KITCHEN_LOG").ok().map(|format| {
        let format = if format == "json" { Format::Json } else { Format::Text };
        [init(format, "info"), init(format, "info")]
    });
    let kitchen = Kitchen::open();
    for path in [
        "/dishes/0190b6a0-0000-7000-8000-000000000000?secret=sauce",
        "/share/token",
        "/broken",
        "/panic",
        "/stew",
    ] {
        let request = client()
            .get(kitchen.url(path))
            .header("x-request-id", "the-request")
            .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
            .header("authorization", "Bearer sauce");
        request.send().await.unwrap();
    }
    log::info!(dish = "line\nbreak", count = 3; "escape \u{1b}[31m me");
}

#[test]
fn json_is_one_object_a_line_with_the_id_of_its_request() {
    let lines = logged("json");
    let objects: Vec<serde_json::Value> =
        lines.iter().map_while(|line| serde_json::from_str(line).ok()).collect();
    assert_eq!(objects.len(), lines.len(), "{lines:#?}");
    let access: Vec<_> = objects.iter().filter(|line| line["target"] == "access").collect();
    assert_eq!(access.len(), 5);
    let trace_id = "0af7651916cd43dd8448eb211c80319c";
    assert!(access.iter().all(|line| line["request_id"] == "the-request" && line["trace_id"] == trace_id));
    assert!(access[..4].iter().all(|line| line["level"] == "info"));
    assert_eq!((&access[0]["route"], &access[0]["status"]), (&"/dishes/{id}".into(), &400.into()));
    assert_eq!((&access[1]["route"], &access[1]["status"]), (&"-".into(), &404.into()));
    let failure = objects.iter().find(|line| line["level"] == "error").unwrap();
    assert!(failure["request_id"] == "the-request" && failure["msg"].as_str().unwrap().contains("SELECT"));
    let panic = objects.iter().find(|line| line["target"] == "panic").unwrap();
    assert!(panic["request_id"] == "the-request" && panic["place"].as_str().unwrap().contains("harness.rs"));
    let last = objects.iter().find(|line| line.get("dish").is_some()).unwrap();
    assert_eq!((&last["dish"], &last["count"]), (&"line\nbreak".into(), &3.into()));
}

/// Whoever reads the log by a program relies on these names.
#[test]
fn the_members_of_a_line_are_documented() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/monitoring.md");
    let page = std::fs::read_to_string(page).unwrap();
    let lines = logged("json");
    let objects = lines.iter().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let ours: Vec<_> = objects
        .filter(|line| ["access", "slow_query", "panic"].iter().any(|target| line["target"] == *target))
        .collect();
    assert!(ours.len() > 6, "{ours:#?}");
    for line in &ours {
        for name in line.as_object().unwrap().keys() {
            assert!(page.contains(&format!("`{name}`")), "{name} is not documented: {line}");
        }
    }
    let codes: Vec<_> = ours.iter().filter_map(|line| line["code"].as_str()).collect();
    assert!(codes.contains(&"internal") && codes.contains(&"not_found"), "{codes:?}");
}

/// who asked is known wherever something is done for them.
#[test]
fn a_slow_answer_is_a_warning_and_so_is_the_slow_work_of_a_database_for_it() {
    let lines = logged("json");
    let about = |target: &str, text: &str| -> serde_json::Value {
        let mut lines = lines.iter().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        let found =
            lines.find(|line| line["target"] == target && line["msg"].as_str().unwrap().contains(text));
        found.unwrap_or_else(|| panic!("no {text}"))
    };
    let (answer, query) = (about("access", "/stew"), about("slow_query", "took long"));
    for line in [&answer, &query] {
        assert_eq!((&line["level"], &line["request_id"]), (&"warn".into(), &"the-request".into()), "{line}");
    }
    assert!(query["work"].as_str().unwrap().contains("stew") && query["took_ms"].as_u64().unwrap() >= 1200);
    assert_eq!(about("web::harness", "it cooks")["request_id"], "the-request");
}

/// T237
#[test]
fn a_line_of_text_stays_a_line_and_tells_no_secret() {
    let lines = logged("text");
    assert!(
        lines
            .iter()
            .any(|line| line.contains("GET /dishes/{id} 400") && line.contains("request_id=the-request"))
    );
    assert!(
        lines.iter().any(|line| line.contains(r"escape \u{1b}[31m me dish=line\nbreak count=3")),
        "{lines:#?}"
    );
    assert!(
        lines
            .iter()
            .all(|line| !line.contains("sauce=") && !line.contains("secret=") && !line.contains("Bearer"))
    );
    assert!(lines.iter().all(|line| !line.contains("share")));
}
