//! An account in words.

use std::collections::BTreeSet;

use super::super::words::{count, hour_of, named, until};
use crate::accounts::SignInLock;
use crate::identity::OpenIdSettings;
use crate::office::{AccountSeenTo, School};
use crate::people::{Account, AccountRole, Right};

/// The rights that are usual for a role.
pub(super) fn usual(role: AccountRole) -> BTreeSet<Right> {
    role.usual().iter().copied().collect()
}

/// What differs from what is usual for the role: `en plus : lire le journal ; sans : envoyer`.
pub(super) fn rights(account: &Account) -> String {
    let usual = usual(account.role);
    let more = in_french(account.rights.difference(&usual));
    let less = in_french(usual.difference(&account.rights));
    match (more.as_str(), less.as_str()) {
        ("", "") => "ceux de la fonction".to_owned(),
        (more, "") => format!("en plus : {more}"),
        ("", less) => format!("sans : {less}"),
        (more, less) => format!("en plus : {more} ; sans : {less}"),
    }
}

fn in_french<'a>(rights: impl Iterator<Item = &'a Right>) -> String {
    rights.map(|right| right.in_french()).collect::<Vec<_>>().join(", ")
}

/// Whether a code of their telephone is asked for.
pub(super) const fn telephone(account: &Account) -> &'static str {
    match (account.has_second_factor, account.must_have_second_factor) {
        (true, _) => "demandé",
        (false, true) => "exigé dès la prochaine page",
        (false, false) => "non demandé",
    }
}

/// When somebody last signed in.
pub(super) fn last_sign_in(school: &School, listed: &AccountSeenTo) -> String {
    listed.signed_in_at.map_or_else(|| "jamais".to_owned(), |at| hour_of(school, at))
}

/// Whether somebody can sign in, and how much somebody should look at it.
pub(super) fn state(school: &School, listed: &AccountSeenTo) -> (String, &'static str) {
    if let Some(at) = listed.account.disabled_at {
        return (format!("fermé depuis {}", named(school, at)), "soft");
    }
    match listed.lock {
        Some(SignInLock { until: at, is_everywhere: true }) => {
            (format!("bloqué {}", until(school, at)), "wait")
        }
        Some(SignInLock { until: at, is_everywhere: false }) => {
            (format!("bloqué à un endroit {}, ouvert ailleurs", until(school, at)), "wait")
        }
        None if has_a_way_in(school, &listed.account) => ("ouvert".to_owned(), "good"),
        None => ("sans mot de passe".to_owned(), "wait"),
    }
}

/// Whether its owner can sign in without anybody's help.
pub(super) const fn has_a_way_in(school: &School, account: &Account) -> bool {
    account.has_password || (account.has_identity && school.config.web.openid.is_some())
}

/// What opens an account beside the password.
pub(super) fn elsewhere(school: &School) -> &str {
    school.config.web.openid.as_ref().map_or("un service d’identité", OpenIdSettings::called)
}

/// `et 2 autres élèves, que vous ne voyez pas`.
pub(super) fn other_pupils(others: usize) -> Option<String> {
    let pupils =
        count(others, "autre élève, que vous ne voyez pas", "autres élèves, que vous ne voyez pas");
    (others > 0).then(|| format!("et {pupils}"))
}
