//! One who looks: a stream of events, until they go, the daemon stops, their session has ended, or what they may has
//! changed: their browser comes in by the door again then, as what they are.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use tokio::time::{Instant, sleep_until};

use super::super::visitor::Visitor;
use super::hub::{LivePart, LivePlace, LiveView, Watched};
use crate::office;

/// How often a comment says that the stream stands: proxies cut what says nothing.
const ALIVE_EVERY: Duration = Duration::from_secs(15);
/// How often at the least it is looked whether the session stands, and at most something is said aloud.
const LOOK_EVERY: Duration = Duration::from_secs(30);
/// A proxy before us passes on what comes as it comes (nginx).
const UNBUFFERED: [(&str, &str); 1] = [("x-accel-buffering", "no")];

/// Somebody who looks.
struct Onlooker {
    visitor: Visitor,
    place: LivePlace,
    look_at: Instant,
    /// What they saw last.
    shown: Arc<LiveView>,
    /// What they were told last, or saw as they came.
    told: Option<String>,
    /// What is still to be sent.
    waiting: VecDeque<Event>,
    is_done: bool,
}

/// Somebody whose stream began a while ago.
enum OnlookerNow {
    /// Signed in, and what they were.
    AsTheyWere,
    /// No longer signed in.
    Gone,
    /// Another rules from now on what they see, or the database does not say: the door lets them in, or not.
    Unsure,
}

/// Streams what is called so; 204 where too many look: a browser asks no more then.
pub(crate) fn answer(visitor: Visitor, what: String, watched: impl Watched) -> Response {
    let account = visitor.session().account.id;
    let Some(place) = visitor.web().live().look(account, what, watched) else {
        return StatusCode::NO_CONTENT.into_response();
    };
    let onlooker = Onlooker {
        visitor,
        place,
        look_at: Instant::now() + LOOK_EVERY,
        shown: Arc::default(),
        told: None,
        waiting: VecDeque::new(),
        is_done: false,
    };
    let events = stream::unfold(onlooker, |mut onlooker| async move {
        let event = onlooker.next().await?;
        Some((Ok::<_, Infallible>(event), onlooker))
    });
    let alive = KeepAlive::new().interval(ALIVE_EVERY);
    (UNBUFFERED, Sse::new(events).keep_alive(alive)).into_response()
}

impl Onlooker {
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some(event);
            }
            if self.is_done {
                return None;
            }
            let stop = self.visitor.web().live().stop();
            tokio::select! {
                biased;
                () = stop.given() => return None,
                () = sleep_until(self.look_at) => self.look().await,
                changed = self.place.view.changed() => {
                    changed.ok()?;
                    self.see().await;
                }
            }
        }
    }

    /// What is shown now. Whatever they may is looked at before they see it.
    async fn see(&mut self) {
        let view = Arc::clone(&self.place.view.borrow_and_update());
        // What comes because somebody else has come they know.
        if view.parts.is_empty() || *view == *self.shown || !self.may_look().await {
            return;
        }
        self.told.get_or_insert_with(|| view.said.clone());
        self.waiting.extend(view.parts.iter().map(shown));
        self.shown = view;
    }

    /// Half a minute later: whether they may still look, and what is to be said aloud.
    async fn look(&mut self) {
        self.look_at = Instant::now() + LOOK_EVERY;
        if !self.may_look().await {
            return;
        }
        let said = &self.shown.said;
        if self.told.as_ref().is_some_and(|told| told != said) {
            self.waiting.push_back(Event::default().event("say").data(said));
            self.told = Some(said.clone());
        }
    }

    /// `false` where the stream ends; whoever is no longer signed in is told that nothing more comes.
    async fn may_look(&mut self) -> bool {
        let standing = self.standing().await;
        self.is_done = !matches!(standing, OnlookerNow::AsTheyWere);
        if matches!(standing, OnlookerNow::Gone) {
            self.waiting.push_back(Event::default().event("end").data(""));
        }
        !self.is_done
    }

    async fn standing(&self) -> OnlookerNow {
        let session = self.visitor.session();
        match office::account_now(self.visitor.school(), session).await {
            Ok(Some(account)) if account == session.account => OnlookerNow::AsTheyWere,
            Ok(None) => OnlookerNow::Gone,
            Ok(Some(_)) | Err(_) => OnlookerNow::Unsure,
        }
    }
}

fn shown(part: &LivePart) -> Event {
    Event::default().event("part").data(format!("{}\n{}", part.id, part.html.replace('\r', "")))
}
