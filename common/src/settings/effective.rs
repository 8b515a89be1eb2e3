//! What a program would start with, said to its operator.

use std::ffi::OsString;

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Parser};
use serde::Serialize;
use url::Url;

use super::flags::matches;
use super::{Refused, Variables};

/// A setting as it counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Effective {
    pub variable: String,
    /// None where nothing is set and there is no default. Of an address with a password: without whatever could be one.
    pub value: Option<String>,
    pub source: Source,
}

/// Where a value comes from; the first that is there counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    Flag,
    Variable,
    /// The file that `{variable}_FILE` names.
    File,
    Default,
}

/// Reads every setting of a program as [`parse`](super::parse) does, in the order of its help.
///
/// # Errors
/// As of [`parse`](super::parse).
pub fn effective<T: Parser>(
    args: impl IntoIterator<Item = impl Into<OsString>>,
    variables: &Variables,
) -> Result<Vec<Effective>, Refused> {
    let matches = matches::<T>(args, variables)?;
    Ok(T::command().get_arguments().filter_map(|arg| setting(arg, &matches, variables)).collect())
}

/// A line for each.
pub fn listed(settings: &[Effective]) -> String {
    let line = |setting: &Effective| {
        let Effective { variable, value, source } = setting;
        let source = format!("{source:?}").to_lowercase();
        format!("{variable}={}  ({source})", value.as_deref().unwrap_or_default())
    };
    settings.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn setting(arg: &Arg, matches: &ArgMatches, variables: &Variables) -> Option<Effective> {
    let variable = arg.get_env()?.to_str()?.to_owned();
    let is_secret = arg.is_hide_env_values_set();
    let id = arg.get_id().as_str();
    let value = matches.try_get_one::<String>(id).ok().flatten();
    let value = value.map(|value| if is_secret { without_secret(value) } else { value.clone() });
    let is_set = |name: &str| matches!(variables.get(name), Ok(Some(_)));
    let source = match matches.value_source(id) {
        Some(ValueSource::CommandLine) => Source::Flag,
        _ if is_set(&variable) => Source::Variable,
        _ if is_secret && is_set(&format!("{variable}_FILE")) => Source::File,
        _ => Source::Default,
    };
    Some(Effective { variable, value, source })
}

/// Of an address what says where it leads; of anything else nothing.
fn without_secret(value: &str) -> String {
    const HIDDEN: &str = "(secret)";
    let Ok(url) = Url::parse(value) else { return HIDDEN.to_owned() };
    if url.scheme() == "sqlite" {
        return value.to_owned();
    }
    match url.host_str().filter(|host| !host.is_empty()) {
        Some(host) => {
            let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
            format!("{}://{host}{port}{}", url.scheme(), url.path())
        }
        None => HIDDEN.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Parser)]
    struct Kitchen {
        #[arg(long, env = "KITCHEN_STOVE", default_value = "gas")]
        stove: String,
        #[arg(long, env = "KITCHEN_LARDER", hide_env_values = true)]
        larder: Option<String>,
        #[arg(long, env = "KITCHEN_KEY", hide_env_values = true)]
        key: Option<String>,
        #[arg(long)]
        loud: bool,
    }

    fn said(args: &[&str], variables: &[(&str, &str)]) -> String {
        let variables: Variables = variables.iter().copied().collect();
        listed(&effective::<Kitchen>(["kitchen"].iter().chain(args), &variables).unwrap())
    }

    #[test]
    fn each_setting_says_where_it_comes_from() {
        assert_eq!(
            said(&[], &[]),
            "KITCHEN_STOVE=gas  (default)\nKITCHEN_LARDER=  (default)\nKITCHEN_KEY=  (default)"
        );
        let set = [("KITCHEN_STOVE", "wood")];
        assert!(said(&[], &set).starts_with("KITCHEN_STOVE=wood  (variable)"));
        assert!(said(&["--stove", "coal", "--loud"], &set).starts_with("KITCHEN_STOVE=coal  (flag)"));
    }

    #[test]
    fn no_secret_is_said() {
        let larder = "postgres://cook:s%C3%A9same@db.example:5433/larder?password=sesame&sslmode=require";
        let said = said(&[], &[("KITCHEN_LARDER", larder), ("KITCHEN_KEY", "sesame")]);
        assert!(said.contains("KITCHEN_LARDER=postgres://db.example:5433/larder  (variable)"), "{said}");
        assert!(said.contains("KITCHEN_KEY=(secret)  (variable)"), "{said}");
        assert!(!said.contains("same"), "{said}");
        for odd in ["host=db password=sesame", "redis:sesame", "postgres:///larder?password=sesame"] {
            let said = self::said(&[], &[("KITCHEN_LARDER", odd)]);
            assert!(!said.contains("sesame"), "{said}");
        }
        assert!(
            self::said(&[], &[("KITCHEN_LARDER", "sqlite://./data/a.db")]).contains("sqlite://./data/a.db")
        );
    }
}
