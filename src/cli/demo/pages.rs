//! The demo's pages: an account of the fictional secretariat, and a link that signs in to it.

use crate::accounts::{AccountRole, Right};
use crate::app::Daemon;
use crate::office::{self, AccountRefusal, Actor, NewAccount, School};

/// Who looks at the demo.
const LOGIN: &str = "camille.arago";

/// A link that signs in once, within a quarter of an hour.
pub(super) async fn link(school: &School, daemon: &Daemon) -> anyhow::Result<String> {
    let account = match office::account(school, LOGIN).await {
        Err(AccountRefusal::NoSuchAccount) => {
            office::add_account(school, Actor::Program, secretariat()).await?
        }
        found => found?,
    };
    let link = office::make_link(school, Actor::Program, account.id).await?;
    let origin = daemon.pages.as_ref().map(|it| it.origin().to_owned());
    let origin = origin.unwrap_or_else(|| format!("http://{}", daemon.address));
    Ok(format!("{origin}/lien/{}", link.expose()))
}

/// Whoever looks at the demo may look at all of it.
fn secretariat() -> NewAccount {
    NewAccount {
        login: LOGIN.to_owned(),
        name: "Camille Arago".to_owned(),
        role: AccountRole::Secretariat,
        rights: Some(Right::ALL.into_iter().collect()),
        classes: Vec::new(),
        pupils: Vec::new(),
    }
}
