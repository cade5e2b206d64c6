//! A slip that came back, typed or scanned: whoever gave it back has answered. What it asks for that no program can do
//! waits for a person in the inbox.

use serde::Serialize;

use super::answers::{NoteAnswerRefusal, check, name_of};
use super::{Actor, School};
use crate::channel::Channel;
use crate::delivery::ReplyKind;
use crate::id::Id;
use crate::message::{AnswerChoice, Code, Reference};
use crate::people::{Act, By, SchoolId};
use crate::plain_text;
use crate::queue::Queue;
use crate::store::cards::SaidDone;
use crate::store::replies::{AnsweredCopy, KeptReply};
use crate::store::{StoreError, Tx, addressees, answers, journal, replies};

/// Who brings the words of slips, among those who bring words.
const PROVIDER: &str = "slips";
/// Signs of the longest thing that somebody writes on a slip.
const LONGEST: usize = 300;
/// Before what was ticked, and before when somebody wants to be called back.
const ANSWER: &str = "Réponse : ";
const CALL_BACK: &str = "À rappeler : ";
/// What a slip says that asks for nothing.
const GIVEN_BACK: &str = "Coupon rendu";
/// What is said of one that is nobody's.
const UNMATCHED: &str = "Coupon d’aucune annonce";

/// A slip: which, and what stands on it.
#[derive(Clone)]
pub struct Slip {
    /// The reference that is printed on it.
    pub reference: Reference,
    /// What was ticked.
    pub answer: Option<AnswerChoice>,
    /// When and by which number somebody wants to be called back, as they wrote it.
    pub call_back: Option<String>,
    /// What a family put right of their contacts: what it is of, and as they wrote it.
    pub corrections: Vec<(SlipPart, String)>,
}

/// What a family puts right on a contact slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SlipPart {
    /// The e-mail address.
    Email,
    /// The mobile.
    Mobile,
    /// Another telephone.
    Phone,
    /// The postal address.
    Address,
    /// Anything else.
    Other,
}

/// What became of a slip.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SlipClosed {
    /// Its reference.
    pub reference: String,
    /// The message that it answers.
    pub message: Code,
    /// Whose it is.
    pub name: String,
    /// What was ticked.
    pub answer: Option<AnswerChoice>,
    /// What they had answered before, if they had.
    pub before: Option<AnswerChoice>,
    /// Somebody is to call them: it stands in the inbox.
    pub to_call: bool,
    /// Contacts are to be confirmed: they stand in the inbox.
    pub to_confirm: bool,
    /// The same slip was taken before, and nothing changed.
    pub already: bool,
}

impl Slip {
    /// A slip of this reference on which nothing is written.
    #[must_use]
    pub const fn plain(reference: Reference) -> Self {
        Self { reference, answer: None, call_back: None, corrections: Vec::new() }
    }

    /// What it says, one line a thing: two slips that say the same are one.
    fn words(&self) -> String {
        let line = |what: &str, said: &str| {
            let said: String = plain_text::one_line(said).chars().take(LONGEST).collect();
            format!("{what}{said}")
        };
        let answer = self.answer.map(|answer| line(ANSWER, answer.in_french()));
        let call = self.call_back.as_ref().map(|said| line(CALL_BACK, said));
        let right = self.corrections.iter();
        let right = right.map(|(part, said)| line(&format!("{} : ", part.in_french()), said));
        let lines: Vec<String> = answer.into_iter().chain(call).chain(right).collect();
        if lines.is_empty() { GIVEN_BACK.to_owned() } else { lines.join("\n") }
    }

    /// Whether it says no more than that it came back.
    const fn is_plain(&self) -> bool {
        self.answer.is_none() && self.call_back.is_none() && self.corrections.is_empty()
    }

    /// Whether somebody has to do something about it.
    fn needs_a_person(&self) -> bool {
        self.call_back.is_some() || !self.corrections.is_empty()
    }
}

impl SlipPart {
    /// Every part.
    pub const ALL: [Self; 5] = [Self::Email, Self::Mobile, Self::Phone, Self::Address, Self::Other];

    /// As the slip calls it.
    #[must_use]
    pub const fn in_french(self) -> &'static str {
        match self {
            Self::Email => "Adresse électronique, à confirmer",
            Self::Mobile => "Téléphone portable, à confirmer",
            Self::Phone => "Autre téléphone, à confirmer",
            Self::Address => "Adresse postale, à confirmer",
            Self::Other => "À confirmer",
        }
    }
}

impl std::fmt::Debug for Slip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Slip({})", self.reference)
    }
}

/// The lines of what a slip says that put something right.
pub(super) fn corrections_in(words: &str) -> impl Iterator<Item = &str> {
    let says_else = |line: &&str| line.starts_with(ANSWER) || line.starts_with(CALL_BACK);
    words.lines().filter(move |line| !says_else(line))
}

/// What a slip says in the places of an e-mail address and of telephones, where nothing else stands on it that somebody has
/// to see to.
pub(super) fn contacts_alone(words: &str) -> Option<Vec<&str>> {
    const PLACES: [SlipPart; 3] = [SlipPart::Email, SlipPart::Mobile, SlipPart::Phone];
    let said =
        |part: SlipPart, line| str::strip_prefix(line, part.in_french())?.strip_prefix(" : ");
    let contact = |line| PLACES.into_iter().find_map(|part| said(part, line));
    words.lines().filter(|line| !line.starts_with(ANSWER)).map(contact).collect()
}

/// Takes a slip in: whoever gave it back has answered, and what was ticked is kept. Twice the same slip changes nothing,
/// and is told; one that says something else puts the earlier one right, unless it says nothing at all. Refused where no
/// copy has its reference, or where its message takes no such answer.
pub async fn close(
    school: &School,
    actor: Actor,
    slip: Slip,
) -> Result<SlipClosed, NoteAnswerRefusal> {
    let (queue, by) = (school.queue.clone(), school.by(actor));
    school.store().write(move |tx: &Tx<'_>| take_in(tx, &queue, &by, &slip)).await?
}

/// The same, in a transaction.
pub(super) fn take_in(
    tx: &Tx<'_>,
    queue: &Queue,
    by: &By,
    slip: &Slip,
) -> Result<Result<SlipClosed, NoteAnswerRefusal>, StoreError> {
    let id = queue.school();
    let Some((message, addressee)) = queue.find_reference(tx, &slip.reference)? else {
        return Ok(Err(NoteAnswerRefusal::NoSuchReference(slip.reference.clone())));
    };
    if let Some(Err(refusal)) = slip.answer.map(|answer| check(&message, answer)) {
        return Ok(Err(refusal));
    }
    let copy = AnsweredCopy { message: message.id, addressee };
    let of = (message.id, addressee);
    let mut closed = SlipClosed {
        reference: slip.reference.to_string(),
        message: message.code.clone(),
        name: name_of(tx, id, addressee)?,
        answer: slip.answer,
        before: answers::of_addressee(tx, id, of)?.pop().map(|it| it.answer),
        to_call: slip.call_back.is_some(),
        to_confirm: !slip.corrections.is_empty(),
        already: false,
    };
    // Another may type the same slip just now.
    replies::lock(tx, id)?;
    let last = replies::last_of_copy(tx, id, addressee, ReplyKind::Slip)?;
    let (last, many) = last.map_or((None, 0), |(body, many)| (Some(body), many));
    if last.is_some_and(|last| slip.is_plain() || last == slip.words()) {
        closed.already = true;
        return Ok(Ok(closed));
    }
    queue.note_answered(tx, &slip.reference, (slip.answer, Channel::Letter), by)?;
    keep(tx, by, slip, (copy, many), id)?;
    Ok(Ok(closed))
}

/// Keeps a slip that no copy has the reference of, once, for somebody to look at; where it was found is told there.
pub(super) fn keep_unmatched(
    tx: &Tx<'_>,
    school: &SchoolId,
    by: &By,
    (reference, found): (&Reference, &str),
) -> Result<(), StoreError> {
    let found = plain_text::one_line(found);
    let reply = KeptReply {
        id: Id::new(by.at),
        kind: ReplyKind::Slip,
        channel: Channel::Letter,
        provider: PROVIDER.to_owned(),
        provider_ref: reference.to_string(),
        answers: None,
        person: None,
        sender: None,
        subject: None,
        body: format!("{UNMATCHED} : {reference}\nTrouvé : {found}"),
        received_at: by.at,
    };
    if replies::insert(tx, school, &reply)? {
        journal::note(tx, school, by, Act::KeepSlip, &reference.to_string())?;
    }
    Ok(())
}

/// Keeps what it says: as settled, where nothing is left to do.
fn keep(
    tx: &Tx<'_>,
    by: &By,
    slip: &Slip,
    (copy, many): (AnsweredCopy, usize),
    school: &SchoolId,
) -> Result<(), StoreError> {
    let reply = KeptReply {
        id: Id::new(by.at),
        kind: ReplyKind::Slip,
        channel: Channel::Letter,
        provider: PROVIDER.to_owned(),
        provider_ref: format!("{}/{many}", slip.reference),
        answers: Some(copy),
        person: addressees::recipient(tx, school, copy.addressee)?.map(|it| it.person),
        sender: None,
        subject: None,
        body: slip.words(),
        received_at: by.at,
    };
    replies::insert(tx, school, &reply)?;
    if !slip.needs_a_person() {
        let done = SaidDone { at: by.at, by: by.actor.name().to_owned() };
        replies::settle_by_itself(tx, school, reply.id, &done, "coupon saisi")?;
    }
    journal::note(tx, school, by, Act::CloseSlip, &slip.reference.to_string())
}
