use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::program::find;
use crate::supervised::Supervised;

/// An nginx or an Envoy with the files of a deployment, in front of other servers of a test.
pub struct Gateway(Supervised);

/// A text of the files, and what a test has in its place; `{port}` and `{folder}` are the server's own.
pub type Change<'a> = (&'a str, String);

impl Gateway {
    /// Starts nginx as `deploy/nginx` has it, in front of these two services.
    pub fn nginx(auth: SocketAddr, recipes: SocketAddr) -> Result<Self> {
        let changes = [
            ("listen 8443", "listen 127.0.0.1:{port}".to_owned()),
            ("server auth-service:8081", format!("server {auth}")),
            ("server recipe-service:8082", format!("server {recipes}")),
        ];
        Self::nginx_with(&deploy("nginx"), &changes)
    }

    /// Starts nginx with the `nginx.conf` of a folder and what stands beside it.
    ///
    /// # Errors
    /// A text that is to be changed is in none of the files, or nginx is not installed or does not start.
    pub fn nginx_with(files: &Path, changes: &[Change<'_>]) -> Result<Self> {
        let program = find("nginx")?.display().to_string();
        let is_bound = |folder: &Path, _: u16| has(&folder.join("nginx.pid"), "\n");
        // Where root starts it, its workers could not write into this folder as somebody else.
        let own = ["-g", "daemon off; user root;", "-c"];
        Self::start(files, changes, is_bound, |folder| {
            let all = own.map(String::from).into_iter().chain([format!("{folder}/nginx.conf")]);
            std::iter::once(program.clone()).chain(all).collect()
        })
    }

    /// Starts this Envoy as `deploy/envoy` has it, in front of these two services, for tokens of this issuer.
    pub fn envoy(program: &Path, issuer: &str, auth: SocketAddr, recipes: SocketAddr) -> Result<Self> {
        let at = |addr: SocketAddr| format!("address: {}, port_value: {}", addr.ip(), addr.port());
        let changes = [
            ("address: 0.0.0.0, port_value: 8444", "address: 127.0.0.1, port_value: {port}".to_owned()),
            ("address: auth-service, port_value: 8081", at(auth)),
            ("address: recipe-service, port_value: 8082", at(recipes)),
            ("issuer: http://localhost:8081", format!("issuer: {issuer}")),
        ];
        let program = program.display().to_string();
        let is_bound = |folder: &Path, _: u16| has(&folder.join("log"), "starting workers");
        Self::start(&deploy("envoy"), &changes, is_bound, |folder| {
            let config = format!("{folder}/envoy.yaml");
            let arguments = ["-c", &config, "--concurrency", "2", "--disable-hot-restart"];
            std::iter::once(program.as_str()).chain(arguments).map(String::from).collect()
        })
    }

    fn start(
        files: &Path,
        changes: &[Change<'_>],
        ready: impl Fn(&Path, u16) -> bool,
        command: impl Fn(&str) -> Vec<String>,
    ) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("jipbap-gateway-").tempdir()?;
        certify(folder.path())?;
        let place = folder.path().display().to_string();
        let command = |port: u16| {
            copy(files, folder.path(), changes, port)?;
            Ok(command(&place))
        };
        let supervised = Supervised::start(folder.path(), "TERM", command, ready)?;
        // From here on the supervisor removes it.
        let _ = folder.keep();
        Ok(Self(supervised))
    }

    pub fn port(&self) -> u16 {
        self.0.port()
    }

    /// The certificate that it shows, in PEM: signed by itself, for localhost and 127.0.0.1.
    pub fn certificate(&self) -> PathBuf {
        self.0.folder().join("tls.crt")
    }

    /// What it has written so far, the lines about requests among it.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.0.folder().join("log")).unwrap_or_default()
    }
}

fn deploy(folder: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy")).join(folder)
}

fn certify(folder: &Path) -> Result<()> {
    let script = deploy("gateway/certificate.sh");
    let status = Command::new("bash").arg(script).arg(folder).stdin(Stdio::null()).status();
    ensure!(status.context("cannot run bash")?.success(), "no certificate could be made");
    Ok(())
}

/// Copies the files with the changes, and with folders of the server's own instead of the container's.
fn copy(files: &Path, folder: &Path, changes: &[Change<'_>], port: u16) -> Result<()> {
    let place = folder.display().to_string();
    let mut unchanged: Vec<&str> = changes.iter().map(|(text, _)| *text).collect();
    for file in files.read_dir().with_context(|| format!("no folder {}", files.display()))? {
        let file = file?;
        let mut text = std::fs::read_to_string(file.path())?;
        text = text.replace("/tmp/", &format!("{place}/")).replace("/etc/gateway/", &format!("{place}/"));
        for (from, to) in changes {
            if text.contains(from) {
                unchanged.retain(|text| text != from);
                text =
                    text.replace(from, &to.replace("{port}", &port.to_string()).replace("{folder}", &place));
            }
        }
        std::fs::write(folder.join(file.file_name()), text)?;
    }
    ensure!(unchanged.is_empty(), "{} has no {unchanged:?}", files.display());
    Ok(())
}

fn has(file: &Path, text: &str) -> bool {
    std::fs::read_to_string(file).is_ok_and(|content| content.contains(text))
}
