//! The end of the demo: who was reached and how, where everything lies, and what to type next.

use super::telling::Telling;
use crate::batches::PrintedBatch;
use crate::channel::Channel;
use crate::cli::output;
use crate::demo::look::Unreached;
use crate::demo::stage::{CONFIG, ENT_MESSAGES, MAILDIR, RETURNS, SMS_LOG, Stage};
use crate::message::{Message, Plan, Proof};
use crate::queue::{ChannelCount, Levels, Status};

/// The four levels, in rising order, as the office reads them.
const LEVELS: [(Proof, &str); 4] = [
    (Proof::Accepted, "remis"),
    (Proof::Delivered, "arrivé"),
    (Proof::Read, "vu"),
    (Proof::Acknowledged, "répondu"),
];

/// Who was reached and how.
pub(super) fn table(status: &Status, plan: &Plan, telling: &Telling) {
    let all = status.addressees;
    let Levels { handed_over, arrived, seen, answered } = status.levels;
    telling.heading(&format!("\nSur {} responsables :", all.total));
    telling.say(&format!(
        "{:>5} joints : {handed_over} remis, {arrived} arrivés, {seen} vus, {answered} répondus",
        all.reached
    ));
    telling.say(&format!("{:>5} sur papier : leurs lettres sont à poster", all.on_letter));
    telling.say(&format!("{:>5} à rappeler à une autre heure : chappe calls", all.on_call));
    telling.say(&format!("{:>5} à joindre autrement : voir plus bas", all.unreached));
    // Seldom anybody; and nobody is left out of the sum.
    for (count, told) in [
        (all.uncertain, "peut-être joints : chappe inbox"),
        (all.waiting, "attendent encore"),
        (all.cancelled, "n’étaient plus à joindre"),
    ] {
        if count > 0 {
            telling.say(&format!("{count:>5} {told}"));
        }
    }
    let levels = LEVELS.map(|(_, level)| level);
    let [first, second, third, fourth] = levels;
    let mut table = output::table(["", first, second, third, fourth, "en échec", "à faire"]);
    for (channel, count) in &status.channels {
        table.add_row(row(*channel, count));
    }
    telling.say(&table.to_string());
    telling.say("remis : le service l’a pris ; arrivé : il l’affirme ; vu, répondu : la famille.");
    telling.say("Une réponse par SMS est gardée avec la famille, et n’est pas comptée ici.");
    telling.say(&format!("Compte comme joint : {}.", counted(plan)));
}

/// `remis par ENT, courriel ; arrivé par SMS`: what counts as reached on each channel.
fn counted(plan: &Plan) -> String {
    let enough = plan.enough();
    let by_level = LEVELS.map(|(proof, level)| {
        let counted = enough.iter().filter(|(_, least)| **least == proof);
        (level, counted.map(|(channel, _)| channel.in_french()).collect::<Vec<_>>())
    });
    let told = by_level.into_iter().filter(|(_, channels)| !channels.is_empty());
    let told = told.map(|(level, channels)| format!("{level} par {}", channels.join(", ")));
    told.collect::<Vec<_>>().join(" ; ")
}

fn row(channel: Channel, count: &ChannelCount) -> Vec<String> {
    let held = |proof| count.by_proof.get(&proof).copied().unwrap_or_default();
    let levels = LEVELS.map(|(proof, _)| held(proof).to_string());
    let ends = [channel.in_french().to_owned()].into_iter();
    let posts =
        if channel.is_carried_by_people() { count.waiting.to_string() } else { String::new() };
    ends.chain(levels).chain([count.failed.to_string(), posts]).collect()
}

/// Their names, and what was tried.
pub(super) fn list(unreached: &[Unreached], telling: &Telling) {
    telling.heading("\nÀ joindre autrement : appeler, passer un mot, demander une adresse");
    for Unreached { name, about, tried } in unreached {
        telling.say(&format!("  {name}, pour {about}"));
        telling.say(&format!("    {tried}"));
    }
}

/// Where everything lies.
pub(super) fn folder(stage: &Stage, batches: &[PrintedBatch], telling: &Telling) {
    telling.heading(&format!("\nTout est dans {} :", stage.folder.display()));
    let mut lines = vec![
        (
            format!("{ENT_MESSAGES}/"),
            format!("{} messages, comme l’ENT les montre", stage.ent.taken()),
        ),
        (format!("{MAILDIR}/new/"), format!("{} courriels", stage.mailbox.messages())),
        (
            format!("{RETURNS}/"),
            format!("{} avis de courriels revenus", stage.mailbox.given_back()),
        ),
        (SMS_LOG.to_owned(), format!("{} SMS, un par ligne", stage.sms.taken())),
    ];
    for PrintedBatch { file, letters, sheets, .. } in batches {
        let file = file.strip_prefix(&stage.folder).unwrap_or(file);
        let plural = |number: &usize| if *number == 1 { "" } else { "s" };
        let (lettre, feuille) = (plural(letters), plural(sheets));
        let told = format!("{letters} lettre{lettre}, par classe, sur {sheets} feuille{feuille}");
        lines.push((file.display().to_string(), told));
    }
    for (place, told) in lines {
        telling.say(&format!("  {place:<26}{told}"));
    }
}

/// What to type next; each line works as it stands, one after the other.
pub(super) fn next(stage: &Stage, message: &Message, somebody: &str, telling: &Telling) {
    let program = std::env::args().next().unwrap_or_else(|| "chappe".to_owned());
    let config = stage.folder.join(CONFIG);
    telling.heading("\nEt maintenant, à taper, par exemple dans un autre terminal :");
    for line in [
        format!("alias chappe='{program} --config {}'", config.display()),
        "chappe status".to_owned(),
        format!("chappe show {}", message.code),
        format!("chappe people show '{somebody}'"),
        "chappe letters posted 1".to_owned(),
        format!("chappe import {}/*.xml --dry-run", stage.exports().display()),
    ] {
        telling.say(&format!("  {line}"));
    }
}
