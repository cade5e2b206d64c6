//! Every account: what it is and may, how its owner signs in.

use askama::Template;

use super::super::fault::Fault;
use super::super::page::{Section, WebPage};
use super::super::visitor::Visitor;
use super::meant::path;
use super::words;
use crate::office::{self, AccountSeenTo, School};

#[derive(Template)]
#[template(path = "accounts/list.html", config = "src/web/askama.toml")]
struct ListBody {
    rows: Vec<AccountRow>,
}

struct AccountRow {
    path: String,
    name: String,
    login: String,
    role: &'static str,
    rights: String,
    signed_in: String,
    telephone: &'static str,
    state: String,
    tone: &'static str,
}

/// The list, closed ones last.
pub(super) async fn page(visitor: Visitor) -> Result<WebPage, Fault> {
    let school = visitor.school();
    let mut listed = office::listed_accounts(school).await?;
    listed.sort_by_key(|it| it.account.disabled_at.is_some());
    let rows = listed.iter().map(|it| AccountRow::of(school, it)).collect();
    visitor.page(Section::Accounts, "Comptes", &ListBody { rows })
}

impl AccountRow {
    fn of(school: &School, listed: &AccountSeenTo) -> Self {
        let account = &listed.account;
        let (state, tone) = words::state(school, listed);
        Self {
            path: path(account.id),
            name: account.name.clone(),
            login: account.login.clone(),
            role: account.role.in_french(),
            rights: words::rights(account),
            signed_in: words::last_sign_in(school, listed),
            telephone: words::telephone(account),
            state,
            tone,
        }
    }
}
