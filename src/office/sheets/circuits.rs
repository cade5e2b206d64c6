//! Circuits and contacts: whom one asks for what, by which means, and who stands in.

use super::{FactSheet, SheetPart, in_words};
use crate::accounts::{Account, AccountRole, Right};
use crate::channel::Channel;
use crate::office::{School, accounts, channels};
use crate::store::StoreError;

/// The sheet *circuits et contacts*.
pub async fn circuits(school: &School) -> Result<FactSheet, StoreError> {
    let mut people = accounts(school).await?;
    people.retain(|it| it.disabled_at.is_none());
    let ways = ways(school).await?;
    let parts = vec![reached(school), roles(&people), ways, plans(school), lines(school)];
    let lead =
        format!("À qui s’adresser, pour quoi et par quel moyen, à {}.", school.config.school.name);
    Ok(FactSheet { title: "Circuits et contacts", lead, day: school.today(), parts })
}

fn reached(school: &School) -> SheetPart {
    let it = &school.config.school;
    let head = [it.signatory_name.as_str(), it.signatory_title.as_str()];
    let head: Vec<&str> = head.into_iter().filter(|said| !said.is_empty()).collect();
    SheetPart::new("Joindre l’établissement")
        .row("Secrétariat", it.phone.as_str())
        .row("Courriel", it.email.as_str())
        .row("Accueil", it.address.join(", "))
        .row("Informations à jour", it.website.as_str())
        .row("Direction", head.join(", "))
}

fn roles(people: &[Account]) -> SheetPart {
    let named = |of: &dyn Fn(&Account) -> bool| {
        let names = people.iter().filter(|it| of(it)).map(|it| it.name.as_str());
        names.collect::<Vec<_>>().join(", ")
    };
    let tasks: [(&str, Right); 5] = [
        ("Écrire une annonce", Right::Write),
        ("Envoyer aux familles", Right::Send),
        ("Donner un second accord", Right::Approve),
        ("Courriers, appels, publications", Right::CarryByHand),
        ("Réglages et pannes", Right::Settings),
    ];
    let tasks = tasks
        .into_iter()
        .map(|(task, right)| (task.to_owned(), named(&|it: &Account| it.may(right))));
    let teachers = people.iter().filter(|it| it.role == AccountRole::HeadTeacher);
    let teachers =
        teachers.map(|it| (format!("Classe {}", it.classes.join(", ")), it.name.clone()));
    let part = SheetPart::new("Qui fait quoi").rows(tasks).rows(teachers);
    if part.rows.is_empty() { part.saying("Personne n’a encore de compte.") } else { part }
}

async fn ways(school: &School) -> Result<SheetPart, StoreError> {
    let stands = channels(school).await?;
    let is_used = |channel: &Channel| {
        stands.iter().any(|it| {
            it.channel == *channel && (it.provider.is_some() || channel.is_carried_by_people())
        })
    };
    let rows = Channel::ALL.into_iter().filter(is_used).map(|channel| {
        let closed = stands.iter().find(|it| it.channel == channel && !it.open);
        let closed = closed.and_then(|it| it.closing.as_ref());
        let closed = closed.map(|it| format!("fermé : {}", it.reason));
        (channel.in_french().to_owned(), closed.unwrap_or_else(|| in_words::quiet(school, channel)))
    });
    Ok(SheetPart::new("Les voies").rows(rows))
}

fn plans(school: &School) -> SheetPart {
    SheetPart::new("Comment un message vous parvient").rows(in_words::plans(school))
}

/// Who answers which line from today on, and room for what changes.
fn lines(school: &School) -> SheetPart {
    let today = school.today();
    let lines = school.config.calls.duty.iter();
    let lines = lines.filter(|it| it.until.is_none_or(|until| today <= until));
    let part = SheetPart::new("Renvois de lignes et suppléances")
        .rows(lines.map(|it| (it.line.clone(), in_words::duty(it))))
        .saying("À compléter à la main, et à tenir à jour.");
    SheetPart { by_hand: vec!["Ligne ou fonction", "Renvoyée vers", "Du", "Au"], ..part }
}
