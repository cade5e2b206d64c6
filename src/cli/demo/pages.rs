//! The demo's pages: an account of the fictional secretariat, and a link that signs in to it.

use std::time::Duration;

use crate::accounts::{AccountRole, Right};
use crate::app::Daemon;
use crate::office::{self, Actor, NewAccount, School};

/// Who looks at the demo.
const LOGIN: &str = "camille.arago";

/// How often it is looked whether somebody has come.
const LOOKED_EVERY: Duration = Duration::from_millis(100);

/// A link that signs in once, within a quarter of an hour.
pub(super) async fn link(school: &School, daemon: &Daemon) -> anyhow::Result<String> {
    let account = office::add_account(school, Actor::Program, secretariat()).await?;
    let link = office::make_link(school, Actor::Program, account.id).await?;
    Ok(format!("{}/lien/{}", origin(daemon), link.expose()))
}

/// Where the pages are.
pub(super) fn origin(daemon: &Daemon) -> String {
    let origin = daemon.pages.as_ref().map(|it| it.origin().to_owned());
    origin.unwrap_or_else(|| format!("http://{}", daemon.address))
}

/// Whether somebody has signed in there.
pub(super) async fn has_visitor(school: &School) -> anyhow::Result<bool> {
    let account = office::account(school, LOGIN).await?;
    Ok(!office::sessions(school, account.id).await?.is_empty())
}

/// Waits until somebody has, for so long at most.
pub(super) async fn await_visitor(school: &School, most: Duration) -> anyhow::Result<()> {
    let somebody_comes = async {
        while !has_visitor(school).await? {
            tokio::time::sleep(LOOKED_EVERY).await;
        }
        Ok(())
    };
    tokio::time::timeout(most, somebody_comes).await.unwrap_or(Ok(()))
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
