use std::collections::HashMap;

use crate::dom::{NodeId, Page};
use crate::plain::plain;
use crate::recipe::Recipe;
use crate::report::{Notes, Source};

/// What a page says of itself.
pub struct Head {
    language: Option<String>,
    title: Option<String>,
    heading: Option<String>,
    canonical: Option<String>,
    /// The first of each name.
    metas: HashMap<String, String>,
}

impl Head {
    pub fn of(page: &Page) -> Self {
        let mut head =
            Self { language: None, title: None, heading: None, canonical: None, metas: HashMap::new() };
        for id in page.all() {
            head.look_at(page, id);
        }
        head
    }

    fn look_at(&mut self, page: &Page, id: NodeId) {
        let attribute = |name: &str| page.attribute(id, name).map(|value| value.trim().to_owned());
        match page.name(id) {
            "html" if self.language.is_none() => self.language = attribute("lang"),
            "title" if self.title.is_none() => self.title = said(page.raw(id)),
            "h1" if self.heading.is_none() => self.heading = said(page.text(id)),
            "link" if self.canonical.is_none() && attribute("rel").as_deref() == Some("canonical") => {
                self.canonical = attribute("href");
            }
            "meta" => {
                let name = attribute("property").or_else(|| attribute("name"));
                if let (Some(name), Some(content)) = (name, attribute("content").and_then(said)) {
                    self.metas.entry(name.to_ascii_lowercase()).or_insert(content);
                }
            }
            _ => {}
        }
    }

    /// Says of a recipe what itself does not.
    pub fn complete(mut self, recipe: &mut Recipe, notes: &mut Notes) {
        let og_title = self.metas.remove("og:title");
        let titles = [("og:title", og_title), ("h1", self.heading), ("title", self.title)];
        if recipe.title.is_empty()
            && let Some((member, title)) = first(titles)
        {
            recipe.title = title;
            notes.found("title", Source::Page, member);
        }
        let mut fill = |field: &str, of_recipe: &mut Option<String>, values: Vec<(&str, Option<String>)>| {
            if of_recipe.is_none()
                && let Some((member, value)) = first(values)
            {
                *of_recipe = Some(value);
                notes.found(field, Source::Page, member);
            }
        };
        let site = self.metas.remove("og:site_name").or_else(|| self.metas.remove("application-name"));
        let described = self.metas.remove("og:description").or_else(|| self.metas.remove("description"));
        fill("language", &mut recipe.language, vec![("html lang", self.language)]);
        fill("description", &mut recipe.description, vec![("description", described)]);
        fill("source.name", &mut recipe.origin.name, vec![("og:site_name", site)]);
        fill("source.author", &mut recipe.origin.author, vec![("author", self.metas.remove("author"))]);
        // Pages know their own address better than plugins do.
        let address = [("canonical", self.canonical), ("og:url", self.metas.remove("og:url"))];
        if let Some((member, url)) = first(address).filter(|(_, url)| url.starts_with("http")) {
            recipe.origin.url = Some(url);
            notes.found_instead("source.url", Source::Page, member);
        }
    }
}

fn first<'m>(values: impl IntoIterator<Item = (&'m str, Option<String>)>) -> Option<(&'m str, String)> {
    values.into_iter().find_map(|(member, value)| value.filter(|it| !it.is_empty()).map(|it| (member, it)))
}

fn said(text: String) -> Option<String> {
    Some(plain(&text)).filter(|text| !text.is_empty())
}
