//! `chappe letters seal`: a batch for whoever prints and posts it in the school's place.

use std::fs;
use std::process::Command;

use super::answers;
use super::office::{FIELDS, Office};
use super::people::somebody;

/// An office with a printed batch, whose partner has this key.
fn printed(key: &str) -> Office {
    let office = Office::with_school();
    let config = fs::read_to_string(office.path("chappe.toml")).unwrap();
    office.write("chappe.toml", format!("{config}\n[partners.mairie]\nkey = \"{key}\"\n"));
    let send = ["send", "fermeture", "--to", "foyers classe:6A", "--plan", "papier"];
    office.run(send.into_iter().chain(FIELDS)).done();
    office.run(["letters"]).done();
    office
}

/// Makes a key of the partner's; the public half of it.
fn key_of_partner(office: &Office) -> String {
    let made = Command::new("age-keygen").arg("-o").arg(office.path("mairie.key")).status();
    assert!(made.expect("age is missing: apt-get install age").success());
    let public = Command::new("age-keygen").arg("-y").arg(office.path("mairie.key")).output();
    String::from_utf8(public.unwrap().stdout).unwrap().trim().to_owned()
}

#[test]
fn a_partner_opens_what_is_sealed_for_them_and_their_word_says_that_it_was_posted() {
    let office = Office::empty();
    let key = key_of_partner(&office);
    let school = printed(&key);
    let told = school.run(["letters", "seal", "mairie", "1", "--json"]).json();
    answers::holds("letters_seal", &told);
    let sealed = school.path("lot-0001.zip.age");
    let pdf = fs::read(school.path("letters/lettres-0001.pdf")).unwrap();
    assert!(!fs::read(&sealed).unwrap().windows(8).any(|it| it == &pdf[..8]));
    // Another file of that name is never written over.
    let again = school.run(["letters", "seal", "mairie", "1"]).failed();
    assert!(again.contains("cannot write"), "{again}");

    let mut open = Command::new("age");
    let opened = open.arg("-d").arg("-i").arg(office.path("mairie.key")).arg(&sealed);
    let opened = opened.output().unwrap();
    assert!(opened.status.success());
    let mut files = zip::ZipArchive::new(std::io::Cursor::new(opened.stdout)).unwrap();
    let names: Vec<String> = files.file_names().map(|it| it.unwrap().into_owned()).collect();
    assert_eq!(names, ["lettres-0001.pdf", "a-renvoyer.txt"]);
    let mut read = |name: &str| {
        let mut octets = Vec::new();
        std::io::Read::read_to_end(&mut files.by_name(name).unwrap(), &mut octets).unwrap();
        octets
    };
    assert!(read("lettres-0001.pdf") == pdf);
    let back = String::from_utf8(read("a-renvoyer.txt")).unwrap();
    assert!(back.contains("courriers du lot 1"), "{back}");

    // What was made up, or comes from another school, says nothing.
    let before = school.rows();
    let stranger = printed(&key);
    let made_up = school.write("made-up.txt", back.replace("LOT-1", "LOT-2"));
    let told = school.run(["letters", "posted", "--word", made_up.to_str().unwrap()]);
    assert!(told.failed_in(&before, &school).contains("nothing was changed"));
    let came = school.write("a-renvoyer.txt", &back);
    let came = came.to_str().unwrap();
    let told = stranger.run(["letters", "posted", "--word", came]).failed();
    assert!(told.contains("ask for the file that was sent with the letters"), "{told}");

    let told = school.run(["letters", "posted", "--word", came]).done();
    assert!(told.contains("Batch 1 is posted"), "{told}");
    let told = school.run(["letters", "posted", "--word", came]).failed();
    assert!(told.contains("batch 1 was posted on"), "{told}");
    let acts = school.run(["journal", "--json"]).done();
    assert_eq!(acts.matches("\"seal_batch\"").count(), 2, "the one that was not written too");
}

#[test]
fn a_ruling_that_came_since_the_print_holds_for_what_is_sealed() {
    let keys = Office::empty();
    let school = printed(&key_of_partner(&keys));
    let pdf = || fs::read(school.path("letters/lettres-0001.pdf")).unwrap();
    let before = pdf();
    school.run(["letters", "seal", "mairie", "1"]).done();
    assert!(pdf() == before, "the same letters, the same file");
    let (who, _, pupil) = somebody(&school);
    school.run(["people", "restrict", &who, "--pupil", &pupil, "--why", "court"]).done();
    fs::remove_file(school.path("lot-0001.zip.age")).unwrap();
    school.run(["letters", "seal", "mairie", "1"]).done();
    assert!(pdf() != before, "one of them is not told of that pupil any more");
}

#[test]
fn a_key_that_is_none_and_a_partner_who_is_none_are_told() {
    let cut = Office::with_school();
    let config = fs::read_to_string(cut.path("chappe.toml")).unwrap();
    cut.write("chappe.toml", format!("{config}\n[partners.mairie]\nkey = \"age1qqqq\"\n"));
    let told = cut.run(["letters", "list"]).failed();
    assert!(told.contains("no public key of age"), "{told}");

    // It looks like one, and its last signs do not fit.
    let school = printed(&format!("age1{}", "q".repeat(58)));
    let before = school.rows();
    let told = school.run(["letters", "seal", "mairie", "1"]).failed_in(&before, &school);
    assert!(told.contains("nothing left the school; see its key under [partners]"), "{told}");
    let told = school.run(["letters", "seal", "lycee", "1"]).failed_in(&before, &school);
    assert!(told.contains("there is no partner \"lycee\"; there are: mairie"), "{told}");
    let told = school.run(["doctor"]).out;
    assert!(told.contains("ok   mairie (partner): batches can be sealed for them"), "{told}");
}
