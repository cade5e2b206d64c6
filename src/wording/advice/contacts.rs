//! Numbers and mailboxes beside those of the school: a digit that was mistyped is called by hundreds.

use super::piece::{Advice, AdviceKind, Sentence, Writer};

/// Digits of a national number, its zero included.
const NATIONAL: usize = 10;
/// The lines of one school differ in their last digits.
const SAME_SCHOOL: usize = 8;

pub(super) fn look(sentence: &Sentence<'_>, writer: Writer<'_>, found: &mut Vec<Advice>) {
    let own: String = digits(writer.phone);
    for number in numbers(&sentence.text) {
        if !own.is_empty() && number.get(..SAME_SCHOOL) != own.get(..SAME_SCHOOL) {
            let told = format!("Le {} n’est pas une ligne de l’établissement.", in_pairs(&number));
            let better = format!("vérifiez-le ; celui de l’établissement est le {}", writer.phone);
            found.push(sentence.advice(AdviceKind::OtherContact, told, better));
        }
    }
    let own = writer.email.rsplit_once('@').map(|(_, host)| host.to_lowercase());
    for address in sentence.text.split_whitespace().filter(|word| word.contains('@')) {
        let address = address.trim_matches(|c: char| !c.is_alphanumeric());
        let host = address.rsplit_once('@').map(|(_, host)| host.to_lowercase());
        if own.is_some() && host.is_some() && host != own {
            let told = format!("« {address} » n’est pas une adresse de l’établissement.");
            let better = format!("vérifiez-la ; celle de l’établissement est {}", writer.email);
            found.push(sentence.advice(AdviceKind::OtherContact, told, better));
        }
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Runs of ten digits that begin with a zero, with blanks and points between them.
fn numbers(sentence: &str) -> Vec<String> {
    let is_part = |sign: char| sign.is_ascii_digit() || sign == '.' || sign.is_whitespace();
    let runs = sentence.split(move |sign: char| !is_part(sign));
    let numbers = runs.map(digits).filter(|run| run.len() == NATIONAL && run.starts_with('0'));
    numbers.collect()
}

fn in_pairs(number: &str) -> String {
    let pairs: Vec<String> = number
        .as_bytes()
        .chunks(2)
        .map(|pair| String::from_utf8_lossy(pair).into_owned())
        .collect();
    pairs.join(" ")
}
