//! The fields of a form of settings: what the file says, or what was typed, or that the environment has the last word.

use std::time::Duration;

use askama::Template;

use super::super::fault::Fault;
use super::super::field::{Faults, FieldKind, FormField};
use super::super::page::{Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::french;
use crate::office::SettingsStand;
use crate::plain_text::one_line;
use crate::settings::Price;

/// One field, or what is not changed here.
pub(super) enum SettingField {
    /// It is typed.
    Typed(FormField),
    /// A variable of the environment says it.
    Fixed {
        /// What it is.
        label: String,
        /// What it says.
        said: String,
        /// Which variable.
        variable: String,
    },
    /// The fields that follow belong together.
    Title(&'static str),
}

/// A form of settings.
#[derive(Template)]
#[template(path = "settings/form.html", config = "src/web/askama.toml")]
struct SettingsForm<'a> {
    csrf: &'a str,
    version: &'a str,
    action: &'a str,
    title: &'a str,
    lead: &'a str,
    help: &'a str,
    is_stale: bool,
    faults: Faults,
    fields: Vec<SettingField>,
}

/// How a form is called and explained.
pub(super) struct FormWords<'a> {
    /// Where it is sent.
    pub(super) action: &'a str,
    /// Its title.
    pub(super) title: &'a str,
    /// What it is for.
    pub(super) lead: &'a str,
    /// What one may want to know of it.
    pub(super) help: &'a str,
}

/// The fields of a form as they are gathered.
pub(super) struct SettingFields<'a> {
    stand: &'a SettingsStand,
    posted: Option<&'a Form>,
    faults: Faults,
    all: Vec<SettingField>,
}

impl<'a> SettingFields<'a> {
    /// None yet; what was posted stands in them, where something was.
    pub(super) fn new(stand: &'a SettingsStand, posted: Option<&'a Form>, faults: Faults) -> Self {
        Self { stand, posted, faults, all: Vec::new() }
    }

    /// What follows belongs together.
    pub(super) fn title(mut self, title: &'static str) -> Self {
        self.all.push(SettingField::Title(title));
        self
    }

    /// A field of a key, which says this now and may stay empty.
    pub(super) fn add(
        mut self,
        key: &[&str],
        (name, label, hint): (&str, &str, &str),
        kind: FieldKind,
        said: impl Into<String>,
    ) -> Self {
        let said = said.into();
        let field = if let Some(variable) = self.stand.variable_over(key) {
            SettingField::Fixed { label: label.to_owned(), said, variable }
        } else {
            let typed = self.posted.map(|it| it.text(name).to_owned());
            let field = FormField::new(name, label, kind).hint(hint);
            SettingField::Typed(field.typed(typed.unwrap_or(said)).fault(self.faults.of(name)))
        };
        self.all.push(field);
        self
    }

    /// The same, the last of them not to stay empty.
    pub(super) fn required(mut self) -> Self {
        if let Some(SettingField::Typed(field)) =
            self.all.pop_if(|it| matches!(it, SettingField::Typed(_)))
        {
            self.all.push(SettingField::Typed(field.required()));
        }
        self
    }

    /// The page of the form.
    pub(super) fn page(self, visitor: &Visitor, words: &FormWords<'_>) -> Result<WebPage, Fault> {
        let body = SettingsForm {
            csrf: visitor.csrf(),
            version: &self.stand.version,
            action: words.action,
            title: words.title,
            lead: words.lead,
            help: words.help,
            is_stale: !self.stand.is_in_force,
            faults: self.faults,
            fields: self.all,
        };
        visitor.page(Section::Settings, words.title, &body)
    }
}

/// A choice between yes and no.
pub(super) fn yes_or_no() -> FieldKind {
    FieldKind::OneOf(vec![
        ("non".to_owned(), "Non".to_owned()),
        ("oui".to_owned(), "Oui".to_owned()),
    ])
}

/// A place among others: `1re`, `2e`.
pub(super) fn nth(place: usize) -> String {
    if place == 1 { "1re".to_owned() } else { format!("{place}e") }
}

/// What was typed, and what of it cannot be read. A field that did not stand in the form stays as it is.
pub(super) struct Typed<'a> {
    pub(super) posted: &'a Form,
    pub(super) faults: Faults,
}

impl<'a> Typed<'a> {
    /// Of a form.
    pub(super) fn of(posted: &'a Form) -> Self {
        Self { posted, faults: Faults::default() }
    }

    /// One line.
    pub(super) fn line(&self, name: &str) -> Option<String> {
        self.posted.has(name).then(|| one_line(self.posted.text(name)).trim().to_owned())
    }

    /// The lines of a field that are not empty.
    pub(super) fn lines(&self, name: &str) -> Option<Vec<String>> {
        let lines = self.posted.text(name).lines();
        let lines = lines.map(|line| one_line(line).trim().to_owned());
        self.posted.has(name).then(|| lines.filter(|line| !line.is_empty()).collect())
    }

    /// Each line of a field, read.
    pub(super) fn each<T>(
        &mut self,
        name: &str,
        read: impl Fn(&str) -> Option<T>,
        example: &str,
    ) -> Option<Vec<T>> {
        let lines = self.lines(name)?;
        let mut all = Vec::new();
        for line in lines {
            match read(&line) {
                Some(one) => all.push(one),
                None => self.faults.add(name, format!("« {line} » ne se lit pas : {example}")),
            }
        }
        Some(all)
    }

    /// A span of time.
    pub(super) fn lasting(&mut self, name: &str) -> Option<Duration> {
        let typed = self.line(name)?;
        let span = french::lasting(&typed);
        if span.is_none() {
            self.faults.add(
                name,
                "Cette durée ne se lit pas : écrivez par exemple 30 min, 2 h ou 1 h 30.",
            );
        }
        span
    }

    /// A whole number. Nothing is none: 0 says something.
    pub(super) fn number(&mut self, name: &str) -> Option<u32> {
        let typed = self.line(name)?.replace([' ', '\u{a0}', '\u{202f}'], "");
        let number = typed.parse().ok().filter(|it| *it <= 1_000_000);
        if number.is_none() {
            self.faults
                .add(name, "Ce n’est pas un nombre : écrivez par exemple 100, ou 0 pour aucun.");
        }
        number
    }

    /// A price; none where nothing was typed.
    pub(super) fn price(&mut self, name: &str) -> Option<Price> {
        let typed = self.line(name).filter(|typed| !typed.is_empty())?;
        let price = french::price(&typed);
        if price.is_none() {
            self.faults.add(
                name,
                "Ce prix ne se lit pas : écrivez par exemple 0,065, en euros, avec trois décimales au plus.",
            );
        }
        price
    }

    /// Yes or no.
    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        self.posted.has(name).then(|| self.posted.text(name) == "oui")
    }
}
