//! What a bounce reports, recipient by recipient (RFC 3464). Its groups of fields are read by hand: to a parser of mails
//! they are any file.

use mail_parser::{Message, MessagePart};

use super::cause::{self, BounceCause, BounceCode};
use super::words;

/// Octets of a report that are read.
const LARGEST_REPORT: usize = 64 * 1024;
/// Recipients of one that are read: ours have one each.
const MOST_RECIPIENTS: usize = 100;

/// What a bounce says of one recipient. `Debug` hides whom.
#[derive(Clone, PartialEq, Eq)]
pub struct Report {
    /// The address that it speaks of: the one that was written to, where it says that, or else the one where it ended.
    pub recipient: String,
    /// What became of the mail.
    pub fate: MailFate,
}

/// What became of a mail for one recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailFate {
    /// It did not arrive, and will not.
    Failed(BounceCause),
    /// It has not arrived yet.
    Delayed,
    /// Another server has it. Servers say "delivered" and "relayed" for the same thing: no proof that it arrived.
    HandedOver,
}

impl std::fmt::Debug for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Report({:?})", self.fate)
    }
}

/// The fields of a group, unfolded: each with its name in small letters.
type ReportFields = Vec<(String, String)>;

/// The reports of a part `message/delivery-status`.
pub(super) fn of(mail: &Message<'_>, part: &MessagePart<'_>) -> Vec<Report> {
    let groups = groups(part.contents());
    let groups = groups.iter().filter(|it| field(it, "action").is_some());
    groups.take(MOST_RECIPIENTS).map(|it| report(mail, it)).collect()
}

/// The id that we gave the mail as we handed it over, where the report has it.
pub(super) fn envelope_id(part: &MessagePart<'_>) -> Option<String> {
    let groups = groups(part.contents());
    groups.iter().find_map(|it| field(it, "original-envelope-id")).map(plain_from_xtext)
}

/// The id of the mail that a receipt speaks of.
pub(super) fn original_message_id(part: &MessagePart<'_>) -> Option<String> {
    let groups = groups(part.contents());
    groups.iter().find_map(|it| field(it, "original-message-id")).map(str::to_owned)
}

/// What a machine's refusal says: a Sieve script that rejects says it so, after its server took the mail.
pub(super) fn refusal(part: &MessagePart<'_>) -> Option<Report> {
    let groups = groups(part.contents());
    let disposition = groups.iter().find_map(|it| field(it, "disposition"))?.to_lowercase();
    let (mode, kind) = disposition.split_once(';')?;
    let is_refused = mode.contains("automatic-action") && kind.trim().starts_with("deleted");
    is_refused.then(|| Report {
        recipient: groups.iter().find_map(recipient).unwrap_or_default(),
        fate: MailFate::Failed(BounceCause::Recipient),
    })
}

fn report(mail: &Message<'_>, fields: &ReportFields) -> Report {
    let recipient = recipient(fields).unwrap_or_default();
    let status = field(fields, "status").and_then(cause::code);
    let said = match field(fields, "diagnostic-code") {
        Some(said) => said.split_once(';').map_or(said, |(_, said)| said).trim().to_owned(),
        None => words::said_of(mail, &recipient).unwrap_or_default(),
    };
    let action = field(fields, "action").unwrap_or_default().to_lowercase();
    let fate = match action.as_str() {
        "failed" => MailFate::Failed(cause::of(status, &said)),
        // OpenSMTPD 6.8 says so when it gives up, and nothing after that. The same code in other words is a delay.
        "delayed" if is_expired(status) && said.eq_ignore_ascii_case(GIVEN_UP) => {
            MailFate::Failed(BounceCause::Recipient)
        }
        "delivered" | "relayed" | "expanded" => MailFate::HandedOver,
        _ => MailFate::Delayed,
    };
    Report { recipient, fate }
}

/// What `OpenSMTPD` says as it gives up.
const GIVEN_UP: &str = "Envelope expired";

fn is_expired(status: Option<BounceCode>) -> bool {
    status.is_some_and(|(_, subject, detail)| (subject, detail) == (4, 7))
}

/// The address that was written to, or else the one where it ended.
fn recipient(fields: &ReportFields) -> Option<String> {
    let original = field(fields, "original-recipient").map(plain_from_xtext);
    let address = original.or_else(|| field(fields, "final-recipient").map(str::to_owned))?;
    let bare = address.split_once(';').map_or(address.as_str(), |(_, bare)| bare);
    Some(bare.trim().trim_matches(['<', '>']).chars().take(320).collect())
}

fn field<'a>(fields: &'a ReportFields, name: &str) -> Option<&'a str> {
    fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

fn groups(octets: &[u8]) -> Vec<ReportFields> {
    let text = String::from_utf8_lossy(octets.get(..LARGEST_REPORT).unwrap_or(octets));
    let mut groups = vec![ReportFields::new()];
    for line in text.lines() {
        let Some(fields) = groups.last_mut() else { break };
        if line.trim().is_empty() {
            if !fields.is_empty() {
                groups.push(ReportFields::new());
            }
        } else if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim().to_lowercase(), value.trim().to_owned()));
        }
    }
    groups
}

/// `+2B` is `+` (RFC 3461, 4): Exim gives back what it was given, Postfix what that means. What is no such pair stays.
fn plain_from_xtext(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('+') {
        plain.push_str(before);
        let octet = after.get(..2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
        if let Some(octet) = octet.filter(u8::is_ascii_graphic) {
            plain.push(char::from(octet));
            rest = after.get(2..).unwrap_or_default();
        } else {
            plain.push('+');
            rest = after;
        }
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::plain_from_xtext;

    #[test]
    fn an_address_is_read_as_it_was_written() {
        for (written, read) in [
            ("rfc822;ida+2Bclub@example.org", "rfc822;ida+club@example.org"),
            ("rfc822;ida+club@example.org", "rfc822;ida+club@example.org"),
            ("rfc822;ida@example.org", "rfc822;ida@example.org"),
            ("a+", "a+"),
            ("a+é0", "a+é0"),
            ("a+0A", "a+0A"),
        ] {
            assert_eq!(plain_from_xtext(written), read);
        }
    }
}
