//! When a second person says yes, and who is asked for it.

use axum::response::{IntoResponse, Response};

use super::super::fault::Fault;
use super::super::field::{Faults, FieldKind};
use super::super::page::WebPage;
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::fields::{FormWords, SettingFields, Typed, yes_or_no};
use super::{french, saving};
use crate::config::StandIn;
use crate::office::{self, SettingsChange};
use crate::people::Right;
use crate::wording::typed_dates::typed_date;

/// Places of the chain that stand empty on the page.
const ROOM: usize = 2;
const KEY: [&str; 2] = ["approval", "chain"];

const WORDS: FormWords<'static> = FormWords {
    action: "/reglages/accord",
    title: "L’accord d’une deuxième personne",
    lead: "Avant qu’un grand envoi ou un envoi urgent parte, quelqu’un d’autre dit oui, depuis son téléphone au besoin.",
    help: "La chaîne est suivie dans l’ordre : qui ne répond pas à temps laisse sa place au suivant, entre ses dates s’il en a. Après le dernier, et sans chaîne, tous ceux qui peuvent approuver sont demandés. La ligne de commande ne demande à personne.",
};

/// What needs a yes, and whose.
pub(super) async fn form(visitor: Visitor) -> Result<WebPage, Fault> {
    made(&visitor, None, Faults::default()).await
}

async fn made(visitor: &Visitor, posted: Option<&Form>, faults: Faults) -> Result<WebPage, Fault> {
    let stand = saving::stand(visitor)?;
    let approval = &stand.config.approval;
    let line = || FieldKind::Line;
    let fields = SettingFields::new(&stand, posted, faults)
        .add(
            &["approval", "above"],
            ("au-dessus", "Au-dessus de combien de destinataires", "0 : jamais pour leur nombre."),
            line(),
            approval.above.to_string(),
        )
        .required()
        .add(
            &["approval", "urgent"],
            ("urgent", "Pour tout ce qui est urgent", ""),
            yes_or_no(),
            if approval.urgent { "oui" } else { "non" },
        )
        .required()
        .add(
            &["approval", "pass_on"],
            (
                "suivant",
                "Temps de réponse de chacun",
                "Par exemple : 30 min. Ensuite, la personne suivante est demandée aussi.",
            ),
            line(),
            french::shown_lasting(approval.pass_on.0),
        )
        .required();
    let accounts = choices(visitor, &approval.chain).await?;
    let fields = approval_chain(
        fields.title("Qui est demandé, dans l’ordre"),
        &approval.chain,
        &accounts,
        &stand,
    );
    fields.page(visitor, &WORDS)
}

/// A place after the other; where the environment says the chain, it is shown once.
fn approval_chain<'a>(
    mut fields: SettingFields<'a>,
    chain: &[StandIn],
    accounts: &[(String, String)],
    stand: &office::SettingsStand,
) -> SettingFields<'a> {
    if stand.variable_over(&KEY).is_some() {
        let logins: Vec<&str> = chain.iter().map(|it| it.login.as_str()).collect();
        return fields.add(&KEY, ("chaine", "La chaîne", ""), FieldKind::Line, logins.join(", "));
    }
    for at in 0..chain.len() + ROOM {
        let place = chain.get(at);
        let day =
            |date: Option<jiff::civil::Date>| date.map(french::shown_date).unwrap_or_default();
        let (who, from, until) = names(at);
        fields = fields
            .add(
                &KEY,
                (&who, &format!("Personne {}", at + 1), ""),
                FieldKind::OneOf(accounts.to_vec()),
                place.map(|it| it.login.clone()).unwrap_or_default(),
            )
            .required()
            .add(
                &KEY,
                (&from, &format!("Personne {} : à partir du", at + 1), "Vide : depuis toujours."),
                FieldKind::Line,
                day(place.and_then(|it| it.from)),
            )
            .add(
                &KEY,
                (&until, &format!("Personne {} : jusqu’au", at + 1), "Vide : sans fin."),
                FieldKind::Line,
                day(place.and_then(|it| it.until)),
            );
    }
    fields
}

fn names(at: usize) -> (String, String, String) {
    (format!("personne-{at}"), format!("depuis-{at}"), format!("jusque-{at}"))
}

/// Nobody, and whoever may approve; and who stands in the chain though they may not any more.
async fn choices(visitor: &Visitor, chain: &[StandIn]) -> Result<Vec<(String, String)>, Fault> {
    let mut all = vec![(String::new(), "Personne".to_owned())];
    let accounts = office::accounts(visitor.school()).await?;
    let able = accounts.iter().filter(|it| it.may(Right::Approve));
    all.extend(able.map(|it| (it.login.clone(), format!("{} ({})", it.name, it.role.in_french()))));
    for StandIn { login, .. } in chain {
        if !all.iter().any(|(known, _)| known == login) {
            all.push((login.clone(), format!("{login} (ne peut plus approuver)")));
        }
    }
    Ok(all)
}

/// Saves it.
pub(super) async fn save(visitor: Visitor, posted: Form) -> Result<Response, Fault> {
    let mut typed = Typed::of(&posted);
    let change = SettingsChange::Approval {
        above: typed.number("au-dessus"),
        urgent: typed.flag("urgent"),
        pass_on: typed.lasting("suivant"),
        chain: chain(&mut typed),
    };
    if typed.faults.is_none() {
        let version = posted.text("version");
        if let Some(answer) = saving::save(&visitor, version, change, &mut typed.faults).await? {
            return Ok(answer);
        }
    }
    Ok(made(&visitor, Some(&posted), typed.faults).await?.refused().into_response())
}

/// Whoever was chosen, in the order of the places.
fn chain(typed: &mut Typed<'_>) -> Option<Vec<StandIn>> {
    let mut chain = Vec::new();
    let mut at = 0;
    while typed.posted.has(&names(at).0) {
        let (who, from, until) = names(at);
        if let Some(login) = typed.posted.some(&who).map(str::to_owned) {
            let (from, until) = (day(typed, &from), day(typed, &until));
            chain.push(StandIn { login, from, until });
        }
        at += 1;
    }
    (at > 0).then_some(chain)
}

fn day(typed: &mut Typed<'_>, name: &str) -> Option<jiff::civil::Date> {
    let written = typed.posted.some(name)?;
    let day = typed_date(written);
    if day.is_none() {
        typed.faults.add(name, "Ce jour ne se lit pas : écrivez par exemple 18/12/2026.");
    }
    day
}
