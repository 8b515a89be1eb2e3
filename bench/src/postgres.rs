//! Postgres: the databases of the services, what they asked of it, and pgbench asking the same.

use std::io::Write;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

/// A throwaway server.
pub struct Postgres(throwaway::Postgres);

/// What makes a throwaway server as durable as one is where nobody changed its settings.
const AS_INSTALLED: [&str; 4] =
    ["fsync=on", "full_page_writes=on", "wal_level=replica", "max_wal_senders=10"];

/// A statement of a service as pgbench is to run it.
pub struct Script {
    /// Lines that come before the statement.
    pub before: &'static str,
    /// Its text as the service sends it, with `$1`, `$2`, … for its binds.
    pub statement: String,
    /// What is bound, in this order: names of pgbench's variables.
    pub binds: &'static [&'static str],
    pub after: &'static str,
    /// The variables that are set from the start.
    pub variables: Vec<(&'static str, String)>,
}

impl Postgres {
    /// Starts one whose commits wait for the disk, as everywhere, or do not.
    pub fn start(durable: bool) -> Result<Self> {
        let started = if durable {
            throwaway::Postgres::start_on_disk(&AS_INSTALLED)
        } else {
            throwaway::Postgres::start()
        };
        started.map(Self)
    }

    /// Makes a database and gives its address.
    pub fn create(&self, database: &str) -> Result<String> {
        self.query("postgres", &format!("CREATE DATABASE {database}"))?;
        Ok(self.0.url_of(database))
    }

    /// Runs a statement; rows are lines, columns are separated by `|`.
    pub fn query(&self, database: &str, statement: &str) -> Result<String> {
        let mut psql = Command::new(throwaway::find("psql")?);
        psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", statement]);
        output_of(psql.arg(self.0.url_of(database)))
    }

    /// The text of the one statement beginning so that a service ran last on any of its connections.
    pub fn last_statement(&self, database: &str, beginning: &str) -> Result<String> {
        let statement = self.query(
            database,
            &format!(
                "SELECT DISTINCT query FROM pg_stat_activity WHERE datname = '{database}' \
                 AND pid <> pg_backend_pid() AND starts_with(query, '{beginning}')"
            ),
        )?;
        ensure!(statement.matches(beginning).count() == 1, "not one statement `{beginning}`: {statement:?}");
        Ok(statement)
    }

    /// Runs a script on `clients` connections, prepared once on each, and answers how often a second.
    pub fn bench(&self, database: &str, script: &Script, clients: usize, took: Duration) -> Result<f64> {
        let mut file = tempfile::NamedTempFile::new()?;
        file.write_all(script.render()?.as_bytes())?;
        let mut pgbench = Command::new(throwaway::find("pgbench")?);
        pgbench.args(["--no-vacuum", "--protocol=prepared", "--jobs=2"]);
        pgbench.arg(format!("--client={clients}")).arg(format!("--time={}", took.as_secs()));
        pgbench.args(script.variables.iter().map(|(name, value)| format!("--define={name}={value}")));
        let output = output_of(pgbench.arg("--file").arg(file.path()).arg(self.0.url_of(database)))?;
        let tps = output.lines().find_map(|line| line.strip_prefix("tps = ")?.split_once(' '));
        Ok(tps.with_context(|| format!("pgbench says no rate: {output}"))?.0.parse()?)
    }
}

impl Script {
    fn render(&self) -> Result<String> {
        let mut statement = self.statement.clone();
        // From the last one, so that $1 is not found in $10.
        for (index, name) in self.binds.iter().enumerate().rev() {
            let bind = format!("${}", index + 1);
            ensure!(statement.contains(&bind), "the statement binds no {bind}: {statement}");
            statement = statement.replace(&bind, &format!(":{name}"));
        }
        ensure!(!statement.contains('$'), "the statement binds more than {:?}: {statement}", self.binds);
        Ok(format!("{}{statement};\n{}", self.before, self.after))
    }
}

fn output_of(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("cannot run {command:?}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{command:?} failed:\n{said}");
    Ok(String::from_utf8(output.stdout)?.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(statement: &str, binds: &'static [&'static str]) -> Script {
        Script { before: "", statement: statement.to_owned(), binds, after: "", variables: Vec::new() }
    }

    #[test]
    fn binds_become_variables() {
        let binds = &["a", "b", "c", "d", "e", "f", "g", "h", "i", "id"];
        let rendered =
            script("SELECT $1::bigint, $2, $3, $4, $5, $6, $7, $8, $9 WHERE id = $10", binds).render();
        assert_eq!(rendered.unwrap(), "SELECT :a::bigint, :b, :c, :d, :e, :f, :g, :h, :i WHERE id = :id;\n");
    }

    #[test]
    fn a_statement_with_other_binds_than_expected_is_refused() {
        assert!(script("SELECT $1, $2", &["a"]).render().is_err());
        assert!(script("SELECT $1", &["a", "b"]).render().is_err());
    }
}
