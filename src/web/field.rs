//! One field of a form, with its words, what was typed, and what is wrong with it; and the summary of all that is
//! wrong, each leading to its field (RGAA 11.1, 11.10).

use askama::Template;

use super::unsent::is_secret;

/// How a field is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FieldKind {
    /// One line.
    Line,
    /// One line, for which what is known is suggested.
    Suggested(Vec<String>),
    /// Several lines: how many are shown.
    Lines(u32),
    /// A word that nobody shows.
    Secret,
    /// One of some: value and words.
    OneOf(Vec<(String, String)>),
}

/// One field.
#[derive(Debug, Clone, Template)]
#[template(path = "field.html", config = "src/web/askama.toml")]
pub(super) struct FormField {
    /// Its name in the form, and its id.
    name: String,
    label: String,
    hint: String,
    typed: String,
    fault: Option<String>,
    kind: FieldKind,
    is_required: bool,
    /// What a browser fills in of the user's own data (WCAG 1.3.5); empty for nothing.
    fills: &'static str,
}

impl FormField {
    /// A field that may stay empty, without a hint.
    pub(super) fn new(name: impl Into<String>, label: impl Into<String>, kind: FieldKind) -> Self {
        let (name, hint, typed) = (name.into(), String::new(), String::new());
        debug_assert!(kind != FieldKind::Secret || is_secret(&name), "{name} would be shown again");
        Self {
            name,
            label: label.into(),
            hint,
            typed,
            fault: None,
            kind,
            is_required: false,
            fills: "off",
        }
    }

    /// The same with an example or a word of help.
    pub(super) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }

    /// The same as it was typed.
    pub(super) fn typed(self, typed: impl Into<String>) -> Self {
        Self { typed: typed.into(), ..self }
    }

    /// The same, which must not stay empty.
    pub(super) fn required(self) -> Self {
        Self { is_required: true, ..self }
    }

    /// The same, filled in by a browser as the user's own.
    pub(super) fn fills(self, fills: &'static str) -> Self {
        debug_assert!(fills != "one-time-code" || is_secret(&self.name), "{} too", self.name);
        Self { fills, ..self }
    }

    /// The same with what is wrong with it, where something is.
    pub(super) fn fault(self, fault: Option<String>) -> Self {
        Self { fault, ..self }
    }

    fn is_secret(&self) -> bool {
        self.kind == FieldKind::Secret
    }

    /// What describes it: hint first, then the fault.
    fn described_by(&self) -> String {
        let hint = (!self.hint.is_empty()).then(|| format!("{}-aide", self.name));
        let fault = self.fault.as_ref().map(|_| format!("{}-erreur", self.name));
        hint.into_iter().chain(fault).collect::<Vec<_>>().join(" ")
    }
}

/// What is wrong with a form, first on its page; nothing where nothing is.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "faults.html", config = "src/web/askama.toml")]
pub(super) struct Faults {
    /// The field, empty for the whole form, and what is wrong.
    all: Vec<(String, String)>,
}

impl Faults {
    /// Something is wrong with a field, or with the whole where it names none.
    pub(super) fn add(&mut self, field: impl Into<String>, what: impl Into<String>) {
        self.all.push((field.into(), what.into()));
    }

    /// What is wrong with a field.
    pub(super) fn of(&self, field: &str) -> Option<String> {
        self.all.iter().find(|(of, _)| of == field).map(|(_, what)| what.clone())
    }

    /// Whether nothing is wrong.
    pub(super) const fn is_none(&self) -> bool {
        self.all.is_empty()
    }
}
