//! Whose turn it is to say yes: those of the chain one after another, then everybody who may.

use serde::Serialize;

use super::super::School;
use crate::accounts::{Account, Right};
use crate::clock::Moment;
use crate::people::By;

/// Somebody whose yes is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AskedPerson {
    /// What they sign in with.
    pub login: String,
    /// The name that colleagues know.
    pub name: String,
    /// Since when they are asked.
    pub since: Moment,
}

/// Everybody but who asks who may say yes, in the order in which they are asked, each with the moment of it. Whoever of
/// the chain is away today or may not approve any more is passed over.
pub(super) fn order(school: &School, accounts: &[Account], by: &By) -> Vec<AskedPerson> {
    let settings = &school.config.approval;
    let may = |it: &&Account| it.may(Right::Approve) && !it.is(&by.actor);
    let mut others: Vec<&Account> = accounts.iter().filter(may).collect();
    let mut order = Vec::new();
    for login in settings.there_on(school.today()) {
        let named = others.iter().position(|it| it.login.eq_ignore_ascii_case(login));
        order.extend(named.map(|at| others.remove(at)));
    }
    let of_the_chain = order.len();
    order.extend(others);
    let asked = |(turn, it): (usize, &Account)| AskedPerson {
        login: it.login.clone(),
        name: it.name.clone(),
        since: by.at + settings.after(turn.min(of_the_chain)),
    };
    order.into_iter().enumerate().map(asked).collect()
}

/// How often it was passed on by a moment.
pub(super) fn times_passed_on(order: &[AskedPerson], now: Moment) -> usize {
    let mut turns: Vec<Moment> =
        order.iter().map(|it| it.since).filter(|since| *since <= now).collect();
    turns.dedup();
    turns.len().saturating_sub(1)
}
