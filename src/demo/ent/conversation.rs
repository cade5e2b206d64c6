//! The messages: sent, searched, opened, recalled.

use std::collections::HashSet;
use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::Deserialize;
use serde_json::{Value, json};

use super::door::{Caller, denied};
use super::page;
use super::state::{Ent, EntAccount, EntMessage, SharedEnt, Weather, lock};

/// How long a message may be recalled (entcore 6.15: `recall-delay-minutes`).
const RECALL_LIMIT: Duration = Duration::from_hours(1);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Composed {
    subject: String,
    body: String,
    to: Vec<String>,
    cci: Vec<String>,
    #[serde(default)]
    no_reply: bool,
}

pub(super) async fn send(
    State(ent): State<SharedEnt>,
    Extension(Caller(sender)): Extension<Caller>,
    Json(draft): Json<Composed>,
) -> Response {
    let answer = take(&mut lock(&ent), &sender, draft);
    let weather = lock(&ent).weather();
    match weather {
        Weather::SilentOnceTaken => std::future::pending().await,
        Weather::TimesOut504 => StatusCode::GATEWAY_TIMEOUT.into_response(),
        _ => answer,
    }
}

/// One recipient whom the sender does not see, and nobody gets it.
fn take(ent: &mut Ent, sender: &str, draft: Composed) -> Response {
    let is_hidden = draft.to.is_empty();
    let mut to: Vec<String> = draft.to.into_iter().chain(draft.cci).collect();
    to.sort();
    to.dedup();
    if to.len() > ent.most_addressed {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    }
    let seen: HashSet<&str> = ent.seen_by(sender).map(|it| it.id.as_str()).collect();
    if !to.iter().all(|id| seen.contains(id.as_str())) {
        return denied();
    }
    let message = EntMessage {
        id: format!("message-{}", ent.messages.len() + 1),
        from: sender.to_owned(),
        to,
        is_hidden,
        subject: draft.subject,
        body: draft.body,
        no_reply: draft.no_reply,
        is_recalled: false,
        sent_at: ent.clock.now(),
    };
    let answer = answer(ent, &message);
    ent.keep(&message);
    ent.timeline.tell(sender, &message.to, message.sent_at);
    ent.messages.push(message);
    Json(answer).into_response()
}

/// Whoever never opened their account has the message too; the answer names them as far as it names anybody.
fn answer(ent: &Ent, message: &EntMessage) -> Value {
    let inactive = ent.recipients(message).filter(|it| !it.active);
    let mut inactive: Vec<&str> = inactive.map(|it| it.display_name.as_str()).collect();
    let count = inactive.len();
    inactive.truncate(ent.most_named);
    json!({
        "id": message.id,
        "subject": message.subject,
        "body": message.body,
        "thread_id": message.id,
        "sent": message.to.len(),
        "inactiveCount": count,
        "inactive": inactive,
        "undelivered": [],
    })
}

impl Ent {
    fn recipients<'a>(&'a self, message: &'a EntMessage) -> impl Iterator<Item = &'a EntAccount> {
        self.accounts.iter().filter(|it| message.to.contains(&it.id))
    }

    fn keep(&self, message: &EntMessage) {
        let Some(folder) = &self.kept_in else { return };
        let reader = self.recipients(message).next().filter(|_| !message.is_hidden);
        page::keep(folder, message, reader.map(|it| it.display_name.as_str()));
    }
}

#[derive(Deserialize)]
pub(super) struct EntIds {
    ids: Vec<String>,
}

/// Those of some accounts whom the caller may write to.
pub(super) async fn visible_among(
    State(ent): State<SharedEnt>,
    Extension(Caller(sender)): Extension<Caller>,
    Json(EntIds { ids }): Json<EntIds>,
) -> Json<Value> {
    let ent = lock(&ent);
    let seen = ent.seen_by(&sender).filter(|it| ids.contains(&it.id));
    Json(seen.map(|it| json!({"visibles.id": it.id})).collect())
}

#[derive(Deserialize)]
pub(super) struct SearchQuery {
    #[serde(default)]
    search: String,
}

pub(super) async fn visible(
    State(ent): State<SharedEnt>,
    Extension(Caller(sender)): Extension<Caller>,
    Query(SearchQuery { search }): Query<SearchQuery>,
) -> Json<Value> {
    let search = search.to_lowercase();
    let ent = lock(&ent);
    let found = ent.seen_by(&sender).filter(|it| it.display_name.to_lowercase().contains(&search));
    let user = |it: &EntAccount| json!({"id": it.id, "displayName": it.display_name, "profile": it.profile});
    let users: Vec<Value> = found.map(user).collect();
    Json(json!({"groups": [], "users": users}))
}

/// What newer versions tell of everybody who is visible.
pub(super) async fn search_visible(
    State(ent): State<SharedEnt>,
    Extension(Caller(sender)): Extension<Caller>,
) -> Json<Value> {
    let contact = |it: &EntAccount| {
        let child = |name: &String| json!({"id": format!("of-{}", it.id), "displayName": name});
        let children: Vec<Value> = it.children.iter().map(child).collect();
        json!({
            "id": it.id, "displayName": it.display_name, "type": "User", "profile": it.profile,
            "children": children,
        })
    };
    Json(Value::Array(lock(&ent).seen_by(&sender).map(contact).collect()))
}

pub(super) async fn count() -> Json<Value> {
    Json(json!({"count": 0}))
}

/// The words of the search, without their signs, are compared with the words of the message, where signs part
/// words: `7K4M-02QB` finds nothing that says `7K4M-02QB`. The list has no text: each message must be opened to be
/// read.
pub(super) async fn search_outbox(
    State(ent): State<SharedEnt>,
    Extension(Caller(sender)): Extension<Caller>,
    Query(SearchQuery { search }): Query<SearchQuery>,
) -> Response {
    if search.chars().count() < 3 {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let without_signs = |word: &str| word.chars().filter(|c| c.is_alphanumeric()).collect();
    let wanted: Vec<String> = search.to_lowercase().split_whitespace().map(without_signs).collect();
    let is_found = |message: &&EntMessage| {
        let text = format!("{} {}", message.subject, message.body).to_lowercase();
        let words: HashSet<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
        message.from == sender && wanted.iter().all(|word| words.contains(word.as_str()))
    };
    let ent = lock(&ent);
    let found = ent.messages.iter().rev().filter(is_found);
    let state = |it: &EntMessage| if it.is_recalled { "RECALL" } else { "SENT" };
    let listed = found.map(|it| json!({"id": it.id, "subject": it.subject, "state": state(it)}));
    Json(Value::Array(listed.collect())).into_response()
}

/// As its sender sees it: with those whom nobody else sees.
pub(super) async fn message(
    State(ent): State<SharedEnt>,
    Extension(Caller(sender)): Extension<Caller>,
    Path(id): Path<String>,
) -> Response {
    let ent = lock(&ent);
    let Some(it) = ent.messages.iter().find(|it| it.id == id && it.from == sender) else {
        return denied();
    };
    let user = |it: &EntAccount| json!({"id": it.id, "displayName": it.display_name, "profile": it.profile});
    let users: Vec<Value> = ent.recipients(it).map(user).collect();
    let (hidden, shown) = if it.is_hidden { (users, Vec::new()) } else { (Vec::new(), users) };
    Json(json!({
        "id": it.id, "subject": it.subject, "body": it.body,
        "to": {"users": shown, "groups": []},
        "cc": {"users": [], "groups": []},
        "cci": {"users": hidden, "groups": []},
        "state": if it.is_recalled { "RECALL" } else { "SENT" },
    }))
    .into_response()
}

/// Its sender may take it back, once, within an hour.
pub(super) async fn recall(
    State(ent): State<SharedEnt>,
    Extension(Caller(sender)): Extension<Caller>,
    Path(id): Path<String>,
) -> Response {
    let mut ent = lock(&ent);
    let now = ent.clock.now();
    let may_recall = |it: &&mut EntMessage| {
        it.id == id && it.from == sender && !it.is_recalled && now.since(it.sent_at) <= RECALL_LIMIT
    };
    let Some(message) = ent.messages.iter_mut().find(may_recall) else {
        let refusal = json!({"error": "conversation.error.recall.mail"});
        return (StatusCode::BAD_REQUEST, Json(refusal)).into_response();
    };
    message.is_recalled = true;
    let message = message.clone();
    ent.keep(&message);
    StatusCode::NO_CONTENT.into_response()
}
