//! What the database says of every hand-over, held against what the services hold.

use std::collections::{BTreeSet, HashMap};

use chappe::channel::Channel;
use chappe::delivery::lifecycle::Delivery;
use chappe::id::Id;
use chappe::message::Code;
use chappe::store::Store;

use super::{READABLE, Town};

/// A delivery that left, or may have.
pub struct HandOver {
    pub reference: String,
    pub channel: Channel,
    pub state: String,
    pub is_led: bool,
    pub outcomes: Vec<String>,
}

impl HandOver {
    pub fn is_uncertain(&self) -> bool {
        self.outcomes.iter().any(|word| word == "uncertain")
    }
}

/// What became of everything. `wrong` says what must never be, one line each.
#[derive(Debug, Default)]
pub struct Verdict {
    pub handed_over: usize,
    /// Hand-overs with an attempt whose answer was lost.
    pub uncertain: usize,
    /// Taken twice, and marked uncertain before that: e-mails, with the same Message-ID.
    pub doubled: usize,
    pub wrong: Vec<String>,
}

/// How many deliveries a machine will see to: to send them, or to ask what became of them. What may have
/// left and is not wanted any more stays uncertain, and nobody sees to it.
pub async fn due_to_machines(store: &Store) -> usize {
    let read = store.read(|tx| {
        let sql = "SELECT COUNT(*) FROM deliveries WHERE due_at IS NOT NULL \
             AND state IN ('waiting', 'sending', 'uncertain') AND channel IN ('ent', 'email', 'sms')";
        tx.query_one(sql, &[], |row| row.count(0))
    });
    read.await.expect(READABLE).expect("a count")
}

/// Every delivery, with the outcomes of its attempts.
pub async fn hand_overs(store: &Store) -> Vec<HandOver> {
    let read = store.read(|tx| {
        let mut outcomes: HashMap<Id<Delivery>, Vec<String>> = HashMap::new();
        tx.each("SELECT delivery_id, outcome FROM attempts ORDER BY started_at", &[], |row| {
            outcomes.entry(row.id(0)?).or_default().push(row.text(1)?);
            Ok(())
        })?;
        tx.query(
            "SELECT m.code, a.number, d.leg, d.channel, d.state, \
             CASE WHEN d.leader_id IS NULL THEN 0 ELSE 1 END, d.id \
             FROM deliveries d JOIN addressees a ON a.id = d.addressee_id \
             JOIN messages m ON m.id = d.message_id",
            &[],
            |row| {
                let code = Code::from_stored(row.text(0)?);
                Ok(HandOver {
                    reference: code
                        .delivery(row.int(1)?.try_into().expect("a number"), row.count(2)?),
                    channel: row.word(3, |word| word.parse().ok())?,
                    state: row.text(4)?,
                    is_led: row.int(5)? != 0,
                    outcomes: outcomes.remove(&row.id(6)?).unwrap_or_default(),
                })
            },
        )
    });
    read.await.expect(READABLE)
}

impl Town {
    /// Holds what the database says against what the services hold.
    pub async fn judge(&self) -> Verdict {
        let mut verdict = Verdict::default();
        let (mut accounted_for, taken) = (0, self.taken_by_reference());
        for it in hand_overs(self.app.store()).await {
            let HandOver { reference, channel, state, is_led, outcomes } = &it;
            let count = match channel {
                Channel::Email => self.mailbox.count(&message_id(reference)),
                channel => *taken.get(&(*channel, reference.clone())).unwrap_or(&0),
            };
            accounted_for += count;
            verdict.handed_over += usize::from(count > 0);
            verdict.uncertain += usize::from(it.is_uncertain());
            let what = format!("{reference} by {channel}: {count} times, {state}, {outcomes:?}");
            match count {
                0 | 1 => {}
                _ if *channel == Channel::Email && it.is_uncertain() => verdict.doubled += 1,
                _ => verdict.wrong.push(format!("sent twice: {what}")),
            }
            if count > 0 && *is_led {
                verdict.wrong.push(format!("sent by the side of another's: {what}"));
            }
            let has_left = ["accepted", "proven"].contains(&state.as_str());
            if has_left && !is_led && !channel.is_carried_by_people() && count == 0 {
                verdict.wrong.push(format!("said to have left, and did not: {what}"));
            }
        }
        if accounted_for != self.taken() {
            verdict.wrong.push("a service has a message of no delivery".to_owned());
        }
        verdict
    }

    /// How often each text message and each ENT message was taken.
    fn taken_by_reference(&self) -> HashMap<(Channel, String), usize> {
        let mut taken = HashMap::new();
        for sms in self.sms.messages() {
            *taken.entry((Channel::Sms, sms.tag)).or_default() += 1;
        }
        for message in self.ent.messages() {
            let words = message.body.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
            for word in words.collect::<BTreeSet<_>>() {
                *taken.entry((Channel::Ent, word.to_owned())).or_default() += 1;
            }
        }
        taken
    }
}

fn message_id(reference: &str) -> String {
    format!("<{reference}@claude-chappe.example.org>")
}
