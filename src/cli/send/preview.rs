//! What would leave, for whoever only looks.

use serde::Serialize;

use super::super::context::Context;
use super::super::refusals::worded;
use super::super::sms_advice::{BY_SHORT_NUMBER, warn_about_sms};
use super::super::{output, when};
use super::caveats::{
    tell_of_digest, tell_of_out_of_reach, tell_of_the_night, tell_of_unlinked, tell_of_unseen,
};
use crate::channel::Channel;
use crate::message::Message;
use crate::office::{Departures, Outlook, Ready, School, Spending};

/// How many are named.
const NAMED: usize = 5;

/// What would leave, and in our words what keeps it from that.
#[derive(Serialize)]
struct Foretold<'a> {
    dry_run: bool,
    refused_now: Option<String>,
    #[serde(flatten)]
    outlook: &'a Outlook,
}

pub(super) fn show(context: &Context, school: &School, ready: &Ready, outlook: &Outlook) {
    let refused_now = outlook.refused.as_ref().map(|refusal| worded(refusal));
    context.answer(&Foretold { dry_run: true, refused_now, outlook }, |it| {
        present(context, school, ready, it);
    });
}

fn present(context: &Context, school: &School, ready: &Ready, shown: &Foretold<'_>) {
    let (message, outlook) = (&ready.message, shown.outlook);
    output::line(format!("Nothing was sent. {} addressees:", ready.chosen.len()));
    for recipient in ready.sample.iter().take(NAMED) {
        output::line(format!("  {}", recipient.name));
    }
    if ready.chosen.len() > NAMED {
        output::line("  …");
    }
    present_terms(school, message, shown);
    for (channel, departures) in &outlook.departures {
        output::line(pace(*channel, *departures));
    }
    for (when, spent) in
        [("at first", outlook.cost.at_first), ("at the most", outlook.cost.at_most)]
    {
        output::line(spending(when, spent));
    }
    tell_of_digest(school, outlook.digest);
    tell_of_the_night(outlook.may_meet_the_night);
    tell_of_unlinked(outlook.ent_unknown);
    tell_of_unseen(&outlook.ent_unseen);
    tell_of_out_of_reach(outlook.addressees.out_of_reach);
    present_those_left(ready, outlook);
    let by_short_number = school.renderer.templates().sms_rules().by_short_number;
    if by_short_number && outlook.preview.contains_key(&Channel::Sms) {
        output::line(BY_SHORT_NUMBER);
    }
    for channel in &ready.passed_over {
        output::line(format!("passed over: {channel}, no provider carries on it here"));
    }
    for channel in &outlook.idle {
        output::line(format!(
            "nothing leaves by {channel} for now: chappe channel says what it lacks"
        ));
    }
    for program in &outlook.by_hand {
        output::line(format!("a person would publish it in {program}: chappe cards"));
    }
    for one in &outlook.advice {
        output::line(format!("advice on {}: {} {}", one.field, one.told, one.better));
    }
    for (channel, text) in &ready.preview {
        output::line(format!("\n──── {channel} ────\n{text}"));
    }
    warn_about_sms(context, ready);
}

/// How long it takes until the last one has it.
fn pace(channel: Channel, departures: Departures) -> String {
    let Departures { calls, together, waves, seconds, notifies_all } = departures;
    let how = if together { "each for several" } else { "one by one" };
    let in_waves = if waves > 1 { format!(", in {waves} waves") } else { String::new() };
    let too_soon =
        if notifies_all { "" } else { "; too soon after each other to notify everybody" };
    format!("{channel}: {calls} calls, {how}{in_waves}; all have left within {seconds} s{too_soon}")
}

/// What a school pays for: `at first: 0 SMS, 15 letters on 15 sheets, 0 calls, 23.400 €`.
fn spending(when: &str, spent: Spending) -> String {
    let Spending { sms_segments, letters, sheets, calls, .. } = spent;
    let at_least = |is_so| if is_so { "at least " } else { "" };
    let is_least = spent.sheets_at_least || spent.partly_priced;
    let price = spent.price.map(|price| format!(", {}{price} €", at_least(is_least)));
    let only = if spent.partly_priced { ", where there is a price" } else { "" };
    let (paper, price) = (at_least(spent.sheets_at_least), price.unwrap_or_default());
    format!(
        "{when}: {sms_segments} SMS, {letters} letters on {paper}{sheets} sheets, {calls} calls{price}{only}"
    )
}

fn present_those_left(ready: &Ready, outlook: &Outlook) {
    for name in &outlook.out_of_reach {
        output::line(format!("out of reach: {name}"));
    }
    for left_out in &ready.left_out {
        output::line(format!("left out: {} — {}", left_out.name, left_out.reason));
    }
}

fn present_terms(school: &School, message: &Message, shown: &Foretold<'_>) {
    let outlook = shown.outlook;
    output::line(format!("plan: {}, urgency: {}", outlook.plan, message.urgency.as_str()));
    let beside = outlook.by_plan.iter().filter(|(plan, _)| **plan != outlook.plan);
    for (plan, addressees) in beside {
        output::line(format!(
            "{addressees} of them go by plan {plan}: their household cannot use every way of {}",
            outlook.plan
        ));
    }
    if let Some(at) = outlook.starts_at {
        output::line(format!("would begin to leave: {}", when::shown(school, at)));
    }
    if let Some(reason) = &shown.refused_now {
        output::line(format!("would be refused now: {reason}"));
    }
    if let Some(at) = outlook.expires_at {
        output::line(format!("nothing would leave after: {}", when::shown(school, at)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_said_in_how_many_waves_it_leaves_and_that_not_all_are_notified() {
        let at_once =
            Departures { calls: 18, together: true, waves: 1, seconds: 53, notifies_all: true };
        assert_eq!(
            pace(Channel::Ent, at_once),
            "ent: 18 calls, each for several; all have left within 53 s"
        );
        let in_waves = Departures { waves: 4, seconds: 1_813, notifies_all: false, ..at_once };
        assert_eq!(
            pace(Channel::Ent, in_waves),
            "ent: 18 calls, each for several, in 4 waves; all have left within 1813 s; too soon after each \
             other to notify everybody"
        );
    }
}
