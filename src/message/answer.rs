//! What people answer, as they type it.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

use super::Reference;
use crate::people::unaccented_capitals;

/// Words of the longest text that is taken for an answer: who writes more is read by a person.
const MOST_WORDS: usize = 12;

/// What may stand before the word that answers.
const BEFORE: [&str; 24] = [
    "BONJOUR", "BJR", "BONSOIR", "BSR", "SALUT", "SLT", "MADAME", "MME", "MONSIEUR", "MR", "M",
    "MERCI", "POUR", "NOUS", "MOI", "MA", "LA", "REPONSE", "EST", "C", "CEST", "JE", "DIS", "SERA",
];
const YES: [&str; 3] = ["OUI", "OUAIS", "YES"];
const NO: [&str; 3] = ["NON", "NAN", "NO"];
/// What makes an answer doubtful, or speaks of something else: a person reads it.
const DOUBTFUL: [&str; 18] = [
    "MAIS",
    "SI",
    "SAUF",
    "OU",
    "SAIS",
    "PEUTETRE",
    "CROIS",
    "PENSE",
    "ESPERE",
    "ESSAIE",
    "ESSAYER",
    "ESSAIERAI",
    "NORMALEMENT",
    "PROBABLEMENT",
    "ERREUR",
    "NUMERO",
    "TROMPE",
    "TROMPEZ",
];
/// What is said beside a mark.
const BESIDE_A_MARK: [&str; 6] = ["NOTE", "METS", "DONNE", "MET", "BONNE", "JOURNEE"];

/// What may be answered to a question.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AnswerKind {
    /// Yes or no.
    #[default]
    #[serde(rename = "oui-non")]
    YesNo,
    /// A mark from one to five.
    #[serde(rename = "1-5")]
    Mark,
}

impl AnswerKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::YesNo, Self::Mark];

    /// The word for it in commands and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::YesNo => "oui-non",
            Self::Mark => "1-5",
        }
    }

    /// The kind of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// As people are told what to answer: `OUI ou NON`.
    #[must_use]
    pub const fn in_french(self) -> &'static str {
        match self {
            Self::YesNo => "OUI ou NON",
            Self::Mark => "un chiffre de 1 à 5",
        }
    }

    /// All that may be answered, in the order in which it is read.
    #[must_use]
    pub const fn choices(self) -> &'static [AnswerChoice] {
        match self {
            Self::YesNo => &[AnswerChoice::Yes, AnswerChoice::No],
            Self::Mark => &AnswerChoice::MARKS,
        }
    }
}

/// An answer to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AnswerChoice {
    /// `oui`.
    Yes,
    /// `non`.
    No,
    /// One.
    One,
    /// Two.
    Two,
    /// Three.
    Three,
    /// Four.
    Four,
    /// Five.
    Five,
}

impl AnswerChoice {
    /// Every mark, lowest first.
    pub const MARKS: [Self; 5] = [Self::One, Self::Two, Self::Three, Self::Four, Self::Five];
    /// Every answer.
    pub const ALL: [Self; 7] =
        [Self::Yes, Self::No, Self::One, Self::Two, Self::Three, Self::Four, Self::Five];

    /// The word in the database, in commands and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "oui",
            Self::No => "non",
            Self::One => "1",
            Self::Two => "2",
            Self::Three => "3",
            Self::Four => "4",
            Self::Five => "5",
        }
    }

    /// The answer of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|answer| answer.as_str() == word)
    }

    /// As a page and a slip show it.
    #[must_use]
    pub const fn in_french(self) -> &'static str {
        match self {
            Self::Yes => "Oui",
            Self::No => "Non",
            other => other.as_str(),
        }
    }

    /// Whether a question of this kind may be answered so.
    #[must_use]
    pub fn is_of(self, kind: AnswerKind) -> bool {
        kind.choices().contains(&self)
    }

    /// The answer that a typed text gives to a question of this kind. `None` for whatever leaves a doubt, asks
    /// something back or says more than an answer: a person reads that.
    #[must_use]
    pub fn heard_in(text: &str, kind: AnswerKind) -> Option<Self> {
        if text.contains('?') {
            return None;
        }
        match kind {
            AnswerKind::YesNo => yes_or_no(text),
            AnswerKind::Mark => mark(text),
        }
    }
}

/// The words of a text, in capitals without accents; references of messages left out.
fn words(text: &str) -> Vec<String> {
    let typed = text.split_whitespace().take(4 * MOST_WORDS);
    let said = typed.filter(|it| !is_reference(it)).collect::<Vec<_>>().join(" ");
    unaccented_capitals(&said).split(' ').filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

/// Whether a word of a text is a reference, or the code of a message as it is printed.
fn is_reference(word: &str) -> bool {
    let word = word.trim_matches(|sign: char| !sign.is_alphanumeric());
    let is_printed = |sign: u8| sign.is_ascii_digit() || b"ABCDEFGHJKMNPQRSTVWXYZ".contains(&sign);
    word.len() == 4 && word.bytes().all(is_printed) || word.parse::<Reference>().is_ok()
}

fn yes_or_no(text: &str) -> Option<AnswerChoice> {
    let words = words(text);
    if words.is_empty() || words.len() > MOST_WORDS {
        return None;
    }
    let heard = |word: &String| {
        let word = without_repeats(word);
        let is_in = |known: &[&'static str]| known.contains(&word.as_str());
        if is_in(&YES) {
            Some(AnswerChoice::Yes)
        } else if is_in(&NO) {
            Some(AnswerChoice::No)
        } else {
            None
        }
    };
    let first = words.iter().find(|word| !BEFORE.contains(&word.as_str()))?;
    let answer = heard(first)?;
    let contradicts = words.iter().filter_map(heard).any(|other| other != answer);
    let joined = words.join(" ");
    let is_doubtful = words.iter().any(|word| DOUBTFUL.contains(&word.as_str()))
        || joined.contains("PEUT ETRE")
        || turns(&joined, answer);
    (!contradicts && !is_doubtful).then_some(answer)
}

/// Whether what follows an answer turns it: a yes that is denied, a no that is none.
fn turns(words: &str, answer: AnswerChoice) -> bool {
    let no_trouble = ["PAS DE PROBLEME", "PAS DE SOUCI", "PAS DE SOUCIS"];
    let is_easy = no_trouble.iter().any(|it| words.contains(it));
    let denies = words.split(' ').any(|word| matches!(word, "PAS" | "JAMAIS" | "PLUS" | "AUCUN"));
    match answer {
        // No, it is not for them.
        AnswerChoice::No => {
            is_easy || ["PAS MOI", "SUIS PAS M", "CONNAIS PAS"].iter().any(|it| words.contains(it))
        }
        _ => denies && !is_easy,
    }
}

/// `OUIII` and `NOON`, as they were meant.
fn without_repeats(word: &str) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    letters.dedup();
    letters.into_iter().collect()
}

fn mark(text: &str) -> Option<AnswerChoice> {
    let spoken = ["UN", "DEUX", "TROIS", "QUATRE", "CINQ"];
    let typed: Vec<&str> = text.split_whitespace().filter(|it| !is_reference(it)).collect();
    if typed.is_empty() || typed.len() > MOST_WORDS {
        return None;
    }
    let bare = |word: &str| word.trim_matches(['.', ',', '!', ';', ':', '"', '(', ')']).to_owned();
    let mut found = None;
    let mut words = typed.into_iter().map(bare).filter(|it| !it.is_empty()).peekable();
    while let Some(word) = words.next() {
        let folded = unaccented_capitals(&word);
        let number = word.strip_suffix("/5").unwrap_or(&word);
        let spoken = spoken.iter().zip(AnswerChoice::MARKS).find(|(it, _)| **it == folded);
        let is_mark = |answer: &AnswerChoice| answer.is_of(AnswerKind::Mark);
        let heard =
            AnswerChoice::from_word(number).filter(is_mark).or(spoken.map(|(_, mark)| mark));
        match heard {
            Some(_) if found.is_some() => return None,
            Some(mark) => {
                found = Some(mark);
                let of_five = |next: &String| next.eq_ignore_ascii_case("sur") || next == "/";
                if words.next_if(of_five).is_some() && words.next_if(|it| it == "5").is_none() {
                    return None;
                }
            }
            None => {
                let is_beside =
                    |known: &[&'static str]| folded.split(' ').all(|it| known.contains(&it));
                if !is_beside(&BEFORE) && !is_beside(&BESIDE_A_MARK) {
                    return None;
                }
            }
        }
    }
    found
}

impl fmt::Display for AnswerChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for AnswerChoice {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(text: &str) -> Option<AnswerChoice> {
        AnswerChoice::heard_in(text, AnswerKind::YesNo)
    }

    #[test]
    fn yes_is_heard_as_people_write_it() {
        for text in [
            "OUI",
            "oui",
            "Oui.",
            "oui merci",
            "Oui nous viendrons",
            "OUIIII !!",
            "Bonjour, oui",
            "c'est oui",
            "Oui, pas de problème",
            "oui 7K4M-02QB",
            "7K4M-02QB : oui",
            "OUI 7K4M",
            "Bonsoir Madame, oui avec plaisir",
            "Ouais",
            "\u{a0}oui\n",
            "Pour nous c’est oui",
            "Oui oui",
            "« Oui »",
        ] {
            assert_eq!(heard(text), Some(AnswerChoice::Yes), "{text}");
        }
    }

    #[test]
    fn no_is_heard_as_people_write_it() {
        for text in [
            "NON",
            "non désolé",
            "Non merci",
            "Bonjour non",
            "Non, je ne pourrai pas venir",
            "nooon",
            "Nan",
            "Ma réponse est non",
            "non !",
            "NON 7K4M-02QB",
        ] {
            assert_eq!(heard(text), Some(AnswerChoice::No), "{text}");
        }
    }

    #[test]
    fn what_leaves_a_doubt_is_left_to_a_person() {
        for text in [
            "",
            " ",
            "ok",
            "OK merci",
            "d'accord",
            "Merci",
            "bien reçu",
            "oui ou non",
            "Oui mais en retard",
            "oui ?",
            "Oui, à quelle heure ?",
            "oui si je peux",
            "peut-être",
            "oui peut-être",
            "Oui pour Paul, non pour Zoé",
            "Non, mauvais numéro",
            "Erreur",
            "Nonobstant",
            "Ouistiti",
            "je viens",
            "Non pas de souci je viens",
            "Oui je ne viendrai pas",
            "1",
            "STOP",
            "7K4M-02QB",
            "👍",
            "Je ne sais pas",
            "Oui nous viendrons tous les quatre et ma mère viendra aussi avec le petit dernier",
        ] {
            assert_eq!(heard(text), None, "{text}");
        }
    }

    #[test]
    fn a_mark_is_heard_alone_or_among_a_few_words() {
        for (text, mark) in [
            ("4", AnswerChoice::Four),
            ("4/5", AnswerChoice::Four),
            ("4 / 5", AnswerChoice::Four),
            ("5 sur 5", AnswerChoice::Five),
            ("Bonjour, 3.", AnswerChoice::Three),
            ("Je mets 2", AnswerChoice::Two),
            ("note : 1", AnswerChoice::One),
            ("Quatre", AnswerChoice::Four),
            ("5 merci", AnswerChoice::Five),
            ("3 7K4M-02QB", AnswerChoice::Three),
        ] {
            assert_eq!(AnswerChoice::heard_in(text, AnswerKind::Mark), Some(mark), "{text}");
        }
        for text in
            ["3 ou 4", "4,5", "10", "0", "6", "oui", "", "4 sur 10", "3 4", "4 enfants", "-3", "4?"]
        {
            assert_eq!(AnswerChoice::heard_in(text, AnswerKind::Mark), None, "{text}");
        }
    }

    #[test]
    fn no_text_is_too_long_or_too_strange_to_be_read() {
        let long = "oui ".repeat(100_000);
        assert_eq!(heard(&long), None);
        for text in ["\u{0}", "\u{202e}oui", "💥💥", "é\u{301}", "----", "-02QB"] {
            let _ = (heard(text), AnswerChoice::heard_in(text, AnswerKind::Mark));
        }
    }
}
