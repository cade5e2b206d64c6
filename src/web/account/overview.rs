//! What somebody may, and where they are signed in.

use askama::Template;
use axum::extract::Query;
use serde::Deserialize;

use super::super::fault::Fault;
use super::super::page::{Section, WebPage};
use super::super::visitor::Visitor;
use super::super::words::{count, hour_of};
use crate::office;

const TITLE: &str = "Mon compte";

#[derive(Template)]
#[template(path = "account/overview.html", config = "src/web/askama.toml")]
struct AccountBody<'a> {
    csrf: &'a str,
    done: Option<&'static str>,
    name: &'a str,
    login: &'a str,
    role: &'static str,
    rights: Vec<&'static str>,
    has_password: bool,
    has_second_factor: bool,
    codes_left: String,
    elsewhere: Option<&'a str>,
    has_identity: bool,
    devices: Vec<Device>,
}

struct Device {
    id: String,
    name: String,
    seen: String,
    is_this: bool,
}

/// What was just done.
#[derive(Deserialize)]
pub(super) struct AccountDone {
    #[serde(default, rename = "fait")]
    done: String,
}

/// The page of somebody's own account.
pub(super) async fn page(
    visitor: Visitor,
    Query(AccountDone { done }): Query<AccountDone>,
) -> Result<WebPage, Fault> {
    let (school, session) = (visitor.school(), visitor.session());
    let account = &session.account;
    let open = office::sessions(school, account.id).await?;
    let device = |it: &crate::accounts::OpenSession| Device {
        id: it.id.to_string(),
        name: if it.device.is_empty() { "Appareil sans nom".to_owned() } else { it.device.clone() },
        seen: hour_of(school, it.seen_at),
        is_this: it.id == session.id,
    };
    let left = office::recovery_codes_left(school, account.id).await?;
    let body = AccountBody {
        csrf: &session.csrf,
        done: told(&done),
        name: &account.name,
        login: &account.login,
        role: account.role.in_french(),
        rights: account.rights.iter().map(|right| right.in_french()).collect(),
        has_password: account.has_password,
        has_second_factor: account.has_second_factor,
        codes_left: count(left, "code de secours", "codes de secours"),
        elsewhere: visitor.web().openid().map(|it| it.settings().called()),
        has_identity: account.has_identity,
        devices: open.iter().map(device).collect(),
    };
    visitor.page(Section::OwnAccount, TITLE, &body)
}

fn told(done: &str) -> Option<&'static str> {
    match done {
        "mot-de-passe" => {
            Some("Le mot de passe est changé ; vos autres appareils sont déconnectés.")
        }
        "rattache" => {
            Some("Votre compte est rattaché : vous pourrez vous connecter sans mot de passe.")
        }
        "detache" => Some("Votre compte n’est plus rattaché."),
        "retire" => Some("Le téléphone n’est plus demandé."),
        "appareil" => Some("L’appareil est déconnecté."),
        _ => None,
    }
}
