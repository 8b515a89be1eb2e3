//! Pasted text as blocks.

use super::{Block, headings};
use crate::plain::one_line;

pub fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    for line in text.lines() {
        let line = one_line(line);
        if line.is_empty() {
            if !matches!(blocks.last(), None | Some(Block::Gap)) {
                blocks.push(Block::Gap);
            }
        } else {
            blocks.push(block(line));
        }
    }
    blocks
}

fn block(line: String) -> Block {
    let bullets = ['-', '*', '•', '·', '‣', '▪', '–', '✓', '☐', '▢', '◦'];
    if let Some(rest) =
        line.strip_prefix(bullets).filter(|rest| rest.starts_with(' ') || !line.starts_with(['-', '*', '–']))
    {
        let text = rest.trim().to_owned();
        if !text.is_empty() && !text.chars().all(|c| bullets.contains(&c)) {
            return Block::Item { numbered: false, text };
        }
    }
    let bare = headings::without_number(&line);
    if bare.len() != line.len() {
        return Block::Item { numbered: true, text: bare.to_owned() };
    }
    Block::Line(line)
}
