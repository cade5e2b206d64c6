//! From a message to what each channel carries: Handlebars templates, and letters in PDF.
//!
//! A template never sees a value. It is rendered once for each *shape* of recipient (with a
//! civility or not; how many pupils, with a class or not), with one mark in place of each value;
//! the marks are then filled, escaped as the channel needs. So no name can be taken for markup, and
//! a thousand e-mails cost a thousand fillings, not a thousand renderings.

mod channels;
mod correction;
mod digest;
pub mod documents;
mod email;
mod error;
mod fixed;
mod frame;
mod info;
pub mod letters;
mod marks;
mod page;
mod posted;
mod prepared;
pub mod press;
mod question;
mod renderer;
mod samples;
mod school;
mod shape;
mod short_email;
mod sms_rules;
mod sms_warning;
mod source;
mod template;
mod templates;
mod trial;
mod vocabulary;

pub use error::{TemplateError, TemplateFault, TemplatePlace};
pub use info::{FieldSpec, TemplateInfo};
pub use posted::Posted;
pub use prepared::{LetterShape, LetterText, Prepared};
pub use question::{ReplyWays, SlipQuestion};
pub use renderer::Renderer;
pub use samples::letter_job;
pub use school::SchoolFacts;
pub use short_email::short_email;
pub use sms_rules::SmsRules;
pub use sms_warning::SmsWarning;
pub use source::{Files, read_all as template_files};
pub use templates::{TemplateFlaw, Templates};
pub use trial::{as_trial, trial_of_service};
