//! Whom a rule concerns, by which way first, and who is left out.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::{Refusal, School, within};
use crate::audience::{AudienceError, LeftOut, Rule, Selection};
use crate::channel::Channel;
use crate::delivery::{About, Recipient};
use crate::people::Whom;
use crate::store::{StoreError, Tx};

/// How the ways of those are counted whom no channel reaches.
const NO_WAY: &str = "none";

/// Those whom a rule concerns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Audience {
    /// How many copies that is.
    pub total: usize,
    /// How many households, where the rule asks for one copy each.
    pub households: Option<usize>,
    /// How many are reached by which channel first; `none` for those whom none reaches.
    pub by_first_channel: BTreeMap<&'static str, usize>,
    /// The first of them, by class and name.
    pub recipients: Vec<Concerned>,
    /// Whom the rule means and nobody can be written to for.
    pub left_out: Vec<LeftOut>,
}

/// One whom a rule concerns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Concerned {
    /// Their name.
    pub name: String,
    /// The pupils for whom.
    pub about: Vec<String>,
    /// The channels with an address of theirs.
    pub channels: Vec<Channel>,
}

/// Looks at those whom a rule concerns, and names `most` of them.
pub async fn audience(
    school: &School,
    rule: &Rule,
    most: usize,
) -> Result<Audience, AudienceError> {
    let selection = school.find(rule).await?;
    Ok(counted(school, selection, most).await?)
}

/// The same for somebody who has to do with these; refused where the rule means others.
pub async fn audience_within(
    school: &School,
    whom: &Whom,
    rule: &Rule,
    most: usize,
) -> Result<Audience, Refusal> {
    let selection = school.find(rule).await?;
    within::check(whom, &selection.chosen)?;
    Ok(counted(school, selection, most).await?)
}

async fn counted(
    school: &School,
    selection: Selection,
    most: usize,
) -> Result<Audience, StoreError> {
    let (id, memory) = (school.queue.school().clone(), Arc::clone(&school.memory));
    let Selection { chosen, left_out, households } = selection;
    // They are counted one by one: they are never all in memory.
    let by_hand = school.queue.by_hand().to_vec();
    let look = move |tx: &Tx<'_>| {
        let (mut by_first_channel, mut first) = (no_channel_yet(), Vec::new());
        memory.each_recipient(tx, &id, &chosen, |number, mut recipient| {
            recipient.reads(&by_hand);
            recipient.forget_what_it_cannot_use();
            let way = recipient.reach().first().map_or(NO_WAY, |way| way.as_str());
            *by_first_channel.entry(way).or_default() += 1;
            if number < most {
                first.push(recipient);
            }
            Ok(())
        })?;
        first.sort_by_cached_key(Recipient::filing);
        Ok((chosen.len(), by_first_channel, first))
    };
    let (total, by_first_channel, first) = school.store().read(look).await?;
    let recipients = first.iter().map(concerned).collect();
    Ok(Audience { total, households, by_first_channel, recipients, left_out })
}

fn no_channel_yet() -> BTreeMap<&'static str, usize> {
    Channel::ALL.map(Channel::as_str).into_iter().chain([NO_WAY]).map(|name| (name, 0)).collect()
}

fn concerned(recipient: &Recipient) -> Concerned {
    Concerned {
        name: recipient.name.clone(),
        about: recipient.about.iter().map(About::with_class).collect(),
        channels: recipient.reach(),
    }
}
