//! The form of an account: a new one, or what is changed of one.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};

use super::super::fault::Fault;
use super::super::field::{Faults, FieldKind, FormField};
use super::super::page::{self, Section, WebPage};
use super::super::posted::Form;
use super::super::sign_in::refused;
use super::super::visitor::Visitor;
use super::meant::{LIST, found_other, path};
use super::words;
use crate::office::{self, AccountChange, AccountRefusal, NewAccount};
use crate::people::{Account, AccountRole, Right};

const NEW: &str = "Ajouter un compte";
const CHANGE: &str = "Modifier le compte";

#[derive(Template)]
#[template(path = "accounts/form.html", config = "src/web/askama.toml")]
struct FormBody<'a> {
    csrf: &'a str,
    title: &'static str,
    action: String,
    back: String,
    faults: Faults,
    fields: Vec<FormField>,
    version: u32,
    is_usual: bool,
    rights: Vec<Tick>,
    classes: Vec<Tick>,
    usual: Vec<(&'static str, String)>,
}

/// A box: its value, its words, whether it is ticked.
struct Tick {
    value: String,
    words: String,
    is_ticked: bool,
}

/// What is typed of an account.
struct TypedAccount {
    name: String,
    /// For a new one alone.
    login: Option<String>,
    role: AccountRole,
    rights: BTreeSet<Right>,
    is_usual: bool,
    classes: Vec<String>,
    /// Of the account as it was looked at.
    version: u32,
}

impl TypedAccount {
    fn blank() -> Self {
        let role = AccountRole::Secretariat;
        let (name, login, rights) = (String::new(), Some(String::new()), words::usual(role));
        Self { name, login, role, rights, is_usual: true, classes: Vec::new(), version: 0 }
    }

    fn of(account: &Account) -> Self {
        Self {
            name: account.name.clone(),
            login: None,
            role: account.role,
            rights: account.rights.clone(),
            is_usual: account.rights == words::usual(account.role),
            classes: account.classes.clone(),
            version: account.version,
        }
    }

    fn read(form: &Form, is_new: bool) -> Result<Self, Fault> {
        let role = AccountRole::from_word(form.text("fonction")).ok_or(Fault::Unreadable)?;
        let is_usual = form.text("droits") != "choisis";
        let ticked: Option<BTreeSet<Right>> = form.all("droit").map(Right::from_word).collect();
        let ticked = ticked.ok_or(Fault::Unreadable)?;
        let version = form.text("version").parse();
        Ok(Self {
            name: form.text("nom").to_owned(),
            login: is_new.then(|| form.text("identifiant").to_owned()),
            role,
            rights: if is_usual { words::usual(role) } else { ticked },
            is_usual,
            classes: form.all("classe").map(str::to_owned).collect(),
            version: if is_new { 0 } else { version.map_err(|_| Fault::Unreadable)? },
        })
    }

    fn fields(&self, faults: &Faults) -> Vec<FormField> {
        let name = FormField::new("nom", "Prénom et nom", FieldKind::Line)
            .required()
            .typed(&self.name)
            .fault(faults.of("nom"));
        let login = self.login.as_ref().map(|typed| {
            FormField::new("identifiant", "Identifiant", FieldKind::Line)
                .required()
                .hint("Ce qui se tape à la connexion. Exemple : camille.arago")
                .typed(typed)
                .fault(faults.of("identifiant"))
        });
        let roles = AccountRole::ALL.map(|it| (it.as_str().to_owned(), it.in_french().to_owned()));
        let role = FormField::new("fonction", "Fonction", FieldKind::OneOf(roles.into()));
        [Some(name), login, Some(role.required().typed(self.role.as_str()))]
            .into_iter()
            .flatten()
            .collect()
    }
}

/// The form of a new one.
pub(super) async fn new(visitor: Visitor) -> Result<WebPage, Fault> {
    shown(&visitor, &TypedAccount::blank(), None, Faults::default()).await
}

/// The form of one that there is.
pub(super) async fn edit(visitor: Visitor, Path(id): Path<String>) -> Result<WebPage, Fault> {
    let account = found_other(&visitor, &id).await?.account;
    shown(&visitor, &TypedAccount::of(&account), Some(&account), Faults::default()).await
}

async fn shown(
    visitor: &Visitor,
    typed: &TypedAccount,
    account: Option<&Account>,
    faults: Faults,
) -> Result<WebPage, Fault> {
    let back = account.map_or_else(|| LIST.to_owned(), |it| path(it.id));
    let (title, act) = if account.is_some() { (CHANGE, "modifier") } else { (NEW, "nouveau") };
    let right = |it: Right| Tick {
        value: it.as_str().to_owned(),
        words: it.in_french().to_owned(),
        is_ticked: typed.rights.contains(&it),
    };
    let body = FormBody {
        csrf: visitor.csrf(),
        title,
        action: format!("{back}/{act}"),
        back,
        fields: typed.fields(&faults),
        faults,
        version: typed.version,
        is_usual: typed.is_usual,
        rights: Right::ALL.map(right).into(),
        classes: classes(visitor, &typed.classes).await?,
        usual: AccountRole::ALL.map(|it| (it.in_french(), usual(it))).into(),
    };
    visitor.page(Section::Accounts, title, &body)
}

fn usual(role: AccountRole) -> String {
    role.usual().iter().map(|right| right.in_french()).collect::<Vec<_>>().join(", ")
}

/// The classes of the school, and those of the account that the school has no more.
async fn classes(visitor: &Visitor, theirs: &[String]) -> Result<Vec<Tick>, Fault> {
    let mut names: Vec<String> =
        office::classes(visitor.school()).await?.into_iter().map(|it| it.name).collect();
    let gone = theirs.iter().filter(|it| !names.contains(it)).cloned().collect::<Vec<_>>();
    names.extend(gone);
    let tick =
        |name: String| Tick { is_ticked: theirs.contains(&name), words: name.clone(), value: name };
    Ok(names.into_iter().map(tick).collect())
}

/// Adds one, and goes on to its page, where its owner is invited.
pub(super) async fn add(visitor: Visitor, form: Form) -> Result<Response, Fault> {
    let typed = TypedAccount::read(&form, true)?;
    let new = NewAccount {
        login: typed.login.clone().unwrap_or_default(),
        name: typed.name.clone(),
        role: typed.role,
        rights: Some(typed.rights.clone()),
        classes: typed.classes.clone(),
        pupils: Vec::new(),
    };
    match office::add_account(visitor.school(), visitor.actor(), new).await {
        Ok(account) => Ok(page::to(&format!("{}?fait=ajoute", path(account.id)))),
        Err(refusal) => not_kept(&visitor, &typed, None, refusal).await,
    }
}

/// Changes one.
pub(super) async fn change(
    visitor: Visitor,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Fault> {
    let account = found_other(&visitor, &id).await?.account;
    let typed = TypedAccount::read(&form, false)?;
    let change = AccountChange {
        seen: Some(typed.version),
        name: Some(typed.name.clone()),
        role: Some(typed.role),
        rights: Some(typed.rights.clone()),
        classes: Some(typed.classes.clone()),
    };
    match office::change_account(visitor.school(), visitor.actor(), account.id, change).await {
        Ok(account) => Ok(page::to(&format!("{}?fait=modifie", path(account.id)))),
        // What was typed would undo what somebody else changed: it is shown as it is now.
        Err(refusal @ AccountRefusal::Overtaken) => {
            let now = found_other(&visitor, &id).await?.account;
            not_kept(&visitor, &TypedAccount::of(&now), Some(&now), refusal).await
        }
        Err(refusal) => not_kept(&visitor, &typed, Some(&account), refusal).await,
    }
}

async fn not_kept(
    visitor: &Visitor,
    typed: &TypedAccount,
    account: Option<&Account>,
    refusal: AccountRefusal,
) -> Result<Response, Fault> {
    let field = match refusal {
        AccountRefusal::NoName => "nom",
        AccountRefusal::BadLogin(_) | AccountRefusal::LoginTaken(_) => "identifiant",
        _ => "",
    };
    let mut faults = Faults::default();
    faults.add(field, refused::account(visitor.school(), refusal)?);
    Ok(shown(visitor, typed, account, faults).await?.refused().into_response())
}
