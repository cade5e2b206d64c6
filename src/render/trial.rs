//! What a trial says of itself, so that nobody takes it for the announcement.

use super::short_email::short_email;
use crate::channel::Channel;
use crate::delivery::Content;
use crate::wording::sms;

const SAYS: &str = "Ceci est un essai : rien n’est parti aux familles.";

/// The same content, which says that it is a trial before anything else; a text message without a sign that makes it
/// dearer.
#[must_use]
pub fn as_trial(content: Content) -> Content {
    match content {
        Content::Ent { subject, html } => Content::Ent { subject: marked(&subject), html },
        Content::Email { subject, text, html } => Content::Email {
            subject: marked(&subject),
            text: format!("{SAYS}\n\n{text}"),
            html: in_document(html),
        },
        Content::Chat { subject, text, html } => Content::Chat {
            subject: marked(&subject),
            text: format!("{SAYS}\n\n{text}"),
            html: format!("<p>{SAYS}</p>{html}"),
        },
        Content::Sms { text, .. } => {
            let text = format!("ESSAI : {text}");
            Content::Sms { segments: sms::segments(&text).segments, text }
        }
    }
}

/// A few words by which somebody of a school sees that a channel carries; `None` for one on which nobody gets a message
/// of their own.
#[must_use]
pub fn trial_of_service(channel: Channel, school: &str) -> Option<Content> {
    let said =
        |ways| format!("{school} vérifie que ses {ways} arrivent. Celui-ci vous est parvenu.");
    let content = match channel {
        Channel::Email => short_email("Message d’essai".to_owned(), &said("courriels")),
        Channel::Sms => {
            let text = said("SMS");
            Content::Sms { segments: sms::segments(&text).segments, text }
        }
        Channel::Ent | Channel::Chat | Channel::Phone | Channel::Letter => return None,
    };
    Some(as_trial(content))
}

fn marked(subject: &str) -> String {
    format!("[Essai] {subject}")
}

/// First of all in what is read of a document.
fn in_document(mut html: String) -> String {
    let main = html.find("<main>").map(|at| at + "<main>".len());
    html.insert_str(main.unwrap_or_default(), &format!("<p><strong>{SAYS}</strong></p>"));
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trial_says_so_on_every_way() {
        let (subject, text) = ("Fête".to_owned(), "À mardi.".to_owned());
        let html = "<body><main><p>À mardi.</p></main></body>".to_owned();
        let Content::Email { subject, text, html } =
            as_trial(Content::Email { subject, text, html })
        else {
            panic!("it is an e-mail still")
        };
        assert_eq!(subject, "[Essai] Fête");
        assert!(text.starts_with(SAYS) && text.ends_with("À mardi."), "{text}");
        assert!(html.starts_with("<body><main><p><strong>Ceci est un essai"), "{html}");
        let long = Content::Sms { text: "a".repeat(158), segments: 1 };
        let Content::Sms { text, segments } = as_trial(long) else { panic!("it is an SMS still") };
        assert!(text.starts_with("ESSAI : a") && segments == 2, "{text}");
    }
}
