//! How much memory one file takes at the most, before it is refused or once it is read: large ones, small
//! ones that grow, and those of a school.
//!
//! `cargo bench --bench hostile`, `CHAPPE_BENCH=small cargo bench --bench hostile`, or
//! `cargo bench --bench hostile -- 2000`: rows of the tables of a school.

mod measure;

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::Path;

use anyhow::bail;
use chappe::import::{Expected, SourceFile, read};
use chappe::people::{SchoolId, SchoolYear};
use jiff::civil::date;
use serde::{Deserialize, Serialize};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use measure::{Meter, Role, Used, line, per_second, table};

/// Megabytes that no file may cost.
const MOST: f64 = 300.0;
const MEBIBYTE: usize = 1024 * 1024;
/// The name of the one file in a child's folder.
const INPUT: &str = "input";
/// What a workbook has beside its sheet.
const BOOK: [(&str, &str); 3] = [
    ("[Content_Types].xml", "<Types/>"),
    ("xl/workbook.xml", "<workbook><sheets><sheet name=\"1\" r:id=\"r1\"/></sheets></workbook>"),
    (
        "xl/_rels/workbook.xml.rels",
        "<Relationships><Relationship Id=\"r1\" Target=\"worksheets/sheet1.xml\"/></Relationships>",
    ),
];
const HEAD: &str = "Nom;Prénom;Classe;Nom parent 1;Prénom parent 1;Courriel parent 1";

/// What came of one file.
#[derive(Serialize, Deserialize)]
struct Outcome {
    used: Used,
    verdict: String,
}

/// The bytes of a file for so many rows.
type Make = fn(usize) -> anyhow::Result<Vec<u8>>;

const FILES: [(&str, Make); 11] = [
    ("a school's table", |rows| Ok(people(rows).into_bytes())),
    ("the same in UTF-16", |rows| {
        Ok(format!("\u{feff}{}", people(rows)).encode_utf16().flat_map(u16::to_le_bytes).collect())
    }),
    ("the same of a Mac", |rows| Ok(encoding_rs::MACINTOSH.encode(&people(rows)).0.into_owned())),
    ("the same, encoded twice", |rows| {
        let shown = encoding_rs::WINDOWS_1252.decode(people(rows).as_bytes()).0.into_owned();
        Ok(shown.into_bytes())
    }),
    ("a million empty rows", |_| {
        Ok(format!("{HEAD}\n{}", ";;;;;\n".repeat(1_000_000)).into_bytes())
    }),
    ("one line of 100 MB", |_| Ok("x".repeat(100 * MEBIBYTE).into_bytes())),
    ("a picture of 100 MB", |_| {
        Ok([b"\x89PNG\r\n\x1A\n".as_slice(), &vec![1; 100 * MEBIBYTE]].concat())
    }),
    ("an archive that grows to 2 GB", |_| packed("liste.csv", 2_000)),
    ("a workbook that grows to 2 GB", |_| packed("xl/worksheets/sheet1.xml", 2_000)),
    ("cells of 1,000 numbers each", |_| {
        let cell = "1 ".repeat(490);
        let row = format!("DURAND;Ana;6A;DURAND;Inès;{cell}\n");
        Ok(format!("{}\n{}", HEAD.replace("Courriel", "Téléphone"), row.repeat(1_000)).into_bytes())
    }),
    ("an element of 100 MB", |_| {
        Ok(format!("<BEE_ELEVES>{}", "x".repeat(100 * MEBIBYTE)).into_bytes())
    }),
];

fn main() -> anyhow::Result<()> {
    match Role::of_this_process(5_000, 1_000)? {
        Role::Parent { count } => compare(count),
        Role::Child { part, folder, count } if part == "read" => one(&folder, count),
        Role::Child { part, .. } => bail!("there is no part \"{part}\""),
    }
}

fn compare(rows: usize) -> anyhow::Result<()> {
    let mut shown = Vec::new();
    let mut worst: f64 = 0.0;
    for (what, make) in FILES {
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join(INPUT), make(rows)?)?;
        let Outcome { used, verdict } = measure::in_child("read", folder.path(), rows)?;
        worst = worst.max(used.peak_memory_mb);
        let size = fs::metadata(folder.path().join(INPUT))?.len();
        let megabytes = usize::try_from(size / 1_000_000)?;
        shown.push([
            what.to_owned(),
            megabytes.to_string(),
            format!("{:.2}", used.seconds),
            format!("{:.0}", per_second(megabytes, used.seconds)),
            format!("{:.0}", used.peak_memory_mb),
            verdict,
        ]);
    }
    table(["file", "MB", "s", "MB/s", "peak MB", "what came of it"], &shown)?;
    let verdict = if worst <= MOST { "held" } else { "NOT held" };
    line(format!("hostile: at the most {worst:.0} MB; the limit of {MOST:.0} MB is {verdict}"))
}

fn one(folder: &Path, rows: usize) -> anyhow::Result<()> {
    let today = date(2026, 11, 20);
    let expected = Expected {
        school: SchoolId::parse("0319999Z")?,
        year: SchoolYear::of(today),
        today,
        region: "FR".to_owned(),
        maps: Vec::new(),
    };
    let meter = Meter::start()?;
    let path = folder.join(INPUT);
    let verdict = match read(&[SourceFile::on_disk(INPUT, &path)], &expected) {
        Ok(reading) => format!("{} pupils of {rows}", reading.pupils.len()),
        Err(refused) => format!("refused: {}", refused.reason),
    };
    measure::say(&Outcome { used: meter.read()?, verdict })
}

fn people(rows: usize) -> String {
    let row =
        |number| format!("DURÉ{number};Zoé;6A;DURÉ{number};Inès;famille-{number}@example.org\r\n");
    format!("{HEAD}\r\n{}", (0..rows).map(row).collect::<String>())
}

/// An archive of which one entry, of blanks, is so many mebibytes unpacked.
fn packed(name: &str, mebibytes: usize) -> anyhow::Result<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, part) in BOOK.iter().filter(|_| name.starts_with("xl/")) {
        archive.start_file(*name, SimpleFileOptions::default())?;
        archive.write_all(part.as_bytes())?;
    }
    archive.start_file(name, SimpleFileOptions::default())?;
    let blanks = vec![b' '; MEBIBYTE];
    for _ in 0..mebibytes {
        archive.write_all(&blanks)?;
    }
    Ok(archive.finish()?.into_inner())
}
