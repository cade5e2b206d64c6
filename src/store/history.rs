//! What was sent to one person.

use super::addressees::Addressee;
use super::{Row, StoreError, Tx};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::lifecycle::{AddresseeState, DeliveryState};
use crate::delivery::{About, FailureKind, RecallState, Recipient};
use crate::id::Id;
use crate::message::{Code, Fields, Proof};
use crate::people::{PersonKey, SchoolId};

/// A message, as it concerns one person. `Debug` hides what it says.
#[derive(Clone)]
pub struct Sent {
    /// Which copy of it.
    pub addressee: Id<Addressee>,
    /// The message.
    pub message: Code,
    /// Its template.
    pub template: String,
    /// What it says.
    pub fields: Fields,
    /// When it was launched.
    pub launched_at: Moment,
    /// Where it stands for them.
    pub state: AddresseeState,
    /// The pupils whom it is about.
    pub about: Vec<About>,
    /// The ways that it took, in order; those of the digest that carries it, where one does.
    pub ways: Vec<Way>,
}

impl std::fmt::Debug for Sent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sent({}, {} ways)", self.message, self.ways.len())
    }
}

/// One way that a message took.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Way {
    /// By which channel.
    pub channel: Channel,
    /// The provider that has it, or had it last, by its name in the configuration.
    pub carrier: Option<String>,
    /// Where that stands.
    pub state: DeliveryState,
    /// The best proof of it.
    pub proof: Option<Proof>,
    /// Why it failed.
    pub failure: Option<FailureKind>,
    /// When it left last, as far as it is known.
    pub at: Option<Moment>,
    /// How its recall stands, once its text was corrected where the provider takes messages back.
    pub recall: Option<RecallState>,
    /// Since when; until when it may be recalled, where that is awaited.
    pub recall_at: Option<Moment>,
}

/// The messages that concern a person, newest first.
pub fn of_person(
    tx: &Tx<'_>,
    school: &SchoolId,
    person: &PersonKey,
) -> Result<Vec<Sent>, StoreError> {
    let mut sent: Vec<Sent> = Vec::new();
    tx.each(
        "SELECT a.id, m.code, m.template, m.fields, m.launched_at, a.state, a.recipient, \
         d.channel, d.state, d.proof, d.failure, COALESCE(b.posted_at, (SELECT MAX(t.ended_at) \
         FROM attempts t WHERE t.delivery_id = COALESCE(d.leader_id, d.id))), COALESCE(l.carrier, d.carrier), \
         (SELECT COALESCE(MAX(CASE WHEN r.state <> 'recalled' THEN r.state END), MAX(r.state)) FROM recalls r \
         WHERE r.message_id = d.message_id AND r.provider = COALESCE(l.carrier, d.carrier) \
         AND (r.provider_ref = COALESCE(l.provider_ref, d.provider_ref) OR r.sent_as = COALESCE(l.sent_as, d.sent_as))), \
         (SELECT MAX(CASE WHEN r.state = 'awaited' THEN r.ends_at ELSE r.changed_at END) FROM recalls r \
         WHERE r.message_id = d.message_id AND r.provider = COALESCE(l.carrier, d.carrier) \
         AND (r.provider_ref = COALESCE(l.provider_ref, d.provider_ref) OR r.sent_as = COALESCE(l.sent_as, d.sent_as))) \
         FROM addressees a JOIN messages m ON m.id = a.message_id \
         LEFT JOIN deliveries d ON d.addressee_id = COALESCE(a.carrier_id, a.id) \
         LEFT JOIN deliveries l ON l.id = d.leader_id \
         LEFT JOIN batches b ON b.id = d.batch_id \
         WHERE a.school_id = $1 AND a.person_key = $2 \
         ORDER BY m.launched_at DESC, m.id DESC, a.number, d.leg",
        &[school.as_str().into(), (&person.0).into()],
        |row| {
            let addressee = row.id(0)?;
            if sent.last().is_none_or(|last| last.addressee != addressee) {
                sent.push(read_sent(row, addressee)?);
            }
            if let (Some(last), Some(_)) = (sent.last_mut(), row.str(7)?) {
                last.ways.push(read_way(row)?);
            }
            Ok(())
        },
    )?;
    Ok(sent)
}

fn read_sent(row: &Row<'_>, addressee: Id<Addressee>) -> Result<Sent, StoreError> {
    let recipient: Recipient = row.json(6)?;
    Ok(Sent {
        addressee,
        message: Code::from_stored(row.text(1)?),
        template: row.text(2)?,
        fields: row.json(3)?,
        launched_at: Moment(row.int(4)?),
        state: row.word(5, AddresseeState::from_word)?,
        about: recipient.about,
        ways: Vec::new(),
    })
}

fn read_way(row: &Row<'_>) -> Result<Way, StoreError> {
    Ok(Way {
        channel: row.word(7, |word| word.parse().ok())?,
        carrier: row.maybe_text(12)?,
        state: row.word(8, DeliveryState::from_word)?,
        proof: row.maybe_word(9, Proof::from_word)?,
        failure: row.maybe_word(10, FailureKind::from_word)?,
        at: row.maybe_moment(11)?,
        recall: row.maybe_word(13, RecallState::from_word)?,
        recall_at: row.maybe_moment(14)?,
    })
}
