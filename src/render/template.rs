//! One template, read and checked.

use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, Output, PathAndJson, RenderContext,
    Renderable, Template, no_escape,
};
use serde_json::{Map, Value};

use super::error::{TemplateError, TemplateFault, TemplatePlace};
use super::info::{SUBJECT, TemplateInfo};
use super::source::Files;
use super::vocabulary;
use crate::channel::Channel;

const PARTS: [&str; 6] = [SUBJECT, "ent", "email", "sms", "phone", "letter"];

/// A template whose every name exists.
pub struct MessageTemplate {
    /// Its folder's name.
    pub name: String,
    /// What it says of itself.
    pub info: TemplateInfo,
    engine: Handlebars<'static>,
}

impl MessageTemplate {
    /// Reads and checks the files of a template.
    pub fn read(name: &str, files: &Files) -> Result<Self, TemplateError> {
        let about = files.get("about.toml").ok_or_else(|| {
            TemplateFault::Unreadable("there is none".into()).at(name, "about.toml", None)
        })?;
        let info = TemplateInfo::read(name, about)?;
        for file in files.keys().filter(|file| *file != "about.toml") {
            if !PARTS.iter().any(|part| *file == file_of(part)) {
                let known = PARTS.iter().map(|part| file_of(part)).collect();
                return Err(TemplateFault::UnknownFile { known }.at(name, file, None));
            }
        }
        let mut engine = engine();
        let fields = info.field_names();
        for part in parts_of(&info.channels) {
            let file = file_of(part);
            let text = files.get(&file).ok_or_else(|| {
                TemplateFault::MissingFile(channel_of(part, &info)).at(name, &file, None)
            })?;
            let template = read_part(text, &fields, info.says_the_same(part))
                .map_err(|(place, fault)| fault.at(name, &file, place))?;
            engine.register_template(part, template);
        }
        Ok(Self { name: name.to_owned(), info, engine })
    }

    /// Whether it has a text for the channel.
    pub fn has(&self, channel: Channel) -> bool {
        self.info.channels.contains(&channel)
    }

    /// Whether it says the same to all on the channel.
    pub fn is_together(&self, channel: Channel) -> bool {
        self.info.together.contains(&channel)
    }

    /// Whether it has a subject line.
    pub fn has_subject(&self) -> bool {
        self.engine.has_template(SUBJECT)
    }

    /// Renders one part with marks for values.
    pub fn render(
        &self,
        part: &str,
        context: &Map<String, Value>,
    ) -> Result<String, TemplateError> {
        self.engine.render(part, context).map_err(|error| {
            let place = error.line_no.zip(error.column_no);
            let place = place.map(|(line, column)| TemplatePlace::new(line, column));
            TemplateFault::Syntax(error.reason().to_string()).at(&self.name, &file_of(part), place)
        })
    }

    /// A fault in one part.
    pub fn fault(&self, part: &str, fault: TemplateFault) -> TemplateError {
        fault.at(&self.name, &file_of(part), None)
    }
}

fn file_of(part: &str) -> String {
    format!("{part}.hbs")
}

fn parts_of(channels: &[Channel]) -> Vec<&'static str> {
    let has_subject = channels.iter().any(|c| matches!(c, Channel::Ent | Channel::Email));
    let subject = has_subject.then_some(SUBJECT);
    subject.into_iter().chain(channels.iter().map(|channel| channel.as_str())).collect()
}

fn channel_of(part: &str, info: &TemplateInfo) -> String {
    let taken_by = if part == SUBJECT { info.channels.first().map(|c| c.as_str()) } else { None };
    taken_by.unwrap_or(part).to_owned()
}

fn read_part(
    text: &str,
    fields: &[String],
    same_for_all: bool,
) -> Result<Template, vocabulary::FoundFault> {
    vocabulary::check_text(text)?;
    let template = Template::compile(text).map_err(|error| {
        let place = error.pos().map(|(line, column)| TemplatePlace::new(line, column));
        (place, TemplateFault::Syntax(error.reason().to_string()))
    })?;
    vocabulary::check_names(&template, fields, same_for_all)?;
    Ok(template)
}

/// Strict, without escaping (templates see marks, never values), without the helpers that could
/// look at a value.
fn engine() -> Handlebars<'static> {
    let mut engine = Handlebars::new();
    engine.set_strict_mode(true);
    engine.register_escape_fn(no_escape);
    for helper in [
        "with", "lookup", "raw", "log", "eq", "ne", "gt", "gte", "lt", "lte", "and", "or", "not",
        "len",
    ] {
        engine.unregister_helper(helper);
    }
    engine.register_helper(vocabulary::SEVERAL, Box::new(Several));
    engine
}

/// `{{#plusieurs eleves}}vos enfants{{else}}votre enfant{{/plusieurs}}`.
struct Several;

impl HelperDef for Several {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        engine: &'reg Handlebars<'reg>,
        context: &'rc Context,
        state: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let list = helper.param(0).map(PathAndJson::value);
        let has_several = list.and_then(Value::as_array).is_some_and(|items| items.len() > 1);
        let branch = if has_several { helper.template() } else { helper.inverse() };
        branch.map_or(Ok(()), |branch| branch.render(engine, context, state, out))
    }
}
