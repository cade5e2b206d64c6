//! A rule for an audience that is not understood.

use super::super::fault::Explained;
use crate::audience::RuleError;

/// Names of the school that are listed at most.
const LISTED: usize = 40;

/// What is wrong with a rule, and what to do.
pub(crate) fn told(error: &RuleError) -> Explained {
    let then = "Corrigez les destinataires.";
    match error {
        RuleError::Empty => {
            Explained::new("Il n’est pas dit à qui l’annonce va.", "Choisissez les destinataires.")
        }
        RuleError::UnknownWord { word, nearest } => Explained::new(
            format!("« {word} » ne désigne personne.{}", meant(nearest.as_deref())),
            then,
        ),
        RuleError::NamesNothing(word) => Explained::new(
            format!("« {word} » ne nomme rien."),
            "Écrivez par exemple classe:6A,6B ou niveau:6e.",
        ),
        RuleError::TakesNothing(word) => {
            Explained::new(format!("« {word} » ne prend rien après les deux-points."), then)
        }
        RuleError::OpenQuote(word) => {
            Explained::new(format!("Les guillemets de « {word} » ne sont pas fermés."), then)
        }
        RuleError::TooLate(word) => Explained::new(
            format!("« {word} » vient trop tard."),
            "Écrivez d’abord qui, puis les filtres, puis sauf …, et enfin par foyer, par responsable ou par élève.",
        ),
        RuleError::TooLong(most) => Explained::new(
            format!("La règle dépasse {most} signes."),
            "Enregistrez-en une partie comme liste.",
        ),
        RuleError::NoSuchName { word, nearest, known } => Explained::new(
            format!("Il n’y a personne dans « {word} ».{}", meant(nearest.as_deref())),
            format!("Il y a : {}.", listed(known)),
        ),
        RuleError::NoSuchMessage(code) => {
            Explained::new(format!("Il n’y a pas d’annonce {code}."), then)
        }
        RuleError::AsksNothing(code) => {
            Explained::new(format!("L’annonce {code} ne pose pas de question."), then)
        }
        RuleError::NotFor { word, base } => {
            Explained::new(format!("« {word} » ne dit rien des {base}."), then)
        }
        RuleError::UsesItself(list) => Explained::new(
            format!("La liste « {list} » se sert d’elle-même."),
            "Enregistrez-la sous un autre nom.",
        ),
        RuleError::BadList { list, reason } => {
            let told = told(reason);
            Explained::new(
                format!("La liste « {list} » ne peut pas servir : {}", told.what),
                told.then,
            )
        }
        RuleError::TooDeep { list, most } => Explained::new(
            format!("La liste « {list} » repose sur plus de {most} listes, l’une sur l’autre."),
            "Écrivez sa règle autrement.",
        ),
    }
}

fn meant(nearest: Option<&str>) -> String {
    nearest.map(|nearest| format!(" Vouliez-vous dire « {nearest} » ?")).unwrap_or_default()
}

fn listed(known: &[String]) -> String {
    if known.is_empty() {
        return "rien encore".to_owned();
    }
    let more = if known.len() > LISTED { ", …" } else { "" };
    let first: Vec<&str> = known.iter().take(LISTED).map(String::as_str).collect();
    format!("{}{more}", first.join(", "))
}
