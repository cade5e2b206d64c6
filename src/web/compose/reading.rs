//! The text, read over as it is written: advice, and what it takes as a text message.

use askama::Template;

use super::super::words::count;
use crate::message::{Draft, Fields};
use crate::office::{self, School};
use crate::wording::sms::{Encoding, Segments};

/// What there is to say of a text.
#[derive(Template)]
#[template(path = "compose/reading.html", config = "src/web/askama.toml")]
pub(super) struct TextReading {
    advice: Vec<AdviceLine>,
    sms: Option<String>,
}

struct AdviceLine {
    field: String,
    sentence: String,
    told: String,
    better: String,
}

impl TextReading {
    /// Of the fields of a draft as they are typed.
    pub(super) fn of(school: &School, draft: &Draft, fields: &Fields) -> Self {
        let template = &draft.template;
        let templates = school.renderer.templates();
        let label = |name: &str| {
            let specs = templates.info(template).map(|info| info.fields.as_slice()).ok()?;
            Some(specs.iter().find(|it| it.name == name)?.short_label().to_owned())
        };
        let line = |it: crate::wording::advice::Advice| AdviceLine {
            field: label(&it.field).unwrap_or_default(),
            sentence: it.sentence,
            told: it.told,
            better: it.better,
        };
        let advice = office::advice(school, template, fields).into_iter().map(line).collect();
        let draft = Draft { fields: fields.clone(), ..draft.clone() };
        let size = office::sms_size(school, &draft);
        Self { advice, sms: size.map(|size| told(&size)) }
    }
}

/// `Par SMS : 2 SMS par famille (213 signes). « ê » oblige à …`.
fn told(size: &Segments) -> String {
    let signs = count(usize::try_from(size.units).unwrap_or(usize::MAX), "signe", "signes");
    let each = match size.encoding {
        Encoding::Gsm7 => "",
        Encoding::Ucs2 => ", en Unicode",
    };
    let dear = size.costly.iter().map(|(sign, why)| format!(" « {sign} » {}.", why.in_french()));
    let dear: String = dear.collect();
    format!("Par SMS : {} SMS par famille ({signs}{each}).{dear}", size.segments)
}
