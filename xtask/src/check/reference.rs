//! The references in the repository say what the programs say.

use anyhow::Result;

use super::{Mode, compare_or_write};
use crate::workspace::{cargo, output_of};

/// Each program, and the commands that have a help of their own worth a page.
const PROGRAMS: [(&str, &[&str]); 2] = [
    (
        "auth-service",
        &["migrate", "config", "completions", "secrets", "keys", "users", "clients", "restored", "token"],
    ),
    ("recipe-service", &["config", "completions"]),
];

const HEAD: &str = "# Settings and commands\n\n\
     Each flag is also the variable that is named beside it, and each secret also the file that `…_FILE` names. A flag wins over a \
     variable, a variable over the default. `auth-service config` prints what counts, where it comes from, and no secret.\n\n\
     This is `--help`, written by `cargo xtask check --write`.\n";

pub fn check(mode: Mode) -> Result<()> {
    let mut page = HEAD.to_owned();
    for (program, commands) in PROGRAMS {
        page.push_str(&format!("\n## {program}\n\n```text\n{}\n```\n", help(program, &[])?));
        for command in commands {
            // The settings are said above, once.
            let help = help(program, &[command])?;
            page.push_str(&format!(
                "\n### {program} {command}\n\n```text\n{}\n```\n",
                without_settings(&help)
            ));
        }
    }
    compare_or_write(mode, "docs/configuration.md", &page)?;
    let catalogue = ["run", "--quiet", "--locked", "-p", "testkit", "--bin", "error-catalogue"];
    compare_or_write(mode, "docs/errors.md", &output_of(&mut cargo(&catalogue))?)
}

/// What a program says of itself, in lines of one length on every terminal.
fn help(program: &str, command: &[&str]) -> Result<String> {
    let mut run = cargo(&["run", "--quiet", "--locked", "-p", program, "--"]);
    let text = output_of(run.args(command).arg("--help").env("COLUMNS", "110"))?;
    let lines: Vec<&str> = text.trim_end().lines().map(str::trim_end).collect();
    Ok(lines.join("\n"))
}

/// Without the sections of the program's own settings, which every command has too.
fn without_settings(help: &str) -> String {
    let is_section = |line: &str| line.ends_with(':') && !line.starts_with(' ');
    let own = ["Usage:", "Arguments:", "Commands:", "Options:"];
    let mut shown = true;
    let mut lines = Vec::new();
    for line in help.lines() {
        if is_section(line) {
            shown = own.contains(&line);
        }
        if shown {
            lines.push(line);
        }
    }
    lines.join("\n").trim_end().to_owned()
}
