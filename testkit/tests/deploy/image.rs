//! What images say of what they are made of.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use crate::file;

const SERVICES: [&str; 2] = ["auth-service", "recipe-service"];

/// What `deploy/sbom.sh` writes of a service as it is in its image.
fn sbom(service: &str) -> Value {
    let script = format!("{}/../deploy/sbom.sh", env!("CARGO_MANIFEST_DIR"));
    let output = Command::new("bash").args([&script, service, "pg-tls"]).output().expect("bash does not run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("it is not JSON")
}

/// The checksums of Cargo.lock, by name and version; none of our own crates has one.
fn locked() -> BTreeMap<(String, String), Option<String>> {
    let text = file("Cargo.lock");
    let packages = text.split("[[package]]").skip(1);
    let value = |package: &str, name: &str| {
        let line = package.lines().find_map(|line| line.strip_prefix(&format!("{name} = ")));
        line.map(|value| value.trim_matches('"').to_owned())
    };
    packages
        .map(|package| {
            let named = |name| value(package, name).expect("a package lacks something");
            ((named("name"), named("version")), value(package, "checksum"))
        })
        .collect()
}

/// T242
#[test]
fn an_image_says_what_its_program_is_made_of() {
    let locked = locked();
    for service in SERVICES {
        let sbom = sbom(service);
        assert_eq!((&sbom["bomFormat"], &sbom["specVersion"]), (&"CycloneDX".into(), &"1.6".into()));
        assert_eq!(sbom["metadata"]["component"]["name"], service);
        let components = sbom["components"].as_array().unwrap();
        for component in components {
            let text = |name: &str| component[name].as_str().unwrap_or_default().to_owned();
            let (name, version) = (text("name"), text("version"));
            let checksum =
                locked.get(&(name.clone(), version)).unwrap_or_else(|| panic!("not locked: {component}"));
            assert_eq!(component["hashes"][0]["content"].as_str(), checksum.as_deref(), "{component}");
            let licence = component["licenses"][0]["expression"].as_str().unwrap_or_default();
            assert!(!licence.is_empty() && !licence.contains('/'), "{component}");
            assert!(text("purl").starts_with(&format!("pkg:cargo/{name}@")), "{component}");
        }
        let names: BTreeSet<_> =
            components.iter().filter_map(|component| component["name"].as_str()).collect();
        // Those of the image's features, and of builds; none of tests.
        for name in ["common", "diesel", "openssl-sys", "openssl-src", "libsqlite3-sys", "aws-lc-sys"] {
            assert!(names.contains(name), "{service}: no {name}");
        }
        assert!(!names.contains("proptest") && !names.contains("testkit"), "{service}");
    }
}

/// T242
#[test]
fn the_label_of_an_image_names_the_file_that_says_so() {
    let dockerfile = file("deploy/Dockerfile");
    for service in SERVICES {
        let path = format!("/usr/share/sbom/{service}.cdx.json");
        let copied = format!("COPY --from=build /sboms/{service}.cdx.json {path}");
        let label = format!("io.github.jipbap.sbom=\"{path}\"");
        assert!(dockerfile.contains(&copied) && dockerfile.contains(&label), "{service}");
    }
}
