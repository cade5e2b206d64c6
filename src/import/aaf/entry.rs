//! One record of the academic directory: an id, and attributes of several values.

use crate::import::fields::{FamilyNames, RemarkPlace};
use crate::import::file_to_read::FileToRead;
use crate::import::record::Record;
use crate::people::PostalAddress;

/// Bytes of an id and of a name that a remark may repeat.
const LONGEST_ID: usize = 64;
const LONGEST_NAME: usize = 200;

/// An `addRequest`.
pub(super) struct AddRequest<'a, 'r> {
    pub(super) file: FileToRead<'a>,
    pub(super) record: Record<'r>,
}

impl<'a, 'r> AddRequest<'a, 'r> {
    /// What it describes: `Eleve`, `PersRelEleve`, …
    pub(super) fn category(&self) -> &str {
        let told = self.record.list("operationalAttributes", "attr").next();
        told.map_or("", |attribute| attribute.text_of("value"))
    }

    pub(super) fn id(&self) -> &str {
        self.record.child("identifier").map_or("", |identifier| identifier.text_of("id"))
    }

    /// The values of an attribute, empty ones left out.
    pub(super) fn values(&self, name: &str) -> impl Iterator<Item = &'r str> {
        self.record
            .list("attributes", "attr")
            .filter(move |attribute| attribute.attribute("name") == name)
            .flat_map(|attribute| attribute.children("value"))
            .map(Record::text)
            .filter(|value| !value.is_empty())
    }

    /// The first value of the first of these attributes that has one.
    pub(super) fn first(&self, names: &[&str]) -> &'r str {
        names.iter().find_map(|name| self.values(name).next()).unwrap_or_default()
    }

    pub(super) fn place(&self, what: String) -> RemarkPlace<'a> {
        RemarkPlace { file: self.file, line: self.record.line(), what }
    }

    /// Whose record this is: `sn` is the name in use; the first degree has names of its own. `None`
    /// without an id or a name of a sensible length: remarks repeat them, one record makes many.
    pub(super) fn names(&self) -> Option<FamilyNames> {
        let in_use = self.first(&["sn", "ENTPersonNomUsage", "ENTPersonNom", "ENTPersonNomPatro"]);
        let family = self.first(&["ENTPersonNomPatro", "ENTPersonNom", "sn", "ENTPersonNomUsage"]);
        let usage = (in_use != family).then(|| in_use.to_owned());
        let is_sound = (1..=LONGEST_ID).contains(&self.id().len())
            && (1..=LONGEST_NAME).contains(&family.len())
            && in_use.len().max(self.first_name().len()) <= LONGEST_NAME;
        is_sound.then(|| FamilyNames { family: family.to_owned(), usage })
    }

    pub(super) fn first_name(&self) -> &str {
        self.first(&["givenName", "ENTPersonPrenom"])
    }

    pub(super) fn title(&self) -> &str {
        self.first(&["personalTitle", "ENTPersonCivilite"])
    }

    /// The address, its lines divided by `$`; `None` when it holds neither street nor town.
    pub(super) fn postal_address(&self) -> Option<PostalAddress> {
        let lines: Vec<String> = self
            .first(&["ENTPersonAdresse"])
            .split('$')
            .map(|line| line.trim().to_owned())
            .filter(|line| !line.is_empty())
            .collect();
        let town = self.first(&["ENTPersonVille"]);
        if lines.is_empty() && town.is_empty() {
            return None;
        }
        let country = self.first(&["ENTPersonPays"]);
        let is_abroad = !country.is_empty() && !country.eq_ignore_ascii_case("FRANCE");
        Some(PostalAddress {
            lines,
            postcode: self.first(&["ENTPersonCodePostal"]).to_owned(),
            town: town.to_owned(),
            country: is_abroad.then(|| country.to_owned()),
        })
    }
}

/// The parts of `3000$6A`: a school's id in the directory, and a code; without a `$`, a code alone.
pub(super) fn school_and_code(value: &str) -> (&str, &str) {
    let (school, rest) = value.split_once('$').unwrap_or(("", value));
    (school.trim(), rest.split('$').next().unwrap_or_default().trim())
}
