//! What somebody has to look at before an import is applied.

use serde::Serialize;

use super::Proposal;
use crate::directory::{Diff, NewRepresentative};
use crate::import::NobodyTold;
use crate::people::Source;

/// Why an import is not applied at the first word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "of", rename_all = "snake_case")]
pub enum Doubt {
    /// Tables of pupils of whom nobody would be told, while columns that may say whom were not read. No word
    /// answers it: the columns have to be explained.
    NobodyTold(Vec<NobodyTold>),
    /// Pupils under a restriction would get other legal representatives.
    NewRepresentatives(Vec<NewRepresentative>),
    /// The directory has pupils of this source already.
    OtherSource(Source),
    /// A restriction hangs on records that would be archived: these names.
    RestrictedGone(Vec<String>),
    /// More than a tenth would be archived.
    ManyArchived,
}

/// What somebody said to be right, should it be doubted: one word a doubt, and none answers another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each doubt is answered by itself")]
pub struct Sure {
    /// That a pupil under a restriction gets another representative.
    pub of_representatives: bool,
    /// That a second complete source of pupils comes in.
    pub of_second_source: bool,
    /// That a record goes on which a restriction hangs.
    pub of_restricted: bool,
    /// That many go.
    pub of_archives: bool,
}

impl Sure {
    /// Whether it answers a doubt.
    #[must_use]
    pub const fn answers(self, doubt: &Doubt) -> bool {
        match doubt {
            Doubt::NobodyTold(_) => false,
            Doubt::NewRepresentatives(_) => self.of_representatives,
            Doubt::OtherSource(_) => self.of_second_source,
            Doubt::RestrictedGone(_) => self.of_restricted,
            Doubt::ManyArchived => self.of_archives,
        }
    }
}

impl Proposal {
    /// Everything that somebody has to look at before it is applied.
    #[must_use]
    pub fn doubts(&self) -> Vec<Doubt> {
        let Diff { other_source, restricted_gone, restricted_new, changes, .. } = &*self.diff;
        let of_tables = (!self.nobody_told.is_empty()).then(|| self.nobody_told.clone());
        let new = (!restricted_new.is_empty()).then(|| restricted_new.clone());
        let gone = (!restricted_gone.is_empty()).then(|| restricted_gone.clone());
        [
            of_tables.map(Doubt::NobodyTold),
            new.map(Doubt::NewRepresentatives),
            other_source.map(Doubt::OtherSource),
            gone.map(Doubt::RestrictedGone),
            changes.archives_many().then_some(Doubt::ManyArchived),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// The first of them that nobody is `sure` of.
    #[must_use]
    pub fn doubt(&self, sure: Sure) -> Option<Doubt> {
        self.doubts().into_iter().find(|doubt| !sure.answers(doubt))
    }
}

impl Doubt {
    /// Whether it tells of a ruling: only who may know of rulings reads and answers it.
    #[must_use]
    pub const fn is_of_rulings(&self) -> bool {
        matches!(self, Self::NewRepresentatives(_) | Self::RestrictedGone(_))
    }

    /// As the office reads it: whole sentences.
    #[must_use]
    pub fn in_french(&self) -> String {
        match self {
            Self::NobodyTold(tables) => nobody_told(tables),
            Self::NewRepresentatives(new) => new_representatives(new),
            Self::OtherSource(known) => format!(
                "L’annuaire a déjà des élèves qui viennent de « {} » : avec une deuxième source \
                 complète, chacun y serait, et serait prévenu, deux fois.",
                known.in_french()
            ),
            Self::RestrictedGone(names) => format!(
                "Une restriction notée à la main porte sur une fiche que le fichier n’a plus ({}). Est-ce un \
                 nom corrigé ? Il faudrait alors la noter de nouveau.",
                names.join(", ")
            ),
            Self::ManyArchived => {
                "Plus de 10 % des fiches seraient archivées : un fichier est-il incomplet ?"
                    .to_owned()
            }
        }
    }
}

fn nobody_told(tables: &[NobodyTold]) -> String {
    let of_one = |NobodyTold { file, pupils, columns }: &NobodyTold| {
        let pupils =
            if *pupils == 1 { "1 élève".to_owned() } else { format!("{pupils} élèves") };
        let titles: Vec<String> = columns.iter().map(|title| format!("« {title} »")).collect();
        format!(
            "{file} : {pupils}, et personne ne serait prévenu. Aucun adulte joignable n’accompagne ces élèves, \
             et des colonnes qui contiennent des téléphones ou des courriels n’ont pas été lues ({}).",
            titles.join(", ")
        )
    };
    tables.iter().map(of_one).collect::<Vec<_>>().join(" ")
}

fn new_representatives(new: &[NewRepresentative]) -> String {
    let told = new.iter().map(|NewRepresentative { pupil, person, restricted }| {
        format!(
            "{person} deviendrait responsable légal de {pupil}, dont {restricted} ne doit rien apprendre. \
             Est-ce la même personne ?"
        )
    });
    told.collect::<Vec<_>>().join(" ")
}
