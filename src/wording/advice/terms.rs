//! Words that mean two things in a school, short forms, words of the trade (the memo: *éviter toute polysémie*).

use super::piece::{Advice, AdviceKind, Sentence};
use super::sentences::words;

/// A word or two, what makes it clear in the same sentence, what it may mean, and how to say which.
type Term = (&'static str, &'static [&'static str], &'static str, &'static str);

const AMBIGUOUS: [Term; 11] = [
    (
        "tuteur",
        &["élève", "élèves", "légal", "légale", "scolarité", "stage", "entreprise"],
        "un adulte de l’établissement, ou le tuteur légal",
        "« l’adulte qui suit votre enfant », ou « le tuteur légal »",
    ),
    (
        "responsable",
        &["légal", "légaux", "légale"],
        "le parent, ou un adulte de l’établissement",
        "« le responsable légal », ou le nom de la fonction",
    ),
    (
        "permanence",
        &[
            "salle",
            "étude",
            "téléphonique",
            "accueil",
            "téléphone",
            "ouvert",
            "ouverte",
            "fermé",
            "fermée",
            "accessible",
            "disponible",
            "assurée",
            "tenue",
            "sociale",
            "infirmière",
            "psychologue",
        ],
        "la salle d’étude, ou l’accueil au téléphone",
        "« en salle d’étude », ou « l’accueil téléphonique »",
    ),
    (
        "appel",
        &[
            "téléphone",
            "téléphonique",
            "présents",
            "présence",
            "numéro",
            "projets",
            "projet",
            "candidature",
            "candidatures",
            "dons",
            "volontaires",
            "bénévoles",
            "offres",
            "urgence",
            "fait",
            "faire",
            "faites",
            "faisons",
        ],
        "un appel téléphonique, ou l’appel des élèves en classe",
        "« un appel téléphonique », ou « le relevé des présents »",
    ),
    ("AR", &[], "accusé de réception, ou aller-retour", "les mots en entier"),
    (
        "pause numérique",
        &[],
        "des heures sans message, ou l’interdiction du téléphone",
        "« aucun message entre 20 h et 7 h », ou « sans téléphone dans l’établissement »",
    ),
    (
        "référent",
        &[
            "numérique",
            "harcèlement",
            "handicap",
            "laïcité",
            "professeur",
            "enseignant",
            "enseignante",
            "AESH",
            "parcours",
            "culture",
            "égalité",
            "absentéisme",
            "décrochage",
            "sport",
            "santé",
        ],
        "plusieurs personnes ont ce titre",
        "le nom ou la fonction de la personne",
    ),
    ("relance", &[], "un rappel, ou une nouvelle demande", "« un rappel »"),
    (
        "cahier de texte",
        &["ENT", "numérique", "papier", "ligne"],
        "celui de l’élève, ou celui qui est en ligne",
        "« le cahier de textes en ligne », ou « l’agenda papier de l’élève »",
    ),
    (
        "agenda",
        &["ENT", "papier", "élève", "ligne", "enfant", "enfants", "élèves", "son", "leur"],
        "l’agenda de l’élève, ou le calendrier de l’établissement",
        "« l’agenda papier », ou « le calendrier »",
    ),
    (
        "livret",
        &[
            "scolaire",
            "accueil",
            "compétences",
            "ASSR",
            "famille",
            "stage",
            "suivi",
            "apprentissage",
            "élève",
        ],
        "plusieurs documents portent ce nom",
        "« le livret scolaire », ou son nom complet",
    ),
];

/// So many letters tell a word, whatever it ends in.
const STEM: usize = 5;

/// A short form or a word of the trade, and how families say it.
const JARGON: [(&str, &str); 30] = [
    ("AED", "surveillant"),
    ("AESH", "accompagnant d’élève en situation de handicap"),
    ("AP", "accompagnement personnalisé"),
    ("ASSR", "attestation de sécurité routière"),
    ("CDI", "centre de documentation"),
    ("CPE", "conseiller principal d’éducation"),
    ("DASEN", "direction académique"),
    ("DNB", "brevet"),
    ("DSDEN", "direction académique"),
    ("EDT", "emploi du temps"),
    ("ENT", "espace numérique de travail"),
    ("EPI", "projet entre plusieurs matières"),
    ("EPLE", "établissement"),
    ("LSU", "livret scolaire"),
    ("PAI", "projet d’accueil individualisé, pour la santé"),
    ("PAP", "plan d’accompagnement personnalisé"),
    ("PCA", "plan de continuité"),
    ("PFMP", "stage en entreprise"),
    ("PP", "professeur principal"),
    ("PPRE", "programme de réussite éducative"),
    ("PPS", "projet personnalisé de scolarisation"),
    ("PsyEn", "psychologue de l’Éducation nationale"),
    ("SEGPA", "section d’enseignement adapté"),
    ("ULIS", "dispositif d’inclusion scolaire"),
    ("UPE2A", "classe d’accueil des élèves qui apprennent le français"),
    ("VS", "vie scolaire"),
    ("asynchrone", "quand chacun le veut"),
    ("distanciel", "à distance"),
    ("présentiel", "en classe"),
    ("visio", "réunion en vidéo"),
];

pub(super) fn look(sentence: &Sentence<'_>, whole: &str, found: &mut Vec<Advice>) {
    for (term, clear_by, means, better) in AMBIGUOUS {
        if is_meant(&sentence.text, term) && !clear_by.iter().any(|it| holds(&sentence.text, it)) {
            let told = format!("« {term} » peut se comprendre de deux façons : {means}.");
            found.push(sentence.advice(AdviceKind::Ambiguous, told, better));
        }
    }
    for (term, said) in JARGON {
        if holds(&sentence.text, term) && !is_spelt_out(whole, term, said) {
            let told = format!("Toutes les familles ne connaissent pas « {term} ».");
            let better = if is_short_form(term) {
                format!("« {said} », ou « {said} ({term}) » la première fois")
            } else {
                format!("« {said} »")
            };
            found.push(sentence.advice(AdviceKind::Jargon, told, better));
        }
    }
}

fn is_short_form(term: &str) -> bool {
    term.chars().filter(|sign| sign.is_uppercase()).count() > 1
}

/// Somewhere in the text with its words beside it: `CPE (conseiller …)`, `conseiller … (CPE)`; or all of these words stand
/// there, whatever their endings: `Mme Durand, conseillère principale d’éducation`.
fn is_spelt_out(whole: &str, term: &str, said: &str) -> bool {
    if whole.contains(&format!("({term})")) || whole.contains(&format!("{term} (")) {
        return true;
    }
    let whole = whole.to_lowercase();
    let stem = |word: &str| word.chars().take(STEM).collect::<String>().to_lowercase();
    let mut stems = words(said).filter(|word| word.chars().count() >= STEM).map(stem).peekable();
    is_short_form(term) && stems.peek().is_some() && stems.all(|stem| whole.contains(&stem))
}

/// What stands before a word that names somebody.
const NAMED_AFTER: [&str; 12] =
    ["le", "la", "les", "un", "une", "des", "du", "au", "votre", "vos", "chaque", "ce"];
/// The word that is a quality as well, and what may follow it that says who is meant.
const RESPONSIBLE: &str = "responsable";
const OF_WHAT: [&str; 6] = ["de", "du", "des", "d", "financier", "pédagogique"];

/// Whether a sentence uses a term as what may be misread: `un comportement responsable` is a quality, and `le responsable
/// de la cantine` says of what.
fn is_meant(sentence: &str, term: &str) -> bool {
    if term != RESPONSIBLE {
        return holds(sentence, term);
    }
    let words: Vec<String> = words(sentence).map(str::to_lowercase).collect();
    words.iter().enumerate().any(|(at, word)| {
        let is_it = word.strip_suffix('s').unwrap_or(word) == RESPONSIBLE;
        let before = at.checked_sub(1).map_or("", |before| words[before].as_str());
        let after = words.get(at + 1).map_or("", String::as_str);
        is_it && NAMED_AFTER.contains(&before) && !OF_WHAT.contains(&after)
    })
}

/// Whether a sentence holds a term as whole words, the plural too; a short form in its capitals alone.
fn holds(sentence: &str, term: &str) -> bool {
    let is_same = |word: &str, wanted: &str| {
        if is_short_form(wanted) {
            return word == wanted;
        }
        let word = word.to_lowercase();
        word == wanted || word.strip_suffix('s') == Some(wanted)
    };
    let words: Vec<&str> = words(sentence).collect();
    let wanted: Vec<&str> = term.split(' ').collect();
    words.windows(wanted.len()).any(|at| at.iter().zip(&wanted).all(|(word, it)| is_same(word, it)))
}
