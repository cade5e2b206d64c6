//! Where an announcement stands, as it changes.

use std::time::Duration;

use axum::extract::Path;
use axum::response::Response;

use super::super::fault::Fault;
use super::super::live::{self, LivePart, LiveView, Watched};
use super::super::page::WebPage;
use super::super::visitor::Visitor;
use super::found;
use super::sum::SumPart;
use crate::message::Message;
use crate::office::{Follow, School};
use crate::people::Right;

/// How soon it is looked at anew while a machine is at work.
const SOON: Duration = Duration::from_secs(1);
/// … and once people alone can change it.
const LATER: Duration = Duration::from_secs(5);

/// The stream of an announcement's sum. Whoever may see names is led on to them.
pub(super) async fn stream(visitor: Visitor, Path(code): Path<String>) -> Result<Response, Fault> {
    let message = found::message(&visitor, &code).await?;
    let leads_on = visitor.may(Right::SeeFamilies);
    let what = format!("{} {leads_on}", message.code);
    let follow = Follow::default();
    let watched = WatchedMessage { message, follow, leads_on };
    Ok(live::answer(visitor, what, watched))
}

/// An announcement that somebody looks at.
struct WatchedMessage {
    message: Message,
    follow: Follow,
    leads_on: bool,
}

impl Watched for WatchedMessage {
    async fn look(&mut self, school: &School) -> Result<(LiveView, Duration), Fault> {
        let message = &self.message;
        let overview = self.follow.look(school, message).await?.overview;
        let sum = SumPart::now(school, message, &overview, self.leads_on).await?;
        let all = overview.status.addressees;
        let part = LivePart { id: "somme", html: WebPage::set(&sum)? };
        let said = format!("{} joints sur {}", all.reached, all.total);
        let pause = if all.waiting > 0 { SOON } else { LATER };
        Ok((LiveView { parts: vec![part], said }, pause))
    }
}
