//! What is read out of pages and texts. The pages are made for these tests, after the shapes of real ones.

mod address;
mod canonical;
mod cooklang;
mod groups;
mod hostile;
mod json_ld;
mod markdown;
mod pages;
mod repair;
mod text;
mod times;

use importer::{Format, Imported, Reason, Recipe, Report, import};

#[track_caller]
fn read(text: &str, format: Format) -> Imported {
    import(text, format, None).unwrap_or_else(|report| panic!("no recipe: {report:#?}"))
}

/// The recipe of a page that says this in JSON-LD.
#[track_caller]
fn said(json: &str) -> Imported {
    read(&format!("<html><script type='application/ld+json'>{json}</script></html>"), Format::Html)
}

/// Groups as `title: line | line`.
fn groups(recipe: &Recipe) -> Vec<String> {
    let groups = recipe.ingredient_groups.iter().map(|group| {
        let lines: Vec<&str> = group.items.iter().map(|item| item.raw()).collect();
        format!("{}: {}", group.title.as_deref().unwrap_or("-"), lines.join(" | "))
    });
    groups.collect()
}

/// Steps as `title: name> text | text`.
fn steps(recipe: &Recipe) -> Vec<String> {
    let groups = recipe.step_groups.iter().map(|group| {
        let steps = group.items.iter().map(|step| match &step.name {
            Some(name) => format!("{name}> {}", step.text),
            None => step.text.clone(),
        });
        format!("{}: {}", group.title.as_deref().unwrap_or("-"), steps.collect::<Vec<_>>().join(" | "))
    });
    groups.collect()
}

fn dropped(report: &Report) -> Vec<(&str, Reason)> {
    report.dropped.iter().map(|dropped| (dropped.member.as_str(), dropped.reason)).collect()
}

fn source_of<'r>(report: &'r Report, field: &str) -> &'r str {
    let found = report.fields.iter().find(|found| found.field == field);
    found.map_or("nowhere", |found| found.member.as_str())
}
