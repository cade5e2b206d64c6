//! The room in which we write to a person: one for each, remembered in our account's data (`m.direct`).

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::sync::Mutex;

use super::super::lenient;
use super::homeserver::Homeserver;
use super::words::{self, encoded};
use crate::chat_address::ChatAddress;
use crate::delivery::SendError;

/// Rooms of two.
#[derive(Default)]
pub(super) struct Rooms {
    /// One is looked for at a time: two messages to one person must not make two rooms.
    turn: Mutex<()>,
}

/// How a person stands in a room, as far as we see.
enum Membership {
    /// They are in it, or were asked to be.
    There,
    /// They are not, or left.
    Gone,
    /// We are not in it ourselves.
    Unseen,
}

#[derive(Deserialize)]
struct MadeRoom {
    room_id: String,
}

impl Rooms {
    /// The room in which we write to `person`, made when there is none. The same one as long as we are in it:
    /// by its room a homeserver knows a message that comes twice. Whoever left is invited again.
    pub async fn with(&self, home: &Homeserver, person: &ChatAddress) -> Result<String, SendError> {
        let _turn = self.turn.lock().await;
        for room in rooms_of(&direct(home).await?, person) {
            match membership(home, &room, person).await? {
                Membership::There => return Ok(room),
                Membership::Gone => {
                    exists(home, person).await?;
                    invite(home, &room, person).await?;
                    return Ok(room);
                }
                Membership::Unseen => {}
            }
        }
        exists(home, person).await?;
        let room = make(home, person).await?;
        remember(home, person, &room).await?;
        Ok(room)
    }
}

/// Our rooms of two, by person.
pub(super) async fn direct(home: &Homeserver) -> Result<Map<String, Value>, SendError> {
    let answer = home.get(&direct_path(home).await?).await?;
    if answer.status == 404 && answer.object::<Value>().is_some() {
        return Ok(Map::new());
    }
    words::data(&answer)
}

async fn direct_path(home: &Homeserver) -> Result<String, SendError> {
    let own = encoded(&home.own().await?.user_id);
    Ok(format!("/user/{own}/account_data/m.direct"))
}

fn rooms_of(direct: &Map<String, Value>, person: &ChatAddress) -> Vec<String> {
    direct.get(person.as_str()).map(lenient::texts).unwrap_or_default()
}

async fn membership(
    home: &Homeserver,
    room: &str,
    person: &ChatAddress,
) -> Result<Membership, SendError> {
    #[derive(Deserialize)]
    struct MemberState {
        membership: String,
    }

    let (room, person) = (encoded(room), encoded(person.as_str()));
    let answer = home.get(&format!("/rooms/{room}/state/m.room.member/{person}")).await?;
    match (answer.status, answer.object::<Value>().is_some()) {
        (403, true) => Ok(Membership::Unseen),
        (404, true) => Ok(Membership::Gone),
        _ => {
            let MemberState { membership } = words::data(&answer)?;
            let is_there = matches!(membership.as_str(), "join" | "invite");
            Ok(if is_there { Membership::There } else { Membership::Gone })
        }
    }
}

/// A homeserver invites whoever has no account on it without a word (Synapse 1.163): it is asked first.
async fn exists(home: &Homeserver, person: &ChatAddress) -> Result<(), SendError> {
    let answer = home.get(&format!("/profile/{}", encoded(person.as_str()))).await?;
    match answer.status {
        // Profiles may be kept from us.
        200 | 403 => Ok(()),
        _ => Err(words::refused_person(&answer)),
    }
}

async fn invite(home: &Homeserver, room: &str, person: &ChatAddress) -> Result<(), SendError> {
    let path = format!("/rooms/{}/invite", encoded(room));
    let body = json!({ "user_id": person.as_str() });
    let answer = home.prepare(Method::POST, &path, &body).await?;
    if answer.status == 200 { Ok(()) } else { Err(words::refused_person(&answer)) }
}

async fn make(home: &Homeserver, person: &ChatAddress) -> Result<String, SendError> {
    let room = json!({ "is_direct": true, "preset": "private_chat", "invite": [person.as_str()] });
    let answer = home.prepare(Method::POST, "/createRoom", &room).await?;
    let made: Option<MadeRoom> = answer.object().filter(|_| answer.status == 200);
    let room = made.map(|made| made.room_id).filter(|id| words::is_id('!', id));
    room.ok_or_else(|| words::refused_person(&answer))
}

/// Nothing leaves by a room that is not remembered: it would leave again by another.
async fn remember(home: &Homeserver, person: &ChatAddress, room: &str) -> Result<(), SendError> {
    let mut direct = direct(home).await?;
    let mut rooms = rooms_of(&direct, person);
    rooms.push(room.to_owned());
    direct.insert(person.as_str().to_owned(), json!(rooms));
    let path = direct_path(home).await?;
    let answer = home.prepare(Method::PUT, &path, &Value::Object(direct)).await?;
    if answer.status == 200 { Ok(()) } else { Err(words::refused_question(&answer)) }
}
