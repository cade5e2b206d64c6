//! A text, read over before it leaves: advice on its wording, and what a text message of it takes.

use super::School;
use crate::message::{Draft, Fields};
use crate::wording::advice::{self, Advice, Writer, Written};
use crate::wording::sms::Segments;

/// Advice on the fields of a message, in the order in which its template asks for them.
#[must_use]
pub fn advice(school: &School, template: &str, fields: &Fields) -> Vec<Advice> {
    let templates = school.renderer.templates();
    let Ok(info) = templates.info(template) else { return Vec::new() };
    let written = info.fields.iter().filter_map(|spec| {
        let text = fields.get(&spec.name)?;
        Some(Written { field: &spec.name, text })
    });
    let written: Vec<Written<'_>> = written.collect();
    let (facts, today) = (school.renderer.school(), school.today());
    advice::advise(&written, Writer { today, phone: &facts.phone, email: &facts.email })
}

/// What a usual text message of it takes, in the cheaper alphabet where somebody took that; `None` where there is none,
/// or the text is not complete yet.
#[must_use]
pub fn sms_size(school: &School, draft: &Draft) -> Option<Segments> {
    school.renderer.drafted(draft).ok()?.sms_size().ok()?
}
