//! What the compose file tells the services, held against the reference of their settings, which `cargo xtask check` holds
//! against `--help`.

use std::collections::{BTreeMap, BTreeSet};

use crate::file;

const SERVICES: [(&str, &str, [&str; 2]); 2] = [
    ("auth", "auth-service", ["auth-migrate", "auth-service"]),
    ("recipes", "recipe-service", ["recipes-migrate", "recipe-service"]),
];

/// The variables that the containers of a service are given.
fn given(compose: &str, service: &str) -> BTreeMap<String, String> {
    let name = format!("{service}-environment");
    let (_, from) = compose.split_once(&format!("\nx-{name}: &{name}\n")).expect("no such block");
    let lines = from.lines().take_while(|line| line.starts_with("  ")).map(str::trim);
    let lines = lines.filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// The variables that a program knows, of one group or of all. Those that may be files are marked by no value beside them.
fn known(reference: &str, program: &str, group: Option<&str>) -> BTreeSet<String> {
    let (_, of_program) = reference.split_once(&format!("\n## {program}\n")).expect("no such program");
    let of_program = of_program.split("\n### ").next().unwrap_or_default();
    let text = match group {
        Some(group) => {
            let (_, of_group) = of_program.split_once(&format!("\n{group}:\n")).expect("no such group");
            of_group
                .lines()
                .take_while(|line| line.is_empty() || line.starts_with(' '))
                .collect::<Vec<_>>()
                .join("\n")
        }
        None => of_program.to_owned(),
    };
    let mut names = BTreeSet::new();
    for variable in text.split("[env: ").skip(1).filter_map(|rest| rest.split(']').next()) {
        match variable.strip_suffix('=') {
            Some(name) => drop(names.insert(name.to_owned())),
            None => names.extend([variable.to_owned(), format!("{variable}_FILE")]),
        }
    }
    names
}

/// What is mounted into a container, by where.
fn mounts(compose: &str, container: &str) -> Vec<String> {
    let (_, from) = compose.split_once(&format!("\n  {container}:")).expect("no such container");
    let lines = from.lines().skip(1).take_while(|line| line.is_empty() || line.starts_with("    "));
    let (_, volumes) = lines
        .collect::<Vec<_>>()
        .join("\n")
        .split_once("    volumes:")
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .expect("no volumes");
    let mounts = volumes.split([',', '\n']).map(|mount| mount.trim_matches([' ', '-', '"', '[', ']']));
    let target = |mount: &str| mount.trim_end_matches(":ro").rsplit(':').next().map(str::to_owned);
    mounts.filter_map(target).filter(|target| target.starts_with('/')).collect()
}

#[test]
fn the_services_know_every_variable_that_compose_gives_them() {
    let (compose, reference) = (file("docker-compose.yml"), file("docs/configuration.md"));
    for (service, program, _) in SERVICES {
        let given: BTreeSet<_> = given(&compose, service).into_keys().collect();
        let known = known(&reference, program, None);
        assert!(given.len() >= 5 && known.len() >= 20, "{given:?} {known:?}");
        assert_eq!(given.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new(), "{program}");
    }
}

/// Nothing about mails can only be said where there are no containers.
#[test]
fn compose_passes_all_that_there_is_to_say_of_mails() {
    let given = given(&file("docker-compose.yml"), "auth");
    let mail = known(&file("docs/configuration.md"), "auth-service", Some("Mail"));
    assert_eq!(mail.len(), 4, "{mail:?}");
    assert!(mail.iter().all(|variable| given.contains_key(variable)), "{mail:?}");
}

/// A file that a variable names is in every container that is given the variable.
#[test]
fn every_file_that_compose_names_is_mounted() {
    let compose = file("docker-compose.yml");
    for (service, _, containers) in SERVICES {
        let paths: Vec<String> = given(&compose, service)
            .into_values()
            .filter_map(|value| {
                value.split(['+', ':']).next_back().map(|path| path.trim_end_matches('}').to_owned())
            })
            .filter(|path| path.starts_with('/') && !path.starts_with("//"))
            .collect();
        assert!(paths.len() >= 2, "{paths:?}");
        for container in containers {
            let mounts = mounts(&compose, container);
            for path in &paths {
                let is_there =
                    mounts.iter().any(|mount| path == mount || path.starts_with(&format!("{mount}/")));
                assert!(is_there, "{container}: {path} is not among {mounts:?}");
            }
        }
    }
}
