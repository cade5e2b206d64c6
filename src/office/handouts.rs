//! Lists of names for those to whom the head delegates something (the memo: *diffuser les listes
//! nominatives selon les activités ou les délégations de responsabilités choisies*): each copy tells no
//! more than is needed, and says on every line its number, its day, and who received it.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

use super::School;
use crate::audience::{AudienceError, Rule, RuleError, recipients};
use crate::delivery::{About, Recipient};
use crate::email_address::EmailAddress;
use crate::export::{self, ExportError};
use crate::people::{Act, Actor, By, PostalAddress};
use crate::phone_number::PhoneNumber;
use crate::store::handouts::{self, KeptHandout};
use crate::store::{StoreError, Tx, journal};
use crate::wording::dates;

/// What a list may tell of each person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// The name.
    Name,
    /// The pupils and their classes.
    Pupils,
    /// A number to call.
    Phone,
    /// A number for text messages.
    Mobile,
    /// The e-mail address.
    Email,
    /// The postal address.
    Address,
}

impl Column {
    /// Every column, in the order in which the interface lists them.
    pub const ALL: [Self; 6] =
        [Self::Name, Self::Pupils, Self::Phone, Self::Mobile, Self::Email, Self::Address];

    /// The word for it in commands and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Pupils => "pupils",
            Self::Phone => "phone",
            Self::Mobile => "mobile",
            Self::Email => "email",
            Self::Address => "address",
        }
    }

    /// The column of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.as_str() == word)
    }

    /// Its title on the list.
    #[must_use]
    pub const fn in_french(self) -> &'static str {
        match self {
            Self::Name => "Nom",
            Self::Pupils => "Élèves",
            Self::Phone => "Téléphone",
            Self::Mobile => "Portable",
            Self::Email => "Courriel",
            Self::Address => "Adresse",
        }
    }

    fn of(self, person: &Recipient) -> String {
        match self {
            Self::Name => person.name.clone(),
            Self::Pupils => {
                person.about.iter().map(About::with_class).collect::<Vec<_>>().join(", ")
            }
            Self::Phone => person.phone.as_ref().map(PhoneNumber::in_pairs).unwrap_or_default(),
            Self::Mobile => person.sms.as_ref().map(PhoneNumber::in_pairs).unwrap_or_default(),
            Self::Email => person.email.as_ref().map_or("", EmailAddress::as_str).to_owned(),
            Self::Address => {
                person.post.as_ref().map(PostalAddress::in_one_line).unwrap_or_default()
            }
        }
    }
}

/// A copy to make.
#[derive(Debug, Clone)]
pub struct HandoutRequest {
    /// Whom it names, as typed.
    pub audience: String,
    /// What it tells of them.
    pub columns: Vec<Column>,
    /// Who receives it.
    pub receiver: String,
    /// Days until it is to be destroyed.
    pub days: u16,
}

/// A copy that was made and logged.
/// `Debug` hides the names.
#[derive(Clone, Serialize)]
pub struct Handout {
    /// Its number.
    pub number: u32,
    /// How many it names.
    pub persons: usize,
    /// The day by which it is to be destroyed.
    pub ends_on: Date,
    /// The list, as CSV.
    #[serde(skip)]
    pub csv: Vec<u8>,
}

impl std::fmt::Debug for Handout {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Handout({}, {} persons)", self.number, self.persons)
    }
}

/// Why no copy was made.
#[derive(Debug, thiserror::Error)]
pub enum HandoutError {
    /// The audience cannot be understood.
    #[error("{0}")]
    Audience(#[from] RuleError),
    /// Nobody would be named.
    #[error("nobody matches \"{0}\"; no list was made")]
    Nobody(String),
    /// Nobody receives it.
    #[error("say who receives the list, by name and function; no list was made")]
    NoReceiver,
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The table.
    #[error("{0}")]
    Export(#[from] ExportError),
}

/// Makes a copy for those whom the audience names, under the next number; that it was made is durable when it
/// returns.
pub async fn hand_out(
    school: &School,
    actor: Actor,
    request: HandoutRequest,
) -> Result<Handout, HandoutError> {
    if request.receiver.trim().is_empty() {
        return Err(HandoutError::NoReceiver);
    }
    let (store, of, today) = (school.store(), school.queue.school(), school.today());
    let rule: Rule = request.audience.parse()?;
    let chosen = school.find(&rule).await?.chosen;
    let mut persons = recipients(store, of, chosen).await?;
    persons.sort_by_cached_key(Recipient::filing);
    if persons.is_empty() {
        return Err(HandoutError::Nobody(request.audience));
    }
    let ends_on = today.saturating_add(i64::from(request.days).days());
    let by = school.by(actor);
    let kept = kept(&request, persons.len(), &by, ends_on);
    let of = of.clone();
    let write = move |tx: &Tx<'_>| {
        let number = handouts::insert(tx, &of, &kept)?;
        journal::note(tx, &of, &by, Act::HandOut, &number.to_string())?;
        Ok(number)
    };
    let number = store.write(write).await?;
    let mark = format!(
        "Exemplaire n° {number} remis à {} le {}, à détruire le {}",
        request.receiver.trim(),
        dates::in_full(today),
        dates::in_full(ends_on)
    );
    let csv = written(&request.columns, &persons, &mark)?;
    Ok(Handout { number, persons: persons.len(), ends_on, csv })
}

fn kept(request: &HandoutRequest, persons: usize, by: &By, ends_on: Date) -> KeptHandout {
    KeptHandout {
        number: 0,
        made_at: by.at,
        handed_out_by: by.actor.clone(),
        ends_on: ends_on.to_string(),
        receiver: request.receiver.clone(),
        audience: request.audience.clone(),
        columns: request.columns.iter().map(|column| column.as_str().to_owned()).collect(),
        persons,
    }
}

/// Every copy that was handed out, newest first.
pub async fn handed_out(school: &School) -> Result<Vec<KeptHandout>, StoreError> {
    let id = school.queue.school().clone();
    school.store().read(move |tx| handouts::all(tx, &id)).await
}

impl From<AudienceError> for HandoutError {
    fn from(error: AudienceError) -> Self {
        match error {
            AudienceError::Rule(error) => Self::Audience(error),
            AudienceError::Store(error) => Self::Store(error),
        }
    }
}

fn written(columns: &[Column], persons: &[Recipient], mark: &str) -> Result<Vec<u8>, ExportError> {
    let mut head: Vec<&str> = columns.iter().map(|column| column.in_french()).collect();
    head.push("Exemplaire");
    let rows = persons.iter().map(|person| {
        columns.iter().map(|column| column.of(person)).chain([mark.to_owned()]).collect::<Vec<_>>()
    });
    export::table(&head, rows)
}
