//! The one shape of an act on somebody: what is so, what is asked, one button that says what it does, one way back.

use askama::Template;
use axum::response::{IntoResponse, Response};

use super::super::fault::{Explained, Fault};
use super::super::field::{Faults, FormField};
use super::super::page::{self, Section};
use super::super::posted::Form;
use super::super::visitor::Visitor;

/// An act that is asked for.
#[derive(Default, Template)]
#[template(path = "directory/form.html", config = "src/web/askama.toml")]
pub(super) struct ActForm {
    pub(super) title: String,
    /// What is so, and what it does.
    pub(super) lead: Vec<String>,
    /// The same, one by one.
    pub(super) points: Vec<String>,
    pub(super) faults: Faults,
    pub(super) fields: Vec<FormField>,
    pub(super) hidden: Vec<(&'static str, String)>,
    /// Where it is sent.
    pub(super) action: String,
    /// What it does, in a verb.
    pub(super) button: String,
    /// Whether it takes something away.
    pub(super) is_grave: bool,
    /// Where nothing is done.
    pub(super) back: String,
    pub(super) csrf: String,
}

impl ActForm {
    /// As a page of somebody's; answered as refused where something is wrong.
    pub(super) fn page(mut self, visitor: &Visitor) -> Result<Response, Fault> {
        self.csrf.clone_from(&visitor.session().csrf);
        let page = visitor.page(Section::Directory, &self.title, &self)?;
        let is_refused = !self.faults.is_none();
        Ok(if is_refused { page.refused().into_response() } else { page.into_response() })
    }

    /// Goes on once an act is done; the form again, with what is so, where the office does not do it.
    pub(super) fn done<T, E: Into<Fault>>(
        mut self,
        visitor: &Visitor,
        done: Result<T, E>,
        onwards: impl FnOnce(&T) -> String,
    ) -> Result<Response, Fault> {
        match done.map_err(Into::into) {
            Ok(answer) => Ok(page::to(&onwards(&answer))),
            Err(Fault::Refused(Explained { what, then, .. })) => {
                self.faults.add("", format!("{what} {then}"));
                self.page(visitor)
            }
            Err(other) => Err(other),
        }
    }
}

/// A line to be typed, as it was, with what is wrong with it.
pub(super) fn line(field: FormField, posted: &Form, name: &str, faults: &Faults) -> FormField {
    field.typed(posted.text(name)).fault(faults.of(name))
}
