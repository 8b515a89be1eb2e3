//! A page as a tree that is small, and costs no more than its length whatever is in it.
//!
//! html5gum cuts the page into tags and texts, which is the hard part of HTML (character references, scripts, comments).
//! The tree is ours: what browsers do to repair a page may take the square of its length, in time and in memory.

mod build;
mod text;

use std::borrow::Cow;

pub(crate) use self::build::is_block;
pub use self::build::parse;
pub(crate) use self::text::{is_blank, is_invisible};

/// A page. Nodes are numbers: the place in `nodes`.
pub struct Page {
    nodes: Vec<Node>,
    /// More elements and texts were on the page than are kept.
    pub is_cut: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(u32);

struct Node {
    parent: Option<NodeId>,
    next: Option<NodeId>,
    first: Option<NodeId>,
    last: Option<NodeId>,
    /// Where the nodes below it end: they stand behind it in a row.
    end: u32,
    kind: Kind,
}

enum Kind {
    Text(String),
    Element { name: Cow<'static, str>, attributes: Vec<(&'static str, String)> },
}

impl Page {
    pub const ROOT: NodeId = NodeId(0);

    /// Everything on the page, in its order.
    pub fn all(&self) -> impl Iterator<Item = NodeId> {
        (0..self.nodes.len() as u32).map(NodeId)
    }

    /// Everything below a node, in the order of the page.
    pub fn below(&self, id: NodeId) -> impl Iterator<Item = NodeId> + use<> {
        (id.0 + 1..self.node(id).end).map(NodeId)
    }

    /// What stands right below a node.
    pub fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        std::iter::successors(self.node(id).first, |child| self.node(*child).next)
    }

    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.node(id).parent
    }

    /// What a node stands in, from the nearest to the root.
    pub fn ancestors(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        std::iter::successors(self.parent(id), |above| self.parent(*above))
    }

    /// The name of an element; nothing for a text.
    pub fn name(&self, id: NodeId) -> &str {
        match &self.node(id).kind {
            Kind::Element { name, .. } => name,
            Kind::Text(_) => "",
        }
    }

    pub fn attribute(&self, id: NodeId, name: &str) -> Option<&str> {
        match &self.node(id).kind {
            Kind::Element { attributes, .. } => {
                attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
            }
            Kind::Text(_) => None,
        }
    }

    pub fn has_class(&self, id: NodeId, class: &str) -> bool {
        self.attribute(id, "class")
            .is_some_and(|classes| classes.split_ascii_whitespace().any(|one| one == class))
    }

    /// True if the second stands below the first.
    pub fn contains(&self, id: NodeId, below: NodeId) -> bool {
        id < below && below.0 < self.node(id).end
    }

    /// What is wanted of all below a node, as far as it stands in nothing else that is wanted.
    pub fn outermost(&self, id: NodeId, is_wanted: impl Fn(NodeId) -> bool) -> Vec<NodeId> {
        let mut found: Vec<NodeId> = Vec::new();
        for below in self.below(id) {
            if found.last().is_none_or(|last| !self.contains(*last, below)) && is_wanted(below) {
                found.push(below);
            }
        }
        found
    }

    /// How many elements and texts stand below a node.
    pub fn size(&self, id: NodeId) -> usize {
        (self.node(id).end - id.0 - 1) as usize
    }

    /// True for a text between tags.
    pub fn is_text(&self, id: NodeId) -> bool {
        matches!(self.node(id).kind, Kind::Text(_))
    }

    /// A text between tags, as it is.
    pub fn own_text(&self, id: NodeId) -> String {
        match &self.node(id).kind {
            Kind::Text(text) => text.clone(),
            Kind::Element { .. } => String::new(),
        }
    }

    /// The bytes of a text; none for an element.
    pub fn text_len(&self, id: NodeId) -> usize {
        match &self.node(id).kind {
            Kind::Text(text) => text.len(),
            Kind::Element { .. } => 0,
        }
    }

    fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id.0 as usize]
    }
}
