//! Every reader under damage: whatever the bytes, an answer, and a reading that holds together.
//!
//! `CHAPPE_FUZZ_ROUNDS` raises the rounds of each target; a failure names target and seed.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use chappe::import::{Expected, Reading, SourceFile, read};
use chappe::people::{SchoolId, SchoolYear};
use jiff::civil::date;

use crate::reading_tables::workbooks::{excel, open_document, sound_workbooks};
use crate::reading_tables::{GUARDIANS, OLD_PUPILS, TEACHERS, csv, guardian, pupil, zipped};

const FEW_ROUNDS: u64 = 300;
/// What a careless program or an attacker would write.
const NASTY: [&[u8]; 40] = [
    b"\"",
    b"\"\"",
    b";",
    b",",
    b"\t",
    b"\r",
    b"\n",
    b"\0",
    b"\x1F",
    b"\xFF\xFE",
    b"\xEF\xBB\xBF",
    b"\xC3",
    b"\xE9",
    b"<",
    b">",
    b"</",
    b"/>",
    b"&",
    b"&#0;",
    b"&#x10FFFF;",
    b"&a;",
    b"<!DOCTYPE a>",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"18446744073709551616",
    b"-1",
    b"1e308",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"table:number-rows-repeated=\"4294967295\"",
    b"r=\"AAAAAAAAAAAA9999999999\"",
    b"<table:table>",
    b"Nom enfant",
    b"_xD83D_",
    b"=\"",
    b"#N/A",
    b"\nNom;Prenom;Classe\n",
    b"Responsable 1",
    b"06-janv",
];

fn expected() -> Expected {
    Expected {
        school: SchoolId::parse("0319999Z").expect("a UAI"),
        year: SchoolYear(2026),
        today: date(2026, 11, 20),
        region: "FR".to_owned(),
        maps: Vec::new(),
    }
}

fn rounds() -> u64 {
    let asked = std::env::var("CHAPPE_FUZZ_ROUNDS").ok();
    asked.map_or(FEW_ROUNDS, |rounds| rounds.parse().expect("CHAPPE_FUZZ_ROUNDS is a number"))
}

/// Between one and four damages to some bytes; `others` lends pieces.
fn damaged(bytes: &[u8], others: &[u8], chance: &mut fastrand::Rng) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..chance.usize(1..=4) {
        let at = chance.usize(0..=bytes.len());
        let end = (at + chance.usize(0..64)).min(bytes.len());
        match chance.u8(0..6) {
            0 if at < bytes.len() => bytes[at] ^= 1 << chance.u8(0..8),
            1 => drop(bytes.drain(at..end)),
            2 => drop(bytes.splice(at..end, NASTY[chance.usize(0..NASTY.len())].iter().copied())),
            3 => {
                let from = chance.usize(0..=others.len());
                let to = (from + chance.usize(0..200)).min(others.len());
                drop(bytes.splice(at..at, others[from..to].iter().copied()));
            }
            4 => {
                let chunk = bytes[at..end].repeat(chance.usize(1..20));
                drop(bytes.splice(at..at, chunk));
            }
            _ => bytes.truncate(at.max(1)),
        }
    }
    bytes
}

fn check(reading: &Reading, files: usize) {
    let pupils: HashSet<_> = reading.pupils.iter().map(|pupil| &pupil.key).collect();
    let persons: HashSet<_> = reading.persons.iter().map(|person| &person.key).collect();
    assert_eq!(pupils.len(), reading.pupils.len(), "a pupil's key stands twice");
    assert_eq!(persons.len(), reading.persons.len(), "a person's key stands twice");
    for tie in &reading.guardianships {
        assert!(pupils.contains(&tie.pupil), "a tie to no pupil");
        assert!(persons.contains(&tie.person), "a tie to no person");
    }
    for key in &pupils {
        assert!(
            (reading.pupil_origins.get(key).unwrap().file as usize) < files,
            "a pupil of no file"
        );
    }
    for key in &persons {
        assert!(
            (reading.person_origins.get(key).unwrap().file as usize) < files,
            "a person of no file"
        );
    }
    assert_eq!(reading.files.len(), files);
}

/// Damages one of the files in each round, packs it, and reads them all.
fn fuzz(target: &str, files: &[Vec<u8>], packed: impl Fn(usize, Vec<u8>) -> Vec<u8>) {
    let whole: Vec<Vec<u8>> =
        files.iter().enumerate().map(|(at, file)| packed(at, file.clone())).collect();
    let others = files.concat();
    let answer = |given: &[Vec<u8>]| {
        let sources: Vec<SourceFile<'_>> =
            given.iter().map(|bytes| SourceFile::in_memory("export", bytes)).collect();
        read(&sources, &expected())
    };
    check(&answer(&whole).expect("the sound files read"), files.len());
    for seed in 0..rounds() {
        let mut chance = fastrand::Rng::with_seed(seed);
        let at = chance.usize(0..files.len());
        let mut given = whole.clone();
        given[at] = packed(at, damaged(&files[at], &others, &mut chance));
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            if let Ok(reading) = answer(&given) {
                // A damaged archive may well have come to hold another number of files.
                check(&reading, reading.files.len());
            }
        }));
        assert!(outcome.is_ok(), "target {target}, seed {seed}: see the panic above");
    }
}

fn as_it_is(_: usize, file: Vec<u8>) -> Vec<u8> {
    file
}

fn siecle(root: &str, data: &str) -> Vec<u8> {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><{root}><PARAMETRES><UAJ CODE=\"0319999Z\">0319999Z\
         </UAJ><ANNEE_SCOLAIRE ANNEE=\"2026\">2026</ANNEE_SCOLAIRE></PARAMETRES><DONNEES>{data}\
         </DONNEES></{root}>"
    )
    .into_bytes()
}

fn siecle_files() -> Vec<Vec<u8>> {
    let pupils = "<ELEVES><ELEVE ELEVE_ID=\"1\"><NOM_DE_FAMILLE>DURAND</NOM_DE_FAMILLE><PRENOM>Zoé\
        </PRENOM><DATE_SORTIE/><CODE_MEF>10310019110</CODE_MEF></ELEVE></ELEVES><STRUCTURES>\
        <STRUCTURES_ELEVE ELEVE_ID=\"1\"><STRUCTURE><CODE_STRUCTURE>6A</CODE_STRUCTURE>\
        <TYPE_STRUCTURE>D</TYPE_STRUCTURE></STRUCTURE></STRUCTURES_ELEVE></STRUCTURES>";
    let guardians = "<PERSONNES><PERSONNE PERSONNE_ID=\"9\"><NOM_DE_FAMILLE>DURAND</NOM_DE_FAMILLE>\
        <PRENOM>Inès</PRENOM><TEL_PORTABLE>06 39 98 00 01</TEL_PORTABLE><MEL>a@example.org</MEL>\
        <ADRESSE_ID>5</ADRESSE_ID></PERSONNE></PERSONNES><RESPONSABLES><RESPONSABLE_ELEVE><ELEVE_ID>1\
        </ELEVE_ID><PERSONNE_ID>9</PERSONNE_ID><NIVEAU_RESPONSABILITE>1</NIVEAU_RESPONSABILITE>\
        </RESPONSABLE_ELEVE></RESPONSABLES><ADRESSES><ADRESSE ADRESSE_ID=\"5\"><LIGNE1_ADRESSE>A &amp; B\
        </LIGNE1_ADRESSE><LIBELLE_POSTAL>TOULOUSE</LIBELLE_POSTAL></ADRESSE></ADRESSES>";
    let structures = "<DIVISIONS><DIVISION CODE_STRUCTURE=\"6A\"><MEFS_APPARTENANCE><MEF_APPARTENANCE>\
        <CODE_MEF>10310019110</CODE_MEF></MEF_APPARTENANCE></MEFS_APPARTENANCE></DIVISION></DIVISIONS>";
    let levels =
        "<MEFS><MEF CODE_MEF=\"10310019110\"><LIBELLE_LONG>6EME</LIBELLE_LONG></MEF></MEFS>";
    let staff = "<INDIVIDUS><INDIVIDU ID=\"1\" TYPE=\"epp\"><NOM_USAGE>LE GOFF</NOM_USAGE><PROFS_PRINC>\
        <PROF_PRINC><CODE_STRUCTURE>6A</CODE_STRUCTURE></PROF_PRINC></PROFS_PRINC></INDIVIDU>\
        </INDIVIDUS>";
    vec![
        siecle("BEE_ELEVES", pupils),
        siecle("BEE_RESPONSABLES", guardians),
        siecle("BEE_STRUCTURES", structures),
        siecle("BEE_NOMENCLATURE", levels),
        siecle("STS_EDT", staff),
    ]
}

#[test]
fn siecle_and_sts_always_give_an_answer() {
    fuzz("siecle", &siecle_files(), as_it_is);
}

#[test]
fn onde_always_gives_an_answer() {
    let zoe = pupil("DURAND", "Zoé", "2019-04-03", "CP", "CP A");
    let leo = pupil("DURAND", "Léo", "2016-05-12", "CM1", "CM1");
    let pupils = csv(OLD_PUPILS, &[&zoe, &leo]);
    let mother =
        guardian(["DURAND", "Inès"], "0639980001", &[["DURAND", "Zoé"], ["DURAND", "Léo"]]);
    let father = guardian(["DURAND", "Paul"], "0639980002", &[["DURAND", "Léo"]]);
    let guardians = csv(GUARDIANS, &[&mother, &father]);
    let teachers = csv(TEACHERS, &["Mme;ROY;LEFEBVRE;Anne;;;;;a@example.org;;0639980003;non;CP A"]);
    fuzz("onde", &[pupils, guardians, teachers], as_it_is);
}

#[test]
fn tables_and_the_ent_always_give_an_answer() {
    let pupils = csv(
        "externalid;Prénom*;Nom*;Classe;Date de naissance*",
        &["E1;Zoé;DURAND;6A;03/04/2014", ";Léo;DURAND;3B;"],
    );
    let parents =
        csv("externalId;Prénom*;Nom*;email;Childexternalid*", &["P1;Inès;DURAND;a@example.org;E1"]);
    let hand_made = csv(
        "Nom,Prénom,Classe,R1_nom,R1_prenom,R1_portable",
        &["PETIT,Max,5A,PETIT,Ali,0639980004", "PETIT,Max,5B,PETIT,Ali,"],
    );
    let staff = csv("Nom;Prénom;Fonction;Compétences", &["ROY;Anne;ENS;arabe", "ROY;Anne;AED;LSF"]);
    fuzz("tables", &[pupils, parents, hand_made, staff], as_it_is);
}

#[test]
fn the_parts_of_workbooks_always_give_an_answer() {
    for (kind, part) in sound_workbooks() {
        fuzz(kind, &[part.as_bytes().to_vec()], |_, part| {
            let part = String::from_utf8_lossy(&part);
            if kind == "xlsx" { excel(&part) } else { open_document(&part) }
        });
    }
}

#[test]
fn archives_and_workbooks_always_give_an_answer() {
    let pupils = csv("Nom;Prénom;Classe", &["DURAND;Zoé;6A"]);
    let [(_, sheet), (_, tables)] = sound_workbooks();
    fuzz("zip", &[zipped(&[("a.csv", &pupils)])], as_it_is);
    fuzz("packed workbooks", &[excel(sheet), open_document(tables)], as_it_is);
}
