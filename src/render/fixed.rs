//! What is the same for all recipients of a message: its fields and the facts of the school, read
//! from their Markdown once.

use serde_json::{Map, Value};

use super::correction::Notice;
use super::error::{TemplateError, TemplateFault};
use super::info::{FieldSpec, TemplateInfo};
use super::marks::{self, Placeholder};
use super::school::SchoolFacts;
use super::vocabulary::CORRECTS;
use crate::message::{Code, Fields, Rectified, Week};
use crate::wording::markdown::{
    Block, LineEnds, TextSpan, is_safe_href, line_of, parse, plain_of, to_blocks,
};
use crate::wording::typed_dates::typed_date;
use crate::wording::{dates, titles};

/// One such value.
struct FixedValue {
    name: String,
    blocks: Vec<Block>,
    line: String,
}

/// All of them, each behind its mark.
pub struct FixedValues {
    values: Vec<FixedValue>,
    /// What stands around the text of a correction.
    correction: Option<Notice>,
    /// The week whose documents go behind its letters.
    week: Option<Week>,
}

impl FixedValues {
    /// Checks the fields against what the template takes, and reads them.
    pub fn read(
        template: &str,
        info: &TemplateInfo,
        fields: &Fields,
        school: &SchoolFacts,
    ) -> Result<Self, TemplateError> {
        let fault = |fault: TemplateFault| fault.at(template, "", None);
        let known = info.field_names();
        if let Some(field) = fields.keys().find(|field| !known.contains(field)) {
            return Err(fault(TemplateFault::UnknownField { field: field.clone(), known }));
        }
        let (mut values, mut week) = (Vec::new(), None);
        for spec in &info.fields {
            let text = fields.get(&spec.name).map_or("", |text| text.trim());
            check_field(spec, text).map_err(fault)?;
            if info.documents.as_ref() == Some(&spec.name) {
                let not_a_day = || fault(TemplateFault::NotADay(spec.name.clone()));
                let named = Week::of(typed_date(text).ok_or_else(not_a_day)?);
                let monday = dates::in_month_and_year(named.monday());
                values.push(FixedValue::new(&spec.name, to_blocks(&monday)));
                week = Some(named);
                continue;
            }
            values.push(FixedValue::new(&spec.name, to_blocks(text)));
        }
        for (name, blocks) in facts(school) {
            let value = FixedValue::new(name, blocks);
            if value.line.contains(marks::is_mark) {
                return Err(fault(TemplateFault::PrivateSign(name.to_owned())));
            }
            values.push(value);
        }
        values.push(FixedValue::new(CORRECTS, Vec::new()));
        Ok(Self { values, correction: None, week })
    }

    /// The same values in a correction, which says of itself what it puts right and what changed.
    pub fn correcting(mut self, corrects: &Code, says: Option<&Rectified>) -> Self {
        let code = TextSpan::Text { text: corrects.as_str().to_owned() };
        if let Some(value) = self.values.iter_mut().find(|value| value.name == CORRECTS) {
            *value = FixedValue::new(CORRECTS, vec![Block::paragraph(vec![code])]);
        }
        self.correction = Some(Notice::new(says));
        self
    }

    /// The week whose documents go behind its letters.
    pub const fn week(&self) -> Option<Week> {
        self.week
    }

    /// What stands around the text of a correction.
    pub const fn correction(&self) -> Option<&Notice> {
        self.correction.as_ref()
    }

    /// The same with other words for one of them; a fault when the template asks for no such value.
    pub fn with(mut self, name: &str, blocks: Vec<Block>) -> Result<Self, TemplateFault> {
        let place = self.values.iter_mut().find(|value| value.name == name);
        let place = place.ok_or_else(|| TemplateFault::MissingField {
            field: name.to_owned(),
            label: "déclaré par le modèle".to_owned(),
        })?;
        *place = FixedValue::new(name, blocks);
        Ok(self)
    }

    /// Puts their marks into what a template sees; nothing where there is nothing to say.
    pub fn add_to(&self, context: &mut Map<String, Value>) {
        for (number, value) in self.values.iter().enumerate() {
            let mark = if value.line.is_empty() {
                String::new()
            } else {
                Placeholder::Fixed(number).sign().to_string()
            };
            context.insert(value.name.clone(), Value::String(mark));
        }
    }

    /// A value on one line; `None` when there is none of that name.
    pub fn line(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|value| value.name == name).map(|value| value.line.as_str())
    }

    fn of(&self, sign: char) -> Option<&FixedValue> {
        match Placeholder::of(sign) {
            Some(Placeholder::Fixed(number)) => self.values.get(number),
            _ => None,
        }
    }

    /// The text with each value on one line. A value that ends its own sentence takes the full stop
    /// that the template puts after it.
    pub fn in_line(&self, text: &str) -> String {
        let mut placed = String::with_capacity(text.len() + 256);
        let mut signs = text.chars().peekable();
        while let Some(sign) = signs.next() {
            let Some(value) = self.of(sign) else {
                placed.push(sign);
                continue;
            };
            placed.push_str(&value.line);
            if value.line.ends_with(['.', '!', '?', '…']) {
                signs.next_if_eq(&'.');
            }
        }
        placed
    }

    /// The text with each value that stands alone on a line as the paragraphs that it is.
    pub fn in_text(&self, text: &str) -> String {
        let lines: Vec<String> = text
            .lines()
            .map(|line| match self.only_value(line.trim()) {
                Some(value) => plain_of(&value.blocks),
                None => self.in_line(line),
            })
            .collect();
        lines.join("\n")
    }

    fn only_value(&self, text: &str) -> Option<&FixedValue> {
        let mut signs = text.chars();
        let value = self.of(signs.next()?)?;
        signs.next().is_none().then_some(value)
    }

    /// The Markdown of a template as blocks, with the values in their places: a value that is a
    /// paragraph of its own brings all its blocks.
    pub fn in_markdown(&self, text: &str) -> Vec<Block> {
        let accepts = |href: &str| is_safe_href(href) || href.starts_with(marks::is_mark);
        self.in_blocks(parse(text, LineEnds::Joined, accepts))
    }

    fn in_blocks(&self, blocks: Vec<Block>) -> Vec<Block> {
        let mut placed = Vec::with_capacity(blocks.len());
        for block in blocks {
            match block {
                Block::Paragraph { spans } => match spans.as_slice() {
                    [TextSpan::Text { text }] if self.only_value(text).is_some() => {
                        placed.extend(
                            self.only_value(text).into_iter().flat_map(|v| v.blocks.clone()),
                        );
                    }
                    _ => placed.push(Block::paragraph(self.in_spans(&spans))),
                },
                Block::List { ordered, start, items } => {
                    let items = items.into_iter().map(|item| self.in_blocks(item)).collect();
                    placed.push(Block::List { ordered, start, items });
                }
                Block::Frame { blocks } => {
                    placed.push(Block::Frame { blocks: self.in_blocks(blocks) });
                }
                other => placed.push(other.with_lines(&mut |line| self.in_spans(line))),
            }
        }
        placed
    }

    fn in_spans(&self, spans: &[TextSpan]) -> Vec<TextSpan> {
        let mut placed = Vec::with_capacity(spans.len());
        for span in spans {
            match span {
                TextSpan::Text { text } => self.in_words(text, &mut placed),
                TextSpan::Break => placed.push(TextSpan::Break),
                TextSpan::Strong { spans } => {
                    placed.push(TextSpan::Strong { spans: self.in_spans(spans) });
                }
                TextSpan::Emphasis { spans } => {
                    placed.push(TextSpan::Emphasis { spans: self.in_spans(spans) });
                }
                TextSpan::Link { href, spans } => {
                    let href = self.in_line(href);
                    let spans = self.in_spans(spans);
                    if is_safe_href(&href) {
                        placed.push(TextSpan::Link { href, spans: without_links(spans) });
                    } else {
                        placed.extend(spans);
                    }
                }
            }
        }
        placed
    }

    fn in_words(&self, text: &str, placed: &mut Vec<TextSpan>) {
        let mut words = String::new();
        for sign in text.chars() {
            let Some(value) = self.of(sign) else {
                words.push(sign);
                continue;
            };
            if !words.is_empty() {
                placed.push(TextSpan::text(std::mem::take(&mut words)));
            }
            match value.blocks.as_slice() {
                [Block::Paragraph { spans }] => placed.extend(spans.iter().cloned()),
                _ => placed.push(TextSpan::text(value.line.clone())),
            }
        }
        if !words.is_empty() {
            placed.push(TextSpan::text(words));
        }
    }
}

impl FixedValue {
    fn new(name: &str, blocks: Vec<Block>) -> Self {
        let line = line_of(&blocks);
        Self { name: name.to_owned(), blocks, line }
    }
}

/// HTML knows no link within a link.
fn without_links(spans: Vec<TextSpan>) -> Vec<TextSpan> {
    spans
        .into_iter()
        .flat_map(|span| match span {
            TextSpan::Link { spans, .. } => without_links(spans),
            TextSpan::Strong { spans } => vec![TextSpan::Strong { spans: without_links(spans) }],
            TextSpan::Emphasis { spans } => {
                vec![TextSpan::Emphasis { spans: without_links(spans) }]
            }
            other => vec![other],
        })
        .collect()
}

fn check_field(spec: &FieldSpec, text: &str) -> Result<(), TemplateFault> {
    if text.contains(marks::is_mark) {
        return Err(TemplateFault::PrivateSign(spec.name.clone()));
    }
    if spec.required && text.is_empty() {
        let (field, label) = (spec.name.clone(), spec.label.clone());
        return Err(TemplateFault::MissingField { field, label });
    }
    if spec.single_line && text.contains(['\n', '\r']) {
        return Err(TemplateFault::NotSingleLine(spec.name.clone()));
    }
    let is_chosen = text.is_empty() || spec.choices.iter().any(|choice| choice == text);
    if !spec.choices.is_empty() && !is_chosen {
        let (field, choices) = (spec.name.clone(), spec.choices.clone());
        return Err(TemplateFault::NotAChoice { field, choices });
    }
    Ok(())
}

/// In the order of [`super::vocabulary::SCHOOL`]. A fact is no Markdown: its signs are its signs.
fn facts(school: &SchoolFacts) -> [(&'static str, Vec<Block>); 8] {
    let digits: String = school.phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    let website = if school.website.contains("://") {
        school.website.clone()
    } else {
        format!("https://{}", school.website)
    };
    [
        ("etablissement", words(&school.name)),
        ("adresse", words(&school.address_lines.join(", "))),
        ("telephone", linked(&school.phone, &format!("tel:{digits}"))),
        ("courriel", linked(&school.email, &format!("mailto:{}", school.email))),
        ("site", linked(&school.website, &website)),
        ("signataire", words(&school.signatory_name)),
        ("fonction", words(&titles::in_signature(&school.signatory_title))),
        ("ville", words(&school.town)),
    ]
}

fn words(text: &str) -> Vec<Block> {
    let text = text.trim();
    if text.is_empty() { Vec::new() } else { vec![Block::paragraph(vec![TextSpan::text(text)])] }
}

fn linked(text: &str, href: &str) -> Vec<Block> {
    let text = text.trim();
    if text.is_empty() || !is_safe_href(href) {
        return words(text);
    }
    let link = TextSpan::Link { href: href.to_owned(), spans: vec![TextSpan::text(text)] };
    vec![Block::paragraph(vec![link])]
}
