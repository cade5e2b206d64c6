//! One account, and what can be done about it.

use askama::Template;
use axum::extract::{Path, Query};
use serde::Deserialize;

use super::super::fault::Fault;
use super::super::page::{Section, WebPage};
use super::super::visitor::Visitor;
use super::super::words::count;
use super::meant::{found, path};
use super::words;
use crate::office::{self, AccountSeenTo};
use crate::people::{Account, AccountRole, Filing, Pupil, Right};

#[derive(Template)]
#[template(path = "accounts/one.html", config = "src/web/askama.toml")]
struct OneBody<'a> {
    csrf: &'a str,
    done: Option<&'static str>,
    path: String,
    listed: &'a AccountSeenTo,
    rights: String,
    signed_in: String,
    telephone: &'static str,
    state: String,
    tone: &'static str,
    sessions: String,
    /// What they have to do with, where it is less than everybody.
    classes: Option<Vec<&'a str>>,
    /// The pupils whom they look after likewise, for whoever may see families.
    pupils: Option<Vec<String>>,
    elsewhere: &'a str,
    has_a_way_in: bool,
    is_own: bool,
}

impl OneBody<'_> {
    const fn is_closed(&self) -> bool {
        self.listed.account.disabled_at.is_some()
    }

    fn role(&self) -> AccountRole {
        self.listed.account.role
    }
}

/// What was just done.
#[derive(Deserialize)]
pub(super) struct DoneToAccount {
    #[serde(default, rename = "fait")]
    done: String,
}

/// The page of an account.
pub(super) async fn page(
    visitor: Visitor,
    Path(id): Path<String>,
    Query(DoneToAccount { done }): Query<DoneToAccount>,
) -> Result<WebPage, Fault> {
    let school = visitor.school();
    let listed = found(&visitor, &id).await?;
    let account = &listed.account;
    let (state, tone) = words::state(school, &listed);
    let sessions = office::sessions(school, account.id).await?.len();
    let body = OneBody {
        csrf: visitor.csrf(),
        done: told(&done, account),
        path: path(account.id),
        rights: account.rights.iter().map(|it| it.in_french()).collect::<Vec<_>>().join(", "),
        signed_in: words::last_sign_in(school, &listed),
        telephone: words::telephone(account),
        state,
        tone,
        sessions: count(sessions, "appareil connecté", "appareils connectés"),
        classes: classes(account),
        pupils: pupils(&visitor, account).await?,
        elsewhere: words::elsewhere(school),
        has_a_way_in: words::has_a_way_in(school, account),
        is_own: account.id == visitor.session().account.id,
        listed: &listed,
    };
    visitor.page(Section::Accounts, &account.name, &body)
}

/// Their classes as the school lists them.
fn classes(account: &Account) -> Option<Vec<&str>> {
    let mut classes: Vec<&str> = account.classes.iter().map(String::as_str).collect();
    classes.sort_by_cached_key(|class| Filing::of_class(class));
    account.role.has_pupils_of_its_own().then_some(classes)
}

async fn pupils(visitor: &Visitor, account: &Account) -> Result<Option<Vec<String>>, Fault> {
    if !account.role.has_pupils_of_its_own() || !visitor.may(Right::SeeFamilies) {
        return Ok(None);
    }
    let looker = &visitor.session().account;
    let pupils = office::pupils_of_account(visitor.school(), looker, account).await?;
    let seen = pupils.seen.iter().map(Pupil::with_class);
    Ok(Some(seen.chain(words::other_pupils(pupils.others)).collect()))
}

fn told(done: &str, account: &Account) -> Option<&'static str> {
    Some(match done {
        "ajoute" => "Le compte est ajouté. Faites un code : la personne choisira son mot de passe.",
        "modifie" => "Le compte est modifié ; cela vaut dès sa prochaine page.",
        "exige" => "Le code du téléphone est exigé dès la prochaine page de la personne.",
        "non-exige" => "Le code du téléphone n’est plus exigé.",
        "telephone" if account.must_have_second_factor => {
            "Le téléphone est oublié ; la personne doit en prendre un autre dès sa prochaine page."
        }
        "telephone" => "Le téléphone est oublié : aucun code n’est plus demandé à la connexion.",
        "detache" => "Le compte est détaché, et ses appareils sont déconnectés.",
        "deconnecte" => "Tous les appareils de ce compte sont déconnectés.",
        "debloque" => "Le compte est débloqué.",
        "ferme" => "Le compte est fermé, et ses appareils sont déconnectés.",
        "rouvert" => "Le compte est rouvert.",
        _ => return None,
    })
}
