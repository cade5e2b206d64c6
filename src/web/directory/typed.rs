//! Ways to reach somebody, as they are typed into a form.

use super::super::field::{Faults, FieldKind, FormField};
use super::super::posted::Form;
use super::form::line;
use crate::chat_address::ChatAddress;
use crate::email_address::EmailAddress;
use crate::people::PostalAddress;
use crate::phone_number::PhoneNumber;

const NO_EMAIL: &str = "Ce n’est pas une adresse de courriel, comme prenom.nom@example.org.";
const NO_PHONE: &str = "Ce n’est pas un numéro de téléphone, comme 06 39 98 00 01.";
const NO_CHAT: &str = "Ce n’est pas une adresse de messagerie, comme @prenom:example.org.";
const NO_TOWN: &str = "Il faut le code postal et la ville.";
const NO_POSTCODE: &str = "En France, un code postal a cinq chiffres.";

/// An e-mail address; none where nothing was typed or it is none, which is said.
pub(super) fn email(posted: &Form, name: &str, faults: &mut Faults) -> Option<EmailAddress> {
    let read = EmailAddress::parse(posted.some(name)?);
    read.map_err(|_| faults.add(name, NO_EMAIL)).ok()
}

/// A number, likewise.
pub(super) fn phone(
    posted: &Form,
    name: &str,
    region: &str,
    faults: &mut Faults,
) -> Option<PhoneNumber> {
    let read = PhoneNumber::parse(posted.some(name)?, region);
    read.map_err(|_| faults.add(name, NO_PHONE)).ok()
}

/// An address in a messenger, likewise.
pub(super) fn chat(posted: &Form, name: &str, faults: &mut Faults) -> Option<ChatAddress> {
    let read = ChatAddress::parse(posted.some(name)?);
    read.map_err(|_| faults.add(name, NO_CHAT)).ok()
}

/// A postal address, likewise.
pub(super) fn post(posted: &Form, faults: &mut Faults) -> Option<PostalAddress> {
    let lines: Vec<String> = posted.text("rue").lines().map(one_line).collect();
    let lines: Vec<String> = lines.into_iter().filter(|line| !line.is_empty()).collect();
    let (postcode, town) = (one_line(posted.text("code-postal")), one_line(posted.text("ville")));
    let country = posted.some("pays").map(one_line);
    if lines.is_empty() && postcode.is_empty() && town.is_empty() {
        return None;
    }
    if town.is_empty() {
        faults.add("ville", NO_TOWN);
        return None;
    }
    let is_french = postcode.len() == 5 && postcode.bytes().all(|it| it.is_ascii_digit());
    if country.is_none() && !is_french {
        faults.add("code-postal", NO_POSTCODE);
        return None;
    }
    Some(PostalAddress { lines, postcode, town, country })
}

fn one_line(typed: &str) -> String {
    crate::plain_text::one_line(typed).into_owned()
}

/// The fields of a postal address.
pub(super) fn post_fields(posted: &Form, faults: &Faults) -> Vec<FormField> {
    let field = |name: &'static str, label: &str, kind| {
        line(FormField::new(name, label, kind), posted, name, faults)
    };
    vec![
        field("rue", "Adresse postale : numéro, rue, bâtiment", FieldKind::Lines(2)),
        field("code-postal", "Code postal", FieldKind::Line),
        field("ville", "Ville", FieldKind::Line),
        field("pays", "Pays, hors de France", FieldKind::Line),
    ]
}
