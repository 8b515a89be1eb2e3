//! What is linked: licences, banned crates, sources.
//!
//! Where cargo-deny is installed it checks. Elsewhere (building it takes longer than building the services) the same
//! rules of deny.toml are checked here against what cargo says of the default graph.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use semver::{Version, VersionReq};
use serde::Deserialize;

use super::{Mode, fail_with, licenses};
use crate::workspace::{cargo, output_of, read, run};

/// What the verifier is for services without actix and diesel.
const NOT_IN_BARE_COMMON: [&str; 5] = ["actix", "diesel", "libsqlite3", "pq-s", "redis"];

pub fn check(_: Mode) -> Result<()> {
    if cargo_deny_is_installed() {
        let deny = ["deny", "--locked", "check", "licenses", "bans", "sources"];
        return run(&mut cargo(&deny));
    }
    println!("cargo-deny is not installed: its rules for licences, bans and sources are checked without it");
    let rules: Rules = toml::from_str(&read("deny.toml")?).context("deny.toml")?;
    fail_with(problems(&rules, &linked(&rules.graph.targets)?))
}

/// Without a feature, `common` is the verifier alone: any service can afford it.
pub fn check_bare_common(_: Mode) -> Result<()> {
    let tree = [
        "tree",
        "-p",
        "common",
        "--no-default-features",
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--locked",
    ];
    let tree = output_of(&mut cargo(&tree))?;
    let names: BTreeSet<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    let unwanted =
        names.into_iter().filter(|name| NOT_IN_BARE_COMMON.iter().any(|start| name.starts_with(start)));
    fail_with(unwanted.map(|name| format!("{name} is in the tree of common without features")).collect())
}

fn cargo_deny_is_installed() -> bool {
    let asked =
        Command::new("cargo-deny").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    asked.is_ok_and(|status| status.success())
}

/// The part of deny.toml that is checked here.
#[derive(Deserialize)]
struct Rules {
    graph: Graph,
    licenses: Licenses,
    bans: Bans,
    sources: Sources,
}

#[derive(Deserialize)]
struct Graph {
    targets: Vec<String>,
}

#[derive(Deserialize)]
struct Licenses {
    allow: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Ban {
    /// `name` or `name:requirement`.
    #[serde(rename = "crate")]
    package: String,
    #[serde(default)]
    deny_multiple_versions: bool,
    reason: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Sources {
    allow_registry: BTreeSet<String>,
}

/// A package as `cargo metadata` describes it.
#[derive(Deserialize)]
struct Package {
    name: String,
    version: Version,
    license: Option<String>,
    /// None for a package of the workspace.
    source: Option<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

/// The packages of the default graph on these targets.
///
/// `cargo metadata` describes every package of the lock file that some choice of features would link; only `cargo tree`
/// says which ones ours does.
fn linked(targets: &[String]) -> Result<Vec<Package>> {
    let mut tree = cargo(&["tree", "--workspace", "--prefix", "none", "--format", "{p}", "--locked"]);
    tree.args(targets.iter().flat_map(|target| ["--target", target]));
    let tree = output_of(&mut tree)?;
    let linked: BTreeSet<(&str, &str)> = tree.lines().filter_map(name_and_version).collect();
    let metadata = output_of(&mut cargo(&["metadata", "--format-version", "1", "--locked"]))?;
    let Metadata { packages } = serde_json::from_str(&metadata)?;
    let is_linked = |package: &Package| linked.contains(&(&*package.name, &*package.version.to_string()));
    Ok(packages.into_iter().filter(is_linked).collect())
}

/// Reads `ring v0.17.14 (proc-macro)`.
fn name_and_version(line: &str) -> Option<(&str, &str)> {
    let mut words = line.split(' ');
    Some((words.next()?, words.next()?.strip_prefix('v')?))
}

fn problems(rules: &Rules, packages: &[Package]) -> Vec<String> {
    let licences = packages.iter().filter_map(|package| unlicensed(rules, package));
    let sources = packages.iter().filter_map(|package| from_elsewhere(rules, package));
    let bans = rules.bans.deny.iter().filter_map(|ban| broken(ban, packages));
    licences.chain(sources).chain(bans).collect()
}

fn unlicensed(rules: &Rules, package: &Package) -> Option<String> {
    let Package { name, version, license, .. } = package;
    let Some(license) = license else { return Some(format!("{name} {version}: it names no licence")) };
    let is_allowed = licenses::is_satisfied(license, |one| rules.licenses.allow.contains(one));
    (!is_allowed).then(|| format!("{name} {version}: the licence {license} is not in deny.toml"))
}

fn from_elsewhere(rules: &Rules, package: &Package) -> Option<String> {
    let source = package.source.as_ref()?;
    let registry = source.strip_prefix("registry+");
    let is_known = registry.is_some_and(|registry| rules.sources.allow_registry.contains(registry));
    (!is_known).then(|| format!("{} {}: it comes from {source}", package.name, package.version))
}

fn broken(ban: &Ban, packages: &[Package]) -> Option<String> {
    let (name, requirement) = ban.package.split_once(':').unwrap_or((&ban.package, "*"));
    let requirement =
        VersionReq::parse(requirement).expect("deny.toml: a version requirement after the colon");
    let versions: Vec<String> = packages
        .iter()
        .filter(|package| package.name == name && requirement.matches(&package.version))
        .map(|package| package.version.to_string())
        .collect();
    let allowed = if ban.deny_multiple_versions { 1 } else { 0 };
    (versions.len() > allowed).then(|| format!("{name} {}: {}", versions.join(", "), ban.reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, version: &str, license: &str) -> Package {
        Package {
            name: name.into(),
            version: version.parse().unwrap(),
            license: Some(license.into()),
            source: Some("registry+https://github.com/rust-lang/crates.io-index".into()),
        }
    }

    fn found(packages: &[Package]) -> Vec<String> {
        problems(&toml::from_str(&read("deny.toml").unwrap()).unwrap(), packages)
    }

    #[test]
    fn a_licence_a_ban_and_a_source_are_found() {
        let strange =
            Package { source: Some("git+https://example.org/x".into()), ..package("x", "1.0.0", "MIT") };
        let problems = found(&[package("actix-governor", "0.10.0", "GPL-3.0-or-later"), strange]);
        assert_eq!(problems.len(), 3, "{problems:?}");
    }

    #[test]
    fn a_version_is_banned_alone_and_two_versions_together() {
        assert_eq!(found(&[package("h2", "0.4.16", "MIT"), package("rustls", "0.23.0", "MIT")]), [""; 0]);
        assert_eq!(found(&[package("h2", "0.3.27", "MIT")]).len(), 1);
        assert_eq!(found(&[package("rustls", "0.22.0", "MIT"), package("rustls", "0.23.0", "MIT")]).len(), 1);
    }
}
