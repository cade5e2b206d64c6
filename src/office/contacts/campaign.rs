//! A message to those on a list: a question that verifies their contacts, or a sheet that they correct.

use std::collections::BTreeSet;

use crate::channel::Channel;
use crate::directory::{self, ContactLine, ContactList};
use crate::message::{Fields, Plan, PlansBeside, Terms, VERIFICATION};
use crate::office::{Among, Ready, Refusal, Request, School, prepare, still_waiting};
use crate::people::ContactState;
use crate::store::StoreError;

const SLIPS: &str = "fiche-coordonnees";
/// The plan of what goes on paper alone.
const ON_PAPER: &str = "papier";

/// To whom, and until when.
#[derive(Debug, Clone)]
pub struct Campaign {
    /// Those on this list; the usual one of the campaign when none is said.
    pub list: Option<ContactList>,
    /// Those of this audience alone.
    pub audience: String,
    /// The day by which an answer is asked for, as it is to be read.
    pub before: Option<String>,
}

/// A short message that asks for an answer, to those who were never verified; nobody is asked who still has
/// time to answer an earlier one.
pub async fn prepare_verification(school: &School, campaign: Campaign) -> Result<Ready, Refusal> {
    let channels = [Channel::Email, Channel::Sms];
    let plan = Plan::verification(&channels);
    let plan = plan.map_err(|error| Refusal::NoSuchPlan(error.to_string()))?;
    let list = campaign.list.unwrap_or(ContactList::NeverVerified);
    let on_list = on_list(school, list, &channels).await?;
    let request = request(campaign, VERIFICATION, on_list, plan);
    let mut ready = prepare(school, request).await?;
    let waiting = still_waiting(school, VERIFICATION).await?;
    let asked = ready.chosen.iter().filter(|one| !waiting.contains(&one.person));
    ready.chosen = asked.cloned().collect();
    if ready.chosen.is_empty() { Err(Refusal::AskedAlready) } else { Ok(ready) }
}

/// A sheet on paper for the family to correct, to those of whom something is missing; their pupil takes it home
/// where there is no address.
pub async fn prepare_slips(school: &School, campaign: Campaign) -> Result<Ready, Refusal> {
    let plan = school.config.plan(ON_PAPER).map_err(Refusal::NoSuchPlan)?;
    let list = campaign.list.unwrap_or(ContactList::Missing);
    let on_list = on_list(school, list, &Channel::ALL).await?;
    let ready = prepare(school, request(campaign, SLIPS, on_list, plan)).await?;
    Ok(ready.by_pupil(&school.renderer)?)
}

fn request(campaign: Campaign, template: &str, on_list: Among, plan: Plan) -> Request {
    let deadline = campaign.before.map(|day| ("echeance".to_owned(), day));
    Request {
        template: template.to_owned(),
        fields: deadline.into_iter().collect::<Fields>(),
        audience: campaign.audience,
        plan,
        plans: PlansBeside::default(),
        urgency: None,
        plain_sms: false,
        question: None,
        terms: Terms::default(),
        among: Some(on_list),
        again: true,
    }
}

/// Those who stand on a list with one of the channels.
async fn on_list(
    school: &School,
    list: ContactList,
    channels: &[Channel],
) -> Result<Among, StoreError> {
    let lines = match list {
        ContactList::NeverVerified => in_use_and_unverified(school).await?,
        list => directory::contacts(school.store(), school.queue.school(), list, None).await?,
    };
    let is_on = |line: &ContactLine| line.channel.is_some_and(|one| channels.contains(&one));
    let on_list = lines.into_iter().filter(is_on);
    Ok(Among::Persons(on_list.map(|line| line.person).collect()))
}

/// The contacts that a message would use now and that were never verified. A second number is not asked
/// for: a message goes to the first, and would ask for ever.
async fn in_use_and_unverified(school: &School) -> Result<Vec<ContactLine>, StoreError> {
    let (store, id) = (school.store(), school.queue.school());
    let lines = directory::contacts(store, id, ContactList::All, None).await?;
    let mut seen = BTreeSet::new();
    let in_use = lines.into_iter().filter(|line| {
        line.state.is_some_and(ContactState::is_usable)
            && seen.insert((line.person.clone(), line.channel))
    });
    Ok(in_use.filter(|line| line.state == Some(ContactState::Unverified)).collect())
}
