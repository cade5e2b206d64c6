//! `chappe accounts code`, `password`, `link`, `sessions`, `revoke`: who is let in, and where they are.

use std::io::{self, BufRead as _, IsTerminal as _};

use secrecy::SecretString;
use serde::Serialize;

use crate::accounts::OpenSession;
use crate::cli::context::{Context, UsedWrongly};
use crate::cli::{asker, output, when};
use crate::id::Id;
use crate::office::{self, School};

/// A code that was made. It is shown to whoever asked, and kept nowhere.
#[derive(Serialize)]
struct CodeMade {
    /// Whose it is; nobody's yet for the first account.
    login: Option<String>,
    code: String,
}

/// A link that was made.
#[derive(Serialize)]
struct LinkMade {
    login: String,
    link: String,
}

pub(super) async fn code(
    context: &Context,
    school: &School,
    login: Option<String>,
) -> anyhow::Result<()> {
    let code = match &login {
        None => office::first_code(school).await?,
        Some(login) => {
            let account = office::account(school, login).await?;
            office::reset_code(school, asker::here(), account.id).await?
        }
    };
    context.answer(&CodeMade { login, code: code.expose() }, |it| {
        output::line(match &it.login {
            None => format!("{}  makes the first account, once, within a day.", it.code),
            Some(login) => {
                format!("{}  lets {login} choose a password, once, within a day.", it.code)
            }
        });
    });
    Ok(())
}

pub(super) async fn password(
    context: &Context,
    school: &School,
    login: &str,
) -> anyhow::Result<()> {
    let account = office::account(school, login).await?;
    let password = typed(login)?;
    let code = office::reset_code(school, asker::here(), account.id).await?;
    let account = office::claim_password(school, &code.expose(), password).await?;
    context.answer(&account, |it| {
        output::line(format!("{} has a new password; all its sessions ended.", it.login));
    });
    Ok(())
}

pub(super) async fn link(context: &Context, school: &School, login: &str) -> anyhow::Result<()> {
    let account = office::account(school, login).await?;
    let link = office::make_link(school, asker::here(), account.id).await?;
    let made = LinkMade { login: account.login, link: link.expose().to_owned() };
    context.answer(&made, |it| {
        output::line(format!("{}  signs in as {}, once, within 15 minutes.", it.link, it.login));
    });
    Ok(())
}

pub(super) async fn sessions(
    context: &Context,
    school: &School,
    login: &str,
) -> anyhow::Result<()> {
    let account = office::account(school, login).await?;
    let sessions = office::sessions(school, account.id).await?;
    if sessions.is_empty() && !context.json {
        output::line(format!("{} is signed in nowhere.", account.login));
    }
    for session in &sessions {
        context.answer(session, |it| {
            let OpenSession { id, device, begun_at, seen_at, .. } = it;
            let (begun, seen) = (when::shown(school, *begun_at), when::shown(school, *seen_at));
            output::line(format!("{id}  since {begun}, last seen {seen}: {device}"));
        });
    }
    Ok(())
}

pub(super) async fn revoke(
    context: &Context,
    school: &School,
    login: &str,
    session: Option<String>,
) -> anyhow::Result<()> {
    let account = office::account(school, login).await?;
    match session {
        None => office::end_sessions(school, asker::here(), account.id, None).await?,
        Some(named) => {
            let is_none = |_| UsedWrongly(format!("\"{named}\" names no session"));
            let session: Id<OpenSession> = named.parse().map_err(is_none)?;
            office::revoke_session(school, asker::here(), account.id, session).await?;
        }
    }
    let left = office::sessions(school, account.id).await?;
    context.answer(&left, |it| {
        output::line(format!("{} sessions of {} are left.", it.len(), account.login));
    });
    Ok(())
}

/// A password: typed twice without being shown, or the first line of a pipe. It is never an argument, which every
/// user of the machine could read.
fn typed(login: &str) -> anyhow::Result<SecretString> {
    if !io::stdin().is_terminal() {
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line)?;
        return Ok(SecretString::from(line.trim_end_matches(['\r', '\n'])));
    }
    let screen = console::Term::stderr();
    let ask = |question: &str| -> io::Result<String> {
        screen.write_str(question)?;
        screen.read_secure_line()
    };
    let first = ask(&format!("Mot de passe de {login} : "))?;
    if first == ask("Encore une fois : ")? {
        return Ok(SecretString::from(first));
    }
    Err(UsedWrongly("the two passwords differ".to_owned()).into())
}
