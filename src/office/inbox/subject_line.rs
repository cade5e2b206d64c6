//! What the subject of a mail says of the documents that are attached to it: for whom, then about what, then for which
//! week. `6A maths`, `Tr: Documents 6A - Mathématiques`, `DURAND Zoé / lecture / semaine du 18/01/2027`.

use crate::message::Week;
use crate::office::PlaceFault;
use crate::people::MeantFor;
use crate::wording::typed_dates::typed_date;

/// What mail programs write before the subject of what is answered or sent on.
const SENT_ON: [&str; 8] = ["RE", "TR", "FW", "FWD", "REP", "RÉP", "REF", "RÉF"];
/// Words before the name of those for whom they are.
const BEFORE_A_NAME: [&str; 3] = ["DOCUMENTS", "DOCUMENT", "POUR"];
/// What may stand between the parts.
const BETWEEN: [char; 8] = [' ', '/', '-', '–', '—', ':', ',', '.'];
/// Words of the longest name: « DE LA FONTAINE Jean Marie ».
const LONGEST_NAME: usize = 6;
/// The word before `du` and a day.
const WEEK: &str = "semaine";

/// A subject, as far as it says for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SubjectLine {
    /// The name by which they are meant, as a folder has it; empty where nobody is called so.
    pub(super) folder: String,
    /// Those who are meant by it.
    pub(super) meant_for: Result<MeantFor, PlaceFault>,
    /// About what; may be empty.
    pub(super) subject: String,
    /// For which week.
    pub(super) week: WeekSaid,
}

/// Which week a subject names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WeekSaid {
    /// None.
    No,
    /// That of this day.
    On(Week),
    /// One that nobody can tell: « semaine du 18 janvier ».
    Unread,
}

impl SubjectLine {
    /// Reads a subject. `meant_for` tells who is called so; the longest name is meant.
    pub(super) fn read(
        line: &str,
        meant_for: impl Fn(&str) -> Result<MeantFor, PlaceFault>,
    ) -> Self {
        let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        let (text, week) = without_week(bare(&line));
        let mut fault = (String::new(), PlaceFault::Nobody);
        for end in ends(&text) {
            let (name, rest) = text.split_at(end);
            let name = name.trim_matches(BETWEEN);
            match meant_for(name) {
                Ok(meant) => {
                    let (folder, meant_for) = (name.to_owned(), Ok(meant));
                    return Self { folder, meant_for, subject: in_parts(rest), week };
                }
                Err(why) if fault.1 == PlaceFault::Nobody && why != PlaceFault::Nobody => {
                    fault = (name.to_owned(), why);
                }
                Err(_) => {}
            }
        }
        let (folder, why) = fault;
        Self { folder, meant_for: Err(why), subject: String::new(), week }
    }
}

/// Without what stands before the name.
fn bare(line: &str) -> &str {
    let mut rest = line.trim();
    loop {
        let sent_on = rest.split_once(':').filter(|(word, _)| is_one_of(&SENT_ON, word));
        let named = rest.split_once(' ').filter(|(word, _)| is_one_of(&BEFORE_A_NAME, word));
        match sent_on.or(named) {
            Some((_, after)) => rest = after.trim(),
            None => return rest,
        }
    }
}

fn is_one_of(words: &[&str], word: &str) -> bool {
    words.contains(&word.trim_matches(BETWEEN).to_uppercase().as_str())
}

/// The same in one blank a word, without the week that it names; and that.
fn without_week(text: &str) -> (String, WeekSaid) {
    let words: Vec<&str> = text.split_whitespace().collect();
    for (at, pair) in words.windows(2).enumerate() {
        let [word, du] = pair else { continue };
        let Some(before) = before_week(word).filter(|_| du.eq_ignore_ascii_case("du")) else {
            continue;
        };
        let day = words.get(at + 2).map(|it| it.trim_matches(['(', ')', '.', ',', ';']));
        let day = day.and_then(typed_date);
        let after = words.get(at + 3..).filter(|_| day.is_some()).unwrap_or_default();
        let left = words.iter().take(at).chain([&before]).chain(after);
        let left = left.copied().collect::<Vec<_>>().join(" ");
        return (left, day.map_or(WeekSaid::Unread, |day| WeekSaid::On(Week::of(day))));
    }
    (words.join(" "), WeekSaid::No)
}

/// What stands in a word before the one for a week, which may follow a sign: `maths/semaine`.
fn before_week(word: &str) -> Option<&str> {
    let at = word.len().checked_sub(WEEK.len())?;
    let (before, week) = word.split_at_checked(at)?;
    let is_apart = before.is_empty() || before.ends_with(BETWEEN) || before.ends_with('(');
    (is_apart && week.eq_ignore_ascii_case(WEEK)).then(|| before.trim_end_matches('('))
}

/// Where a name may end, the longest first.
fn ends(text: &str) -> Vec<usize> {
    let between = text.match_indices([' ', '/']).map(|(at, _)| at);
    let mut ends: Vec<usize> = between.chain([text.len()]).take(LONGEST_NAME).collect();
    ends.reverse();
    ends
}

/// What is left of it, in words that can be printed.
fn in_parts(rest: &str) -> String {
    let parts = rest.split('/').map(|part| part.trim_matches(BETWEEN));
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant_for(name: &str) -> Result<MeantFor, PlaceFault> {
        match name {
            "6A" | "6B" => Ok(MeantFor::Class(name.to_owned())),
            "6e" => Ok(MeantFor::Level("6e".to_owned())),
            "DURAND Zoé" => Ok(MeantFor::Group("Zoé".to_owned())),
            "6-1" => Ok(MeantFor::Class("6-1".to_owned())),
            "MARTIN Paul" => Err(PlaceFault::Several),
            _ => Err(PlaceFault::Nobody),
        }
    }

    fn read(line: &str) -> (String, String, Option<String>) {
        let SubjectLine { folder, subject, week, .. } = SubjectLine::read(line, meant_for);
        let week = match week {
            WeekSaid::No => None,
            WeekSaid::On(week) => Some(week.to_string()),
            WeekSaid::Unread => Some("?".to_owned()),
        };
        (folder, subject, week)
    }

    #[test]
    fn a_subject_says_for_whom_about_what_and_for_which_week() {
        let monday = Some("2027-01-18");
        for (line, folder, subject, week) in [
            ("6A maths", "6A", "maths", None),
            ("6A", "6A", "", None),
            ("Documents\u{a0}6A\u{a0}: maths", "6A", "maths", None),
            ("6A / maths / semaine du 18/01/2027", "6A", "maths", monday),
            ("6A/maths/semaine du 20/01/2027", "6A", "maths", monday),
            ("Documents 6A - Mathématiques", "6A", "Mathématiques", None),
            ("Re: TR : Fwd: Documents pour 6B : SVT - géologie", "6B", "SVT - géologie", None),
            ("RÉP: DURAND Zoé lecture (semaine du 18/01/2027)", "DURAND Zoé", "lecture", monday),
            ("6e, Semaine du 18/01/2027, EPS", "6e", "EPS", monday),
            ("6-1 Anglais", "6-1", "Anglais", None),
            ("6A / maths / géométrie", "6A", "maths, géométrie", None),
            ("6A maths semaine du 18 janvier", "6A", "maths", Some("?")),
            ("6A maths semaine du", "6A", "maths", Some("?")),
            ("MARTIN Paul lecture", "MARTIN Paul", "", None),
            ("6Z maths", "", "", None),
            ("Absence demain", "", "", None),
            ("Documents", "", "", None),
            (" : / ", "", "", None),
            ("", "", "", None),
        ] {
            let expected = (folder.to_owned(), subject.to_owned(), week.map(str::to_owned));
            assert_eq!(read(line), expected, "{line}");
        }
        let several = SubjectLine::read("MARTIN Paul lecture", meant_for).meant_for;
        assert_eq!(several, Err(PlaceFault::Several));
    }
}
