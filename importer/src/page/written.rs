//! Recipes in pages that say nothing to machines.

use crate::dom::{NodeId, Page, is_block};
use crate::outline::{Block, read_page};
use crate::plain::one_line;
use crate::recipe::Recipe;
use crate::report::Notes;

/// Reads what stands below headings for ingredients and for steps; None unless there are both.
pub fn read(page: &Page, notes: &mut Notes) -> Option<Recipe> {
    let mut blocks = Vec::new();
    walk(page, Page::ROOT, &mut blocks);
    read_page(&blocks, notes)
}

fn walk(page: &Page, id: NodeId, blocks: &mut Vec<Block>) {
    for child in page.children(id) {
        let name = page.name(child);
        if is_furniture(name) {
            continue;
        }
        let level = name
            .strip_prefix('h')
            .and_then(|level| level.parse::<u8>().ok())
            .filter(|level| (1..=6).contains(level));
        let holds_blocks = !page.is_text(child) && page.below(child).any(|below| is_block(page.name(below)));
        if level.is_none() && holds_blocks {
            walk(page, child, blocks);
            continue;
        }
        let text = if page.is_text(child) { page.own_text(child) } else { page.text(child) };
        let text = one_line(&text);
        if text.is_empty() {
            continue;
        }
        blocks.push(match level {
            Some(level) => Block::Heading { level, text },
            None if name == "li" => {
                let numbered = page.parent(child).is_some_and(|list| page.name(list) == "ol");
                Block::Item { numbered, text }
            }
            None => Block::Line(text),
        });
    }
}

/// What stands around what a page is about.
fn is_furniture(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "noscript"
            | "template"
            | "nav"
            | "footer"
            | "form"
            | "select"
            | "button"
            | "svg"
            | "head"
            | "iframe"
            | "textarea"
            | "title"
    )
}
