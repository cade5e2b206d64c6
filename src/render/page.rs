//! A message as one page that anybody may read: for the school's website, and for the door.

use jiff::civil::Date;

use super::frame::{escaped, filled};
use super::{Renderer, TemplateError};
use crate::channel::Channel;
use crate::delivery::Recipient;
use crate::message::{Code, Message};
use crate::people::PersonKey;
use crate::wording::markdown::{html_of, in_french};
use crate::wording::typography::french;
use crate::wording::{dates, titles};

/// The document around it: it loads nothing, and prints on A4.
const FRAME: &str = include_str!("page.html");
/// Whom the page speaks to, where a template names somebody.
const ANYBODY: &str = "Madame, Monsieur";

impl Renderer {
    /// The words of the letter, without its form of address and without anybody's values. `corrected_by`: the
    /// message whose text holds in the place of this one.
    pub fn page(
        &self,
        message: &Message,
        launched_on: Date,
        corrected_by: Option<&Code>,
    ) -> Result<String, TemplateError> {
        let whole =
            self.prepared(message)?.whole(&anybody(), Channel::Letter, message.code.as_str())?;
        let (subject, school) = (french(&whole.subject), self.school());
        let body = replaced(corrected_by) + &html_of(&in_french(&whole.body)) + &self.signature();
        let day = format!("Le {}. Référence : {}", dates::in_full(launched_on), message.code);
        Ok(filled(
            FRAME,
            [
                ("<!--title-->", &escaped(&format!("{subject} – {}", school.name))),
                ("<!--school-->", &escaped(&french(&school.name))),
                ("<!--subject-->", &escaped(&subject)),
                ("<!--day-->", &escaped(&french(&day))),
                ("<!--body-->", &body),
                ("<!--address-->", &escaped(&self.address())),
            ],
        ))
    }

    fn signature(&self) -> String {
        let school = self.school();
        let title = titles::in_signature(&school.signatory_title);
        let lines = [title.as_str(), &school.signatory_name].map(str::trim);
        let lines: Vec<String> =
            lines.into_iter().filter(|line| !line.is_empty()).map(escaped).collect();
        if lines.is_empty() {
            return String::new();
        }
        format!("<p class=\"signature\">{}</p>\n", lines.join(",<br>\n"))
    }

    fn address(&self) -> String {
        let school = self.school();
        let lines = school.address_lines.iter().map(String::as_str);
        let lines = lines.chain([school.phone.as_str(), &school.email]).map(str::trim);
        let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
        format!("{} – {}", school.name, lines.join(" – "))
    }
}

/// Somebody of whom nothing is known.
pub(super) fn anybody() -> Recipient {
    Recipient::without_address(PersonKey(String::new()), ANYBODY, None, Vec::new())
}

fn replaced(corrected_by: Option<&Code>) -> String {
    let told = |code| format!("<p class=\"replaced\">Ce texte a été rectifié : voir {code}.</p>\n");
    corrected_by.map(told).unwrap_or_default()
}
