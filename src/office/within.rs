//! Whom somebody may write to: whoever has to do with pupils of their own, within these alone.

use super::{Refusal, School};
use crate::accounts::Account;
use crate::audience::{AudienceError, Base, Chosen, Filter, Rule};
use crate::delivery::About;
use crate::people::{Actor, Whom};
use crate::store::{StoreError, Tx, accounts};

/// The audience with which somebody begins: all families, or those of their classes; blank where they have none.
#[must_use]
pub fn first_audience(account: &Account) -> String {
    let Whom::Own { classes, .. } = Whom::of(account) else {
        return Base::Families.as_str().to_owned();
    };
    if classes.is_empty() {
        return String::new();
    }
    let (filters, except) = ([(Filter::Class, classes)].into(), Vec::new());
    Rule { base: Base::Families, filters, except, unit: None }.to_string()
}

/// Refused where somebody of these is not theirs: they are of other pupils, or of the staff.
pub(super) fn check(whom: &Whom, chosen: &[Chosen]) -> Result<(), Refusal> {
    let is_own = |about: &About| whom.has(about.pupil.as_ref(), about.class.as_deref());
    let are_own = |it: &Chosen| !it.about.is_empty() && it.about.iter().all(is_own);
    if *whom == Whom::Everybody || chosen.iter().all(are_own) {
        Ok(())
    } else {
        Err(Refusal::Beyond)
    }
}

/// The same of those whom a rule means; one that means nobody, or cannot be understood, is refused elsewhere.
pub(super) async fn check_rule(school: &School, whom: &Whom, rule: &str) -> Result<(), Refusal> {
    if *whom == Whom::Everybody {
        return Ok(());
    }
    let Ok(rule) = rule.parse() else { return Ok(()) };
    match school.find(&rule).await {
        Ok(selection) => check(whom, &selection.chosen),
        Err(AudienceError::Rule(_)) => Ok(()),
        Err(AudienceError::Store(error)) => Err(error.into()),
    }
}

/// Whom an actor has to do with, as it is now; whoever does not sign in, with everybody.
pub(super) async fn whom_of(school: &School, actor: &Actor) -> Result<Whom, StoreError> {
    let Actor::Account { login, .. } = actor else { return Ok(Whom::Everybody) };
    let (id, login) = (school.queue.school().clone(), login.clone());
    let look = move |tx: &Tx<'_>| accounts::by_login(tx, &id, &login);
    let found = school.store().read(look).await?;
    let nobody = Whom::Own { classes: Vec::new(), pupils: Vec::new() };
    Ok(found.map_or(nobody, |it| Whom::of(&it.account)))
}
