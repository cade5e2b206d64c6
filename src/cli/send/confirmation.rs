//! What the office reads before it says yes: the texts, how many by which way, what text messages cost.

use super::super::terminal::Terminal;
use crate::channel::Channel;
use crate::office::{Departures, Outlook, Ready, School, Spending};
use crate::render::SmsWarning;
use crate::wording::dates;
use crate::wording::sms::Segments;

/// Whether whoever sits at the terminal wants it to leave.
pub(super) fn is_wanted(
    person: &mut Terminal<'_>,
    school: &School,
    ready: &Ready,
    outlook: &Outlook,
) -> std::io::Result<bool> {
    for (channel, text) in &ready.preview {
        person.say(&format!("\n──── {} ────\n{text}", channel.in_french()))?;
    }
    person.say("")?;
    for line in summary(ready, outlook).into_iter().chain(start(school, outlook)) {
        person.say(&line)?;
    }
    let everybody = outlook.addressees.total;
    let plural = if everybody == 1 { "personne" } else { "personnes" };
    person.says_yes(&format!("Envoyer à {everybody} {plural} ?"))
}

/// Until when it can be taken back from everybody.
fn start(school: &School, outlook: &Outlook) -> Option<String> {
    let (hours, now) = (&school.queue.timing().hours, school.clock.now());
    let at = outlook.starts_at.filter(|at| *at > now)?;
    let at = dates::to_come(hours.wall(at), hours.wall(now));
    Some(format!("Rien ne part avant {at} : annulation possible d’ici là."))
}

fn summary(ready: &Ready, outlook: &Outlook) -> Vec<String> {
    let mut lines = Vec::new();
    let ways: Vec<String> =
        outlook.by_way.iter().map(|(way, count)| format!("{count} {}", by(*way))).collect();
    if !ways.is_empty() {
        lines.push(format!("{}.", ways.join(", ")));
    }
    lines.extend(outlook.departures.iter().map(|(way, it)| pace(*way, *it)));
    lines.extend(outlook.ent_unseen.in_french());
    if outlook.addressees.out_of_reach > 0 {
        lines.push(format!(
            "{} que rien ne joint : aucun moyen connu, ou canal fermé.",
            outlook.addressees.out_of_reach
        ));
    }
    if !ready.left_out.is_empty() {
        lines.push(format!(
            "{} laissés de côté : --dry-run dit qui et pourquoi.",
            ready.left_out.len()
        ));
    }
    for channel in &outlook.idle {
        let by = by(*channel);
        lines.push(format!("Rien ne part {by} pour l’instant : le service n’est pas réglé."));
    }
    lines.extend(paper(outlook));
    lines.extend(ready.sms_size.as_ref().map(|size| cost(size, outlook)));
    lines.extend(ready.sms_warning.as_ref().and_then(for_less));
    lines
}

/// How long it takes until the last one has it: `Par l’ENT : 18 envois groupés, chacun notifié en 1 minute.`
fn pace(way: Channel, departures: Departures) -> String {
    let Departures { calls, together, waves, notifies_all, .. } = departures;
    let by = by(way).replacen("par", "Par", 1);
    let lasting = dates::lasting(departures.lasting());
    let plural = if calls == 1 { "" } else { "s" };
    let how = if together { format!("groupé{plural}") } else { "un à un".to_owned() };
    let in_waves = if waves > 1 { format!(" en {waves} vagues") } else { String::new() };
    let sent = format!("{by} : {calls} envoi{plural} {how}{in_waves}");
    if notifies_all {
        format!("{sent}, chacun notifié en {lasting}.")
    } else {
        format!("{sent} en {lasting}, trop rapprochés d’ordinaire pour que chacun soit notifié.")
    }
}

/// The letters of those who get one first, and what they are printed on.
fn paper(outlook: &Outlook) -> Option<String> {
    let Spending { letters, sheets, sheets_at_least, .. } = outlook.cost.at_first;
    let least = if sheets_at_least { "au moins " } else { "" };
    (letters > 0).then(|| format!("Lettres à imprimer : {letters}, sur {least}{sheets} feuilles."))
}

/// How the same would take fewer SMS.
fn for_less(warning: &SmsWarning) -> Option<String> {
    let proposed = warning.proposed.size.segments;
    let is_less = proposed < warning.size.segments;
    is_less.then(|| format!("Avec --plain-sms, dans l’alphabet moins cher : {proposed} SMS."))
}

/// By a way, in French: `par l’ENT`.
fn by(way: Channel) -> String {
    match way {
        Channel::Ent => "par l’ENT".to_owned(),
        other => format!("par {}", other.in_french()),
    }
}

/// What a text message takes, why, and what those take who get one first.
fn cost(size: &Segments, outlook: &Outlook) -> String {
    let each = size.segments;
    let all = match outlook.cost.at_first.sms_segments {
        0 => String::new(),
        all => format!(", {all} en tout"),
    };
    let mut told = vec![format!("Un texto compte pour {each} SMS{all}")];
    let dear = size
        .costly
        .iter()
        .map(|(sign, why)| format!("« {sign} » (U+{:04X}) {}", u32::from(*sign), why.in_french()));
    told.extend(dear);
    format!("{}.", told.join(" ; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_said_how_many_calls_it_takes_and_how_long() {
        let at_once =
            Departures { calls: 0, together: true, waves: 1, seconds: 0, notifies_all: true };
        let said = |calls, together, seconds| {
            pace(Channel::Ent, Departures { calls, together, seconds, ..at_once })
        };
        assert_eq!(
            said(18, true, 53),
            "Par l’ENT : 18 envois groupés, chacun notifié en moins d’une minute."
        );
        assert_eq!(
            said(900, false, 2_787),
            "Par l’ENT : 900 envois un à un, chacun notifié en 46 minutes."
        );
        assert_eq!(
            said(1, true, 0),
            "Par l’ENT : 1 envoi groupé, chacun notifié en moins d’une minute."
        );
        let in_waves = Departures { calls: 20, waves: 4, seconds: 1_813, ..at_once };
        assert_eq!(
            pace(Channel::Ent, in_waves),
            "Par l’ENT : 20 envois groupés en 4 vagues, chacun notifié en 30 minutes."
        );
        let too_soon = Departures { calls: 18, notifies_all: false, ..at_once };
        assert_eq!(
            pace(Channel::Ent, too_soon),
            "Par l’ENT : 18 envois groupés en moins d’une minute, trop rapprochés d’ordinaire pour que chacun \
             soit notifié."
        );
    }
}
