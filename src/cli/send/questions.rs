//! What `chappe send` asks on a terminal: the template, its fields one by one, for whom.

use std::io;

use super::super::terminal::Terminal;
use super::super::when;
use super::super::written::{self, BadText};
use crate::audience::Rule;
use crate::channel::Channel;
use crate::message::{DIGEST, Draft, Override};
use crate::office::{self, School};
use crate::render::FieldSpec;
use crate::wording::dates;

/// Audiences that one might type.
const AUDIENCES: &str = "familles, foyers niveau:6e, familles classe:6A, personnels";

/// The name of the template that they choose.
pub(super) fn template(person: &mut Terminal<'_>, school: &School) -> io::Result<String> {
    // The digest is made of other messages, by itself.
    let templates = school.renderer.templates();
    let by_hand = templates.list().filter(|(name, _)| *name != DIGEST);
    let all: Vec<_> = by_hand.collect();
    for (number, (_, info)) in (1..).zip(&all) {
        person.say(&format!("{number:>3}. {} — {}", info.title, info.description))?;
    }
    let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
    Ok(one_of(person, "Quel modèle (son numéro)", &names)?.to_owned())
}

/// The one whose number is typed.
fn one_of<'a>(person: &mut Terminal<'_>, question: &str, all: &[&'a str]) -> io::Result<&'a str> {
    person.ask_until(question, |typed| {
        let place = typed.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let found = place.and_then(|place| all.get(place).copied());
        found.ok_or_else(|| format!("il faut un numéro de 1 à {}", all.len()))
    })
}

/// One of the choices of a field.
fn choice(person: &mut Terminal<'_>, spec: &FieldSpec) -> io::Result<String> {
    let mut all: Vec<&str> = spec.choices.iter().map(String::as_str).collect();
    if !spec.required {
        all.push("");
    }
    for (number, choice) in (1..).zip(&all) {
        let shown = if choice.is_empty() { "rien" } else { *choice };
        person.say(&format!("{number:>3}. {shown}"))?;
    }
    Ok(one_of(person, "  Lequel (son numéro)", &all)?.to_owned())
}

/// Asks for what a draft lacks: all fields where none was typed, those that must be there otherwise; and
/// for whom it is.
pub(super) async fn complete(
    person: &mut Terminal<'_>,
    school: &School,
    draft: &mut Draft,
) -> anyhow::Result<()> {
    let templates = school.renderer.templates();
    let info = templates.info(&draft.template)?;
    let ask_for_all = draft.fields.is_empty();
    for spec in &info.fields {
        let is_due = ask_for_all || spec.required;
        if !is_due || draft.fields.contains_key(&spec.name) {
            continue;
        }
        let text = field(person, spec)?;
        if !text.is_empty() {
            draft.fields.insert(spec.name.clone(), text);
        }
    }
    while draft.audience.is_empty() {
        draft.audience = audience(person, school).await?;
    }
    Ok(())
}

/// Why families are to be disturbed in quiet hours, and who says so; `None`: they are not.
pub(super) fn word_for_the_night(
    person: &mut Terminal<'_>,
    school: &School,
    channel: Channel,
) -> io::Result<Option<Override>> {
    let (hours, now) = (&school.queue.timing().hours, school.clock.now());
    let opens = dates::to_come(hours.wall(hours.opening(channel, now)), hours.wall(now));
    person.say(&format!("\nHeures de silence ({}) : ouverture {opens}.", channel.in_french()))?;
    let one_line = |typed: &str| when::one_line(typed).map_err(|_| "une seule ligne");
    let question = "Pourquoi déranger les familles avant (rien : ne pas envoyer)";
    let reason = person.ask_until(question, one_line)?;
    if reason.is_empty() {
        return Ok(None);
    }
    let by = person.ask_until("Qui le décide", |typed| match one_line(typed) {
        Ok(name) if name.is_empty() => Err("il faut un nom"),
        name => name,
    })?;
    Ok(Some(Override { by, reason }))
}

/// A field, until it is there where it must be.
fn field(person: &mut Terminal<'_>, spec: &FieldSpec) -> io::Result<String> {
    let optional = if spec.required { "" } else { " (facultatif)" };
    person.say(&format!("\n{}{optional}", spec.label))?;
    if !spec.choices.is_empty() {
        return choice(person, spec);
    }
    person.say(&format!("  Par exemple : {}", spec.example.trim()))?;
    loop {
        let typed = if spec.single_line {
            person.ask("  En une ligne, ou @fichier")?
        } else {
            person.ask_for_lines("  Une ligne vide termine ; @fichier prend un fichier")?
        };
        match written::text(&typed) {
            Ok(text) if text.trim().is_empty() && spec.required => {
                person.say("  Il faut une réponse.")?;
            }
            Ok(text) => return Ok(text),
            Err(fault) => person.say(&format!("  {}", in_french(&typed, &fault)))?,
        }
    }
}

fn in_french(typed: &str, fault: &BadText) -> String {
    let why = match fault {
        BadText::Unreadable(_) => "on ne peut pas le lire",
        BadText::TooLong => "plus de 64 Kio : est-ce le bon fichier ?",
        BadText::NotText => "ce n’est pas un texte en UTF-8",
    };
    format!("{typed} : {why}.")
}

/// An audience that means somebody; blank where it has to be asked for again.
async fn audience(person: &mut Terminal<'_>, school: &School) -> anyhow::Result<String> {
    let typed = person.ask(&format!("\nPour qui (par exemple : {AUDIENCES})"))?;
    let meant = match typed.parse::<Rule>() {
        Ok(rule) => office::audience(school, &rule, 0).await.map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    match meant {
        Ok(meant) if meant.total > 0 => {
            person.say(&format!("  {} destinataires.", meant.total))?;
            return Ok(typed);
        }
        Ok(_) => person.say("  Personne ne correspond.")?,
        Err(reason) => person.say(&format!("  Cela ne se comprend pas.\n  {reason}"))?,
    }
    Ok(String::new())
}
