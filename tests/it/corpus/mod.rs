//! Hostile and odd files, each through `chappe import` as a secretary types it, each with what must come of
//! it: refused with its reason and not a row changed, or taken whole. No input may end in a panic.

mod cells;
mod damage;
mod encodings;
mod formats;
mod names;
mod siecle;

use crate::commands::office::Office;

/// Inputs that the tables below make at the least.
const FEWEST: usize = 200;

/// One input.
struct Case {
    /// What is odd about it.
    what: String,
    file: Vec<u8>,
    comes: Comes,
}

/// What must come of an input.
enum Comes {
    /// Refused, with this among the words.
    Refused(&'static str),
    /// Taken: so many pupils and guardians, so many lines set aside; the database then holds these texts.
    Taken { pupils: u64, guardians: u64, aside: usize, holds: Vec<String> },
}

impl Case {
    fn refused(what: impl Into<String>, file: impl Into<Vec<u8>>, words: &'static str) -> Self {
        Self { what: what.into(), file: file.into(), comes: Comes::Refused(words) }
    }

    fn taken(
        what: impl Into<String>,
        file: impl Into<Vec<u8>>,
        [pupils, guardians]: [u64; 2],
        holds: &[&str],
    ) -> Self {
        let holds = holds.iter().map(|text| (*text).to_owned()).collect();
        let comes = Comes::Taken { pupils, guardians, aside: 0, holds };
        Self { what: what.into(), file: file.into(), comes }
    }

    /// The same with lines that are set aside.
    fn setting_aside(mut self, count: usize) -> Self {
        if let Comes::Taken { aside, .. } = &mut self.comes {
            *aside = count;
        }
        self
    }
}

/// Imports each, and holds what comes of it against what must.
fn check(cases: Vec<Case>) {
    let known = Office::with_school();
    let before = known.rows();
    for case in cases {
        match &case.comes {
            Comes::Refused(words) => {
                known.write("input", &case.file);
                let answer = known.run(["import", "input", "--json", "--yes", "--archive-many"]);
                assert_eq!(answer.code, Some(1), "{}: {answer:?}", case.what);
                let told = answer.failed_in_json();
                assert!(told.contains(words), "{}: no \"{words}\" in: {told}", case.what);
                assert!(told.contains("nothing was changed"), "{}: {told}", case.what);
                assert!(known.rows() == before, "{}: rows changed", case.what);
            }
            Comes::Taken { pupils, guardians, aside, holds } => {
                let office = Office::new();
                office.write("input", &case.file);
                let answer = office.run(["import", "input", "--json", "--yes"]);
                assert_eq!(answer.code, Some(0), "{}: {answer:?}", case.what);
                let told = answer.json();
                let added = |who: &str| told[who]["added"].as_u64();
                let counts = [added("pupils"), added("guardians")];
                assert_eq!(counts, [Some(*pupils), Some(*guardians)], "{}: {told}", case.what);
                let set_aside = told["set_aside"].as_array().map(Vec::len);
                assert_eq!(set_aside, Some(*aside), "{}: {told}", case.what);
                let rows = office.rows();
                for text in holds {
                    let bytes = format!("{:?}", text.as_bytes());
                    assert!(
                        rows.contains(bytes.trim_matches(['[', ']'])),
                        "{}: no {text}",
                        case.what
                    );
                }
            }
        }
    }
}

#[test]
fn there_are_two_hundred_of_them_and_more() {
    let all = [
        encodings::cases(),
        formats::cases(),
        cells::cases(),
        names::cases(),
        damage::cases(),
        siecle::cases(),
    ];
    let count: usize = all.iter().map(Vec::len).sum();
    assert!(count >= FEWEST, "only {count}");
}

#[test]
fn tables_in_every_encoding_are_read_whole_or_refused() {
    check(encodings::cases());
}

#[test]
fn what_is_no_table_is_refused_and_called_by_its_name() {
    check(formats::cases());
}

#[test]
fn every_whole_value_of_a_cell_is_kept() {
    check(cells::cases());
}

#[test]
fn names_of_every_kind_come_in_as_they_are_or_tamed() {
    check(names::cases());
}

#[test]
fn damaged_files_are_refused_whole() {
    check(damage::cases());
}

#[test]
fn exports_that_are_not_as_siecle_writes_them_are_refused_whole() {
    check(siecle::cases());
}
