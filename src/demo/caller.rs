//! The families of the fictional school that have no screen, and the colleague who rings them.

use std::collections::BTreeSet;

use super::stage::Stage;
use crate::delivery::CallOutcome;
use crate::directory::Who;
use crate::office::{self, Actor, CallRefusal, CallSaid, ConnectRefusal, School};
use crate::people::{Connectivity, ContactPoint, Person, PostalAddress, SaidOfHome, Whom};

/// Households that told the school that they have no screen.
const WITHOUT_SCREEN: usize = 20;
/// Of so many calls one gives something else than an answer.
const ODD: usize = 7;
/// Who rings.
const CALLER: &str = "Nadia Roux";

/// What the calls gave.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CallsMade {
    /// Calls that were made.
    pub calls: usize,
    /// Those that somebody answered.
    pub answered: usize,
    /// Those who ask for something.
    pub asking: usize,
}

/// Notes of some households with a telephone and an address that they have no screen.
pub async fn note_homes(school: &School, stage: &Stage) -> Result<(), ConnectRefusal> {
    for person in without_screen(&stage.college.guardians) {
        let who = Who { name: person.key.0.clone(), ..Who::default() };
        let said = SaidOfHome { connectivity: Some(Connectivity::None), ..SaidOfHome::default() };
        office::connect(school, Actor::Program, &who, said).await?;
    }
    Ok(())
}

/// One of each of these households.
fn without_screen(guardians: &[Person]) -> Vec<&Person> {
    let mut homes = BTreeSet::new();
    let has_number = |person: &&Person| {
        person.contact_points.iter().any(|it| matches!(it, ContactPoint::Phone(_)))
    };
    let callable = guardians.iter().filter(has_number).filter(|person| {
        let home = person.postal_address.as_ref().map(PostalAddress::in_one_line);
        home.is_some_and(|home| homes.insert(home))
    });
    callable.take(WITHOUT_SCREEN).collect()
}

/// Makes every call that waits, as a colleague with a sheet does, and says what each gave.
pub async fn work(school: &School) -> Result<CallsMade, CallRefusal> {
    let mut made = CallsMade::default();
    let waiting = office::calls(school, Actor::Program, &Whom::Everybody).await?;
    for (number, call) in waiting.calls.into_iter().enumerate() {
        let outcome = match number % ODD {
            3 => CallOutcome::NoAnswer,
            5 => CallOutcome::AsksFor,
            _ => CallOutcome::Reached,
        };
        let asks = outcome == CallOutcome::AsksFor;
        let word = asks.then(|| "un ordinateur à prêter".to_owned());
        let (by, nth) = (Some(CALLER.to_owned()), Some(call.nth));
        let said = CallSaid { outcome, word, answer: None, by, nth };
        let Ok(reference) = call.reference.parse() else { continue };
        office::note_call(school, Actor::Program, &Whom::Everybody, reference, said).await?;
        made.calls += 1;
        made.answered += usize::from(outcome.is_told());
        made.asking += usize::from(asks);
    }
    Ok(made)
}

impl CallsMade {
    /// `Les foyers sans écran sont appelés : 21 appels, 18 réponses, 3 demandes`.
    #[must_use]
    pub fn told(&self) -> String {
        let Self { calls, answered, asking } = self;
        format!(
            "Les foyers sans écran sont appelés : {calls} appels, {answered} réponses, {asking} demandes"
        )
    }
}
