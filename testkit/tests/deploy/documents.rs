//! What the documents tell people to paste works, and what they point to is there.

use std::path::{Path, PathBuf};
use std::process::Command;

use testkit::{TestStack, both};

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

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn documents() -> Vec<PathBuf> {
    let markdown = |folder: &Path| {
        let files = folder.read_dir().unwrap().map(|file| file.unwrap().path());
        files.filter(|file| file.extension().is_some_and(|ending| ending == "md")).collect::<Vec<_>>()
    };
    let folders = ["", "docs", "docs/decisions", "examples/greeter", "clients/python"];
    folders.iter().flat_map(|folder| markdown(&root().join(folder))).collect()
}

/// The targets of `[words](target)` that are files, without what follows `#`.
fn links(text: &str) -> Vec<String> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
    let files = targets.filter(|target| !target.contains("://") && !target.starts_with('#'));
    files.map(|target| target.split('#').next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn links_lead_to_files_that_exist() {
    let mut dead = Vec::new();
    for document in documents() {
        let text = std::fs::read_to_string(&document).unwrap();
        for link in links(&text) {
            if !document.parent().unwrap().join(&link).exists() {
                dead.push(format!("{}: {link}", document.display()));
            }
        }
    }
    assert!(dead.is_empty(), "{dead:#?}");
}

/// mdBook builds what the summary names and nothing else.
#[test]
fn every_page_is_in_the_summary() {
    let summary = links(&file("docs/SUMMARY.md"));
    let docs = root().join("docs");
    for document in documents().iter().filter(|document| document.starts_with(&docs)) {
        let page = document.strip_prefix(&docs).unwrap().display().to_string();
        assert!(page == "SUMMARY.md" || summary.contains(&page), "{page} is not in docs/SUMMARY.md");
    }
}
