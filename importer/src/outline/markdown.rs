//! Markdown (CommonMark) as blocks.

use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};

use super::Block;
use crate::plain::{one_line, plain_lines};

pub fn blocks(text: &str) -> Vec<Block> {
    let mut reader = Reader::default();
    for event in Parser::new(text) {
        reader.event(event);
    }
    reader.end_block();
    reader.blocks
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    text: String,
    heading: Option<u8>,
    /// Of the lists that are open, whether each is numbered.
    lists: Vec<bool>,
    in_item: bool,
    in_image: usize,
}

impl Reader {
    fn event(&mut self, event: Event) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Code(text) if self.in_image == 0 => self.text.push_str(&text),
            Event::InlineHtml(html) => self.text.push_str(&html),
            Event::Html(html) => {
                for line in plain_lines(&html) {
                    self.blocks.push(Block::Line(line));
                }
            }
            // Lines of a paragraph are lines of a recipe more often than not.
            Event::SoftBreak if self.in_item => self.text.push(' '),
            Event::SoftBreak | Event::HardBreak => self.end_block(),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag) {
        match tag {
            Tag::Heading { level, .. } => {
                self.end_block();
                self.heading = Some(number(level));
            }
            Tag::List(first) => {
                self.end_block();
                self.lists.push(first.is_some());
            }
            Tag::Item => {
                self.end_block();
                self.in_item = true;
            }
            Tag::Image { .. } => self.in_image += 1,
            Tag::Paragraph | Tag::BlockQuote(_) | Tag::CodeBlock(_) if !self.in_item => self.end_block(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => self.end_block(),
            TagEnd::Item => {
                self.end_block();
                self.in_item = false;
            }
            TagEnd::List(_) => {
                self.end_block();
                self.lists.pop();
            }
            TagEnd::Image => self.in_image = self.in_image.saturating_sub(1),
            TagEnd::Paragraph if self.in_item => self.text.push(' '),
            TagEnd::Paragraph => {
                self.end_block();
                self.blocks.push(Block::Gap);
            }
            _ => {}
        }
    }

    fn end_block(&mut self) {
        let text = one_line(&crate::plain::plain(&std::mem::take(&mut self.text)));
        let heading = self.heading.take();
        if text.is_empty() {
            return;
        }
        self.blocks.push(match (heading, self.lists.last()) {
            (Some(level), _) => Block::Heading { level, text },
            (None, Some(numbered)) if self.in_item => Block::Item { numbered: *numbered, text },
            _ => Block::Line(text),
        });
    }
}

fn number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}
