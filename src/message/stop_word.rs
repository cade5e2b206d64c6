//! What somebody types who wants no more messages.

use crate::people::unaccented_capitals;

/// The words for it, in capitals without accents.
const STOPS: [&str; 14] = [
    "STOP",
    "STOPP",
    "STOPE",
    "STOPPER",
    "STOPPEZ",
    "ARRET",
    "ARRETE",
    "ARRETER",
    "ARRETEZ",
    "DESABONNER",
    "DESABONNEMENT",
    "DESINSCRIRE",
    "DESINSCRIPTION",
    "UNSUBSCRIBE",
];
/// What may stand beside it: manners, and what is to stop.
const BESIDE: [&str; 35] = [
    "MERCI",
    "SVP",
    "STP",
    "S",
    "IL",
    "VOUS",
    "TE",
    "PLAIT",
    "BONJOUR",
    "BONSOIR",
    "MADAME",
    "MONSIEUR",
    "SMS",
    "TEXTO",
    "TEXTOS",
    "MESSAGE",
    "MESSAGES",
    "ENVOI",
    "ENVOIS",
    "ENVOYER",
    "LES",
    "DE",
    "D",
    "DES",
    "CES",
    "VOS",
    "AUX",
    "A",
    "ME",
    "M",
    "MOI",
    "TOUT",
    "TOUS",
    "IMMEDIATEMENT",
    "ET",
];

/// Whether a text asks that nothing more be sent, as people write it: STOP or ARRÊT first, among a few polite words
/// at most. A sentence that merely holds the word is none.
#[must_use]
pub fn asks_to_stop(text: &str) -> bool {
    // Nobody asks so in a long text, and a hostile one is not folded.
    if text.len() > 200 {
        return false;
    }
    let folded = unaccented_capitals(text);
    let is_beside = |word: &&str| BESIDE.contains(word) || is_short_number(word);
    let mut words = folded.split(' ').filter(|word| !word.is_empty()).skip_while(is_beside);
    words.next().is_some_and(|word| STOPS.contains(&word))
        && words.all(|word| is_beside(&word) || STOPS.contains(&word))
}

/// `STOP 36111`: the number that other senders ask to write to.
fn is_short_number(word: &str) -> bool {
    word.len() == 5 && word.bytes().all(|sign| sign.is_ascii_digit())
}

/// The subject of the mail by which a program asks so for whoever pressed its button, of a mail that is known by this.
#[must_use]
pub fn stop_subject(known_as: &str) -> String {
    format!("{} {known_as}", STOPS[0])
}

/// By what a mail is known that such a subject names.
#[must_use]
pub fn stopped_by(subject: &str) -> Option<&str> {
    subject.trim().strip_prefix(STOPS[0])?.strip_prefix(' ')
}

#[cfg(test)]
mod tests {
    use super::{asks_to_stop, stop_subject, stopped_by};

    #[test]
    fn a_button_asks_by_a_subject_of_its_own() {
        assert_eq!(stopped_by(&stop_subject("7K4M-02QB-9F3K0C7D")), Some("7K4M-02QB-9F3K0C7D"));
        for subject in ["STOP", "Re: STOP 7K4M", "STOPPEZ 7K4M", ""] {
            assert_eq!(stopped_by(subject), None, "{subject}");
        }
    }

    #[test]
    fn a_stop_is_heard_as_people_write_it() {
        for text in [
            "STOP",
            "stop",
            "Stop. Merci",
            "STOP SMS",
            "Bonjour, STOP svp",
            " stop !",
            "ARRET",
            "Arrêt",
            "arrêtez",
            "ARRÊTER LES SMS",
            "Stop stop stop",
            "STOP 36111",
            "stop aux messages",
            "Désinscription",
        ] {
            assert!(asks_to_stop(text), "{text}");
        }
    }

    #[test]
    fn a_sentence_about_a_stop_is_none() {
        for text in [
            "Le bus ne s'arrête plus au stop",
            "Non stop",
            "Merci",
            "",
            "stop au harcèlement",
            "Arrêt de bus",
            "arrêt maladie",
            "Arrêtez de fumer",
            "oui",
            "36111",
            "STOP ?  Pourquoi",
        ] {
            assert!(!asks_to_stop(text), "{text}");
        }
        assert!(!asks_to_stop(&"stop ".repeat(1_000)));
    }
}
