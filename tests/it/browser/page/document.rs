//! A page's elements in their order, and its text in blocks, as HTML's own rules read them.

use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

use crate::browser::plain;

/// Elements that stand within a line of text.
const INLINE: [&str; 23] = [
    "a", "abbr", "b", "bdi", "cite", "code", "data", "dfn", "em", "i", "kbd", "label", "mark", "q",
    "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u",
];
/// What nobody reads.
const UNSEEN: [&str; 4] = ["script", "style", "template", "noscript"];
/// What is not our French: codes, and what people typed.
const AS_TYPED: [&str; 6] = ["code", "kbd", "pre", "samp", "textarea", "blockquote"];
/// Stands in a line for words that are not ours.
pub(super) const OTHERS: char = '\u{fffc}';

#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) elements: Vec<Element>,
    pub(super) blocks: Vec<Block>,
    /// Where the page is not HTML.
    pub(super) errors: Vec<String>,
}

#[derive(Debug)]
pub(super) struct Element {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    /// All that stands within it.
    text: String,
    /// Those that it stands in, by their places, the outermost first.
    pub(super) within: Vec<usize>,
}

/// A paragraph, a heading, a cell: text that flows together.
#[derive(Debug, Default)]
pub(super) struct Block {
    pub(super) text: String,
    /// The same without what is not our French.
    pub(super) ours: String,
}

impl Element {
    pub(super) fn get(&self, attribute: &str) -> Option<&str> {
        self.attributes.iter().find(|(name, _)| name == attribute).map(|(_, value)| value.as_str())
    }

    pub(super) fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// All that stands within it, with plain spaces.
    pub(super) fn words(&self) -> String {
        plain(&self.text)
    }

    /// The element as one finds it in the page.
    pub(super) fn told(&self) -> String {
        let told = ["id", "name", "href", "action"].into_iter().filter_map(|name| {
            let value = self.get(name)?;
            Some(format!(" {name}=\"{value}\""))
        });
        format!("<{}{}>", self.name, told.collect::<String>())
    }
}

impl Document {
    pub(super) fn read(html: &str) -> Self {
        let dom = parse_document(RcDom::default(), ParseOpts::default()).one(html);
        let errors = dom.errors.borrow().iter().map(|error| format!("not HTML: {error}")).collect();
        let mut document = Self { errors, ..Self::default() };
        document.walk(&dom.document, &mut Vec::new(), true);
        document
    }

    pub(super) fn named(&self, name: &str) -> impl Iterator<Item = &Element> {
        self.elements.iter().filter(move |element| element.name == name)
    }

    /// The outer elements of one, the innermost last.
    pub(super) fn around<'a>(&'a self, element: &'a Element) -> impl Iterator<Item = &'a Element> {
        element.within.iter().map(|place| &self.elements[*place])
    }

    fn walk(&mut self, node: &Handle, within: &mut Vec<usize>, is_ours: bool) {
        match &node.data {
            NodeData::Text { contents } => self.add_text(&contents.borrow(), within, is_ours),
            NodeData::Element { .. } => self.add_element(node, within, is_ours),
            _ => self.walk_into(node, within, is_ours),
        }
    }

    fn walk_into(&mut self, node: &Handle, within: &mut Vec<usize>, is_ours: bool) {
        for child in node.children.borrow().iter() {
            self.walk(child, within, is_ours);
        }
    }

    fn add_element(&mut self, node: &Handle, within: &mut Vec<usize>, is_ours: bool) {
        let NodeData::Element { name, attrs, .. } = &node.data else { return };
        let name = name.local.to_string();
        let attributes = attrs
            .borrow()
            .iter()
            .map(|it| (it.name.local.to_string(), it.value.to_string()))
            .collect();
        let element = Element { name, attributes, text: String::new(), within: within.clone() };
        let is_block = !INLINE.contains(&element.name.as_str());
        let is_ours = is_ours && is_our_french(&element);
        if is_block {
            self.blocks.push(Block::default());
        }
        within.push(self.elements.len());
        self.elements.push(element);
        self.walk_into(node, within, is_ours);
        within.pop();
        if is_block {
            self.blocks.push(Block::default());
        }
    }

    fn add_text(&mut self, text: &str, within: &[usize], is_ours: bool) {
        for place in within {
            self.elements[*place].text += text;
        }
        if within.iter().any(|place| UNSEEN.contains(&self.elements[*place].name.as_str())) {
            return;
        }
        if self.blocks.is_empty() {
            self.blocks.push(Block::default());
        }
        let block = self.blocks.last_mut().unwrap();
        block.text += text;
        if is_ours {
            block.ours += text;
        } else {
            block.ours.push(OTHERS);
        }
    }
}

fn is_our_french(element: &Element) -> bool {
    let is_foreign = element.get("lang").is_some_and(|lang| !lang.starts_with("fr"));
    !is_foreign
        && element.get("translate") != Some("no")
        && !AS_TYPED.contains(&element.name.as_str())
}
