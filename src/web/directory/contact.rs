//! A way to reach somebody is put right, taken away or added; it lies over every import to come.

use axum::extract::{Path, Query};
use axum::response::Response;
use serde::Deserialize;

use super::super::fault::Fault;
use super::super::field::{Faults, FieldKind, FormField};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::form::{ActForm, line};
use super::meant::who;
use super::{person, typed};
use crate::channel::Channel;
use crate::chat_address::ChatAddress;
use crate::directory::RightContact;
use crate::email_address::EmailAddress;
use crate::office::{self, Dossier};
use crate::phone_number::PhoneNumber;

/// Which way, by its place among those of the page.
#[derive(Deserialize)]
pub(super) struct Which {
    n: Option<usize>,
}

/// The form.
pub(super) async fn form(
    visitor: Visitor,
    Path(handle): Path<String>,
    Query(Which { n }): Query<Which>,
) -> Result<Response, Fault> {
    let dossier = person::dossier(&visitor, &handle).await?;
    let contact = match n {
        Some(n) => Some(dossier.contacts.get(n).ok_or(Fault::NothingThere)?),
        None => None,
    };
    let mut shown = form_urlencoded::Serializer::new(String::new());
    if let Some(contact) = contact {
        shown.append_pair("voie", contact.channel.as_str());
        if contact.channel != Channel::Letter {
            shown.append_pair("etait", &contact.value).append_pair("est", &contact.value);
        }
    }
    let shown = Form::asked(&shown.finish());
    made(&dossier, &shown, Faults::default()).page(&visitor)
}

/// Puts it right.
pub(super) async fn put_right(
    visitor: Visitor,
    Path(handle): Path<String>,
    posted: Form,
) -> Result<Response, Fault> {
    let dossier = person::dossier(&visitor, &handle).await?;
    let mut faults = Faults::default();
    let region = &visitor.school().config.school.region;
    let right = right(&posted, region, &mut faults);
    let form = made(&dossier, &posted, faults);
    let Some(right) = right.filter(|_| form.faults.is_none()) else { return form.page(&visitor) };
    let done =
        office::correct_contact(visitor.school(), visitor.actor(), &who(&dossier), right).await;
    form.done(&visitor, done, |_| format!("{}?fait=contact", person::path(&dossier)))
}

fn made(dossier: &Dossier, posted: &Form, faults: Faults) -> ActForm {
    let (was, path) = (posted.text("etait"), person::path(dossier));
    let mut form = ActForm {
        title: format!("Corriger une coordonnée de {}", dossier.name),
        action: format!("{path}/contact"),
        button: "Enregistrer".to_owned(),
        back: path,
        ..ActForm::default()
    };
    let of_post = posted.text("voie") == Channel::Letter.as_str();
    if was.is_empty() && !of_post {
        form.title = format!("Ajouter une coordonnée de {}", dossier.name);
    }
    form.hidden = vec![("etait", was.to_owned()), ("voie", posted.text("voie").to_owned())];
    if of_post {
        form.fields = typed::post_fields(posted, &faults);
    } else if was.is_empty() {
        form.lead
            .push("Remplissez ce qui est nouveau ; une seule coordonnée à la fois.".to_owned());
        let fields = [("courriel", "Courriel"), ("telephone", "Téléphone")];
        let field = |(name, label)| {
            line(FormField::new(name, label, FieldKind::Line), posted, name, &faults)
        };
        form.fields = fields.into_iter().map(field).collect();
        form.fields.extend(typed::post_fields(posted, &faults));
    } else {
        form.lead.push(format!("Aujourd’hui : {was}."));
        let hint = "Laissez vide si cette coordonnée n’existe plus.";
        let field = FormField::new("est", "La bonne coordonnée", FieldKind::Line).hint(hint);
        form.fields.push(line(field, posted, "est", &faults));
    }
    form.faults = faults;
    form
}

/// What the form says is right; what it says wrongly is told.
fn right(posted: &Form, region: &str, faults: &mut Faults) -> Option<RightContact> {
    let was = posted.text("etait");
    let channel = posted.text("voie").parse::<Channel>().ok();
    match channel {
        Some(Channel::Letter) => post(posted, "rue", faults),
        Some(Channel::Email) => {
            let was = EmailAddress::parse(was).ok();
            Some(RightContact::Email { was, is: typed::email(posted, "est", faults) })
        }
        Some(Channel::Sms | Channel::Phone) => {
            let was = PhoneNumber::parse(was, region).ok();
            Some(RightContact::Phone { was, is: typed::phone(posted, "est", region, faults) })
        }
        Some(Channel::Chat) => {
            let was = ChatAddress::parse(was).ok();
            Some(RightContact::Chat { was, is: typed::chat(posted, "est", faults) })
        }
        Some(Channel::Ent) | None => new(posted, region, faults),
    }
}

/// The one thing that is new.
fn new(posted: &Form, region: &str, faults: &mut Faults) -> Option<RightContact> {
    if posted.some("courriel").is_some() {
        let is = typed::email(posted, "courriel", faults)?;
        return Some(RightContact::Email { was: None, is: Some(is) });
    }
    if posted.some("telephone").is_some() {
        let is = typed::phone(posted, "telephone", region, faults)?;
        return Some(RightContact::Phone { was: None, is: Some(is) });
    }
    post(posted, "courriel", faults)
}

fn post(posted: &Form, first: &str, faults: &mut Faults) -> Option<RightContact> {
    let address = typed::post(posted, faults);
    if address.is_none() && faults.is_none() {
        faults.add(first, "Rien n’est rempli.");
    }
    address.map(RightContact::Post)
}
