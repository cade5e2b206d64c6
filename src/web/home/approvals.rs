//! The yes that somebody is asked for, and what became of what they asked for themselves.

use super::super::approvals::turn;
use super::super::compose::kept::listed_as;
use super::super::words::hour_of;
use super::task::ToDoLine;
use crate::accounts::Account;
use crate::office::{AskedApproval, School, Today};

/// What waits for their answer, then what they asked for.
pub(super) fn tasks(school: &School, account: &Account, today: &Today) -> Vec<ToDoLine> {
    let (theirs, own): (Vec<_>, Vec<_>) =
        today.approvals.iter().partition(|it| it.waits_for(account));
    let theirs = theirs.into_iter().map(|it| to_answer(school, it));
    theirs.chain(own.into_iter().map(|it| asked_for(school, it))).collect()
}

fn to_answer(school: &School, asked: &AskedApproval) -> ToDoLine {
    let (by, at) = (asked.asked_by.name(), hour_of(school, asked.asked_at));
    ToDoLine {
        path: turn::address(asked.draft.number),
        words: format!("Donner votre accord : {}", listed_as(&asked.draft)),
        about: format!("demandé par {by} {at}"),
        presses: true,
    }
}

fn asked_for(school: &School, asked: &AskedApproval) -> ToDoLine {
    let path = format!("/annonces/brouillons/{}/verifier", asked.draft.number);
    match turn::declined(school, asked) {
        Some(about) => ToDoLine {
            path,
            words: format!("Refusé : {}", listed_as(&asked.draft)),
            about,
            presses: true,
        },
        None => ToDoLine {
            path,
            words: listed_as(&asked.draft),
            about: format!("attend l’accord de {}", turn::names(&asked.asked)),
            presses: false,
        },
    }
}
