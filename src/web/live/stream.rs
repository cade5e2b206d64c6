//! One who looks: a stream of events, until they go, the daemon stops, or their session has ended.

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
use super::hub::{LivePart, LivePlace, Watched};
use crate::office;

/// How often a comment says that the stream stands: proxies cut what says nothing.
const ALIVE_EVERY: Duration = Duration::from_secs(15);
/// How often it is looked whether the session stands, and at most something is said aloud.
const LOOK_EVERY: Duration = Duration::from_secs(30);
/// A proxy before us passes on what comes as it comes (nginx).
const UNBUFFERED: [(&str, &str); 1] = [("x-accel-buffering", "no")];

/// Somebody who looks.
struct Onlooker {
    visitor: Visitor,
    place: LivePlace,
    look_at: Instant,
    /// What they were told last, or saw as they came.
    told: Option<String>,
    /// What is still to be sent.
    waiting: VecDeque<Event>,
    is_done: bool,
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
                    self.see();
                }
            }
        }
    }

    /// What is shown now.
    fn see(&mut self) {
        let view = Arc::clone(&self.place.view.borrow_and_update());
        if !view.parts.is_empty() {
            self.told.get_or_insert_with(|| view.said.clone());
            self.waiting.extend(view.parts.iter().map(shown));
        }
    }

    /// Half a minute later: whether they may still look, and what is to be said aloud.
    async fn look(&mut self) {
        self.look_at = Instant::now() + LOOK_EVERY;
        if !self.may_look().await {
            self.waiting.push_back(Event::default().event("end").data(""));
            self.is_done = true;
            return;
        }
        let said = self.place.view.borrow().said.clone();
        if self.told.as_ref().is_some_and(|told| *told != said) {
            self.waiting.push_back(Event::default().event("say").data(&said));
            self.told = Some(said);
        }
    }

    async fn may_look(&self) -> bool {
        let session = self.visitor.session();
        let open = office::sessions(self.visitor.school(), session.account.id).await;
        // A database that does not answer ends nobody's session.
        open.map_or(true, |open| open.iter().any(|it| it.id == session.id))
    }
}

fn shown(part: &LivePart) -> Event {
    Event::default().event("part").data(format!("{}\n{}", part.id, part.html.replace('\r', "")))
}
