//! Lists of names for those to whom something is delegated: what each tells, to whom it went, until when.

use askama::Template;
use axum::extract::RawQuery;
use axum::response::{IntoResponse, Response};

use super::super::fault::Fault;
use super::super::field::{Faults, FieldKind, FormField};
use super::super::file;
use super::super::numbered::Numbered;
use super::super::page::{Section, WebPage};
use super::super::posted::Form;
use super::super::refusals::told_of_rule;
use super::super::visitor::Visitor;
use super::super::words::hour_of;
use crate::office::{self, Column, HandoutError, HandoutRequest, School};
use crate::store::handouts::KeptHandout;
use crate::wording::dates;

const TITLE: &str = "Listes de noms";
/// Copies on a page.
const EACH: usize = 50;
/// Days after which a list is to be destroyed, where nobody says otherwise.
const DAYS: u16 = 30;
/// The most that may be asked for: a school year.
const MOST_DAYS: u16 = 366;

#[derive(Template)]
#[template(path = "letters/handouts.html", config = "src/web/askama.toml")]
struct HandoutsPage<'a> {
    csrf: &'a str,
    faults: Faults,
    fields: Vec<FormField>,
    columns: Vec<(&'static str, &'static str, bool)>,
    made: Vec<HandoutRow>,
    pages: Numbered,
}

/// A copy that was made.
struct HandoutRow {
    number: u32,
    at: String,
    receiver: String,
    by: String,
    what: String,
    until: String,
}

/// What was typed into the form.
struct HandoutTyped {
    audience: String,
    receiver: String,
    days: String,
    columns: Vec<Column>,
}

/// The form, and every copy that was made.
pub(super) async fn page(visitor: Visitor, RawQuery(query): RawQuery) -> Result<WebPage, Fault> {
    visitor.sees_everybody()?;
    let asked = Form::asked(query.as_deref().unwrap_or_default());
    let typed = HandoutTyped {
        audience: String::new(),
        receiver: String::new(),
        days: DAYS.to_string(),
        columns: vec![Column::Name, Column::Pupils, Column::Phone],
    };
    made(&visitor, &typed, Faults::default(), asked.text("page")).await
}

/// Makes a copy, and gives it once: it is kept nowhere.
pub(super) async fn hand_out(visitor: Visitor, posted: Form) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    let typed = HandoutTyped::of(&posted);
    let mut faults = Faults::default();
    if let Some(request) = typed.request(&mut faults) {
        match office::hand_out(visitor.school(), visitor.actor(), request).await {
            Ok(copy) => {
                let name = format!("liste-{:04}.csv", copy.number);
                return Ok(file::kept("text/csv; charset=utf-8", &name, copy.csv));
            }
            Err(error) => add_fault(&mut faults, error)?,
        }
    }
    Ok(made(&visitor, &typed, faults, "").await?.refused().into_response())
}

impl HandoutTyped {
    fn of(posted: &Form) -> Self {
        Self {
            audience: posted.text("destinataires").to_owned(),
            receiver: posted.text("remise-a").to_owned(),
            days: posted.text("jours").to_owned(),
            columns: posted.all("colonnes").filter_map(Column::from_word).collect(),
        }
    }

    fn request(&self, faults: &mut Faults) -> Option<HandoutRequest> {
        let days = self.days.parse().ok().filter(|days| (1..=MOST_DAYS).contains(days));
        if self.audience.is_empty() {
            faults.add("destinataires", "Dites quelles familles la liste nomme.");
        }
        if self.receiver.is_empty() {
            faults.add("remise-a", "Dites à qui la liste est remise, avec sa fonction.");
        }
        if days.is_none() {
            faults.add("jours", format!("Donnez un nombre de jours, de 1 à {MOST_DAYS}."));
        }
        if self.columns.is_empty() {
            faults.add("colonne-name", "Choisissez au moins une colonne.");
        }
        let days = days.filter(|_| faults.is_none())?;
        Some(HandoutRequest {
            audience: self.audience.clone(),
            columns: self.columns.clone(),
            receiver: self.receiver.clone(),
            days,
        })
    }
}

fn add_fault(faults: &mut Faults, error: HandoutError) -> Result<(), Fault> {
    match error {
        HandoutError::Audience(error) => {
            let told = told_of_rule(&error);
            faults.add("destinataires", format!("{} {}", told.what, told.then));
        }
        HandoutError::Nobody(_) => {
            faults.add("destinataires", "Personne n’y correspond ; aucune liste n’est faite.");
        }
        HandoutError::NoReceiver => {
            faults.add("remise-a", "Dites à qui la liste est remise, avec sa fonction.");
        }
        HandoutError::Store(error) => return Err(error.into()),
        HandoutError::Export(error) => return Err(Fault::Broken(error.to_string())),
    }
    Ok(())
}

async fn made(
    visitor: &Visitor,
    typed: &HandoutTyped,
    faults: Faults,
    page: &str,
) -> Result<WebPage, Fault> {
    let school = visitor.school();
    let all = office::handed_out(school).await?;
    let pages = Numbered::of("/courriers/listes?page=", page, all.len(), EACH);
    let columns = Column::ALL.into_iter();
    let body = HandoutsPage {
        csrf: visitor.csrf(),
        fields: fields(typed, &faults),
        columns: columns
            .map(|it| (it.as_str(), it.in_french(), typed.columns.contains(&it)))
            .collect(),
        made: pages.part(&all).iter().map(|it| HandoutRow::of(school, it)).collect(),
        pages,
        faults,
    };
    visitor.page(Section::Handouts, TITLE, &body)
}

fn fields(typed: &HandoutTyped, faults: &Faults) -> Vec<FormField> {
    let field = |name: &str, label: &str, hint: &str, typed: &str| {
        let field = FormField::new(name, label, FieldKind::Line).hint(hint).typed(typed).required();
        field.fault(faults.of(name))
    };
    vec![
        field(
            "destinataires",
            "Qui la liste nomme",
            "Par exemple : familles classe:6A, ou le nom d’une liste enregistrée.",
            &typed.audience,
        ),
        field(
            "remise-a",
            "Remise à",
            "Nom et fonction, par exemple : Mme Arago, professeure principale de 6A.",
            &typed.receiver,
        ),
        field("jours", "À détruire après (en jours)", "De 1 à 366.", &typed.days),
    ]
}

impl HandoutRow {
    fn of(school: &School, kept: &KeptHandout) -> Self {
        let columns = kept.columns.iter().filter_map(|word| Column::from_word(word));
        let columns: Vec<&str> = columns.map(Column::in_french).collect();
        let until = kept.ends_on.parse().map(dates::without_year);
        Self {
            number: kept.number,
            at: hour_of(school, kept.made_at),
            receiver: kept.receiver.clone(),
            by: kept.handed_out_by.name().to_owned(),
            what: format!("{} : {} ({})", kept.audience, kept.persons, columns.join(", ")),
            until: until.unwrap_or_else(|_| kept.ends_on.clone()),
        }
    }
}
