//! An account in one line.

use crate::accounts::Account;
use crate::cli::when;
use crate::office::School;

/// Who it is, how they sign in, and what they may.
pub(super) fn shown(school: &School, account: &Account) -> String {
    let rights: Vec<&str> = account.rights.iter().map(|right| right.as_str()).collect();
    let state = match account.disabled_at {
        Some(at) => format!("disabled on {}", when::shown(school, at)),
        None if !account.has_password => "no password yet".to_owned(),
        None if account.has_second_factor => "password and telephone".to_owned(),
        None => "password".to_owned(),
    };
    let Account { login, name, role, .. } = account;
    format!("{login:<20} {name}, {} ({state}): {}", role.as_str(), rights.join(", "))
}
