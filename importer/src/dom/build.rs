//! From tags and texts to the tree.
//!
//! The rules of HTML §13.2.6 that recipes need: elements without content, end tags that may be left out, and end tags
//! that close nothing or too much. Nothing is moved to another place, and nothing is copied.

use std::borrow::Cow;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

use super::{Kind, Node, NodeId, Page};

/// Elements and texts that are kept of a page. The largest that was seen has 40 000.
const MAX_NODES: usize = 400_000;
/// Deeper elements stand beside each other.
const MAX_DEPTH: usize = 200;

/// The attributes that are looked at; no others are kept.
const ATTRIBUTES: [&str; 16] = [
    "class",
    "content",
    "data-src",
    "datetime",
    "href",
    "itemprop",
    "itemscope",
    "itemtype",
    "lang",
    "name",
    "property",
    "rel",
    "src",
    "type",
    "typeof",
    "value",
];

/// Reads a page.
pub fn parse(html: &str) -> Page {
    let mut builder = Builder::new();
    let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<()>| -> Option<()> {
        builder.event(event);
        None
    });
    emitter.naively_switch_states(true);
    let Ok(()) = Tokenizer::new_with_emitter(html, emitter).collect::<Result<(), _>>();
    builder.finish()
}

struct Open {
    id: NodeId,
    name: Cow<'static, str>,
}

struct Builder {
    page: Page,
    open: Vec<Open>,
    /// Elements that are open but too deep to stand below each other.
    too_deep: usize,
    /// The start tag that is being read.
    name: Cow<'static, str>,
    attributes: Vec<(&'static str, String)>,
    /// The attribute whose value is read next is kept.
    is_kept: bool,
}

impl Builder {
    fn new() -> Self {
        let root = node(None, Kind::Element { name: Cow::Borrowed(""), attributes: Vec::new() });
        Self {
            page: Page { nodes: vec![root], is_cut: false },
            open: vec![Open { id: Page::ROOT, name: Cow::Borrowed("") }],
            too_deep: 0,
            name: Cow::Borrowed(""),
            attributes: Vec::new(),
            is_kept: false,
        }
    }

    fn event(&mut self, event: CallbackEvent) {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.name = interned(name);
                self.attributes.clear();
                self.is_kept = false;
            }
            CallbackEvent::AttributeName { name } => self.attribute(name),
            CallbackEvent::AttributeValue { value } if self.is_kept => {
                if let Some((_, kept)) = self.attributes.last_mut() {
                    *kept = text_of(value).into_owned();
                }
                self.is_kept = false;
            }
            CallbackEvent::CloseStartTag { self_closing } => self.start(self_closing),
            CallbackEvent::EndTag { name } => {
                let name = interned(name);
                self.close(&name);
            }
            CallbackEvent::String { value } => {
                self.append(Kind::Text(text_of(value).into_owned()));
            }
            _ => {}
        }
    }

    /// The first of each name counts.
    fn attribute(&mut self, name: &[u8]) {
        let known = ATTRIBUTES.iter().find(|known| known.as_bytes() == name);
        let new = known.filter(|known| self.attributes.iter().all(|(kept, _)| kept != *known));
        self.is_kept = new.is_some();
        self.attributes.extend(new.map(|name| (*name, String::new())));
    }

    fn start(&mut self, self_closing: bool) {
        let name = std::mem::replace(&mut self.name, Cow::Borrowed(""));
        let attributes = std::mem::take(&mut self.attributes);
        if matches!(&*name, "html" | "head" | "body") && self.open.iter().any(|open| open.name == name) {
            return;
        }
        self.close_implied(&name);
        let is_empty = is_void(&name) || (self_closing && !is_raw(&name));
        let id = self.append(Kind::Element { name: name.clone(), attributes });
        if !is_empty {
            match id {
                Some(id) if self.open.len() < MAX_DEPTH => self.open.push(Open { id, name }),
                _ => self.too_deep += 1,
            }
        }
    }

    fn append(&mut self, kind: Kind) -> Option<NodeId> {
        if self.page.nodes.len() >= MAX_NODES {
            self.page.is_cut = true;
            return None;
        }
        let id = NodeId(self.page.nodes.len() as u32);
        let parent = self.open.last().expect("BUG: the root was closed").id;
        match self.page.node(parent).last {
            Some(before) => self.page.node_mut(before).next = Some(id),
            None => self.page.node_mut(parent).first = Some(id),
        }
        self.page.node_mut(parent).last = Some(id);
        self.page.nodes.push(node(Some(parent), kind));
        self.page.nodes[id.0 as usize].end = id.0 + 1;
        Some(id)
    }

    fn close(&mut self, name: &str) {
        if is_void(name) || matches!(name, "html" | "body") {
            return;
        }
        if self.too_deep > 0 {
            self.too_deep -= 1;
            return;
        }
        let closes_blocks = is_block(name);
        let mut at = self.open.len() - 1;
        let mut crosses_block = false;
        while at > 0 && self.open[at].name != name {
            let other = &self.open[at].name;
            if is_barrier(other) && !is_barrier(name) {
                return;
            }
            crosses_block |= is_block(other);
            at -= 1;
        }
        if at == 0 || (crosses_block && !closes_blocks && !is_formatting(name)) {
            return;
        }
        if crosses_block && !closes_blocks {
            // `<b><p>…</b>` ends the letters, not the paragraph.
            self.end(at);
            self.open.remove(at);
        } else {
            self.close_from(at);
        }
    }

    /// Closes what the start of an element closes by itself.
    fn close_implied(&mut self, name: &str) {
        match name {
            "li" => self.close_nearest(&["li"], &["ul", "ol", "menu"]),
            "dd" | "dt" => self.close_nearest(&["dd", "dt"], &["dl"]),
            "tr" => self.close_nearest(&["tr"], &["table", "thead", "tbody", "tfoot"]),
            "td" | "th" => self.close_nearest(&["td", "th"], &["tr", "table"]),
            "thead" | "tbody" | "tfoot" => self.close_nearest(&["thead", "tbody", "tfoot"], &["table"]),
            "option" => self.close_nearest(&["option"], &["select", "datalist"]),
            "body" => self.close_nearest(&["head"], &[]),
            _ => {}
        }
        if ends_paragraph(name) {
            self.close_nearest(&["p"], &["button", "object"]);
        }
    }

    fn close_nearest(&mut self, names: &[&str], within: &[&str]) {
        if self.too_deep > 0 {
            return;
        }
        for at in (1..self.open.len()).rev() {
            let open = &*self.open[at].name;
            if names.contains(&open) {
                self.close_from(at);
                return;
            }
            let ends_search = within.contains(&open) || (is_barrier(open) && !names.contains(&open));
            // Cells close what is in them: `<td>` in a cell that nobody closed.
            if ends_search {
                return;
            }
        }
    }

    fn close_from(&mut self, at: usize) {
        for open in at..self.open.len() {
            self.end(open);
        }
        self.open.truncate(at);
    }

    fn end(&mut self, at: usize) {
        let id = self.open[at].id;
        self.page.node_mut(id).end = self.page.nodes.len() as u32;
    }

    fn finish(mut self) -> Page {
        for at in 0..self.open.len() {
            self.end(at);
        }
        self.page
    }
}

/// What stands in them is no markup.
fn is_raw(name: &str) -> bool {
    matches!(name, "script" | "style" | "xmp" | "iframe" | "noembed" | "noscript" | "title" | "textarea")
}

fn node(parent: Option<NodeId>, kind: Kind) -> Node {
    Node { parent, next: None, first: None, last: None, end: 0, kind }
}

/// Bytes that came in as a str; cut within a character they never are.
fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// The names that pages are made of need no memory of their own.
fn interned(name: &[u8]) -> Cow<'static, str> {
    const NAMES: [&str; 48] = [
        "a", "article", "aside", "b", "body", "br", "button", "dd", "div", "dl", "dt", "em", "figure",
        "footer", "form", "g", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "html", "i", "img",
        "input", "label", "li", "link", "main", "meta", "nav", "ol", "option", "p", "path", "script",
        "section", "span", "strong", "style", "svg", "table", "td", "tr", "ul",
    ];
    match NAMES.binary_search_by(|known| known.as_bytes().cmp(name)) {
        Ok(at) => Cow::Borrowed(NAMES[at]),
        Err(_) => Cow::Owned(text_of(name).into_owned()),
    }
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

fn is_formatting(name: &str) -> bool {
    matches!(
        name,
        "a" | "b"
            | "big"
            | "code"
            | "em"
            | "font"
            | "i"
            | "nobr"
            | "s"
            | "small"
            | "strike"
            | "strong"
            | "tt"
            | "u"
    )
}

/// End tags do not reach over these.
fn is_barrier(name: &str) -> bool {
    matches!(name, "table" | "td" | "th" | "caption" | "template" | "object" | "button")
}

fn ends_paragraph(name: &str) -> bool {
    is_block(name)
        && !matches!(
            name,
            "td" | "th"
                | "tr"
                | "thead"
                | "tbody"
                | "tfoot"
                | "caption"
                | "html"
                | "head"
                | "body"
                | "button"
                | "template"
                | "object"
                | "title"
                | "script"
                | "style"
        )
        || name == "hr"
}

/// What stands on lines of its own.
pub(crate) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "button"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "head"
            | "header"
            | "hgroup"
            | "html"
            | "legend"
            | "li"
            | "main"
            | "menu"
            | "nav"
            | "object"
            | "ol"
            | "option"
            | "p"
            | "pre"
            | "script"
            | "section"
            | "select"
            | "style"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "template"
            | "tfoot"
            | "th"
            | "thead"
            | "title"
            | "tr"
            | "ul"
    )
}
