//! The list of what waits for a person: all that was said and nobody saw to stands there once, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use chappe::delivery::ReplyKind;
use chappe::delivery::lifecycle::AddresseeState;
use chappe::office::{self, EntryName, InboxRefusal, InboxSought};
use chappe::people::Whom;
use chappe::store::replies::{self, StandingReply};
use fastrand::Rng;

use super::super::invariants::{Broken, Snapshot};
use super::super::providers::REPLY;
use super::known::be_still;
use super::{Count, paul, sylvie};

/// More than any life has.
const ALL: usize = 100_000;

/// What must be kept, and what must wait.
#[derive(Default)]
pub(super) struct List {
    /// Every word, by what tells it from all others; and whether it waits.
    said: BTreeMap<String, bool>,
    /// Those whom nothing reached, or of whom nobody knows, about whom somebody did something: as they stood then, and
    /// whether that settled it.
    in_hands: BTreeMap<(String, u32), (AddresseeState, bool)>,
}

/// What a word is told from all others by: who brought it under which id, or the words of a call, which are all
/// different.
fn name(said: &StandingReply) -> String {
    let StandingReply { reply, .. } = said;
    match reply.kind {
        ReplyKind::Call => reply.body.clone(),
        _ if is_of_the_world(said) => format!("{} of {}", reply.provider_ref, reply.provider),
        _ => reply.provider_ref.clone(),
    }
}

/// Whether a provider brought it that says the same over and over.
fn is_of_the_world(said: &StandingReply) -> bool {
    said.reply.provider_ref == REPLY
}

impl List {
    /// Somebody said something; it waits, or needs nobody.
    pub(super) fn say(&mut self, name: String, waits: bool) {
        self.said.insert(name, waits);
    }

    /// What was said is taken back.
    pub(super) fn take_back(&mut self, name: &str) {
        self.said.remove(name);
    }

    /// Every word is kept once, and what waits is what nobody saw to.
    pub(super) async fn is_kept(&mut self, app: &office::School) -> anyhow::Result<Broken> {
        be_still().await;
        let mut broken = Broken::new();
        let school = app.queue.school().clone();
        let kept = app.store().read(move |tx| replies::newest(tx, &school, ALL)).await?;
        let everything = InboxSought { most: ALL, ..InboxSought::default() };
        let listed = office::inbox(app, &Whom::Everybody, everything).await?;
        let (mut numbers, mut in_hands) = (BTreeSet::new(), BTreeSet::new());
        for entry in &listed.entries {
            match &entry.name {
                EntryName::Said(number) => numbers.insert(*number),
                EntryName::InHands(code, number) => {
                    in_hands.insert((code.as_str().to_owned(), *number))
                }
            };
        }
        if listed.total != listed.entries.len() || listed.total != numbers.len() + in_hands.len() {
            broken.push(format!(
                "{} entries are counted as {}",
                listed.entries.len(),
                listed.total
            ));
        }
        for word in kept.iter().filter(|word| is_of_the_world(word)) {
            self.said.entry(name(word)).or_insert(true);
        }
        for name in self.said.keys() {
            let many = kept.iter().filter(|it| self::name(it) == *name).count();
            if many != 1 {
                broken.push(format!("the word {name} is kept {many} times"));
            }
        }
        for word in &kept {
            let name = name(word);
            let (waits, stands) = (self.said.get(&name), numbers.contains(&word.number));
            if waits != Some(&stands) {
                broken.push(format!("the word {name} waits: {waits:?}, listed: {stands}"));
            }
        }
        let stand = Snapshot::take(app.store()).await?.in_hands();
        let is_open = |(who, state): &((String, u32), AddresseeState)| {
            self.in_hands.get(who) != Some(&(*state, true))
        };
        let open: BTreeSet<_> = stand.into_iter().filter(is_open).map(|(who, _)| who).collect();
        if open != in_hands {
            broken.push(format!("in hands are {open:?}, listed are {in_hands:?}"));
        }
        Ok(broken)
    }

    /// Somebody sees to an entry: it is given to a colleague, or settled, and now and then put back.
    pub(super) async fn see_to(
        &mut self,
        chance: &mut Rng,
        app: &office::School,
        count: &mut Count<'_>,
    ) -> anyhow::Result<Broken> {
        let mut broken = Broken::new();
        let everything = InboxSought { most: ALL, ..InboxSought::default() };
        let listed = office::inbox(app, &Whom::Everybody, everything).await?.entries;
        if listed.is_empty() {
            return Ok(broken);
        }
        let entry = &listed[chance.usize(0..listed.len())].name;
        if chance.u32(0..3) == 0 {
            office::assign_entry(
                app,
                sylvie(),
                &Whom::Everybody,
                entry.clone(),
                Some("Paul".to_owned()),
            )
            .await?;
            self.note(app, entry, false).await?;
            count("an entry is given to somebody");
            return Ok(broken);
        }
        office::settle_entry(app, sylvie(), &Whom::Everybody, entry.clone(), "vu".to_owned())
            .await?;
        let again =
            office::settle_entry(app, paul(), &Whom::Everybody, entry.clone(), "revu".to_owned())
                .await;
        if !matches!(&again, Err(InboxRefusal::SettledAlready { by, .. }) if by == "sylvie") {
            broken.push(format!("{entry} is settled twice: {again:?}"));
        }
        self.note(app, entry, true).await?;
        count("an entry is settled");
        if chance.u32(0..3) == 0 {
            office::reopen_entry(app, paul(), &Whom::Everybody, entry.clone()).await?;
            self.note(app, entry, false).await?;
            count("an entry is put back");
        }
        Ok(broken)
    }

    /// Somebody did something about an entry, which settled it or not.
    async fn note(
        &mut self,
        app: &office::School,
        entry: &EntryName,
        is_settled: bool,
    ) -> anyhow::Result<()> {
        match entry {
            EntryName::Said(number) => {
                let (school, number) = (app.queue.school().clone(), *number);
                let read = move |tx: &chappe::store::Tx<'_>| replies::numbered(tx, &school, number);
                let found = app.store().read(read).await?;
                let name = found.as_ref().map(name).unwrap_or_default();
                // The world may have said it since the last look.
                if found.as_ref().is_some_and(is_of_the_world) {
                    self.said.entry(name.clone()).or_insert(true);
                }
                if let Some(waits) = self.said.get_mut(&name) {
                    *waits = !is_settled;
                }
            }
            EntryName::InHands(code, number) => {
                let who = (code.as_str().to_owned(), *number);
                let stand = Snapshot::take(app.store()).await?.in_hands();
                if let Some((_, state)) = stand.into_iter().find(|(it, _)| *it == who) {
                    self.in_hands.insert(who, (state, is_settled));
                }
            }
        }
        Ok(())
    }
}
