//! How it is said: without shouting, in short sentences, one thing at a time.

use super::piece::{Advice, AdviceKind, Sentence};
use super::sentences::words;

/// As many words as one reads in a breath.
const LONG: usize = 25;
/// A word in capitals that is shouted, and no short form: so many letters.
const SHOUTED: usize = 5;
/// What is before a family name.
const CIVILITIES: [&str; 10] =
    ["M", "MM", "Mme", "Mmes", "Mlle", "Dr", "Pr", "monsieur", "madame", "famille"];
/// What begins a sentence with a capital, and is no first name.
const OPENERS: [&str; 20] = [
    "attention",
    "rappel",
    "important",
    "urgent",
    "info",
    "information",
    "note",
    "merci",
    "le",
    "la",
    "les",
    "un",
    "une",
    "des",
    "ce",
    "cette",
    "votre",
    "nous",
    "vous",
    "toujours",
];
/// Parts of names, programs and short forms, which are in capitals by themselves.
const IN_CAPITALS: [&str; 26] = [
    "DE",
    "DU",
    "DES",
    "LE",
    "LA",
    "LES",
    "EL",
    "BEN",
    "VAN",
    "DI",
    "ENT",
    "PRONOTE",
    "PARCOURSUP",
    "EDUCONNECT",
    "ÉDUCONNECT",
    "AFFELNET",
    "COVID",
    "CNED",
    "UNSS",
    "ASSR",
    "DNB",
    "PIX",
    "SMS",
    "PDF",
    "CDI",
    "CPE",
];
/// Words that alarm more than they tell.
const ALARMING: [&str; 6] =
    ["impérativement", "impératif", "catastrophe", "panique", "sanction", "sanctions"];
/// How families are asked to do something, and thanked for it beforehand.
const THANKS: &str = "merci de";
/// How families are asked to do something.
const ASKS: [&str; 25] = [
    THANKS,
    "veuillez",
    "vous devez",
    "il faut",
    "pensez à",
    "oubliez pas",
    "signez",
    "rapportez",
    "apportez",
    "remplissez",
    "rendez le",
    "rendez la",
    "rendez les",
    "inscrivez",
    "connectez",
    "appelez",
    "écrivez",
    "envoyez",
    "téléchargez",
    "vérifiez",
    "répondez",
    "réservez",
    "choisissez",
    "payez",
    "déposez",
];

pub(super) fn look(sentence: &Sentence<'_>, found: &mut Vec<Advice>) {
    let words: Vec<&str> = words(&sentence.text).collect();
    let length = sentence.text.split([':', ';']).map(length).max().unwrap_or_default();
    if length > LONG {
        let told = format!("Cette phrase a {length} mots : on en perd le fil.");
        found.push(sentence.advice(AdviceKind::LongSentence, told, "deux phrases, ou une liste"));
    }
    if is_shouted(&sentence.text) || marks(&sentence.text) > 1 {
        let told = "Les majuscules et les « !! » crient, et inquiètent.";
        let better = "les mêmes mots en minuscules, ce qui compte en gras : **lundi 16 mars**";
        found.push(sentence.advice(AdviceKind::Shouting, told, better));
    }
    let alarming = |at: &usize| {
        let is_calmed = *at > 1 && words[at - 2].eq_ignore_ascii_case("pas");
        !is_calmed && ALARMING.contains(&words[*at].to_lowercase().as_str())
    };
    if let Some(word) = (0..words.len()).find(alarming).map(|at| words[at]) {
        let told = format!("« {word} » inquiète ; le mémo demande des termes rassurants.");
        let better = "ce qu’il y a à faire, et jusqu’à quand";
        found.push(sentence.advice(AdviceKind::Shouting, told, better));
    }
}

/// How many words are read in one breath; a date and an hour in digits take none.
fn length(text: &str) -> usize {
    words(text).filter(|word| letters(word) > 1).count()
}

fn letters(word: &str) -> usize {
    word.chars().filter(|sign| sign.is_alphabetic()).count()
}

/// Words in capitals one after the other. A short form stands alone, and a family name follows the civility or the first
/// name.
fn is_shouted(sentence: &str) -> bool {
    sentence.split([',', ';', ':', '(', ')']).any(|part| {
        let words: Vec<&str> = words(part).collect();
        let mut before = None;
        words.chunk_by(|one, next| is_loud(one) == is_loud(next)).any(|run| {
            let is_name = before.is_some_and(precedes_name);
            before = run.last().copied();
            is_loud(run[0]) && !is_name && is_cry(run)
        })
    })
}

fn is_loud(word: &str) -> bool {
    letters(word) > 1 && word.chars().all(|sign| !sign.is_lowercase())
}

fn precedes_name(word: &str) -> bool {
    let mut signs = word.chars();
    let is_capital = signs.next().is_some_and(char::is_uppercase);
    let is_first_name =
        is_capital && letters(word) > 1 && signs.all(|it| !it.is_uppercase() || word.contains('-'));
    CIVILITIES.contains(&word)
        || (is_first_name && !OPENERS.contains(&word.to_lowercase().as_str()))
}

/// Whether several of these words say something, and one of them is no short form.
fn is_cry(run: &[&str]) -> bool {
    let says = run.iter().filter(|word| !IN_CAPITALS.contains(word));
    says.clone().count() > 1 && says.into_iter().any(|word| word.chars().count() >= SHOUTED)
}

fn marks(sentence: &str) -> usize {
    sentence.chars().filter(|sign| *sign == '!').count()
}

/// What begins a sentence that asks something of those alone who want or need it.
const IF_NEEDED: [&str; 8] =
    ["pour toute", "pour tout", "pour plus", "en cas", "si ", "s’il", "au besoin", "une question"];
/// Fields that tell how one reaches the school, or when there is more.
const NO_REQUEST: [&str; 2] = ["contacts", "prochain_rendez_vous"];
/// What is thanked for and not asked: `merci de votre compréhension`.
const THANKED_FOR: [&str; 4] = ["votre", "vos", "l’", "nous avoir"];

/// Several things that are asked in running text, one after the other.
pub(super) fn several_actions(sentences: &[Sentence<'_>]) -> Option<Advice> {
    let in_list =
        |text: &str| text.starts_with("- ") || text.starts_with(|c: char| c.is_ascii_digit());
    let running =
        sentences.iter().filter(|it| !NO_REQUEST.contains(&it.field) && !in_list(&it.text));
    let asks = running.filter(|it| asks(&it.text));
    let asks: Vec<&Sentence<'_>> = asks.collect();
    let [_, .., last] = asks.as_slice() else { return None };
    let told = format!("{} choses sont demandées : la dernière risque d’être oubliée.", asks.len());
    let better = "une liste, une demande par ligne ; ou une annonce pour chacune";
    Some(last.advice(AdviceKind::SeveralActions, told, better))
}

fn asks(sentence: &str) -> bool {
    let sentence = sentence.to_lowercase().replace('\'', "’");
    if IF_NEEDED.iter().any(|begins| sentence.starts_with(begins)) {
        return false;
    }
    ASKS.iter().any(|asked| {
        let found = sentence.split_once(asked);
        found.is_some_and(|(before, after)| {
            let after = after.trim_start();
            let is_thanks = *asked == THANKS && THANKED_FOR.iter().any(|it| after.starts_with(it));
            !before.ends_with(char::is_alphanumeric) && !is_thanks
        })
    })
}
