//! `chappe accounts add`, `rights`, `disable`, `forget-telephone`.

use std::collections::BTreeSet;

use super::letting_in;
use super::line::shown;
use crate::accounts::{AccountRole, Right};
use crate::cli::context::Context;
use crate::cli::{asker, output, when};
use crate::office::{self, AccountChange, NewAccount, School};

/// Arguments of `chappe accounts add`.
#[derive(Debug, clap::Args)]
pub(super) struct AddAccount {
    /// What they sign in with.
    login: String,
    /// The name that colleagues know.
    #[arg(long, value_parser = when::one_line)]
    name: String,
    /// What they are: `secretariat`, `direction`, `cpe`, `head_teacher`, `tutor`, `it`.
    #[arg(long, value_parser = role)]
    role: AccountRole,
    #[command(flatten)]
    more: AlsoSaid,
}

/// Arguments of `chappe accounts rights`.
#[derive(Debug, clap::Args)]
pub(super) struct ChangeRights {
    /// The login.
    login: String,
    /// The name that colleagues know.
    #[arg(long, value_parser = when::one_line)]
    name: Option<String>,
    /// What they are; their rights are the usual ones of the role then, unless others are named.
    #[arg(long, value_parser = role)]
    role: Option<AccountRole>,
    #[command(flatten)]
    more: AlsoSaid,
}

/// What may be said several times.
#[derive(Debug, clap::Args)]
struct AlsoSaid {
    /// What they may, in place of what is usual: `see_families`, `send`…; may be said several times.
    #[arg(long = "right", value_parser = right)]
    rights: Vec<Right>,
    /// A class of a professeur principal; may be said several times.
    #[arg(long = "class", value_parser = when::one_line)]
    classes: Vec<String>,
}

fn role(word: &str) -> Result<AccountRole, String> {
    let words = AccountRole::ALL.map(AccountRole::as_str).join(", ");
    AccountRole::from_word(word).ok_or_else(|| format!("there are: {words}"))
}

fn right(word: &str) -> Result<Right, String> {
    let words = Right::ALL.map(Right::as_str).join(", ");
    Right::from_word(word).ok_or_else(|| format!("there are: {words}"))
}

/// The rights that were named, if any were.
fn said(rights: Vec<Right>) -> Option<BTreeSet<Right>> {
    Some(rights.into_iter().collect::<BTreeSet<_>>()).filter(|rights| !rights.is_empty())
}

pub(super) async fn add(context: &Context, school: &School, add: AddAccount) -> anyhow::Result<()> {
    let AddAccount { login, name, role, more: AlsoSaid { rights, classes } } = add;
    let new = NewAccount { login, name, role, rights: said(rights), classes, pupils: Vec::new() };
    let account = office::add_account(school, asker::here(), new).await?;
    letting_in::code(context, school, Some(account.login)).await
}

pub(super) async fn rights(
    context: &Context,
    school: &School,
    ChangeRights { login, name, role, more: AlsoSaid { rights, classes } }: ChangeRights,
) -> anyhow::Result<()> {
    let account = office::account(school, &login).await?;
    let classes = Some(classes).filter(|classes| !classes.is_empty());
    let change = AccountChange { seen: None, name, role, rights: said(rights), classes };
    let changed = office::change_account(school, asker::here(), account.id, change).await?;
    context.answer(&changed, |it| output::line(shown(school, it)));
    Ok(())
}

pub(super) async fn disable(
    context: &Context,
    school: &School,
    login: &str,
    undo: bool,
) -> anyhow::Result<()> {
    let account = office::account(school, login).await?;
    let changed = if undo {
        office::enable_account(school, asker::here(), account.id).await?
    } else {
        office::disable_account(school, asker::here(), account.id).await?
    };
    context.answer(&changed, |it| output::line(shown(school, it)));
    Ok(())
}

pub(super) async fn forget_telephone(
    context: &Context,
    school: &School,
    login: &str,
) -> anyhow::Result<()> {
    let account = office::account(school, login).await?;
    office::drop_second_factor(school, asker::here(), account.id).await?;
    let account = office::account(school, login).await?;
    context.answer(&account, |it| output::line(shown(school, it)));
    Ok(())
}
