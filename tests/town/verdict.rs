//! What the database says of every hand-over, held against what the services hold.

use std::collections::{BTreeSet, HashMap, HashSet};

use chappe::channel::Channel;
use chappe::delivery::Recipient;
use chappe::delivery::lifecycle::Delivery;
use chappe::id::Id;
use chappe::message::Code;
use chappe::people::ContactPoint;
use chappe::store::Store;

use super::{READABLE, Town};

/// How often each thing arrived: by its channel, its reference and its address. What went to several in one
/// call arrived once at each of them, under the call's reference.
pub type Arrivals = HashMap<(Channel, String, String), usize>;

/// A delivery that left, or may have.
pub struct HandOver {
    pub reference: String,
    /// The reference of the call that carried it together with others.
    pub sent_as: Option<String>,
    /// Where it goes, where its channel has addresses.
    pub to: Option<ContactPoint>,
    pub channel: Channel,
    pub state: String,
    pub is_led: bool,
    pub outcomes: Vec<String>,
}

impl HandOver {
    pub fn is_uncertain(&self) -> bool {
        self.outcomes.iter().any(|word| word == "uncertain")
    }

    /// Whether it was a part of a call for several.
    pub fn went_together(&self) -> bool {
        self.sent_as.as_ref().is_some_and(|it| *it != self.reference)
    }

    /// How often it arrived.
    pub fn count(&self, arrivals: &Arrivals) -> usize {
        let reference = self.sent_as.as_ref().unwrap_or(&self.reference).clone();
        let to = self.to.as_ref().map(|to| to.value().to_owned());
        to.and_then(|to| arrivals.get(&(self.channel, reference, to))).copied().unwrap_or_default()
    }
}

/// What became of everything. `wrong` says what must never be, one line each.
#[derive(Debug, Default)]
pub struct Verdict {
    pub handed_over: usize,
    /// Of those, how many in a call with others.
    pub together: usize,
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
             CASE WHEN d.leader_id IS NULL THEN 0 ELSE 1 END, d.id, d.sent_as, a.recipient \
             FROM deliveries d JOIN addressees a ON a.id = d.addressee_id \
             JOIN messages m ON m.id = d.message_id",
            &[],
            |row| {
                let code = Code::from_stored(row.text(0)?);
                let channel = row.word(3, |word| word.parse().ok())?;
                let recipient: Recipient =
                    serde_json::from_str(&row.text(8)?).expect("a recipient");
                Ok(HandOver {
                    reference: code
                        .delivery(row.int(1)?.try_into().expect("a number"), row.count(2)?),
                    sent_as: row.maybe_text(7)?,
                    to: recipient.contact_point(channel),
                    channel,
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
        let (mut accounted_for, arrivals) = (0, self.arrivals());
        let never_opened: HashSet<&str> = self.never_opened.iter().map(String::as_str).collect();
        for it in hand_overs(self.app.store()).await {
            let HandOver { reference, channel, state, is_led, outcomes, .. } = &it;
            let count = match channel {
                Channel::Email => self.mailbox.count(&message_id(reference)),
                _ => it.count(&arrivals),
            };
            accounted_for += count;
            verdict.handed_over += usize::from(count > 0);
            verdict.together += usize::from(count > 0 && it.went_together());
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
            // Only the answer to the call tells who never opened their account: where it is lost, nobody counts as told.
            let reads_nothing = it.to.as_ref().is_some_and(|to| never_opened.contains(to.value()));
            if has_left && reads_nothing {
                verdict
                    .wrong
                    .push(format!("said to have left, to somebody who is not there: {what}"));
            }
        }
        if accounted_for != self.taken() {
            verdict.wrong.push("a service has a message of no delivery".to_owned());
        }
        verdict
    }

    /// What the ENT and the SMS service took.
    pub fn arrivals(&self) -> Arrivals {
        let mut arrivals = Arrivals::new();
        for sms in self.sms.messages() {
            *arrivals.entry((Channel::Sms, sms.tag, sms.receiver)).or_default() += 1;
        }
        for message in self.ent.messages() {
            let words = message.body.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
            for word in words.collect::<BTreeSet<_>>() {
                for to in &message.to {
                    let arrival = (Channel::Ent, word.to_owned(), to.clone());
                    *arrivals.entry(arrival).or_default() += 1;
                }
            }
        }
        arrivals
    }
}

fn message_id(reference: &str) -> String {
    format!("<{reference}@claude-chappe.example.org>")
}
