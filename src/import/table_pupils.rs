//! Pupils out of tables, and the relatives who stand on their rows.

use std::collections::HashMap;

use crate::people::{Pupil, PupilKey, Source, unaccented_capitals};

use super::columns::{What, Whose};
use super::drafts::PersonDraft;
use super::fields::RemarkPlace;
use super::keys::{by_names, fingerprint, id};
use super::levels::KnownLevels;
use super::reading::{Cause, Reading, SetAside};
use super::rows::TableLine;
use super::table_children::Births;
use super::table_people::{self, Relative};
use super::{Kind, spoilt_class};

/// Levels of a primary school, by the words that name them.
const PRIMARY_LEVELS: [&str; 11] =
    ["TPS", "PS", "MS", "GS", "CP", "CE1", "CE2", "CM1", "CM2", "ULIS", "UPE2A"];

/// A pupil whose key is not settled yet.
struct PupilDraft<'a> {
    place: RemarkPlace<'a>,
    pupil: Pupil,
    kind: Kind,
    given_level: &'a str,
    /// Whether it was asked what the class is.
    is_asked: bool,
    identity: PupilIdentity,
    relatives: Vec<PersonDraft<'a>>,
}

/// By what a pupil is told from the others.
struct PupilIdentity {
    source: Source,
    id: String,
    ine: String,
    names: [String; 2],
    birth_date: String,
}

/// The pupils of all tables of one import, to be settled together.
#[derive(Default)]
pub(super) struct Pupils<'a> {
    drafts: Vec<PupilDraft<'a>>,
    /// In each table, the first row with an adult whose name it does not tell, and how many there are.
    unnamed: Vec<(RemarkPlace<'a>, usize)>,
}

impl<'a> Pupils<'a> {
    /// Takes a row in.
    pub(super) fn take(
        &mut self,
        line: TableLine<'a>,
        kind: Kind,
        region: &str,
        set_aside: &mut Vec<SetAside>,
    ) {
        let Some(called) = line.called(Whose::Own) else { return };
        let text = |what| line.text(Whose::Own, what);
        let class = text(What::Class);
        let pupil = Pupil {
            key: PupilKey(String::new()),
            family_name: called.family,
            usage_name: called.usage,
            first_name: called.first,
            class: (!class.is_empty()).then(|| class.to_owned()),
            groups: line.list(What::Group),
            level: None,
            left_on: None,
        };
        let identity = PupilIdentity {
            source: kind.source(),
            id: text(What::Id).to_owned(),
            ine: unaccented_capitals(text(What::Ine)),
            names: [
                unaccented_capitals(&pupil.family_name),
                unaccented_capitals(&pupil.first_name),
            ],
            birth_date: line.birth_date(Whose::Own),
        };
        let place = line.place(format!("élève {}", pupil.display_name()));
        let relatives = self.relatives(line, &pupil, kind, region, set_aside);
        let given_level = text(What::Level);
        let draft =
            PupilDraft { place, pupil, kind, given_level, is_asked: false, identity, relatives };
        self.drafts.push(draft);
    }

    fn relatives(
        &mut self,
        line: TableLine<'a>,
        pupil: &Pupil,
        kind: Kind,
        region: &str,
        set_aside: &mut Vec<SetAside>,
    ) -> Vec<PersonDraft<'a>> {
        let mut drafts = Vec::new();
        for whose in [Whose::FirstRelative, Whose::SecondRelative] {
            let relative = if line.head().tells_of(whose) {
                table_people::relative(line, whose, pupil, kind, region, set_aside)
            } else {
                None
            };
            let Some(Relative { draft, is_named }) = relative else { continue };
            if !is_named {
                self.note_unnamed(&draft.place);
            }
            drafts.push(draft);
        }
        drafts
    }

    fn note_unnamed(&mut self, place: &RemarkPlace<'a>) {
        let of_this =
            |(other, _): &&mut (RemarkPlace<'a>, usize)| other.file.number == place.file.number;
        match self.unnamed.last_mut().filter(of_this) {
            Some((_, count)) => *count += 1,
            None => self.unnamed.push((place.clone(), 1)),
        }
    }

    /// Gives each pupil a key and enters them; what comes back are their relatives, and when they were
    /// born, if that is asked for.
    pub(super) fn settle(
        mut self,
        keeps_births: bool,
        reading: &mut Reading,
    ) -> (Vec<PersonDraft<'a>>, Births) {
        drop_spoilt_classes(&mut self.drafts, &mut reading.set_aside);
        reading.set_aside.extend(self.unnamed.iter().map(unnamed));
        let mut relatives = Vec::new();
        let mut births = Births::new();
        let mut seen: HashMap<PupilKey, usize> = HashMap::new();
        for mut draft in self.drafts {
            let key = draft.identity.key(draft.pupil.class.as_deref());
            let first = seen.get(&key).and_then(|at| reading.pupils.get(*at));
            let remark = first.map(|first| draft.second_row(first.class.as_deref()));
            for mut relative in draft.relatives {
                relative.children.push(key.clone());
                relatives.push(relative);
            }
            if let Some(remark) = remark {
                reading.set_aside.extend(remark);
                continue;
            }
            if draft.pupil.class.is_none() && !draft.is_asked {
                let reason = "Sans classe : élève repris, mais aucun envoi à une classe ne \
                              l’atteindra.";
                reading.set_aside.push(draft.place.set_aside(Cause::NoClass, reason));
            }
            seen.insert(key.clone(), reading.pupils.len());
            draft.pupil.level =
                level(draft.given_level, draft.pupil.class.as_deref().unwrap_or(""), draft.kind);
            draft.pupil.key = key.clone();
            reading.pupil_origins.insert(&key, draft.place.origin());
            reading.pupils.push(draft.pupil);
            if keeps_births && !draft.identity.birth_date.is_empty() {
                births.insert(key, draft.identity.birth_date);
            }
        }
        (relatives, births)
    }
}

impl PupilDraft<'_> {
    /// The remark on a second row of the same pupil. One that brings another adult is how some lists
    /// are made.
    fn second_row(&self, kept: Option<&str>) -> Option<SetAside> {
        let class = self.pupil.class.as_deref();
        if class.is_some() && class != kept {
            let kept = kept.unwrap_or("aucune");
            let reason = format!(
                "Deuxième ligne du même élève, d’une autre classe : classe gardée, {kept}."
            );
            return Some(self.place.set_aside(Cause::TwoClasses, reason));
        }
        let reason = "Deuxième ligne du même élève : seule la première est reprise.";
        self.relatives.is_empty().then(|| self.place.set_aside(Cause::Duplicate, reason))
    }
}

/// Takes from pupils what a spreadsheet made of their class, and asks what it was.
fn drop_spoilt_classes(drafts: &mut [PupilDraft<'_>], set_aside: &mut Vec<SetAside>) {
    let classes = drafts.iter().filter_map(|draft| draft.pupil.class.as_deref());
    let doubts = spoilt_class::doubts(classes);
    if doubts.is_empty() {
        return;
    }
    for draft in drafts {
        let class = draft.pupil.class.as_ref();
        if let Some(doubt) = class.and_then(|class| doubts.get(class)) {
            let reason = format!("{doubt} Élève repris sans classe : corrigez le fichier.");
            set_aside.push(draft.place.set_aside(Cause::SpoiltClass, reason));
            draft.pupil.class = None;
            draft.is_asked = true;
        }
    }
}

/// The remark on the adults of a table who are named after their pupil.
fn unnamed((place, count): &(RemarkPlace<'_>, usize)) -> SetAside {
    let reason = "Sans nom dans le fichier : « Parent 1 de … » ou « Parent 2 de … » en tient lieu.";
    let what = format!("{count} adulte(s), à partir de cette ligne");
    SetAside { what, ..place.set_aside(Cause::UnnamedAdult, reason) }
}

impl PupilIdentity {
    /// The key: by id, else by national number, else by names and birth date; by class where nothing else
    /// tells two pupils of one name apart. It must not depend on who else is in the file; when the class
    /// changes, the directory knows the pupil again.
    fn key(&self, class: Option<&str>) -> PupilKey {
        let [family, first] = self.names.each_ref().map(String::as_str);
        let rest = if !self.id.is_empty() {
            id(&self.id)
        } else if !self.ine.is_empty() {
            fingerprint(["ine", &self.ine])
        } else if !self.birth_date.is_empty() {
            fingerprint([family, first, &self.birth_date])
        } else {
            let class = unaccented_capitals(class.unwrap_or_default());
            by_names(&fingerprint([family, first, "class", &class]))
        };
        PupilKey::of(self.source, rest)
    }
}

/// The level as the table gives it, else as the class names it.
fn level(given: &str, class: &str, kind: Kind) -> Option<String> {
    if kind == Kind::OndePupils {
        return (!given.is_empty()).then(|| given.to_uppercase());
    }
    let text = if given.is_empty() { class } else { given };
    let folded = unaccented_capitals(text);
    let mut primary = folded.split(' ').filter(|word| PRIMARY_LEVELS.contains(word));
    match (primary.next(), primary.next()) {
        (Some(level), None) => Some(level.to_owned()),
        // A class of several levels has none of its own.
        (Some(_), Some(_)) => None,
        (None, _) => KnownLevels::default()
            .of("", Some(text))
            .or_else(|| (!given.is_empty()).then(|| given.to_uppercase())),
    }
}
