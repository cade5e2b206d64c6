//! The calls that wait as sheets on paper, and as a table: by caller where they are shared out, or by class.

use std::collections::BTreeMap;

use super::super::sheets::pdf_of;
use super::super::{School, SheetError, TableRefusal};
use super::CallShown;
use crate::delivery::Recipient;
use crate::export;
use crate::message::{AnswerKind, Message};
use crate::people::{Act, Actor, PersonKey};
use crate::render::letters::{CallRow, Letter, LetterJob, Sides, unprintable};
use crate::store::{StoreError, Tx, journal};
use crate::wording::markdown::{Block, TextSpan};

const HEAD: [&str; 16] = [
    "Référence",
    "Essai",
    "Résultat",
    "Réponse",
    "Demande ou remarque",
    "Appelé par",
    "Personne à demander",
    "Numéro",
    "Élèves",
    "Classe",
    "Langue",
    "Qui appeler, et quand",
    "À appeler à partir de",
    "Annonce",
    "Question",
    "Déjà tenté",
];
/// Who makes those calls that stand on nobody's sheet.
const ANYBODY: &str = "Appels à faire";
/// In the place of a sign that no face of ours has.
const NO_SIGN: char = '?';

/// The calls as a table that was noted in the journal. `Debug` hides it.
pub struct CallTable {
    /// How many it names.
    pub calls: usize,
    /// The table, as CSV.
    pub csv: Vec<u8>,
}

impl std::fmt::Debug for CallTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CallTable({} calls)", self.calls)
    }
}

/// The calls as a spreadsheet opens them, with room for what they give: the same table can be read back. That somebody
/// took it is durable when it returns.
pub async fn call_table(
    school: &School,
    actor: Actor,
    calls: &[CallShown],
) -> Result<CallTable, TableRefusal> {
    note_taken(school, actor, calls.len()).await?;
    let csv = export::table(&HEAD, calls.iter().map(|call| cells(school, call)))?;
    Ok(CallTable { calls: calls.len(), csv })
}

/// That somebody took so many calls along stands in the journal.
async fn note_taken(school: &School, actor: Actor, calls: usize) -> Result<(), StoreError> {
    let (id, by) = (school.queue.school().clone(), school.by(actor));
    let note =
        move |tx: &Tx<'_>| journal::note(tx, &id, &by, Act::TakeCallsAlong, &calls.to_string());
    school.store().write(note).await
}

fn cells(school: &School, call: &CallShown) -> [String; 16] {
    let hours = &school.queue.timing().hours;
    [
        call.reference.clone(),
        call.nth.to_string(),
        String::new(),
        String::new(),
        String::new(),
        call.caller.clone().unwrap_or_default(),
        call.names.join(" ou "),
        call.phone.clone(),
        call.about.join(", "),
        call.class.clone().unwrap_or_default(),
        call.language.clone().unwrap_or_default(),
        call.call.clone().unwrap_or_default(),
        if call.is_due { String::new() } else { hours.shown(call.due_at) },
        format!("{} ({})", call.subject, call.message),
        asked(call),
        tried(school, call),
    ]
}

/// `Venez-vous jeudi ? (OUI ou NON)`; nothing where nothing is asked.
fn asked(call: &CallShown) -> String {
    let question = call.question.iter().cloned();
    let takes = call.takes.map(|kind| format!("({})", kind.in_french()));
    question.chain(takes).collect::<Vec<_>>().join(" ")
}

/// `lun. 30/11 à 10:05 pas de réponse`, for each.
fn tried(school: &School, call: &CallShown) -> String {
    let hours = &school.queue.timing().hours;
    let told = call.tried.iter().map(|it| {
        let at = hours.wall(it.at).strftime("%d/%m à %H:%M");
        format!("{at} {}", it.outcome.in_french())
    });
    told.collect::<Vec<_>>().join(" ; ")
}

/// The calls as a PDF, twelve to a page with boxes to tick: a sheet for each who makes them, or for each class; and
/// below, what is said.
pub async fn print_call_sheets(
    school: &School,
    actor: Actor,
    calls: &[CallShown],
    by_class: bool,
) -> Result<Vec<u8>, SheetError> {
    note_taken(school, actor, calls.len()).await?;
    let mut sheets: BTreeMap<String, Vec<&CallShown>> = BTreeMap::new();
    for call in calls {
        let of = if by_class {
            call.class.as_ref().map(|class| format!("Classe {class}"))
        } else {
            call.caller.as_ref().map(|name| format!("Appels de {name}"))
        };
        sheets.entry(of.unwrap_or_else(|| ANYBODY.to_owned())).or_default().push(call);
    }
    let mut letters = Vec::with_capacity(sheets.len());
    for (title, mut calls) in sheets {
        if by_class {
            calls.sort_by(|one, other| one.filing.cmp(&other.filing));
        }
        letters.push(letter(school, title, &calls).await?);
    }
    let job = LetterJob {
        title: ANYBODY.to_owned(),
        school: school.renderer.school().clone(),
        date: school.today(),
        sides: Sides::One,
        letters,
        documents: Vec::new(),
        piles: Vec::new(),
    };
    pdf_of(school, &job).await
}

async fn letter(
    school: &School,
    title: String,
    calls: &[&CallShown],
) -> Result<Letter, SheetError> {
    let rows: Vec<CallRow> = calls.iter().map(|call| row(school, call)).collect();
    let said = scripts(school, calls).await?;
    let written = serde_json::to_string(&(&rows, &said, &title)).unwrap_or_default();
    let unknown = unprintable(&written);
    let printed =
        |text: &str| text.replace(|sign: char| unknown.contains(&sign), &NO_SIGN.to_string());
    let mut body = Vec::new();
    for (about, script) in &said {
        let spans = |text: &str| vec![TextSpan::text(printed(text))];
        body.push(Block::Heading { level: 2, spans: spans(about) });
        let paragraphs = script.split('\n').filter(|line| !line.trim().is_empty());
        body.extend(paragraphs.map(|line| Block::paragraph(spans(line))));
    }
    Ok(Letter {
        address: Vec::new(),
        reference: format!("APPELS-{}", school.today().strftime("%d%m%Y")),
        subject: printed(&title),
        about: Vec::new(),
        class_label: None,
        body,
        form: true,
        large_print: false,
        question: None,
        calls: rows.into_iter().map(|row| row.with_texts(printed)).collect(),
        diary: Vec::new(),
        parts: Vec::new(),
    })
}

fn row(school: &School, call: &CallShown) -> CallRow {
    let language = call.language.as_ref().map(|it| format!("langue : {it}"));
    let hints: Vec<String> = language.into_iter().chain(call.call.clone()).collect();
    let choices = call.takes.map(AnswerKind::choices).unwrap_or_default();
    CallRow {
        names: call.names.join(" ou "),
        about: call.about.join(", "),
        phone: call.phone.clone(),
        reference: call.reference.clone(),
        hints: hints.join(" ; "),
        tried: tried(school, call),
        choices: choices.iter().map(|it| it.in_french().to_owned()).collect(),
    }
}

/// What is said of each message, to nobody in particular.
async fn scripts(
    school: &School,
    calls: &[&CallShown],
) -> Result<BTreeMap<String, String>, SheetError> {
    let mut scripts = BTreeMap::new();
    for call in calls {
        let mut about = format!("{} (réf. {})", call.subject, call.message);
        let message = super::super::message_of(school, call.message.as_str()).await?;
        // A digest holds something else for each: what is read to one is not for the others.
        if message.as_ref().is_some_and(Message::is_digest) {
            about = format!("{about}, {}", call.reference);
        }
        if scripts.contains_key(&about) {
            continue;
        }
        let said = message.filter(|it| !it.is_digest()).and_then(|it| to_anybody(school, &it));
        scripts.extend(said.or_else(|| call.script.clone()).map(|said| (about, said)));
    }
    Ok(scripts)
}

fn to_anybody(school: &School, message: &Message) -> Option<String> {
    let key = PersonKey(String::new());
    let anybody = Recipient::without_address(key, "la personne à demander", None, Vec::new());
    let prepared = school.renderer.prepared(message).ok()?;
    prepared.phone(&anybody, message.code.as_str()).ok()
}
