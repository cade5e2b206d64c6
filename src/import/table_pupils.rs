//! Pupils out of tables, and the relatives who stand on their rows.

use std::collections::HashSet;

use crate::people::{Pupil, PupilKey};

use super::Kind;
use super::columns::{What, Whose};
use super::drafts::Draft;
use super::fields::Place;
use super::keys::{by_names, fingerprint, folded_name, id, source_word};
use super::levels::Levels;
use super::reading::{Cause, Reading, SetAside};
use super::rows::Line;
use super::table_people;

/// Levels of a primary school, by the words that name them.
const PRIMARY_LEVELS: [&str; 11] =
    ["TPS", "PS", "MS", "GS", "CP", "CE1", "CE2", "CM1", "CM2", "ULIS", "UPE2A"];

/// A pupil whose key is not settled yet.
struct PupilDraft<'a> {
    place: Place<'a>,
    pupil: Pupil,
    identity: Identity,
    relatives: Vec<Draft<'a>>,
}

/// By what a pupil is told from the others.
struct Identity {
    word: &'static str,
    id: String,
    ine: String,
    names: [String; 2],
    birth_date: String,
}

/// The pupils of all tables of one import, to be settled together.
#[derive(Default)]
pub(super) struct Pupils<'a> {
    drafts: Vec<PupilDraft<'a>>,
}

impl<'a> Pupils<'a> {
    /// Takes a row in.
    pub(super) fn take(
        &mut self,
        line: Line<'a>,
        kind: Kind,
        region: &str,
        set_aside: &mut Vec<SetAside>,
    ) {
        let Some(names) = line.names(Whose::Own) else { return };
        let text = |what| line.text(Whose::Own, what);
        let class = text(What::Class);
        let pupil = Pupil {
            key: PupilKey(String::new()),
            family_name: names.family,
            usage_name: names.usage,
            first_name: text(What::FirstName).to_owned(),
            class: (!class.is_empty()).then(|| class.to_owned()),
            groups: line.list(What::Group),
            level: level(text(What::Level), class, kind),
            left_on: None,
        };
        let identity = Identity {
            word: source_word(kind),
            id: text(What::Id).to_owned(),
            ine: folded_name(text(What::Ine)),
            names: [folded_name(&pupil.family_name), folded_name(&pupil.first_name)],
            birth_date: line.birth_date(Whose::Own),
        };
        let place = line.place(format!("élève {}", pupil.display_name()));
        let relatives = [Whose::FirstRelative, Whose::SecondRelative]
            .into_iter()
            .filter_map(|whose| table_people::relative(line, whose, kind, region, set_aside))
            .collect();
        self.drafts.push(PupilDraft { place, pupil, identity, relatives });
    }

    /// Gives each pupil a key and enters them; what comes back are their relatives.
    pub(super) fn settle(self, reading: &mut Reading) -> Vec<Draft<'a>> {
        let mut relatives = Vec::new();
        let mut seen: HashSet<PupilKey> = HashSet::new();
        for mut draft in self.drafts {
            let key = PupilKey(draft.identity.key(draft.pupil.class.as_deref()));
            for mut relative in draft.relatives {
                relative.children.push(key.clone());
                relatives.push(relative);
            }
            if !seen.insert(key.clone()) {
                let reason = "Deuxième ligne du même élève : seule la première est reprise.";
                reading.set_aside.push(draft.place.set_aside(Cause::Duplicate, reason));
                continue;
            }
            if draft.pupil.class.is_none() {
                let reason = "Sans classe : élève repris, mais aucun envoi à une classe ne \
                              l'atteindra.";
                reading.set_aside.push(draft.place.set_aside(Cause::NoClass, reason));
            }
            draft.pupil.key = key.clone();
            reading.pupil_origins.insert(&key, draft.place.origin());
            reading.pupils.push(draft.pupil);
        }
        relatives
    }
}

impl Identity {
    /// The key: by id, else by national number, else by names and birth date; by class where nothing else
    /// tells two pupils of one name apart. It must not depend on who else is in the file; when the class
    /// changes, the directory knows the pupil again.
    fn key(&self, class: Option<&str>) -> String {
        let [family, first] = self.names.each_ref().map(String::as_str);
        let rest = if !self.id.is_empty() {
            id(&self.id)
        } else if !self.ine.is_empty() {
            fingerprint(["ine", &self.ine])
        } else if !self.birth_date.is_empty() {
            fingerprint([family, first, &self.birth_date])
        } else {
            let class = folded_name(class.unwrap_or_default());
            by_names(&fingerprint([family, first, "class", &class]))
        };
        format!("{}:{rest}", self.word)
    }
}

/// The level as the table gives it, else as the class names it.
fn level(given: &str, class: &str, kind: Kind) -> Option<String> {
    if kind == Kind::OndePupils {
        return (!given.is_empty()).then(|| given.to_uppercase());
    }
    let text = if given.is_empty() { class } else { given };
    let folded = folded_name(text);
    let mut primary = folded.split(' ').filter(|word| PRIMARY_LEVELS.contains(word));
    match (primary.next(), primary.next()) {
        (Some(level), None) => Some(level.to_owned()),
        // A class of several levels has none of its own.
        (Some(_), Some(_)) => None,
        (None, _) => Levels::default()
            .of("", Some(text))
            .or_else(|| (!given.is_empty()).then(|| given.to_uppercase())),
    }
}
