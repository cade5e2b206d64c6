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

/// What somebody said to be right, should it be doubted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sure {
    /// That many go, or that a second source comes.
    pub of_archives: bool,
    /// That a pupil under a restriction gets another representative.
    pub of_representatives: bool,
}

impl Proposal {
    /// The first thing that somebody has to look at before it is applied, and that they are not `sure` of.
    #[must_use]
    pub fn doubt(&self, sure: Sure) -> Option<Doubt> {
        if !self.nobody_told.is_empty() {
            return Some(Doubt::NobodyTold(self.nobody_told.clone()));
        }
        let new = &self.diff.restricted_new;
        if !new.is_empty() && !sure.of_representatives {
            return Some(Doubt::NewRepresentatives(new.clone()));
        }
        doubt_of_archives(&self.diff).filter(|_| !sure.of_archives)
    }
}

fn doubt_of_archives(diff: &Diff) -> Option<Doubt> {
    if let Some(known) = diff.other_source {
        return Some(Doubt::OtherSource(known));
    }
    if !diff.restricted_gone.is_empty() {
        return Some(Doubt::RestrictedGone(diff.restricted_gone.clone()));
    }
    diff.changes.archives_many().then_some(Doubt::ManyArchived)
}

impl Doubt {
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
