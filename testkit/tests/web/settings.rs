use clap::Parser;
use common::settings::{Refused, Variables, parse};

#[derive(Debug, Parser)]
struct Cli {
    /// Where to listen.
    #[arg(long, env = "KITCHEN_LISTEN", default_value = "127.0.0.1:8083", global = true)]
    listen: String,
    #[arg(long, env = "KITCHEN_SAUCE", hide_env_values = true, global = true)]
    sauce: Option<String>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Serve,
}

fn variables(pairs: &[(&str, &str)]) -> Variables {
    pairs.iter().map(|(name, value)| (*name, *value)).collect()
}

#[test]
fn a_flag_beats_a_variable_beats_a_default() {
    let set = variables(&[("KITCHEN_LISTEN", "127.0.0.1:1")]);
    assert_eq!(parse::<Cli>(["kitchen"], &variables(&[])).unwrap().listen, "127.0.0.1:8083");
    assert_eq!(
        parse::<Cli>(["kitchen"], &variables(&[("KITCHEN_LISTEN", "")])).unwrap().listen,
        "127.0.0.1:8083"
    );
    assert_eq!(parse::<Cli>(["kitchen"], &set).unwrap().listen, "127.0.0.1:1");
    assert_eq!(parse::<Cli>(["kitchen", "serve"], &set).unwrap().listen, "127.0.0.1:1");
    assert_eq!(parse::<Cli>(["kitchen", "--listen", "127.0.0.1:2"], &set).unwrap().listen, "127.0.0.1:2");
    assert_eq!(
        parse::<Cli>(["kitchen", "serve", "--listen", "127.0.0.1:2"], &set).unwrap().listen,
        "127.0.0.1:2"
    );
}

#[test]
fn a_secret_comes_from_its_file_less_one_line_end() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "soy\n\n").unwrap();
    let path = file.path().to_str().unwrap();

    let cli = parse::<Cli>(["kitchen"], &variables(&[("KITCHEN_SAUCE_FILE", path)])).unwrap();
    assert_eq!(cli.sauce.as_deref(), Some("soy\n"));

    for pairs in [
        [("KITCHEN_SAUCE_FILE", path), ("KITCHEN_SAUCE", "x")],
        [("KITCHEN_SAUCE_FILE", "/nowhere"), ("A", "b")],
    ] {
        let Err(Refused::Value(error)) = parse::<Cli>(["kitchen"], &variables(&pairs)) else {
            panic!("accepted")
        };
        assert_eq!(error.variable, "KITCHEN_SAUCE_FILE");
    }
}

#[test]
fn an_unknown_flag_is_a_matter_of_usage() {
    let refused = parse::<Cli>(["kitchen", "--lissen", "x"], &variables(&[])).unwrap_err();
    let Refused::Usage(error) = refused else { panic!("not usage") };
    assert_eq!(error.exit_code(), 2);
}

#[test]
fn help_names_variables_and_tells_no_secret() {
    for args in
        [["kitchen", "--help"].as_slice(), &["kitchen", "help", "serve"], &["kitchen", "serve", "--help"]]
    {
        let refused = parse::<Cli>(args, &variables(&[("KITCHEN_SAUCE", "hunter2")])).unwrap_err();
        let Refused::Usage(error) = refused else { panic!("not usage") };
        let help = error.to_string();
        assert!(help.contains("KITCHEN_LISTEN") && help.contains("127.0.0.1:8083"), "{help}");
        assert!(!help.contains("hunter2"), "{help}");
        assert_eq!(error.exit_code(), 0);
    }
}
