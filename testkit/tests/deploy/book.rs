//! The documents hold together: every link leads somewhere, and the book (mdBook, from `docs`) has every page.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::file;

/// Where the repository says that it is: what pages of the book point to outside of the book begins so.
const REPOSITORY: &str = "https://github.com/jipbap/jipbap/blob/main/";

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("testkit is in the workspace").to_owned()
}

/// All documents that people read.
pub fn documents() -> Vec<PathBuf> {
    let markdown = |folder: &Path| {
        let files = folder.read_dir().unwrap().map(|file| file.unwrap().path());
        files.filter(|file| file.extension().is_some_and(|ending| ending == "md")).collect::<Vec<_>>()
    };
    let folders = ["", "docs", "docs/decisions", "examples/greeter", "clients/python"];
    folders.iter().flat_map(|folder| markdown(&root().join(folder))).collect()
}

/// Without what stands in fences.
fn prose(text: &str) -> String {
    let mut is_code = false;
    let mut kept = Vec::new();
    for line in text.lines() {
        let is_fence = line.starts_with("```");
        is_code ^= is_fence;
        if !is_code && !is_fence {
            kept.push(line);
        }
    }
    kept.join("\n")
}

/// The targets of `[words](target)`.
fn links(text: &str) -> Vec<String> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
    targets.map(|(target, _)| target.to_owned()).collect()
}

/// What a heading is called in an address: its letters, digits, `-` and `_` in lower case, with hyphens for spaces.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect()
}

fn anchors(text: &str) -> BTreeSet<String> {
    let mut counted = BTreeMap::new();
    let mut found = BTreeSet::new();
    let text = prose(text);
    let headings = text.lines().filter(|line| line.starts_with('#'));
    for name in headings.map(|line| anchor(line.trim_start_matches('#'))) {
        // The second of a name is called -1.
        let count: &mut usize = counted.entry(name.clone()).or_default();
        found.insert(if *count == 0 { name } else { format!("{name}-{count}") });
        *count += 1;
    }
    found
}

/// Where a link of a document leads to, as a file and the name of a heading; none where it leads to another place.
fn target(document: &Path, link: &str) -> Option<(PathBuf, Option<String>)> {
    let (path, heading) =
        link.split_once('#').map_or((link, None), |(path, name)| (path, Some(name.to_owned())));
    let path = match path.strip_prefix(REPOSITORY) {
        Some(path) => root().join(path),
        None if path.contains("://") => return None,
        None if path.is_empty() => document.to_owned(),
        None => document.parent().expect("a document is in a folder").join(path),
    };
    Some((path, heading))
}

#[test]
fn links_lead_to_files_and_headings_that_exist() {
    let mut dead = Vec::new();
    for document in documents() {
        let text = prose(&std::fs::read_to_string(&document).unwrap());
        for link in links(&text) {
            let Some((path, heading)) = target(&document, &link) else { continue };
            let has_heading =
                |name: &str| std::fs::read_to_string(&path).is_ok_and(|text| anchors(&text).contains(name));
            if !path.exists() || heading.as_deref().is_some_and(|name| !has_heading(name)) {
                dead.push(format!("{}: {link}", document.display()));
            }
        }
    }
    assert!(dead.is_empty(), "{dead:#?}");
}

/// mdBook builds what the summary names and nothing else: each page once, and no page points out of the book but by a whole
/// address.
#[test]
fn the_book_has_every_page_and_holds_together() {
    let docs = root().join("docs");
    let summary = links(&file("docs/SUMMARY.md"));
    let once: BTreeSet<_> = summary.iter().collect();
    assert_eq!(once.len(), summary.len(), "a page is in the summary twice");
    for document in documents().iter().filter(|document| document.starts_with(&docs)) {
        let page = document.strip_prefix(&docs).unwrap().display().to_string();
        assert!(page == "SUMMARY.md" || summary.contains(&page), "{page} is not in docs/SUMMARY.md");
        for link in links(&prose(&std::fs::read_to_string(document).unwrap())) {
            let (path, _) = link.split_once('#').unwrap_or((&link, ""));
            let is_outside = !path.contains("://") && {
                let folder = document.parent().unwrap().strip_prefix(&docs).unwrap();
                path.matches("../").count() > folder.components().count()
            };
            assert!(!is_outside, "{page} leads out of the book: {link}");
        }
    }
}

#[test]
fn headings_are_found_by_the_names_that_forges_and_mdbook_give_them() {
    let text =
        "# Redis, for who checks there\n```sh\n# no heading\n```\n## 토큰, 처음부터\n## `a` b\n## A b\n";
    let expected = ["a-b", "a-b-1", "redis-for-who-checks-there", "토큰-처음부터"];
    assert_eq!(anchors(text), expected.map(String::from).into());
}
