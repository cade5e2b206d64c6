//! Numbers and mailboxes beside those of the school: a digit that was mistyped is called by hundreds.

use super::piece::{Advice, AdviceKind, Sentence, Writer};

/// Digits of a national number, its zero included.
const NATIONAL: usize = 10;
/// The lines of one school differ in their last digits.
const SAME_SCHOOL: usize = 8;

pub(super) fn look(sentence: &Sentence<'_>, writer: Writer<'_>, found: &mut Vec<Advice>) {
    let own = numbers(writer.phone);
    let is_own =
        |number: &String| own.iter().any(|own| own.get(..SAME_SCHOOL) == number.get(..SAME_SCHOOL));
    for number in numbers(&sentence.text).into_iter().filter(|it| !own.is_empty() && !is_own(it)) {
        let told = format!("Le {} n’est pas une ligne de l’établissement.", in_pairs(&number));
        let better = format!("vérifiez-le ; celui de l’établissement est le {}", writer.phone);
        found.push(sentence.advice(AdviceKind::OtherContact, told, better));
    }
    let Some(own) = host(writer.email) else { return };
    for address in sentence.text.split_whitespace().filter(|word| word.contains('@')) {
        let address = address.trim_matches(|c: char| !c.is_alphanumeric());
        let is_strange = |host: &String| !is_of_the_state(host) && !are_akin(host, &own);
        if host(address).is_some_and(|host| is_strange(&host)) {
            let told = format!("« {address} » n’est pas une adresse de l’établissement.");
            let better = format!("vérifiez-la ; celle de l’établissement est {}", writer.email);
            found.push(sentence.advice(AdviceKind::OtherContact, told, better));
        }
    }
}

fn host(address: &str) -> Option<String> {
    let (_, host) = address.rsplit_once('@')?;
    host.contains('.').then(|| host.to_lowercase())
}

/// An académie's, where teachers have their mailboxes, or a ministry's.
fn is_of_the_state(host: &str) -> bool {
    let Some((below, "fr")) = host.rsplit_once('.') else { return false };
    below.starts_with("ac-") || matches!(below.rsplit_once('.'), Some((_, "gouv")))
}

/// One is the other, or stands below it.
fn are_akin(one: &str, other: &str) -> bool {
    let is_below = |one: &str, other: &str| {
        one.strip_suffix(other).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    is_below(one, other) || is_below(other, one)
}

/// The telephone numbers of a text, each with its zero: `0536490000`.
fn numbers(text: &str) -> Vec<String> {
    let (mut found, mut rest) = (Vec::new(), text);
    let begins = |sign: char| sign.is_ascii_digit() || sign == '+';
    while let Some((_, run)) = rest.find(begins).and_then(|at| rest.split_at_checked(at)) {
        if let Some((number, after)) = number(run) {
            found.push(number);
            rest = after;
        } else {
            let after = run.strip_prefix(begins).unwrap_or_default();
            rest = after.trim_start_matches(|sign: char| sign.is_ascii_digit());
        }
    }
    found
}

/// The number that a text begins with, in pairs, all in one, or with the country before it; and what follows it.
fn number(text: &str) -> Option<(String, &str)> {
    let joins = |sign: char| sign == '.' || sign == '-' || sign.is_whitespace();
    let abroad = ["+33", "0033"].iter().find_map(|country| text.strip_prefix(country));
    let (begun, text) = match abroad {
        Some(after) => ("0", after.trim_start().trim_start_matches("(0)")),
        None => ("", text),
    };
    let (mut number, mut end) = (begun.to_owned(), 0);
    for (at, sign) in text.char_indices().take_while(|(_, it)| it.is_ascii_digit() || joins(*it)) {
        if sign.is_ascii_digit() && number.len() < NATIONAL {
            number.push(sign);
            end = at + 1;
        }
    }
    let (written, after) = text.split_at(end);
    let is_one = number.len() == NATIONAL
        && number.starts_with('0')
        && !after.starts_with(|sign: char| sign.is_ascii_digit());
    (is_one && is_in_pairs(written, begun)).then_some((number, after))
}

/// Whether digits stand in pairs, but for one that follows the country, or all in one: `03.05.2027 18` is no number.
fn is_in_pairs(written: &str, begun: &str) -> bool {
    let groups: Vec<&str> = written.split(|sign: char| !sign.is_ascii_digit()).collect();
    let groups: Vec<usize> =
        groups.into_iter().map(str::len).filter(|length| *length > 0).collect();
    let (first, others) = groups.split_first().map_or((0, &[][..]), |(first, rest)| (*first, rest));
    let is_one = others.is_empty();
    is_one || (first == 2 - begun.len() && others.iter().all(|length| *length == 2))
}

fn in_pairs(number: &str) -> String {
    let pairs: Vec<String> = number
        .as_bytes()
        .chunks(2)
        .map(|pair| String::from_utf8_lossy(pair).into_owned())
        .collect();
    pairs.join(" ")
}
