//! The calls on paper, in a table, and shared out.

use axum::extract::RawQuery;
use axum::response::Response;

use super::super::fault::{Explained, Fault};
use super::super::file as files;
use super::super::page;
use super::super::posted::Form;
use super::super::visitor::Visitor;
use crate::office::{self, CallShown, CallerNamed, SheetError};

/// Sheets to be ticked.
pub(super) async fn pdf(visitor: Visitor, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let asked = Form::asked(query.as_deref().unwrap_or_default());
    let by_class = asked.text("par") == "classe";
    let calls = waiting(&visitor).await?;
    let (school, actor) = (visitor.school(), visitor.actor());
    let printed = office::print_call_sheets(school, actor, &calls, by_class).await;
    let pdf = printed.map_err(|error| match error {
        SheetError::Store(error) => Fault::from(error),
        SheetError::Press(_) | SheetError::Folder(_) => {
            tracing::warn!(%error, "Sheets of calls could not be printed.");
            let told = "Les feuilles d’appel n’ont pas pu être mises en PDF.";
            Explained::new(told, "Imprimez la page des appels elle-même.").into()
        }
    })?;
    Ok(files::shown("application/pdf", "appels.pdf", pdf))
}

/// A table for a spreadsheet.
pub(super) async fn csv(visitor: Visitor) -> Result<Response, Fault> {
    let calls = waiting(&visitor).await?;
    let table = office::call_table(visitor.school(), visitor.actor(), &calls).await?;
    Ok(files::kept("text/csv; charset=utf-8", "appels.csv", table.csv))
}

async fn waiting(visitor: &Visitor) -> Result<Vec<CallShown>, Fault> {
    visitor.sees_everybody()?;
    let calls = office::calls(visitor.school(), visitor.actor(), &visitor.whom()).await?.calls;
    if calls.is_empty() {
        let told = Explained::new("Aucun appel n’attend.", "Il n’y a pas de feuille à faire.");
        return Err(told.by("/appels", "Voir les appels").into());
    }
    Ok(calls)
}

/// Shares the calls out among colleagues.
pub(super) async fn share(visitor: Visitor, posted: Form) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    let among: Vec<CallerNamed> = posted.text("noms").lines().filter_map(caller).collect();
    if among.is_empty() {
        let told = Explained::new("Personne n’est nommé.", "Écrivez une personne par ligne.");
        return Err(told.by("/appels", "Revenir aux appels").into());
    }
    office::share_calls(visitor.school(), visitor.actor(), among).await?;
    Ok(page::to("/appels?fait=reparti"))
}

/// `Paul Roy : ar, tr`.
fn caller(line: &str) -> Option<CallerNamed> {
    let (name, languages) = line.split_once(':').unwrap_or((line, ""));
    let languages = languages.split([',', ' ', '/']).map(|it| it.trim().to_lowercase());
    let languages = languages.filter(|it| !it.is_empty()).collect();
    let name = name.trim().to_owned();
    (!name.is_empty()).then_some(CallerNamed { name, languages })
}
