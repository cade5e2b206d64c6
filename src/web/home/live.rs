//! What goes on and what waits, as it changes.

use std::time::Duration;

use axum::response::Response;

use super::super::fault::Fault;
use super::super::live::{self, LivePart, LiveView, Watched};
use super::super::page::WebPage;
use super::super::typography;
use super::super::visitor::Visitor;
use super::page::TodayPart;
use crate::accounts::Account;
use crate::office::{self, School};

/// How soon it is looked at anew while something goes out.
const SOON: Duration = Duration::from_secs(2);
/// … and while nothing does.
const LATER: Duration = Duration::from_secs(5);

/// The stream of the first page, which waits for each in another way.
pub(super) async fn stream(visitor: Visitor) -> Response {
    let account = visitor.session().account.clone();
    // One whose rights have changed sees another day.
    let sees = (account.role, &account.rights, &account.classes, &account.pupils);
    let what = format!("today of {} {sees:?}", account.id);
    live::answer(visitor, what, WatchedDay { account })
}

/// What somebody sees of the day.
struct WatchedDay {
    account: Account,
}

impl Watched for WatchedDay {
    async fn look(&mut self, school: &School) -> Result<(LiveView, Duration), Fault> {
        let today = office::today(school, &self.account).await?;
        let part = TodayPart::of(school, &self.account, &today);
        let said = part.lead(&today);
        let goes_on = today.messages.iter().any(|it| it.sent.sum.addressees.waiting > 0);
        let parts = vec![
            LivePart { id: "bilan", html: typography::set(&said) },
            LivePart { id: "jour", html: WebPage::set(&part)? },
        ];
        Ok((LiveView { parts, said }, if goes_on { SOON } else { LATER }))
    }
}
