use std::fmt::Write;

use super::Shown;
use super::words::{time, words};
use crate::domain::document::Source;
use crate::domain::escaped::Escaped;
use crate::domain::image::Picture;
use crate::domain::view::Viewed;

/// All the style that a page has, as it stands in it: its hash is what the page's policy permits.
pub const STYLE: &str = include_str!("style.css");

/// A recipe as a page to print: no script, nothing from elsewhere, marked up by schema.org's microdata.
pub fn html(shown: &Shown) -> String {
    let document = &shown.viewed.document;
    let language = document.language.as_deref().unwrap_or("en");
    let title = Escaped(&document.title);
    let mut page = String::from("<!DOCTYPE html>\n");
    let _ = write!(page, "<html lang=\"{}\"><head><meta charset=\"utf-8\">", Escaped(language));
    page.push_str(
        "<meta name=\"viewport\" content=\"width=device-width\"><meta name=\"robots\" content=\"noindex\">",
    );
    let _ = write!(page, "<title>{title}</title><style>{STYLE}</style></head>\n<body>");
    page.push_str("<article itemscope itemtype=\"https://schema.org/Recipe\">\n");
    let _ = writeln!(page, "<h1 itemprop=\"name\">{title}</h1>");
    if let Some(cover) = shown.cover {
        let _ = writeln!(page, "<p class=\"cover\">{}</p>", picture(cover));
    }
    if let Some(description) = &document.description {
        let _ = writeln!(page, "<p class=\"about\" itemprop=\"description\">{}</p>", Escaped(description));
    }
    facts(&mut page, shown.viewed);
    ingredients(&mut page, shown.viewed);
    method(&mut page, shown.viewed);
    footer(&mut page, shown);
    page.push_str("</article></body></html>\n");
    page
}

fn facts(page: &mut String, viewed: &Viewed) {
    let document = &viewed.document;
    let words = words(document.language.as_deref());
    let mut facts = String::new();
    if let Some(serves) = viewed.serves() {
        let _ = write!(
            facts,
            "<li>{}: <span itemprop=\"recipeYield\">{}</span></li>",
            words.serves,
            Escaped(serves)
        );
    }
    if let Some(times) = &document.times {
        for (word, name, seconds) in [
            (words.prep, "prepTime", times.prep),
            (words.cook, "cookTime", times.cook),
            (words.rest, "", times.rest),
            (words.total, "totalTime", times.total),
        ] {
            let Some(seconds) = seconds else { continue };
            let property = if name.is_empty() { String::new() } else { format!(" itemprop=\"{name}\"") };
            let _ = write!(
                facts,
                "<li>{word}: <time{property} datetime=\"PT{seconds}S\">{}</time></li>",
                time(seconds)
            );
        }
    }
    if !facts.is_empty() {
        let _ = writeln!(page, "<ul class=\"facts\">{facts}</ul>");
    }
}

fn ingredients(page: &mut String, viewed: &Viewed) {
    let document = &viewed.document;
    if document.ingredient_groups.is_empty() {
        return;
    }
    let _ = writeln!(page, "<h2>{}</h2>", words(document.language.as_deref()).ingredients);
    for group in &document.ingredient_groups {
        heading(page, group.title.as_deref());
        page.push_str("<ul>\n");
        for item in &group.items {
            let _ = writeln!(page, "<li itemprop=\"recipeIngredient\">{}</li>", Escaped(viewed.line(item)));
        }
        page.push_str("</ul>\n");
    }
}

fn method(page: &mut String, viewed: &Viewed) {
    let document = &viewed.document;
    if document.step_groups.is_empty() {
        return;
    }
    let _ = writeln!(page, "<h2>{}</h2>", words(document.language.as_deref()).method);
    for group in &document.step_groups {
        heading(page, group.title.as_deref());
        page.push_str("<ol>\n");
        for step in &group.items {
            page.push_str(
                "<li itemprop=\"recipeInstructions\" itemscope itemtype=\"https://schema.org/HowToStep\">",
            );
            if let Some(name) = &step.name {
                let _ = write!(page, "<strong itemprop=\"name\">{}</strong> ", Escaped(name));
            }
            let _ = write!(page, "<span itemprop=\"text\">{}</span>", Escaped(&step.text));
            if let Some(image) = &step.image {
                let _ = write!(page, "<br>{}", picture(image));
            }
            page.push_str("</li>\n");
        }
        page.push_str("</ol>\n");
    }
}

/// The text says what there is to see.
fn picture(picture: &Picture) -> String {
    let sources: Vec<String> =
        picture.sizes.iter().map(|size| format!("{} {}w", Escaped(&size.url), size.width)).collect();
    format!(
        "<img itemprop=\"image\" src=\"{}\" srcset=\"{}\" sizes=\"(max-width: 40em) 100vw, 40em\" width=\"{}\" \
         height=\"{}\" alt=\"\">",
        Escaped(&picture.url),
        sources.join(", "),
        picture.width,
        picture.height
    )
}

fn heading(page: &mut String, title: Option<&str>) {
    if let Some(title) = title {
        let _ = writeln!(page, "<h3>{}</h3>", Escaped(title));
    }
}

fn footer(page: &mut String, shown: &Shown) {
    let document = &shown.viewed.document;
    let Some(Source { url, name, author }) = &document.source else { return };
    let said: Vec<String> =
        [author, name].into_iter().flatten().map(|text| Escaped(text).to_string()).collect();
    let word = words(document.language.as_deref()).source;
    let _ = write!(page, "<footer>{word}: {}", said.join(", "));
    if let Some(url) = url {
        let url = Escaped(url);
        // Addresses are of the web: the document takes no others.
        let _ = write!(page, " <a href=\"{url}\" rel=\"noopener noreferrer nofollow\">{url}</a>");
    }
    page.push_str("</footer>\n");
}
