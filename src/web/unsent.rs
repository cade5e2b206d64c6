//! A form that was not heard, since the session that it was written in had ended: what it says, but for secrets and files.

use std::fmt;

use super::onwards::onwards;

/// Fields by which our forms say what they were made of; nobody wrote them.
const OURS: [&str; 3] = ["version", "vu", "lecture"];

/// Whether a field of this name is shown nowhere again: each secret that is typed into a form is named so.
pub(super) fn is_secret(name: &str) -> bool {
    name == "csrf" || name == "code" || name.starts_with("mot-de-passe")
}

/// What it says, and to which address. `Debug` shows nothing of what was written.
#[derive(Clone)]
pub(super) struct Unsent {
    path: String,
    fields: Vec<(String, String)>,
    had_secret: bool,
}

impl Unsent {
    /// What these fields say at a path of ours.
    pub(super) fn of(path: &str, fields: Vec<(String, String)>) -> Self {
        let (secret, fields): (Vec<_>, Vec<_>) =
            fields.into_iter().partition(|(name, _)| is_secret(name));
        let had_secret = secret.iter().any(|(name, _)| name != "csrf");
        Self { path: onwards(path).to_owned(), fields, had_secret }
    }

    /// Where it goes.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// What is sent again: each field, and what was typed.
    pub(super) fn fields(&self) -> &[(String, String)] {
        &self.fields
    }

    /// Whether it held what is to be typed again.
    pub(super) const fn had_secret(&self) -> bool {
        self.had_secret
    }

    /// What is worth reading of it: each field in words, and what was written there.
    pub(super) fn written(&self) -> Vec<(String, &str)> {
        let is_ours = |name: &str| OURS.contains(&name);
        let fields = self.fields.iter();
        let fields = fields.filter(|(name, typed)| !typed.trim().is_empty() && !is_ours(name));
        fields.map(|(name, typed)| (in_words(name), typed.as_str())).collect()
    }
}

impl fmt::Debug for Unsent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unsent({} fields)", self.fields.len())
    }
}

/// `champ-ce_qui_change`: `ce qui change`.
fn in_words(name: &str) -> String {
    let bare = name.strip_prefix("champ-").or_else(|| name.strip_prefix("fichier-"));
    bare.unwrap_or(name).replace(['-', '_'], " ")
}
