//! The fictional school: what its makers counted is what the reader finds in its files.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chappe::channel::Channel;
use chappe::demo::school::{Census, College, Size, fictional_college};
use chappe::import::{Cause, Expected, Reading, SourceFile, read};
use chappe::people::{
    ContactPoint, Person, PersonKey, PostalAddress, Pupil, PupilKey, Role, SchoolYear, Standing,
};
use jiff::civil::{Date, date};

const YEAR: SchoolYear = SchoolYear(2026);
const TODAY: Date = date(2026, 11, 20);

fn reread(school: &College) -> Reading {
    let files = school.siecle_files(TODAY);
    let sources: Vec<SourceFile<'_>> =
        files.iter().map(|(name, bytes)| SourceFile::in_memory(name, bytes)).collect();
    let expected = Expected {
        school: school.id.clone(),
        year: YEAR,
        today: TODAY,
        region: "FR".to_owned(),
        maps: Vec::new(),
    };
    read(&sources, &expected).expect("the fictional school reads")
}

fn count(reading: &Reading, cause: Cause) -> usize {
    reading.set_aside.iter().filter(|one| one.cause == cause).count()
}

/// The census of a reading, counted from the reading alone.
fn census_of(reading: &Reading) -> Census {
    let guardians: Vec<&Person> =
        reading.persons.iter().filter(|person| person.role == Role::Guardian).collect();
    let by_key: HashMap<&PersonKey, &Person> = guardians.iter().map(|p| (&p.key, *p)).collect();
    let mut representatives: BTreeMap<&PupilKey, BTreeSet<&PersonKey>> = BTreeMap::new();
    for tie in &reading.guardianships {
        if tie.standing == Standing::LegalRepresentative {
            representatives.entry(&tie.pupil).or_default().insert(&tie.person);
        }
    }
    let homes = |pupil: &PupilKey| -> BTreeSet<&PostalAddress> {
        let persons = representatives[pupil].iter().map(|key| by_key[*key]);
        persons.filter_map(|person| person.postal_address.as_ref()).collect()
    };
    let couples: HashSet<&BTreeSet<&PersonKey>> = representatives
        .iter()
        .filter(|(pupil, persons)| persons.len() == 2 && homes(pupil).len() == 1)
        .map(|(_, persons)| persons)
        .collect();
    let families = families(&reading.pupils, &representatives);
    let ties = |level| reading.guardianships.iter().filter(|tie| tie.standing == level).count();
    let who = |test: &dyn Fn(&Person) -> bool| guardians.iter().filter(|p| test(p)).count();
    let several = |family: &&Vec<&Pupil>| family.len() > 1;
    let across = |family: &&Vec<&Pupil>| family.iter().any(|p| p.level != family[0].level);
    let reconstituted = |family: &&Vec<&Pupil>| {
        family.iter().any(|p| representatives[&p.key] != representatives[&family[0].key])
    };
    Census {
        pupils: reading.pupils.len(),
        without_class: reading.pupils.iter().filter(|pupil| pupil.class.is_none()).count(),
        leavers: count(reading, Cause::Left),
        guardians: guardians.len(),
        staff: reading.persons.len() - guardians.len(),
        form_teachers: reading.persons.iter().filter(|person| is_form_teacher(person)).count(),
        families: families.len(),
        families_of_several: families.iter().filter(several).count(),
        families_across_levels: families.iter().filter(across).count(),
        reconstituted_families: families.iter().filter(reconstituted).count(),
        couples: couples.len(),
        pupils_with_two_homes: reading.pupils.iter().filter(|p| homes(&p.key).len() > 1).count(),
        pupils_with_three_representatives: representatives
            .values()
            .filter(|r| r.len() == 3)
            .count(),
        caretakers: ties(Standing::Caretaker),
        emergency_contacts: ties(Standing::EmergencyContact),
        shared_mobiles: shared(&guardians, |point| matches!(point, ContactPoint::Sms(_))),
        shared_emails: shared(&guardians, |point| matches!(point, ContactPoint::Email(_))),
        without_email: who(&|p| !has(p, Channel::Email)),
        without_mobile: who(&|p| !has(p, Channel::Sms)),
        on_paper_only: who(&|p| p.contact_points.is_empty() && p.postal_address.is_some()),
        on_email_only: who(&|p| has_only(p, Channel::Email) && p.postal_address.is_none()),
        out_of_reach: who(&|p| p.contact_points.is_empty() && p.postal_address.is_none()),
        refusing_sms: who(&|p| !p.accepts_sms),
        abroad: who(&|p| p.postal_address.as_ref().is_some_and(|home| home.country.is_some())),
        bad_phones: count(reading, Cause::BadPhone),
        bad_emails: count(reading, Cause::BadEmail),
        tied_to_nobody: count(reading, Cause::TiedToNobody),
    }
}

fn has(person: &Person, channel: Channel) -> bool {
    person.contact_points.iter().any(|point| point.channel() == channel)
}

fn has_only(person: &Person, channel: Channel) -> bool {
    has(person, channel) && person.contact_points.iter().all(|point| point.channel() == channel)
}

fn is_form_teacher(person: &Person) -> bool {
    matches!(&person.role, Role::Staff(duties) if !duties.form_teacher_of.is_empty())
}

fn shared(guardians: &[&Person], kind: fn(&ContactPoint) -> bool) -> usize {
    let mut holders: HashMap<&str, usize> = HashMap::new();
    for point in guardians.iter().flat_map(|p| &p.contact_points).filter(|point| kind(point)) {
        *holders.entry(point.value()).or_default() += 1;
    }
    holders.values().filter(|count| **count > 1).count()
}

/// Pupils grouped by the legal representatives whom they have in common.
fn families<'a>(
    pupils: &'a [Pupil],
    representatives: &BTreeMap<&PupilKey, BTreeSet<&PersonKey>>,
) -> Vec<Vec<&'a Pupil>> {
    let mut families: Vec<(BTreeSet<&PersonKey>, Vec<&Pupil>)> = Vec::new();
    let mut family_of: HashMap<&PersonKey, usize> = HashMap::new();
    for pupil in pupils {
        let persons = &representatives[&pupil.key];
        let known = persons.iter().find_map(|person| family_of.get(*person).copied());
        let at = known.unwrap_or_else(|| {
            families.push((BTreeSet::new(), Vec::new()));
            families.len() - 1
        });
        families[at].0.extend(persons);
        families[at].1.push(pupil);
        family_of.extend(persons.iter().map(|person| (*person, at)));
    }
    families.into_iter().map(|(_, pupils)| pupils).collect()
}

#[test]
fn what_the_school_claims_is_what_a_reader_finds() {
    for (seed, size) in [
        (1, Size::default()),
        (2, Size::default()),
        (3, Size { pupils: 47, classes: 3 }),
        (4, Size { pupils: 1_500, classes: 60 }),
    ] {
        let school = fictional_college(seed, YEAR, size);
        assert_eq!(census_of(&reread(&school)), school.census(), "seed {seed}");
    }
}

#[test]
fn every_person_comes_back_as_they_were() {
    let school = fictional_college(7, YEAR, Size::default());
    let reading = reread(&school);
    assert!(reading.pupils == school.pupils);
    assert!(reading.guardianships == school.guardianships);
    let people: Vec<Person> = school.guardians.iter().chain(&school.staff).cloned().collect();
    let remarked = reading.persons.iter().filter(|person| !person.typed.is_empty()).count();
    assert!(remarked > 10, "what secretaries write beside a number is lost: {remarked}");
    let read: Vec<Person> =
        reading.persons.into_iter().map(|it| Person { typed: Vec::new(), ..it }).collect();
    assert!(read == people);
    assert!(reading.covers.pupils && reading.covers.guardians && reading.covers.staff);
}

#[test]
fn the_school_holds_every_family_that_is_hard_to_reach() {
    let census = fictional_college(7, YEAR, Size::default()).census();
    assert_eq!((census.pupils, census.staff, census.form_teachers), (600, 70, 24));
    assert!((850..=950).contains(&census.guardians), "{} guardians", census.guardians);
    for (what, count) in [
        ("without class", census.without_class),
        ("leavers", census.leavers),
        ("several pupils", census.families_of_several),
        ("across levels", census.families_across_levels),
        ("reconstituted", census.reconstituted_families),
        ("couples", census.couples),
        ("two homes", census.pupils_with_two_homes),
        ("three representatives", census.pupils_with_three_representatives),
        ("caretakers", census.caretakers),
        ("emergency contacts", census.emergency_contacts),
        ("shared mobiles", census.shared_mobiles),
        ("shared e-mails", census.shared_emails),
        ("without e-mail", census.without_email),
        ("without mobile", census.without_mobile),
        ("paper only", census.on_paper_only),
        ("e-mail only", census.on_email_only),
        ("out of reach", census.out_of_reach),
        ("refusing SMS", census.refusing_sms),
        ("abroad", census.abroad),
        ("bad phones", census.bad_phones),
        ("bad e-mails", census.bad_emails),
        ("tied to nobody", census.tied_to_nobody),
    ] {
        assert!(count > 0, "no {what}");
    }
}

#[test]
fn the_same_seed_gives_the_same_files_and_another_seed_others() {
    let files = |seed| fictional_college(seed, YEAR, Size::default()).siecle_files(TODAY);
    assert!(files(7) == files(7));
    assert!(files(7) != files(8));
}

#[test]
fn every_teacher_teaches_and_every_class_and_group_is_taught() {
    for size in [Size::default(), Size { pupils: 47, classes: 3 }, Size { pupils: 9, classes: 1 }] {
        let school = fictional_college(7, YEAR, size);
        let mut taught: BTreeSet<String> = BTreeSet::new();
        for person in reread(&school).persons {
            let Role::Staff(duties) = person.role else { continue };
            assert_eq!(duties.function == "ENS", !duties.teaches.is_empty(), "{}", person.key.0);
            assert!(duties.form_teacher_of.iter().all(|class| duties.teaches.contains(class)));
            taught.extend(duties.teaches);
        }
        let groups = school.pupils.iter().flat_map(|pupil| &pupil.groups);
        let all: BTreeSet<String> = school.classes.iter().chain(groups).cloned().collect();
        assert_eq!(taught, all);
    }
}

#[test]
fn nobody_in_the_school_can_be_reached_for_real() {
    let school = fictional_college(7, YEAR, Size::default());
    for point in school.guardians.iter().flat_map(|person| &person.contact_points) {
        let is_fictional = match point {
            ContactPoint::Email(address) => address.as_str().ends_with("@example.org"),
            point => point.value().starts_with("+3363998") || point.value().starts_with("+3353649"),
        };
        assert!(is_fictional);
    }
    let towns: BTreeSet<&str> = school
        .guardians
        .iter()
        .filter_map(|person| person.postal_address.as_ref())
        .map(|home| home.town.as_str())
        .collect();
    assert_eq!(towns, BTreeSet::from(["1099 BRUXELLES", "VALCLAIR"]));
}

#[test]
fn the_files_are_in_iso_8859_15_with_its_own_letters() {
    let school = fictional_college(7, YEAR, Size::default());
    let files = school.siecle_files(TODAY);
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        ["ElevesSansAdresses.xml", "ResponsablesAvecAdresses.xml", "sts_emp_0319999Z_2026.xml"]
    );
    let has_oe = |bytes: &[u8]| bytes.iter().any(|byte| matches!(byte, 0xBC | 0xBD));
    for (name, bytes) in &files {
        assert!(bytes.starts_with(b"<?xml version=\"1.0\" encoding=\"ISO-8859-15\"?>"), "{name}");
        assert!(!bytes.windows(2).any(|pair| pair == b"&#"), "{name} holds a letter beyond");
    }
    assert!(files.iter().any(|(_, bytes)| has_oe(bytes)));
}

#[test]
fn classes_are_even_and_named_after_their_level() {
    let school = fictional_college(7, YEAR, Size::default());
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for class in school.pupils.iter().filter_map(|pupil| pupil.class.as_deref()) {
        *sizes.entry(class).or_default() += 1;
    }
    assert_eq!(sizes.len(), 24);
    assert!(sizes.values().all(|size| (20..=30).contains(size)), "{sizes:?}");
}

#[test]
fn every_default_school_has_about_nine_hundred_guardians() {
    for seed in 0..20 {
        let guardians = fictional_college(seed, YEAR, Size::default()).census().guardians;
        assert!((840..=960).contains(&guardians), "{guardians} with seed {seed}");
    }
}
