//! The words of a mail that may name one of ours: a reference under its seal, in a return path, an envelope id, a
//! Message-ID or a subject. Whether one is, only who has the key knows.

use mail_parser::{Message, MessagePart, MimeHeaders as _, PartType};

use super::arrival::Arrival;
use super::reports;

/// So many are asked at the most.
const MOST: usize = 40;
/// None of ours is longer.
const LONGEST: usize = 80;
/// Octets of returned headers that are looked through.
const LARGEST_HEADERS: usize = 128 * 1024;
/// Headers in which servers keep whom a mail was for.
const RECIPIENT_HEADERS: [&str; 5] =
    ["Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To"];

/// What may name one of ours in this mail, the surest first.
pub(super) fn of(mail: &Message<'_>, arrival: &Arrival<'_>) -> Vec<String> {
    let headers = RECIPIENT_HEADERS.iter().flat_map(|name| header(mail, name));
    let mut found: Vec<String> = of_addresses(arrival.to.iter().map(String::as_str)).collect();
    found.extend(of_addresses(headers));
    for part in &mail.parts {
        found.extend(subtype(part).and_then(|subtype| match subtype.as_str() {
            "delivery-status" | "global-delivery-status" => reports::envelope_id(part),
            _ => None,
        }));
    }
    for part in &mail.parts {
        found.extend(of_ids(&returned_ids(part)));
    }
    for name in ["References", "In-Reply-To"] {
        header(mail, name).for_each(|ids| found.extend(of_ids(ids)));
    }
    for part in &mail.parts {
        let subtype = subtype(part).unwrap_or_default();
        if subtype.ends_with("disposition-notification") {
            found.extend(reports::original_message_id(part).iter().flat_map(|ids| of_ids(ids)));
        }
    }
    found.extend(
        mail.subject().iter().flat_map(|it| it.split_whitespace().take(MOST).map(str::to_owned)),
    );
    found.retain(|word| (1..=LONGEST).contains(&word.len()));
    found.truncate(MOST);
    found
}

/// What stands behind the `+` of addresses.
pub(super) fn of_addresses<'a>(
    texts: impl Iterator<Item = &'a str>,
) -> impl Iterator<Item = String> {
    texts.flat_map(|text| {
        let words = text.split([' ', ',', ';', '<', '>', '"', '\t', '\r', '\n']);
        let locals = words.filter_map(|word| word.rsplit_once('@').map(|(local, _)| local));
        let details = locals.filter_map(|local| local.rsplit_once('+').map(|(_, detail)| detail));
        details.take(MOST).map(str::to_owned).collect::<Vec<_>>()
    })
}

/// The left parts of Message-IDs.
fn of_ids(text: &str) -> Vec<String> {
    let words = text.split(|c: char| c.is_whitespace() || "<>,;".contains(c));
    let left = words.filter_map(|word| word.split_once('@').map(|(left, _)| left));
    left.take(MOST).map(str::to_owned).collect()
}

/// The Message-ID of the mail that a part gives back, whole or its headers alone.
fn returned_ids(part: &MessagePart<'_>) -> String {
    match &part.body {
        PartType::Message(returned) => {
            let id = returned.header_raw("Message-ID").unwrap_or_default();
            id.trim().to_owned()
        }
        _ if subtype(part).is_some_and(|it| {
            ["rfc822-headers", "rfc822", "global", "global-headers"].contains(&it.as_str())
        }) =>
        {
            let octets = part.contents();
            let octets = octets.get(..LARGEST_HEADERS).unwrap_or(octets);
            let text = String::from_utf8_lossy(octets);
            let mut lines = text.lines().take_while(|line| !line.is_empty());
            let id = lines.find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("message-id").then(|| value.trim().to_owned())
            });
            id.unwrap_or_default()
        }
        _ => String::new(),
    }
}

fn subtype(part: &MessagePart<'_>) -> Option<String> {
    part.content_type().and_then(|it| it.subtype()).map(str::to_lowercase)
}

fn header<'a>(mail: &'a Message<'_>, name: &'a str) -> impl Iterator<Item = &'a str> {
    mail.headers_raw().filter(move |(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, it)| it)
}
