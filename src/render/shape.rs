//! The shape of a recipient: all that decides which branches of a template are taken.

use serde_json::{Map, Value, json};

use super::error::TemplateFault;
use super::marks::Placeholder;
use super::vocabulary::{PUPILS, SHARED};
use crate::channel::Channel;
use crate::delivery::{About, Recipient};
use crate::email_address::EmailAddress;
use crate::people::{Civility, PostalAddress, at_the_telephone, salutation};
use crate::phone_number::PhoneNumber;
use crate::wording::typography::french;

const NAME: usize = 0;
const CIVILITY: usize = 1;
const SALUTATION: usize = 2;
/// The number of the reference among the values.
pub const REFERENCE: usize = 3;
const ABOUT: usize = 4;
const EMAIL: usize = 5;
const MOBILE: usize = 6;
const PHONE: usize = 7;
const ADDRESS: usize = 8;
const ON_THE_LINE: usize = 9;
const FIRST_PUPIL: usize = 10;
const MAX_PUPILS: usize = 200;

/// Two recipients of one shape get the same text, but for the values.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shape {
    has_civility: bool,
    /// Whether others read the same copy.
    is_shared: bool,
    /// Which of their own contacts it may tell: e-mail, mobile, telephone, postal address.
    contacts: [bool; 4],
    /// For each pupil, whether the class is known.
    classes: Vec<bool>,
}

impl Shape {
    /// The shape of a recipient on a channel.
    pub fn of(to: &Recipient, channel: Channel) -> Result<Self, TemplateFault> {
        if to.about.len() > MAX_PUPILS {
            return Err(TemplateFault::TooManyPupils(to.about.len()));
        }
        let is_shared = to.greeted_too.contains_key(&channel);
        Ok(Self {
            has_civility: civility(to, channel).is_some(),
            is_shared,
            contacts: [
                to.email.is_some(),
                !is_shared && to.sms.is_some(),
                !is_shared && other_phone(to).is_some(),
                !is_shared && home(to).is_some(),
            ],
            classes: to.about.iter().map(|pupil| pupil.class.is_some()).collect(),
        })
    }

    /// What a template sees of the recipient: marks, or nothing where nothing is known.
    pub fn context(&self) -> Map<String, Value> {
        let pupils: Vec<Value> = self
            .classes
            .iter()
            .enumerate()
            .map(|(number, has_class)| {
                json!({
                    "nom": mark(FIRST_PUPIL + 2 * number, true),
                    "classe": mark(FIRST_PUPIL + 2 * number + 1, *has_class),
                })
            })
            .collect();
        let mut context = Map::new();
        context.insert("nom".into(), mark(NAME, true));
        context.insert("civilite".into(), mark(CIVILITY, self.has_civility));
        context.insert("salutation".into(), mark(SALUTATION, true));
        context.insert("reference".into(), mark(REFERENCE, true));
        context.insert("interlocuteur".into(), mark(ON_THE_LINE, true));
        context.insert("concerne".into(), mark(ABOUT, !pupils.is_empty()));
        let contacts = [
            ("son_courriel", EMAIL),
            ("son_mobile", MOBILE),
            ("son_telephone", PHONE),
            ("son_adresse", ADDRESS),
        ];
        for ((name, number), is_known) in contacts.into_iter().zip(self.contacts) {
            context.insert(name.into(), mark(number, is_known));
        }
        context.insert(SHARED.into(), json!(if self.is_shared { "oui" } else { "" }));
        context.insert(PUPILS.into(), Value::Array(pupils));
        context
    }
}

fn mark(number: usize, is_known: bool) -> Value {
    if is_known { Value::String(Placeholder::Person(number).sign().to_string()) } else { json!("") }
}

/// The values of one person, in the order of their marks.
pub struct Values<'a> {
    to: &'a Recipient,
    reference: &'a str,
    civility: Option<Civility>,
    salutation: &'static str,
    on_the_line: String,
    about: String,
    mobile: String,
    phone: String,
    address: String,
}

impl<'a> Values<'a> {
    /// The values of `to` on a channel.
    pub fn of(to: &'a Recipient, channel: Channel, reference: &'a str) -> Self {
        Self {
            to,
            reference,
            civility: civility(to, channel),
            salutation: salutation(&to.greeted_on(channel)),
            on_the_line: at_the_telephone(&to.persons()),
            about: about(to),
            mobile: to.sms.as_ref().map(PhoneNumber::in_pairs).unwrap_or_default(),
            phone: other_phone(to).map(PhoneNumber::in_pairs).unwrap_or_default(),
            address: home(to).map(|home| address(home, channel)).unwrap_or_default(),
        }
    }

    /// In the order of the marks.
    pub fn list(&self) -> Vec<&str> {
        let mut values = Vec::with_capacity(FIRST_PUPIL + 2 * self.to.about.len());
        values.push(self.to.name.as_str());
        values.push(self.civility.map_or("", Civility::as_str));
        values.push(self.salutation);
        values.push(self.reference);
        values.push(&self.about);
        values.push(self.to.email.as_ref().map_or("", EmailAddress::as_str));
        values.extend([self.mobile.as_str(), &self.phone, &self.address, &self.on_the_line]);
        for pupil in &self.to.about {
            values.push(&pupil.name);
            values.push(pupil.class.as_deref().unwrap_or_default());
        }
        values
    }
}

/// About how long the values are by which the letters of one shape differ: names, classes and the address.
pub fn length_on_paper(to: &Recipient) -> usize {
    let pupil = |about: &About| about.name.len() + about.class.as_ref().map_or(0, String::len);
    let address = home(to).map_or(0, |home| home.in_one_line().len());
    to.name.len() + to.about.iter().map(pupil).sum::<usize>() + address
}

/// The civility of the one person whom a copy on this channel is for; none where others read it as well.
fn civility(to: &Recipient, channel: Channel) -> Option<Civility> {
    to.civility.filter(|_| to.greeted_on(channel).len() == 1)
}

/// The number to call, where it is not the mobile.
fn other_phone(to: &Recipient) -> Option<&PhoneNumber> {
    to.phone.as_ref().filter(|phone| to.sms.as_ref() != Some(phone))
}

/// The postal address, where it is one: a letter that a pupil takes home has none.
fn home(to: &Recipient) -> Option<&PostalAddress> {
    to.post.as_ref().filter(|address| !address.town.is_empty())
}

/// On paper, what belongs together in an address stays on one line: `BP 40012`, `31000 TOULOUSE`.
fn address(home: &PostalAddress, channel: Channel) -> String {
    let line = home.in_one_line();
    if channel == Channel::Letter { french(&line) } else { line }
}

/// `Zoé DURAND (6A), Léo DURAND (3B) et Anna DURAND`.
fn about(to: &Recipient) -> String {
    let mut text = String::new();
    for (number, pupil) in to.about.iter().enumerate() {
        match number {
            0 => {}
            _ if number + 1 == to.about.len() => text.push_str(" et "),
            _ => text.push_str(", "),
        }
        text.push_str(&pupil.name);
        if let Some(class) = &pupil.class {
            text.push_str(" (");
            text.push_str(class);
            text.push(')');
        }
    }
    text
}
