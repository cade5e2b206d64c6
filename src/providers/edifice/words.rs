//! The words of Edifice, and what they mean in ours.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::super::ListedAccount;
use super::super::http::Answer;
use super::super::lenient;
use crate::delivery::{FailureKind, SendError};

/// Where the ENT sends whoever it does not know, before it looks at what they bring.
pub(super) const LOGIN: &str = "/auth/login";
/// The state of a message that its sender took back, and what is answered where it is not taken back.
const RECALLED: &str = "RECALL";
const NOT_RECALLED: &str = "conversation.error.recall.mail";
/// The longest id, in octets; the ENT's own have 36.
const LONGEST_ID: usize = 200;

/// What became of a message.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct SentMessage {
    id: Value,
    /// Names of those who never opened their account; cut when there are many.
    inactive: Value,
    /// How many they are.
    inactive_count: Value,
    undelivered: Value,
    /// How many have it, those who never opened their account among them.
    sent: Value,
}

impl SentMessage {
    pub fn has_inactive(&self) -> bool {
        lenient::holds_any(&self.inactive_count) || lenient::holds_any(&self.inactive)
    }

    pub fn has_undelivered(&self) -> bool {
        lenient::holds_any(&self.undelivered)
    }

    pub fn inactive(&self) -> Vec<String> {
        lenient::texts(&self.inactive)
    }

    /// As it counts them; where it does not, one at least once it says that there are any.
    pub fn inactive_count(&self) -> usize {
        let counted = lenient::whole(&self.inactive_count).and_then(|it| usize::try_from(it).ok());
        counted.unwrap_or_else(|| usize::from(self.has_inactive()))
    }

    pub fn undelivered(&self) -> Vec<String> {
        lenient::texts(&self.undelivered)
    }

    pub fn sent(&self) -> Option<usize> {
        lenient::whole(&self.sent).and_then(|it| usize::try_from(it).ok())
    }
}

/// One whom a message is addressed to.
pub(super) struct EntReader {
    /// The id of their account.
    pub id: String,
    /// Their name, as the ENT shows it.
    pub name: String,
}

/// A message of the outbox, opened.
#[derive(Deserialize)]
pub(super) struct OpenedMessage {
    body: String,
    #[serde(default)]
    to: Value,
    #[serde(default)]
    cci: Value,
}

impl OpenedMessage {
    /// Whether it says a word, and not as the beginning of a longer one.
    pub fn says(&self, word: &str) -> bool {
        let mut rests =
            self.body.match_indices(word).map(|(at, _)| self.body.split_at(at + word.len()).1);
        rests.any(|rest| !rest.starts_with(|sign: char| sign.is_ascii_alphanumeric()))
    }

    /// Whom it is addressed to. Those in `cci` are shown to its sender alone (entcore 6.15,
    /// `MessageUtil.computeUsersAndGroupsDisplayNames`).
    pub fn recipients(&self) -> Vec<EntReader> {
        let users = [&self.to, &self.cci].into_iter().filter_map(|list| list.get("users"));
        let users = users.filter_map(Value::as_array).flatten();
        users.filter_map(named).collect()
    }
}

/// How a message stands.
#[derive(Deserialize)]
struct EntMessageState {
    state: String,
}

fn named(user: &Value) -> Option<EntReader> {
    Some(EntReader { id: id(user.get("id")?)?, name: lenient::text(user.get("displayName")?)? })
}

/// The ids of those among the asked whom our account may write to: `[{"visibles.id": "…"}]`.
pub(super) fn visible_ids(answer: &Answer) -> Result<Vec<String>, SendError> {
    let rows: Vec<Value> = data(answer)?;
    Ok(rows
        .iter()
        .filter_map(|row| id(row.get("visibles.id").or_else(|| row.get("id"))?))
        .collect())
}

/// The id of a message of the outbox; `None` when it is none.
pub(super) fn id_of(message: &Value) -> Option<String> {
    id(message.get("id")?)
}

/// A message of the outbox, opened: any other answer says nothing of what it holds.
pub(super) fn opened(answer: &Answer) -> Result<OpenedMessage, SendError> {
    let opened = answer.object().filter(|_| answer.status == 200);
    opened.ok_or_else(|| refused_question(answer))
}

/// Whether a message that our account may open is one that was recalled.
pub(super) fn is_recalled(answer: &Answer) -> Result<bool, SendError> {
    let opened: Option<EntMessageState> = answer.object().filter(|_| answer.status == 200);
    opened.map(|it| it.state == RECALLED).ok_or_else(|| refused_question(answer))
}

/// Whether the ENT says itself, and no server before it, that it recalls this message not, or not any more.
pub(super) fn refuses_recall(answer: &Answer) -> bool {
    let ErrorNotice { error } = answer.object().unwrap_or_default();
    answer.status == 400 && lenient::text(&error).is_some_and(|error| error == NOT_RECALLED)
}

/// An id, as it can stand in a path.
fn id(value: &Value) -> Option<String> {
    let is_of_an_id = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    lenient::text(value)
        .filter(|id| (1..=LONGEST_ID).contains(&id.len()) && id.chars().all(is_of_an_id))
}

/// Whom we may write to.
#[derive(Deserialize)]
pub(super) struct Visible {
    users: Vec<Value>,
}

impl Visible {
    pub fn accounts(self) -> Vec<ListedAccount> {
        accounts(self.users)
    }
}

/// The accounts of adults among `contacts`; what is no account of one is left out.
pub(super) fn accounts(contacts: Vec<Value>) -> Vec<ListedAccount> {
    let users = contacts.into_iter().filter_map(|it| serde_json::from_value::<User>(it).ok());
    users.filter_map(User::account).collect()
}

/// A user of the ENT.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct User {
    id: Value,
    display_name: String,
    #[serde(default)]
    profile: Value,
    /// Told by `/communication/visible/search` alone, of guardians.
    #[serde(default)]
    children: Value,
}

impl User {
    /// Guardians and staff; pupils are not written to.
    fn account(self) -> Option<ListedAccount> {
        let is_staff = match self.profile.as_str()? {
            "Relative" => false,
            "Personnel" | "Teacher" => true,
            _ => return None,
        };
        let children = self.children.as_array().into_iter().flatten();
        let pupils = children.filter_map(|child| lenient::text(child.get("displayName")?));
        Some(ListedAccount {
            id: id(&self.id)?,
            display_name: self.display_name,
            is_staff,
            pupils: pupils.collect(),
        })
    }
}

/// Unread messages.
#[derive(Deserialize)]
pub(super) struct UnreadCount {
    count: Value,
}

impl UnreadCount {
    pub fn unread(&self) -> Option<i64> {
        lenient::whole(&self.count)
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ErrorNotice {
    error: Value,
}

/// The data of an answer to a question.
pub(super) fn data<T: DeserializeOwned>(answer: &Answer) -> Result<T, SendError> {
    if answer.status == 200
        && let Some(data) = answer.json()
    {
        return Ok(data);
    }
    Err(refused_question(answer))
}

/// The verdict on a question that was not answered: it can be asked again.
pub(super) fn refused_question(answer: &Answer) -> SendError {
    let refusal = refusal(answer);
    match refusal.kind {
        FailureKind::Uncertain => SendError { kind: FailureKind::Unreachable, ..refusal },
        _ => refusal,
    }
}

/// Whether a refusal says by itself that it is about a recipient.
pub(super) fn speaks_of_a_recipient(answer: &Answer) -> bool {
    refusal(answer).kind == FailureKind::Refused
}

/// The message that an answer names, and what became of it.
pub(super) fn sent(answer: &Answer) -> Result<(String, SentMessage), SendError> {
    let sent: Option<SentMessage> = answer.object().filter(|_| answer.status == 200);
    let named = sent.and_then(|sent| Some((id(&sent.id)?, sent)));
    named.ok_or_else(|| refusal_after_sending(answer))
}

/// The verdict on a message that left. Of all that speaks of overload only 429 says that it was not taken:
/// the server behind a gateway, behind a page of excuses or a redirect to one, may have it. An address or a
/// login that is a wrong one is found out before, when a token is asked for. Forbidden, or not found, may be
/// that one account, or all of them: how others fare tells which.
fn refusal_after_sending(answer: &Answer) -> SendError {
    let refusal = refusal(answer);
    let is_overload = refusal.kind == FailureKind::Throttled && answer.status != 429;
    match answer.status {
        _ if refusal.kind == FailureKind::Refused && tells_of_sight(answer) => {
            SendError { kind: FailureKind::Unseen, ..refusal }
        }
        300..=399 if !answer.leads_to(LOGIN) => {
            SendError { kind: FailureKind::Uncertain, ..refusal }
        }
        _ if is_overload => SendError { kind: FailureKind::Uncertain, ..refusal },
        403 | 404 if refusal.kind == FailureKind::Misconfigured => {
            SendError { kind: FailureKind::Denied, ..refusal }
        }
        _ => refusal,
    }
}

/// Whether a refusal is about whom our account may write to.
fn tells_of_sight(answer: &Answer) -> bool {
    let ErrorNotice { error } = answer.object().unwrap_or_default();
    lenient::text(&error).is_some_and(|error| error.contains("visible"))
}

/// The grant of a token. Here 400 blames our credentials, not a message.
pub(super) fn grant<T: DeserializeOwned>(answer: &Answer) -> Result<T, SendError> {
    data(answer).map_err(|refusal| match refusal.kind {
        FailureKind::Refused => SendError { kind: FailureKind::Misconfigured, ..refusal },
        _ => refusal,
    })
}

fn refusal(answer: &Answer) -> SendError {
    let ErrorNotice { error } = answer.object().unwrap_or_default();
    let error = lenient::text(&error).unwrap_or_default();
    let kind = match answer.status {
        // 509 is quota_overflow. A page where data is due is the "too many people" page.
        429 | 502 | 503 | 504 | 509 => FailureKind::Throttled,
        200 if answer.is_html() => FailureKind::Throttled,
        // The communication rules between groups: another person may well be visible.
        _ if error.contains("visible") || error.contains("reply.not.allowed") => {
            FailureKind::Refused
        }
        // Signed out, forbidden, no such address, or sent to a login page.
        300..=399 | 401 | 403 | 404 => FailureKind::Misconfigured,
        // It did not hear all of us in time.
        408 => FailureKind::Uncertain,
        400..=499 => FailureKind::Refused,
        _ => FailureKind::Uncertain,
    };
    let words = if answer.is_html() { "a page came where data was due" } else { error.as_str() };
    answer.error(kind, words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_not_said_by_a_longer_one() {
        let opened =
            |body: &str| OpenedMessage { body: body.to_owned(), to: Value::Null, cci: Value::Null };
        assert!(opened("<p>Suivi : E7K4MU02QB</p>").says("E7K4MU02QB"));
        assert!(!opened("<p>Suivi : E7K4MU02QBU50</p>").says("E7K4MU02QB"));
        assert!(opened("E7K4MU02QBU50, E7K4MU02QB").says("E7K4MU02QB"));
    }
}
