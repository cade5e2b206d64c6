//! The words that a template may use, and the check that it uses no other: before anything is
//! rendered, in every branch, with line and column.

use handlebars::template::{HelperTemplate, Parameter, TemplateElement};
use handlebars::{Path, Template};

use super::error::{TemplateFault, TemplatePlace};
use super::marks;

/// What is known of the recipient.
pub const PERSON: [&str; 10] = [
    "nom",
    "civilite",
    "salutation",
    "interlocuteur",
    "reference",
    "concerne",
    "son_courriel",
    "son_mobile",
    "son_telephone",
    "son_adresse",
];
/// The list of the pupils whom the message is about, and what is known of each.
pub const PUPILS: &str = "eleves";
const PUPIL: [&str; 2] = ["nom", "classe"];
/// What is known of the school.
pub const SCHOOL: [&str; 8] = [
    "etablissement",
    "adresse",
    "telephone",
    "courriel",
    "site",
    "signataire",
    "fonction",
    "ville",
];
/// Those of them by which the school is written to or called.
pub const CONTACTS: [&str; 3] = ["telephone", "courriel", "site"];
/// The code of the message that this one corrects; nothing when it corrects none.
pub const CORRECTS: &str = "rectifie";
/// Something where others read the same copy: it tells nothing that was noted of one of them.
pub const SHARED: &str = "partage";
/// Something where the text stands in a digest, which greets and closes for all its texts.
pub const GATHERED: &str = "recapitule";
/// The block that is taken when a list has more than one item.
pub const SEVERAL: &str = "plusieurs";

const BLOCKS: [&str; 4] = ["if", "unless", "each", SEVERAL];
const LOOP: [&str; 3] = ["@first", "@last", "@index"];
const MAX_TAGS: usize = 1_000;
const MAX_NESTING: usize = 32;

/// Whether no field may be called so.
pub fn is_reserved(name: &str) -> bool {
    PERSON.contains(&name)
        || SCHOOL.contains(&name)
        || PUPIL.contains(&name)
        || BLOCKS.contains(&name)
        || ["else", "this", PUPILS, CORRECTS, GATHERED, SHARED].contains(&name)
}

/// A fault and where it is.
pub type FoundFault = (Option<TemplatePlace>, TemplateFault);

/// Refuses, before the parser sees it, what only a hostile text would hold: it reads recursively.
pub fn check_text(text: &str) -> Result<(), FoundFault> {
    if text.contains(marks::is_mark) {
        return Err((None, TemplateFault::PrivateSign("the template".into())));
    }
    let (mut nesting, mut tags, mut offset) = (0_usize, 0_usize, 0_usize);
    for (number, piece) in text.split("{{").enumerate() {
        let place = Some(TemplatePlace::of(text, offset.saturating_sub(2)));
        offset += piece.len() + 2;
        let Some(tag) = (number > 0).then(|| piece.split("}}").next().unwrap_or_default()) else {
            continue;
        };
        tags += 1;
        let tag = tag.trim_start_matches('~');
        if tag.starts_with('!') {
            continue;
        }
        if tag.starts_with(['{', '&']) || tag.is_empty() {
            return Err((place, TemplateFault::Forbidden("text that is not escaped".into())));
        }
        if tag.contains('(') {
            return Err((
                place,
                TemplateFault::Forbidden("an expression within an expression".into()),
            ));
        }
        match tag.chars().next() {
            Some('#') => nesting += 1,
            Some('/') => nesting = nesting.saturating_sub(1),
            _ => {}
        }
        if nesting > MAX_NESTING || tags > MAX_TAGS {
            return Err((place, TemplateFault::Forbidden("so many tags".into())));
        }
    }
    Ok(())
}

/// Refuses every name that does not exist and everything that message templates do without; in a text that is
/// the `same_for_all`, what is one recipient's own as well.
pub fn check_names(
    template: &Template,
    fields: &[String],
    same_for_all: bool,
) -> Result<(), FoundFault> {
    Checker { fields, same_for_all }.walk(template, Scope::Message)
}

/// Whether a name tells something of one recipient. A reference is that of the call.
fn is_ones_own(name: &str) -> bool {
    PERSON.contains(&name) && name != "reference" || [PUPILS, SHARED].contains(&name)
}

#[derive(Clone, Copy, PartialEq)]
enum Scope {
    Message,
    Pupil,
}

#[derive(PartialEq)]
enum ValueKind {
    Value,
    List,
}

struct Checker<'a> {
    fields: &'a [String],
    same_for_all: bool,
}

impl Checker<'_> {
    fn walk(&self, template: &Template, scope: Scope) -> Result<(), FoundFault> {
        for (number, element) in template.elements.iter().enumerate() {
            let place = template
                .mapping
                .get(number)
                .map(|mapping| TemplatePlace::new(mapping.0, mapping.1));
            match element {
                TemplateElement::RawString(_) | TemplateElement::Comment(_) => {}
                TemplateElement::Expression(tag) => {
                    self.check_value(tag, scope).map_err(|fault| (place, fault))?;
                }
                TemplateElement::HelperBlock(block) => {
                    let inner = self.check_block(block, scope).map_err(|fault| (place, fault))?;
                    if let Some(inside) = &block.template {
                        self.walk(inside, inner)?;
                    }
                    if let Some(otherwise) = &block.inverse {
                        self.walk(otherwise, scope)?;
                    }
                }
                TemplateElement::HtmlExpression(_) => {
                    return Err((
                        place,
                        TemplateFault::Forbidden("text that is not escaped".into()),
                    ));
                }
                _ => {
                    return Err((
                        place,
                        TemplateFault::Forbidden("a partial or a decorator".into()),
                    ));
                }
            }
        }
        Ok(())
    }

    fn check_value(&self, tag: &HelperTemplate, scope: Scope) -> Result<(), TemplateFault> {
        let name = tag.name.as_name().unwrap_or_default();
        if !tag.params.is_empty() || !tag.hash.is_empty() {
            return Err(TemplateFault::Forbidden(format!("the helper \"{name}\"")));
        }
        match self.kind_of(name, scope) {
            Some(ValueKind::Value) => self.check_is_for_all(name),
            Some(ValueKind::List) => {
                Err(TemplateFault::Forbidden(format!("the list \"{name}\" without each")))
            }
            None => Err(self.unknown(name, scope)),
        }
    }

    /// The scope inside the block.
    fn check_block(&self, block: &HelperTemplate, scope: Scope) -> Result<Scope, TemplateFault> {
        let helper = block.name.as_name().unwrap_or_default();
        if !BLOCKS.contains(&helper) {
            let known = BLOCKS.iter().map(|known| (*known).to_owned()).collect();
            return Err(TemplateFault::UnknownName { name: helper.to_owned(), known });
        }
        let [Parameter::Path(path)] = block.params.as_slice() else {
            return Err(TemplateFault::Forbidden(format!("\"{helper}\" without exactly one name")));
        };
        if !block.hash.is_empty() || block.block_param.is_some() {
            return Err(TemplateFault::Forbidden(format!("\"{helper}\" with more than a name")));
        }
        let name = match path {
            Path::Relative((_, raw)) | Path::Local((_, _, raw)) => raw,
        };
        let kind = self.kind_of(name, scope).ok_or_else(|| self.unknown(name, scope))?;
        self.check_is_for_all(name)?;
        let takes_a_list = helper == "each" || helper == SEVERAL;
        if takes_a_list && kind == ValueKind::Value {
            return Err(TemplateFault::Forbidden(format!(
                "\"{helper}\" on \"{name}\", which is no list,"
            )));
        }
        Ok(if helper == "each" { Scope::Pupil } else { scope })
    }

    fn check_is_for_all(&self, name: &str) -> Result<(), TemplateFault> {
        if self.same_for_all && is_ones_own(name) {
            return Err(TemplateFault::OnesOwn(name.to_owned()));
        }
        Ok(())
    }

    fn kind_of(&self, name: &str, scope: Scope) -> Option<ValueKind> {
        if scope == Scope::Pupil {
            return match name.strip_prefix("../") {
                Some(outer) => self.kind_of(outer, Scope::Message),
                None => (PUPIL.contains(&name) || LOOP.contains(&name)).then_some(ValueKind::Value),
            };
        }
        if name == PUPILS {
            return Some(ValueKind::List);
        }
        let known = PERSON.contains(&name)
            || SCHOOL.contains(&name)
            || [CORRECTS, GATHERED, SHARED].contains(&name)
            || self.fields.iter().any(|field| field == name);
        known.then_some(ValueKind::Value)
    }

    fn unknown(&self, name: &str, scope: Scope) -> TemplateFault {
        let message = self.fields.iter().map(String::as_str).chain(SCHOOL).chain(PERSON);
        let message = message.chain([CORRECTS, GATHERED, SHARED]);
        let known = match scope {
            Scope::Message => message.chain([PUPILS]).map(str::to_owned).collect(),
            Scope::Pupil => PUPIL
                .iter()
                .chain(&LOOP)
                .map(|known| (*known).to_owned())
                .chain(message.map(|outer| format!("../{outer}")))
                .collect(),
        };
        TemplateFault::UnknownName { name: name.to_owned(), known }
    }
}
