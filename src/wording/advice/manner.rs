//! How it is said: without shouting, in short sentences, one thing at a time.

use super::piece::{Advice, AdviceKind, Sentence};
use super::sentences::words;

/// As many words as one reads in a breath.
const LONG: usize = 25;
/// A word in capitals that is shouted, and no short form: so many letters.
const SHOUTED: usize = 5;
/// Words that alarm more than they tell.
const ALARMING: [&str; 6] =
    ["impérativement", "impératif", "catastrophe", "panique", "sanction", "sanctions"];
/// How families are asked to do something.
const ASKS: [&str; 25] = [
    "merci de",
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
    if words.len() > LONG {
        let told = format!("Cette phrase a {} mots : on en perd le fil.", words.len());
        found.push(sentence.advice(AdviceKind::LongSentence, told, "deux phrases, ou une liste"));
    }
    if is_shouted(&words) || marks(&sentence.text) > 1 {
        let told = "Les majuscules et les « !! » crient, et inquiètent.";
        let better = "les mêmes mots en minuscules, ce qui compte en gras : **lundi 16 mars**";
        found.push(sentence.advice(AdviceKind::Shouting, told, better));
    }
    let alarming = words.iter().find(|word| ALARMING.contains(&word.to_lowercase().as_str()));
    if let Some(word) = alarming {
        let told = format!("« {word} » inquiète ; le mémo demande des termes rassurants.");
        let better = "ce qu’il y a à faire, et jusqu’à quand";
        found.push(sentence.advice(AdviceKind::Shouting, told, better));
    }
}

/// Two words in capitals one after the other: a short form stands alone.
fn is_shouted(words: &[&str]) -> bool {
    let is_loud = |word: &&&str| {
        let letters = word.chars().filter(|sign| sign.is_alphabetic()).count();
        letters > 1 && word.chars().all(|sign| !sign.is_lowercase())
    };
    let loud: Vec<&&str> = words.iter().filter(is_loud).collect();
    loud.len() > 1 && loud.iter().any(|word| word.chars().count() >= SHOUTED)
}

fn marks(sentence: &str) -> usize {
    sentence.chars().filter(|sign| *sign == '!').count()
}

/// Several things that are asked in running text, one after the other.
pub(super) fn several_actions(sentences: &[Sentence<'_>]) -> Option<Advice> {
    let in_list =
        |text: &str| text.starts_with("- ") || text.starts_with(|c: char| c.is_ascii_digit());
    let asks = sentences.iter().filter(|it| !in_list(&it.text) && asks(&it.text));
    let asks: Vec<&Sentence<'_>> = asks.collect();
    let [_, .., last] = asks.as_slice() else { return None };
    let told = format!("{} choses sont demandées : la dernière risque d’être oubliée.", asks.len());
    let better = "une liste, une demande par ligne ; ou une annonce pour chacune";
    Some(last.advice(AdviceKind::SeveralActions, told, better))
}

fn asks(sentence: &str) -> bool {
    let sentence = sentence.to_lowercase();
    ASKS.iter().any(|asked| {
        let after = sentence.split_once(asked);
        after.is_some_and(|(before, _)| !before.ends_with(char::is_alphanumeric))
    })
}
