//! Documents that are not kept.

use super::super::fault::{Explained, Fault};
use crate::import::{
    BadDiary, DiaryFault, LARGEST_DIARY_MEBIBYTES, MOST_DIARY_LINES, MOST_LESSONS, MOST_SAID,
};
use crate::office::{DocumentFault, DocumentsRefusal, MOST_DOCUMENTS, PlaceFault, WorkRefusal};
use crate::render::documents::{LARGEST_MEBIBYTES, MOST_PAGES, PackedFault, UnfitDocument};

/// Each document that is refused, and why; the first says that none is kept.
pub fn told(refused: &[(String, DocumentFault)]) -> Vec<String> {
    let each = refused.iter().map(|(place, why)| format!("{place} : {}", fault(why)));
    let mut all: Vec<String> = each.collect();
    if let Some(first) = all.first_mut() {
        first.push_str(" Rien n’a été gardé.");
    }
    all
}

fn fault(why: &DocumentFault) -> String {
    match why {
        DocumentFault::Place(why) => place(*why).to_owned(),
        DocumentFault::Twice => {
            "un document de ce nom est déjà déposé pour les mêmes élèves et la même semaine.".into()
        }
        DocumentFault::Unfit(why) => unfit(*why),
        DocumentFault::Diary(why) => diary(why),
        DocumentFault::ToldTwice => {
            "ce ZIP dit lui-même pour qui : choisissez « Selon les dossiers du ZIP ».".into()
        }
        DocumentFault::Packed(why) => packed(*why).to_owned(),
    }
}

/// A cahier de textes, or a timetable, is refused whole, by the line that cannot be read.
fn diary(BadDiary { line, what }: &BadDiary) -> String {
    let line = line.map(|line| format!("ligne {line} : ")).unwrap_or_default();
    let why = match what {
        DiaryFault::Unreadable(reason) => reason.in_french(),
        DiaryFault::TooLong => format!(
            "plus de {MOST_DIARY_LINES} lignes, plus de {MOST_LESSONS} séances dans la semaine, ou plus de \
             {LARGEST_DIARY_MEBIBYTES} Mo. Exportez la semaine seule, ou une classe à la fois."
        ),
        DiaryFault::NoTitles => {
            "aucune ligne de titres : il faut au moins une date et une matière, un contenu ou un travail à faire.".into()
        }
        DiaryFault::NoDateColumn => {
            "aucune colonne de dates : appelez-la « Date » ou « Jour ».".into()
        }
        DiaryFault::BadDate => {
            "la date manque, ou n’en est pas une : écrivez 18/01/2027.".into()
        }
        DiaryFault::WrongWeekday => {
            "le jour de la semaine n’est pas celui de la date : corrigez l’un des deux.".into()
        }
        DiaryFault::Formula => {
            "une formule, et pas ce qu’elle donne : collez les valeurs, ou enregistrez de nouveau le classeur.".into()
        }
        DiaryFault::LongText => {
            format!("plus de {MOST_SAID} signes pour une séance : donnez ce texte en document à part.")
        }
        DiaryFault::Repeats => {
            "l’événement se répète : exportez la semaine, chaque séance à part.".into()
        }
        DiaryFault::UnknownZone => "son heure est dans un fuseau inconnu.".into(),
        DiaryFault::NothingOfTheWeek => {
            "rien n’y est de cette semaine : vérifiez la semaine choisie, et la classe.".into()
        }
    };
    format!("{line}{why}")
}

const fn place(why: PlaceFault) -> &'static str {
    match why {
        PlaceFault::NoFolder => "dites pour qui il est.",
        PlaceFault::Nobody => "aucune classe, aucun groupe et aucun élève ne porte ce nom.",
        PlaceFault::Ambiguous => {
            "une classe, un niveau ou un groupe portent ce nom tous les deux : écrivez-le comme l’établissement."
        }
        PlaceFault::Several => {
            "plusieurs élèves portent ce nom : ajoutez la classe (DURAND Zoé;6A)."
        }
        PlaceFault::NotYours => "il est pour des élèves qui ne sont pas les vôtres.",
        PlaceFault::BadName => {
            "son nom, ou la matière, ne s’imprime pas ou dépasse 80 signes : renommez-le."
        }
    }
}

const fn packed(why: PackedFault) -> &'static str {
    match why {
        PackedFault::Damaged => "cette archive est abîmée : refaites-la.",
        PackedFault::Locked => "cette archive demande un mot de passe : refaites-la sans.",
        PackedFault::TooManyEntries => {
            "cette archive contient trop de fichiers : donnez-la en plusieurs fois."
        }
        PackedFault::TooLarge => "cette archive est trop grande : donnez-la en plusieurs fois.",
        PackedFault::Outside => "un nom de cette archive mène hors d’elle : refaites-la.",
    }
}

fn unfit(why: UnfitDocument) -> String {
    match why {
        UnfitDocument::Foreign => {
            "ce n’est ni un PDF, ni une photo JPEG ou PNG, ni un texte ODT ou DOCX : enregistrez-le en PDF.".into()
        }
        UnfitDocument::NoWordProcessor => {
            "c’est un texte, et LibreOffice n’est pas installé ici : enregistrez-le en PDF.".into()
        }
        UnfitDocument::NotConverted => {
            "LibreOffice n’a pas pu en faire un PDF : enregistrez-le en PDF.".into()
        }
        UnfitDocument::LinkedPictures => {
            "des images ou des parties n’y sont que liées : insérez-les dans le texte, ou enregistrez-le en PDF.".into()
        }
        UnfitDocument::Locked => "il demande un mot de passe : enregistrez-le sans.".into(),
        UnfitDocument::Damaged => "il est abîmé : enregistrez-le de nouveau en PDF.".into(),
        UnfitDocument::Empty => "il n’a aucune page.".into(),
        UnfitDocument::TooManyPages => format!("il a plus de {MOST_PAGES} pages."),
        UnfitDocument::TooLarge => format!("il dépasse {LARGEST_MEBIBYTES} Mo."),
        UnfitDocument::OddPage(page) => {
            format!(
                "sa page {page} est trop grande ou trop petite pour se lire sur une feuille A4."
            )
        }
        UnfitDocument::Undrawn(page) => format!(
            "ce qui est tapé dans le formulaire de sa page {page} ne s’imprimerait pas : imprimez-le d’abord en PDF."
        ),
        UnfitDocument::HiddenLayers => {
            "il a des calques cachés, qui s’imprimeraient : imprimez-le d’abord en PDF.".into()
        }
        UnfitDocument::Deadly => {
            "sa lecture n’arrive pas à son terme : enregistrez-le de nouveau.".into()
        }
    }
}

impl From<DocumentsRefusal> for Fault {
    fn from(refusal: DocumentsRefusal) -> Self {
        let told = match refusal {
            DocumentsRefusal::Store(error) => return error.into(),
            DocumentsRefusal::NoSuch(_) => return Self::NothingThere,
            DocumentsRefusal::Nothing => {
                Explained::new("Il n’y a aucun document.", "Choisissez au moins un fichier.")
            }
            DocumentsRefusal::TooMany => Explained::new(
                format!("Il y a plus de {MOST_DOCUMENTS} documents ; rien n’a été gardé."),
                "Donnez-les en plusieurs fois.",
            ),
            DocumentsRefusal::Refused(all) => {
                Explained::new(told(&all).join(" "), "Corrigez, puis déposez-les de nouveau.")
            }
            DocumentsRefusal::AskedBack(_) => Explained::new(
                "Ce document est imprimé, et son travail est à rendre : il ne se retire plus.",
                "Déposez le document corrigé sous un autre titre.",
            ),
            DocumentsRefusal::Coming => Explained::new(
                "Quelqu’un d’autre dépose des documents en ce moment ; les vôtres n’ont pas été gardés.",
                "Réessayez dans une minute.",
            ),
            DocumentsRefusal::Disk(error) => {
                tracing::warn!(%error, "Documents could not be kept.");
                Explained::new(
                    "Les documents n’ont pas pu être gardés.",
                    "Prévenez la personne qui s’occupe de l’informatique.",
                )
            }
            DocumentsRefusal::Unset(error) => {
                tracing::warn!(%error, "The pages of a diary could not be set.");
                Explained::new(
                    "Les pages du cahier de textes n’ont pas pu être faites ; rien n’a été gardé.",
                    "Réessayez ; si cela dure, prévenez la personne qui s’occupe de l’informatique.",
                )
            }
            DocumentsRefusal::Unread(error) => {
                tracing::warn!(%error, "Documents could not be looked at.");
                Explained::new(
                    "Les documents n’ont pas pu être lus ; rien n’a été gardé.",
                    "Réessayez ; si cela dure, prévenez la personne qui s’occupe de l’informatique.",
                )
            }
        };
        told.into()
    }
}

impl From<WorkRefusal> for Fault {
    fn from(refusal: WorkRefusal) -> Self {
        match refusal {
            WorkRefusal::Store(error) => error.into(),
            WorkRefusal::NoSuch(_) => Self::NothingThere,
            WorkRefusal::Unfit(error) => {
                tracing::warn!(%error, "The pages of a work could not be put together.");
                Explained::new(
                    "Les pages de ce travail n’ont pas pu être réunies. Elles sont gardées.",
                    "Prévenez la personne qui s’occupe de l’informatique.",
                )
                .into()
            }
        }
    }
}
