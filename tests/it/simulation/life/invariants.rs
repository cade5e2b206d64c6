//! What must hold, whatever happens: the database beside the world.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use chappe::channel::Channel;
use chappe::delivery::Recipient;
use chappe::delivery::lifecycle::{AddresseeState, Delivery, DeliveryState};
use chappe::id::Id;
use chappe::message::{Message, Proof};
use chappe::providers::WhenUnknown;
use chappe::queue::{Levels, Status};
use chappe::store::addressees::Addressee;
use chappe::store::{Store, StoreError, Tx};

use super::run::without_leg;
use super::world::{CopyOf, Truth, World, address};

/// The database at one moment.
#[derive(Default)]
pub struct Snapshot {
    addressees: BTreeMap<Id<Addressee>, Person>,
    deliveries: BTreeMap<Id<Delivery>, Row>,
}

struct Person {
    message: Id<Message>,
    code: String,
    number: u32,
    state: AddresseeState,
    /// The addressee of a digest that holds it.
    carrier: Option<Id<Addressee>>,
}

struct Row {
    addressee: Id<Addressee>,
    leg: usize,
    channel: Channel,
    rung: usize,
    state: DeliveryState,
    proof: Option<Proof>,
    tries: i64,
    leader: Option<Id<Delivery>>,
    /// Which provider has it, or had it last.
    carrier: Option<String>,
    /// The reference of the last call that carried it together with others.
    sent_as: Option<String>,
    /// When it is its turn.
    due_at: Option<i64>,
    /// Where it goes, which a restriction may take out of the copy once it has left.
    address: Option<String>,
    /// Whether it left without an answer, and nobody has said since that it did not.
    may_have_left: bool,
    attempts: Vec<String>,
}

impl Row {
    fn is_in_hand(&self) -> bool {
        matches!(self.state, DeliveryState::Waiting | DeliveryState::Sending)
    }

    /// Whose turn it is with it, and what came of the last ones.
    fn told(&self) -> String {
        let Self { channel, carrier, sent_as, due_at, attempts, .. } = self;
        format!("{channel}, {carrier:?}, as {sent_as:?}, due at {due_at:?}, {attempts:?}")
    }

    fn is_in_machines_hands(&self) -> bool {
        !self.channel.is_carried_by_people() && self.is_in_hand()
    }
}

/// How a delivery stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stands {
    pub state: DeliveryState,
    pub proof: Option<Proof>,
    /// Whether it left without an answer, and nobody has said since that it did not.
    pub may_have_left: bool,
    /// The address of it, where it left by itself and its reader may still be written to there.
    address: Option<String>,
}

impl Stands {
    /// Whether what comes back under our seal may be believed of it, where it went to this address.
    pub fn is_answerable_at(&self, address: &str) -> bool {
        self.address.as_deref() == Some(address)
    }
}

/// Promises that were broken, in words.
pub type Broken = Vec<String>;

impl Snapshot {
    pub async fn take(store: &Store) -> Result<Self, StoreError> {
        store.read(|tx| Ok(Self { addressees: addressees(tx)?, deliveries: deliveries(tx)? })).await
    }

    /// The same, with the addresses that were known before and are taken out since.
    pub fn remembering(mut self, before: &Self) -> Self {
        for (id, row) in &mut self.deliveries {
            let known = before.deliveries.get(id).and_then(|was| was.address.clone());
            row.address = row.address.take().or(known);
        }
        self
    }

    /// Our reference of a delivery.
    fn reference(&self, row: &Row) -> String {
        let person = &self.addressees[&row.addressee];
        let code = chappe::message::Code::from_stored(person.code.clone());
        code.delivery(person.number, row.leg)
    }

    /// A delivery, as the world knows it.
    fn copy(&self, row: &Row) -> CopyOf {
        let together = row.sent_as.clone().zip(row.address.clone());
        CopyOf { reference: self.reference(row), together }
    }

    /// The one that left for it: itself, or the delivery that carries it.
    fn left_as(&self, row: &Row) -> CopyOf {
        self.copy(row.leader.and_then(|id| self.deliveries.get(&id)).unwrap_or(row))
    }

    /// Everybody and everything, a line each: equal for equal runs.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for row in self.deliveries.values() {
            let person = self.addressees[&row.addressee].state.as_str();
            let (reference, state) = (self.reference(row), row.state.as_str());
            let _ =
                writeln!(text, "{reference} {person} {state} {:?} {:?}", row.proof, row.attempts);
        }
        text
    }

    /// How the delivery of a reference stands.
    pub fn stands(&self, reference: &str) -> Option<Stands> {
        let row = self.deliveries.values().find(|row| self.reference(row) == reference)?;
        let left_by_itself = row.leader.is_none() && row.carrier.is_some();
        let address = row.address.clone().filter(|_| left_by_itself);
        let Row { state, proof, may_have_left, .. } = *row;
        Some(Stands { state, proof, may_have_left, address })
    }

    /// Those whom nothing reached, or of whom nobody knows: by their message's code and their number.
    pub fn in_hands(&self) -> Vec<((String, u32), AddresseeState)> {
        use AddresseeState::{Uncertain, Unreached};
        let all = self.addressees.values();
        let in_hands = all.filter(|it| matches!(it.state, Unreached | Uncertain));
        in_hands.map(|it| ((it.code.clone(), it.number), it.state)).collect()
    }

    /// How many addressees a machine is still at work for.
    pub fn waiting(&self) -> usize {
        let mut states = self.addressees.values().map(|person| person.state);
        states.by_ref().filter(|state| *state == AddresseeState::Waiting).count()
    }

    /// How many addressees of digests hold something.
    pub fn digests(&self) -> usize {
        let carriers = self.addressees.values().filter_map(|person| person.carrier);
        carriers.collect::<BTreeSet<_>>().len()
    }

    /// Whether a machine still has something to send.
    pub fn is_under_way(&self) -> bool {
        self.deliveries.values().any(Row::is_in_machines_hands)
    }

    /// No state goes back, no row is lost, no attempt forgotten; but for calls that people put back, by the beginning of
    /// their references.
    pub fn follows(&self, before: &Self, taken_back: &BTreeSet<String>) -> Broken {
        let mut broken = Broken::new();
        for id in before.addressees.keys().filter(|id| !self.addressees.contains_key(id)) {
            broken.push(format!("the addressee {id} is lost"));
        }
        for (id, was) in &before.deliveries {
            let name = before.reference(was);
            let Some(is) = self.deliveries.get(id) else {
                broken.push(format!("the delivery {name} is lost"));
                continue;
            };
            let carried = before.left_as(was).reference;
            let is_put_back = |name: &str| taken_back.contains(without_leg(name));
            if is.channel == Channel::Phone && (is_put_back(&name) || is_put_back(&carried)) {
                continue;
            }
            if !may_follow(was.state, is.state) {
                let (was, is) = (was.state.as_str(), is.state.as_str());
                broken.push(format!("{name} went back from {was} to {is}"));
            }
            if was.proof > Some(Proof::Accepted) && is.proof < was.proof {
                broken.push(format!("{name} lost its proof"));
            }
            if is.tries < was.tries || !is.attempts.starts_with(&was.attempts) {
                broken.push(format!("{name} forgot an attempt"));
            }
        }
        broken
    }

    /// Nobody is forgotten, once there was time enough.
    pub fn nobody_is_forgotten(&self, messages: &[Message]) -> Broken {
        let mut broken = Broken::new();
        for (id, person) in &self.addressees {
            let own = || self.deliveries.values().filter(|row| row.addressee == *id);
            let plan = messages.iter().find(|message| message.id == self.announced_to(*id));
            let proves_it = |row: &Row| {
                let rung = plan.and_then(|message| message.plan.rungs().get(row.rung));
                rung.is_some_and(|rung| row.proof >= Some(rung.enough))
            };
            let open =
                |row: &Row| matches!(row.state, DeliveryState::Accepted | DeliveryState::Uncertain);
            let on = |channel| own().any(|row| row.channel == channel && row.is_in_hand());
            let holds = match person.state {
                _ if person.carrier.is_some() => self.stands_as_its_digest(person),
                AddresseeState::Waiting => false,
                AddresseeState::Reached => own().any(proves_it),
                AddresseeState::OnLetter => on(Channel::Letter),
                AddresseeState::OnCall => on(Channel::Phone),
                AddresseeState::Uncertain => own().any(open) && !own().any(Row::is_in_hand),
                AddresseeState::Unreached | AddresseeState::Cancelled => {
                    !own().any(|row| open(row) || row.is_in_hand())
                }
            };
            if !holds {
                let state = person.state.as_str();
                broken.push(format!("addressee {} of {} is {state}", person.number, person.code));
            }
        }
        for row in self.deliveries.values().filter(|row| row.is_in_machines_hands()) {
            let (name, state) = (self.reference(row), row.state.as_str());
            let person = self.addressees[&row.addressee].state.as_str();
            broken.push(format!("{name} of one {person} is {state} for ever: {}", row.told()));
        }
        broken
    }

    /// The message that somebody gets: of a digest one that it holds, whose ways it goes.
    fn announced_to(&self, id: Id<Addressee>) -> Id<Message> {
        let held = self.addressees.values().find(|person| person.carrier == Some(id));
        held.unwrap_or(&self.addressees[&id]).message
    }

    /// A message in a digest stands as that one, until a person or its age stops it.
    fn stands_as_its_digest(&self, person: &Person) -> bool {
        use AddresseeState::{Cancelled, Uncertain, Unreached};
        let digest = person.carrier.and_then(|id| self.addressees.get(&id));
        digest.is_some_and(|digest| digest.state == person.state)
            || matches!(person.state, Cancelled | Uncertain | Unreached)
    }

    /// What a digest holds did not leave by itself too.
    fn once(&self, truth: &Truth) -> Broken {
        let by_itself = self.deliveries.values().filter(|row| {
            self.addressees[&row.addressee].carrier.is_some() && truth.copies(&self.copy(row)) > 0
        });
        by_itself.map(|row| format!("{} left alone and in a digest", self.reference(row))).collect()
    }

    /// Nobody is flooded, and every proof is true.
    pub fn agrees_with(&self, world: &World, when_unknown: &[(String, WhenUnknown)]) -> Broken {
        let truth = world.truth();
        let mut broken = Broken::new();
        for row in self.deliveries.values().filter(|row| !row.channel.is_carried_by_people()) {
            let declared = when_unknown.iter().find(|(name, _)| Some(name) == row.carrier.as_ref());
            let may_resend = declared.is_some_and(|(_, it)| *it == WhenUnknown::Resend);
            broken.extend(self.agrees(row, &truth, may_resend));
        }
        broken.extend(self.once(&truth));
        for ((code, channel, address), references) in truth.by_address() {
            for (_, same) in self.by_content(references) {
                if same.len() > 1 {
                    let list = same.join(", ");
                    broken.push(format!("{address} had {code} by {channel} as {list}"));
                }
            }
        }
        broken
    }

    /// References by what their copies hold: two digests of one address may hold different messages.
    fn by_content(
        &self,
        references: BTreeSet<String>,
    ) -> BTreeMap<BTreeSet<Id<Message>>, Vec<String>> {
        let mut by_content: BTreeMap<_, Vec<String>> = BTreeMap::new();
        for reference in references {
            let row = self.deliveries.values().find(|row| self.reference(row) == reference);
            let held = self.addressees.values().filter(|person| {
                person.carrier.is_some() && person.carrier == row.map(|row| row.addressee)
            });
            by_content.entry(held.map(|it| it.message).collect()).or_default().push(reference);
        }
        by_content
    }

    fn agrees(&self, row: &Row, truth: &Truth, may_resend: bool) -> Broken {
        let mut broken = Broken::new();
        let (name, left_as) = (self.reference(row), self.left_as(row));
        let unknown = row.attempts.iter().filter(|outcome| *outcome == "uncertain").count();
        let copy = self.copy(row);
        let copies = truth.copies(&copy);
        if copies > 1 && (!may_resend || unknown + 1 < copies || copies > 2) {
            broken.push(format!("{name} left {copies} times, {unknown} known as uncertain"));
        }
        let calls = truth.calls(&copy);
        let known = row.attempts.iter().filter(|word| !is_about_asking(word)).count();
        // Whoever answers while an attempt is under way has ended it: where the power fails then, nobody learns what the
        // provider said, and nobody has to.
        let unheard = usize::from(row.carrier.is_some() && row.proof == Some(Proof::Acknowledged));
        if calls > known + unheard {
            broken.push(format!("{name} has {known} attempts for {calls} calls"));
        }
        let had_it = truth.was_delivered(&left_as) || truth.was_answered(&copy);
        if row.proof > Some(Proof::Accepted) && !had_it {
            broken.push(format!("the proof of {name} is not true"));
        }
        if row.state == DeliveryState::Accepted && truth.copies(&left_as) == 0 {
            broken.push(format!("{name} is accepted and never arrived"));
        }
        if row.state == DeliveryState::Withdrawn && copies > 0 {
            broken.push(format!("{name} is withdrawn and had left"));
        }
        broken
    }

    /// The numbers that the office reads are those of the rows, while nobody writes.
    pub fn adds_up(&self, message: &Message, status: &Status) -> Broken {
        let mut broken = Broken::new();
        for (channel, count) in &status.channels {
            let rows = self.deliveries.values().filter(|row| {
                row.channel == *channel && self.addressees[&row.addressee].message == message.id
            });
            let rows = rows.count();
            let counted =
                count.waiting + count.sent + count.failed + count.uncertain + count.withdrawn;
            if counted != rows || count.proven > count.sent {
                broken.push(format!("{rows} deliveries by {channel} are counted as {count:?}"));
            }
        }
        let levels = self.levels(message);
        if levels != status.levels {
            broken.push(format!("those reached are {levels:?}, counted as {:?}", status.levels));
        }
        broken
    }

    /// Those whom a message reached, by the best proof of any of their ways or of their digest's.
    fn levels(&self, message: &Message) -> Levels {
        let mut levels = Levels::default();
        for (id, person) in &self.addressees {
            if person.message != message.id || person.state != AddresseeState::Reached {
                continue;
            }
            let theirs = person.carrier.unwrap_or(*id);
            let ways = self.deliveries.values().filter(|row| row.addressee == theirs);
            *match ways.filter_map(|row| row.proof).max() {
                None | Some(Proof::Accepted) => &mut levels.handed_over,
                Some(Proof::Delivered) => &mut levels.arrived,
                Some(Proof::Read) => &mut levels.seen,
                Some(Proof::Acknowledged) => &mut levels.answered,
            } += 1;
        }
        levels
    }
}

/// Everybody is counted once, at any moment.
pub fn counts_all(status: &Status, launched: usize) -> Broken {
    let all = status.addressees;
    let parts = all.reached + all.waiting + all.on_letter + all.on_call;
    let ends = all.unreached + all.uncertain + all.cancelled;
    let Levels { handed_over, arrived, seen, answered } = status.levels;
    let levels = handed_over + arrived + seen + answered;
    if all.total == launched && parts + ends == launched && levels == all.reached {
        return Broken::new();
    }
    vec![format!("{} of {launched} addressees are counted: {all:?}, {levels} by levels", all.total)]
}

fn is_about_asking(outcome: &str) -> bool {
    matches!(outcome, "asked" | "never_arrived")
}

/// Whether a state may stand after another: at once, or with others between that were not seen.
fn may_follow(was: DeliveryState, is: DeliveryState) -> bool {
    use DeliveryState::{Accepted, Failed, Proven, Sending, Uncertain, Waiting, Withdrawn};
    match was {
        Waiting | Sending | Uncertain => true,
        Withdrawn => matches!(is, Withdrawn | Accepted | Failed | Proven),
        Accepted => matches!(is, Accepted | Failed | Proven),
        Failed => matches!(is, Failed | Proven),
        Proven => is == Proven,
    }
}

fn addressees(tx: &Tx<'_>) -> Result<BTreeMap<Id<Addressee>, Person>, StoreError> {
    let rows = tx.query(
        "SELECT a.id, a.message_id, m.code, a.number, a.state, a.carrier_id FROM addressees a \
         JOIN messages m ON m.id = a.message_id",
        &[],
        |row| {
            let person = Person {
                message: row.id(1)?,
                code: row.text(2)?,
                number: u32::try_from(row.int(3)?).unwrap_or(u32::MAX),
                state: row.word(4, AddresseeState::from_word)?,
                carrier: row.maybe_id(5)?,
            };
            Ok((row.id(0)?, person))
        },
    )?;
    Ok(rows.into_iter().collect())
}

fn deliveries(tx: &Tx<'_>) -> Result<BTreeMap<Id<Delivery>, Row>, StoreError> {
    let rows = tx.query(
        "SELECT d.id, d.addressee_id, d.leg, d.channel, d.rung, d.state, d.proof, d.tries, \
         d.leader_id, d.carrier, d.sent_as, a.recipient, d.due_at, d.failure FROM deliveries d \
         JOIN addressees a ON a.id = d.addressee_id",
        &[],
        |row| {
            let channel = row.word(3, |word| word.parse().ok())?;
            let to = row.json::<Recipient>(11)?.contact_point(channel);
            let delivery = Row {
                sent_as: row.maybe_text(10)?,
                due_at: row.maybe_moment(12)?.map(|it| it.0),
                may_have_left: row.maybe_text(13)?.as_deref() == Some("uncertain"),
                address: to.as_ref().map(address),
                addressee: row.id(1)?,
                leg: row.count(2)?,
                channel,
                rung: row.count(4)?,
                state: row.word(5, DeliveryState::from_word)?,
                proof: row.maybe_word(6, Proof::from_word)?,
                tries: row.int(7)?,
                leader: row.maybe_id(8)?,
                carrier: row.maybe_text(9)?,
                attempts: Vec::new(),
            };
            Ok((row.id(0)?, delivery))
        },
    )?;
    let mut rows: BTreeMap<Id<Delivery>, Row> = rows.into_iter().collect();
    // They are only ever added: unasked, both databases tell them in the order in which they were.
    tx.each("SELECT delivery_id, outcome FROM attempts", &[], |row| {
        if let Some(delivery) = rows.get_mut(&row.id(0)?) {
            delivery.attempts.push(row.text(1)?);
        }
        Ok(())
    })?;
    Ok(rows)
}
