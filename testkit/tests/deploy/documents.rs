//! What the documents tell people to paste works.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use testkit::{TestStack, both};

use crate::book::{documents, root};
use crate::file;

const PASTED: [&str; 3] = ["docs/concepts.md", "docs/concepts.ko.md", "README.ko.md"];

/// The blocks of a document that are to be pasted into a shell, one after another.
fn pasted(document: &str) -> String {
    let mut blocks = Vec::new();
    let mut rest = document;
    while let Some((_, from)) = rest.split_once("\n```sh\n") {
        let (block, after) = from.split_once("\n```").expect("a block has no end");
        blocks.push(block);
        rest = after;
    }
    assert!(!blocks.is_empty(), "nothing is pasted");
    blocks.join("\n")
}

#[both]
async fn what_is_pasted_works(stack: TestStack) {
    for path in PASTED {
        let script = pasted(&file(path))
            .replace("http://localhost:8081", &format!("http://{}", stack.auth.addr))
            .replace("http://localhost:8082", &format!("http://{}", stack.recipes.addr));
        // The services have threads of their own; this one has nothing else to do.
        let output = Command::new("bash").args(["-euo", "pipefail", "-c", &script]).output().unwrap();
        let said = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes)).join("\n");
        assert!(output.status.success(), "{path}: {said}");
    }
}

/// Both languages show the same commands.
#[test]
fn the_concepts_in_korean_have_the_same_commands() {
    assert_eq!(pasted(&file("docs/concepts.md")), pasted(&file("docs/concepts.ko.md")));
}

/// What runs the examples of a language in a document: tests, or the continuous integration where it takes a daemon or the
/// whole workspace.
const EXAMPLES: [(&str, &str, &[&str]); 18] = [
    ("README.md", "rust", &["the_ten_lines_are_those_of_the_program"]),
    (
        "README.md",
        "sh",
        &["what_the_readme_says_of_ten_lines_is_so", "the_readme_shows_the_same_tour", ".ci/run"],
    ),
    ("README.ko.md", "rust", &["the_ten_lines_are_those_of_the_program"]),
    ("README.ko.md", "sh", &["what_is_pasted_works"]),
    ("README.ko.md", "console", &["what_the_readme_says_of_ten_lines_is_so", ".ci/run"]),
    ("CONTRIBUTING.md", "sh", &[".ci/run"]),
    ("docs/concepts.md", "sh", &["what_is_pasted_works"]),
    ("docs/concepts.ko.md", "sh", &["what_is_pasted_works"]),
    (
        "docs/backup.md",
        "console",
        &["what_was_backed_up_comes_back_and_nothing_from_before_counts", ".ci/run"],
    ),
    ("docs/restoring.md", "sh", &["the_program_says_what_it_did"]),
    ("docs/browsers.md", "js", &["a_page_as_in_the_guide_goes_on_by_itself"]),
    ("docs/browsers.md", "python", &["the_check_of_a_csrf_token_in_python_is_ours"]),
    ("docs/opaque.md", "console", &["the_service_behind_is_told_who_asks"]),
    ("clients/python/README.md", "python", &["whatever_ends_a_token_is_refused_by_flask_at_once"]),
    ("examples/greeter/README.md", "rust", &["the_ten_lines_are_those_of_the_program"]),
    ("examples/greeter/README.md", "python", &["python_believes_what_is_for_it_and_nothing_else"]),
    ("examples/greeter/README.md", "nginx", &["nginx_asks_as_the_guide_for_others_says"]),
    ("examples/greeter/README.md", "yaml", &["envoy_takes_the_filter_of_the_guide_for_others"]),
];

/// Languages that nobody runs: diagrams, and what is asked and answered.
const READ_ONLY: [&str; 4] = ["", "text", "json", "mermaid"];

/// The languages of the examples of a document.
fn languages(document: &str) -> BTreeSet<String> {
    let fences = document.lines().filter_map(|line| line.strip_prefix("```"));
    fences.step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_example_is_run() {
    let mut found = BTreeSet::new();
    for document in documents() {
        let path = document.strip_prefix(root()).unwrap().display().to_string();
        let languages = languages(&std::fs::read_to_string(&document).unwrap());
        let run = languages.into_iter().filter(|language| !READ_ONLY.contains(&language.as_str()));
        found.extend(run.map(|language| (path.clone(), language)));
    }
    let known: BTreeSet<_> =
        EXAMPLES.iter().map(|(path, language, _)| (path.to_string(), language.to_string())).collect();
    assert_eq!(found, known);
    let tests = tests_of(&root());
    for name in EXAMPLES.iter().flat_map(|(_, _, by)| *by) {
        let is_there = *name == ".ci/run" || tests.iter().any(|text| text.contains(&format!("fn {name}(")));
        assert!(is_there, "there is no test {name}");
    }
}

/// The texts of all tests in a folder's crates.
fn tests_of(folder: &Path) -> Vec<String> {
    let mut texts = Vec::new();
    for entry in folder.read_dir().unwrap().flatten().filter(|entry| entry.file_name() != "target") {
        let path = entry.path();
        if path.is_dir() {
            texts.extend(tests_of(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            texts.push(std::fs::read_to_string(path).unwrap());
        }
    }
    texts
}

/// The Python of docs/browsers.md says of a real token what our own services say.
#[both]
async fn the_check_of_a_csrf_token_in_python_is_ours(stack: TestStack) {
    let guide = file("docs/browsers.md");
    let check = guide.split("```python\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let person = testkit::client::Person::new();
    stack.signup(person.credentials()).await.assert_status(201);
    let login = stack.auth.post("/v1/login?transport=cookie").header("origin", &stack.auth.public_url);
    let login = login.json(&person.credentials()).send().await;
    let token = login.assert_ok().cookies().into_iter().find(|cookie| cookie.name() == "access");
    let payload = token.unwrap().value().split('.').nth(1).unwrap().to_owned();
    let right = login.json()["csrf_token"].as_str().unwrap().to_owned();
    for (csrf_token, verdict) in [(right.as_str(), "True"), ("another", "False")] {
        let script = format!(
            "import base64, hashlib, hmac, json, sys\nx_csrf_token, payload = sys.argv[1:]\n\
             token_claims = json.loads(base64.urlsafe_b64decode(payload + '=='))\n{check}print(allowed)"
        );
        let python = Command::new(throwaway::find("python3").unwrap())
            .args(["-c", &script, csrf_token, &payload])
            .output()
            .unwrap();
        assert_eq!(String::from_utf8_lossy(&python.stdout).trim(), verdict, "{python:?}");
    }
}
