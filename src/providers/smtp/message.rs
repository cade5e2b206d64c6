//! The e-mail itself: headers and both bodies.

use std::time::{Duration, UNIX_EPOCH};

use lettre::Address;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};

use super::super::kind::BadSettings;
use super::settings::SmtpSettings;
use crate::clock::Moment;
use crate::delivery::{Content, Envelope, FailureKind, SendError};
use crate::message::stop_subject;
use crate::plain_text::one_line;

/// 64 octets stand before an @ (RFC 5321), and a sealed reference has up to 23.
const LONGEST_LOCAL_PART: usize = 40;

/// What all messages of one relay share.
pub(super) struct Letterhead {
    from: Mailbox,
    reply_to: Option<Mailbox>,
    return_path: ReturnPath,
    message_id_domain: String,
    /// Whether somebody reads what comes back: else nobody would hear a STOP.
    is_read: bool,
}

/// Who gets the bounces: one address for all, or one for each message.
enum ReturnPath {
    ForAll(Address),
    /// Its local part, to which each message's own is added, and its domain.
    ForEach(String, String),
}

/// A message, ready for an SMTP dialogue.
pub(super) struct OutgoingMail {
    /// Who gets the bounces.
    pub return_path: Address,
    /// Who gets it.
    pub to: Address,
    /// What the relay is to name it by in what it reports of it, where it reports (RFC 3461).
    pub envelope_id: Option<String>,
    /// The message, headers first, in 7 bits, without its last line break.
    pub text: String,
}

impl Letterhead {
    /// Reads the addresses of `settings`.
    pub fn new(provider: &str, settings: &SmtpSettings) -> Result<Self, BadSettings> {
        let address = |key: &'static str, typed: &str| {
            typed
                .parse::<Address>()
                .map_err(|_| BadSettings::new(provider, key, "is not an e-mail address"))
        };
        let from = address("from", &settings.from)?;
        let reply_to =
            settings.reply_to.as_deref().map(|it| address("reply_to", it)).transpose()?;
        let return_path = match &settings.return_path {
            Some(typed) => address("return_path", typed)?,
            None => from.clone(),
        };
        if settings.subaddresses && return_path.user().len() > LONGEST_LOCAL_PART {
            let problem = "is too long before its @ to take a subaddress";
            return Err(BadSettings::new(provider, "return_path", problem));
        }
        let return_path = ReturnPath::new(return_path, settings.subaddresses);
        let message_id_domain =
            settings.message_id_domain.clone().unwrap_or_else(|| from.domain().to_owned());
        if !message_id_domain.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c)) {
            return Err(BadSettings::new(provider, "message_id_domain", "is not a domain"));
        }
        let name = one_line(&settings.from_name).into_owned();
        let from = Mailbox::new((!name.is_empty()).then_some(name), from);
        let reply_to = reply_to.map(|address| Mailbox::new(None, address));
        let is_read = settings.mailbox.is_some();
        Ok(Self { from, reply_to, return_path, message_id_domain, is_read })
    }

    /// Writes the message of `envelope`. The same envelope always gets the same Message-ID.
    pub fn compose(&self, envelope: &Envelope, now: Moment) -> Result<OutgoingMail, SendError> {
        let Content::Email { subject, text, html } = &envelope.content else {
            return Err(refused("the content is not an e-mail"));
        };
        let reference = &envelope.reference;
        let known_as = envelope.sealed.as_ref().unwrap_or(reference);
        if !known_as.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
            return Err(refused("the reference holds more than letters, digits and dashes"));
        }
        let return_path = self.return_path.of(envelope.sealed.as_deref())?;
        let to = envelope.to.value().parse::<Address>().map_err(|_| {
            SendError::new(FailureKind::BadAddress, "is not an address that SMTP can carry")
        })?;
        let name = one_line(&envelope.name).into_owned();
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new((!name.is_empty()).then_some(name), to.clone()))
            .subject(one_line(subject).into_owned())
            .date(UNIX_EPOCH + Duration::from_millis(u64::try_from(now.0).unwrap_or(0)))
            .message_id(Some(format!("<{known_as}@{}>", self.message_id_domain)));
        if !envelope.awaits_answer {
            // RFC 3834: answering machines keep silent.
            message = message.raw_header(header("Auto-Submitted", "auto-generated".to_owned()));
        }
        if self.is_read
            && envelope.offers_stop
            && let Some(sealed) = &envelope.sealed
        {
            message = message.raw_header(header("List-Unsubscribe", way_out(&return_path, sealed)));
        }
        if let Some(reply_to) = &self.reply_to {
            message = message.reply_to(reply_to.clone());
        }
        let message = message
            .multipart(MultiPart::alternative_plain_html(text.clone(), html.clone()))
            .map_err(|error| refused(&error.to_string()))?;
        let mut text = String::from_utf8(message.formatted())
            .map_err(|_| refused("the message is not text"))?;
        // The end of the data begins with a line break of its own.
        if text.ends_with("\r\n") {
            text.truncate(text.len() - 2);
        }
        Ok(OutgoingMail { return_path, to, envelope_id: envelope.sealed.clone(), text })
    }
}

/// A button of the mail program that writes to us (RFC 2369), where bounces come in as well. One that needs no mail (RFC
/// 8058) wants an address on the web, which a school's gateway has none of.
fn way_out(return_path: &Address, sealed: &str) -> String {
    format!("<mailto:{return_path}?subject={}>", stop_subject(sealed).replace(' ', "%20"))
}

fn header(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}

impl ReturnPath {
    fn new(address: Address, subaddresses: bool) -> Self {
        if subaddresses {
            Self::ForEach(address.user().to_owned(), address.domain().to_owned())
        } else {
            Self::ForAll(address)
        }
    }

    /// That of a message; small letters, which every server leaves as they are.
    fn of(&self, sealed: Option<&str>) -> Result<Address, SendError> {
        match (self, sealed) {
            (Self::ForAll(address), _) => Ok(address.clone()),
            (Self::ForEach(local, domain), sealed) => {
                let own = sealed.map(|it| format!("{local}+{}", it.to_ascii_lowercase()));
                Address::new(own.as_deref().unwrap_or(local), domain)
                    .map_err(|_| refused("the return path takes no subaddress"))
            }
        }
    }
}

fn refused(why: &str) -> SendError {
    SendError::new(FailureKind::Refused, why)
}
