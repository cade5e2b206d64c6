//! Why an import is not applied at the first word, and what to type about it.

use crate::directory::NewRepresentative;
use crate::import::NobodyTold;
use crate::office::Doubt;

/// Why it was not applied, and what to type about it.
pub(super) fn refused(doubt: &Doubt) -> String {
    format!("{} Nothing was changed. {}", reason(doubt), way_on(doubt))
}

/// What to type about it.
pub(super) fn way_on(doubt: &Doubt) -> String {
    let word = match doubt {
        Doubt::NobodyTold(tables) => return way_to_tell(tables),
        Doubt::NewRepresentatives(_) => "--add-representatives",
        Doubt::OtherSource(_) => "--add-source",
        Doubt::RestrictedGone(_) => "--archive-restricted",
        Doubt::ManyArchived => "--archive-many",
    };
    format!("If it is right, say it again with {word}")
}

/// How it is said what a column holds.
fn way_to_tell(tables: &[NobodyTold]) -> String {
    let title = tables.iter().flat_map(|it| &it.columns).next().map_or("", String::as_str);
    format!(
        "Say what each column is with --map \"{title}=FIELD\", such as relative-1-mobile-phone or \
         relative-1-email, or have it passed over with --map \"{title}=ignore\""
    )
}

/// What somebody has to look at.
fn reason(doubt: &Doubt) -> String {
    match doubt {
        Doubt::NobodyTold(tables) => nobody_told(tables),
        Doubt::NewRepresentatives(new) => new_representatives(new),
        Doubt::OtherSource(known) => format!(
            "the directory has pupils of the source \"{}\" already: with a second complete source \
             everybody would be there, and be written to, twice.",
            known.as_str()
        ),
        Doubt::RestrictedGone(names) => format!(
            "a restriction noted by hand hangs on a record that the file no longer has: {}; is it a name \
             put right? It would have to be noted again.",
            names.join(", ")
        ),
        Doubt::ManyArchived => "more than 10 % would be archived: is a file incomplete?".to_owned(),
    }
}

/// Tables of pupils of whom nobody would be told.
fn nobody_told(tables: &[NobodyTold]) -> String {
    let pupils = match tables.iter().map(|table| table.pupils).sum() {
        1_usize => "1 pupil".to_owned(),
        many => format!("{many} pupils"),
    };
    let more = match tables.len().saturating_sub(1) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let (file, columns) = tables.first().map_or(("", &[][..]), |it| (&it.file, &it.columns));
    let shown: Vec<String> = columns.iter().map(|title| format!("« {title} »")).collect();
    format!(
        "{file}{more}: {pupils}, and nobody would be told: no adult who can be reached came along, while columns \
         that hold telephones or e-mail addresses were not read ({}).",
        shown.join(", ")
    )
}

/// Those who would be added to pupils under a restriction.
fn new_representatives(new: &[NewRepresentative]) -> String {
    let told = new.iter().map(|NewRepresentative { pupil, person, restricted }| {
        format!("{person} would become a legal representative of {pupil}, of whom {restricted} must not hear")
    });
    format!(
        "{}. If it is the restricted person once more, put the file right; if it is somebody else, they may \
         be added.",
        told.collect::<Vec<_>>().join("; ")
    )
}
