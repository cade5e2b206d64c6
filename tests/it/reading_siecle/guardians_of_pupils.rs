//! Guardians: ties, ways to reach them, addresses.

use super::*;

fn tie(person: u8, fields: &str) -> String {
    format!(
        "<RESPONSABLE_ELEVE><ELEVE_ID>1</ELEVE_ID><PERSONNE_ID>{person}</PERSONNE_ID>{fields}\
         </RESPONSABLE_ELEVE>"
    )
}

fn with_ties(ties: &str) -> Reading {
    let persons: String =
        (1..=9).map(|id| HER_MOTHER.replace("\"9\"", &format!("\"{id}\""))).collect();
    reading(&[&pupils(ZOE, ZOE_IN_6A), &guardians(&persons, ties, "")]).expect("sound files")
}

#[test]
fn standings_are_read_from_either_schema() {
    let levels = [
        ("<NIVEAU_RESPONSABILITE>1</NIVEAU_RESPONSABILITE>", Standing::LegalRepresentative),
        ("<NIVEAU_RESPONSABILITE>2</NIVEAU_RESPONSABILITE>", Standing::Caretaker),
        ("<NIVEAU_RESPONSABILITE>3</NIVEAU_RESPONSABILITE>", Standing::EmergencyContact),
        ("<RESP_LEGAL>1</RESP_LEGAL>", Standing::LegalRepresentative),
        ("<RESP_LEGAL>2</RESP_LEGAL>", Standing::LegalRepresentative),
        ("<RESP_LEGAL>0</RESP_LEGAL>", Standing::EmergencyContact),
    ];
    for (fields, standing) in levels {
        let reading = with_ties(&tie(9, fields));
        assert_eq!(reading.guardianships[0].standing, standing, "{fields}");
        assert_eq!(reading.guardianships[0].kinship, 90);
    }
}

#[test]
fn three_legal_representatives_are_three() {
    let level_1 = "<NIVEAU_RESPONSABILITE>1</NIVEAU_RESPONSABILITE><CODE_PARENTE>50</CODE_PARENTE>";
    let reading = with_ties(&(1..=3).map(|id| tie(id, level_1)).collect::<String>());
    assert_eq!(reading.guardianships.len(), 3);
    assert!(reading.guardianships.iter().all(|one| one.kinship == 50));
    assert!(reading.guardianships.iter().all(|one| one.standing == Standing::LegalRepresentative));
}

#[test]
fn a_tie_given_twice_keeps_its_stronger_level() {
    let twice = format!("{}{TIED}", tie(9, "<RESP_LEGAL>0</RESP_LEGAL>"));
    let reading = with_ties(&twice);
    assert_eq!(reading.guardianships.len(), 1);
    assert_eq!(reading.guardianships[0].standing, Standing::LegalRepresentative);
}

#[test]
fn who_is_tied_to_no_present_pupil_stays_out() {
    let gone = ZOE
        .replace("\"1\"", "\"2\"")
        .replace("</ELEVE>", "<DATE_SORTIE>01/09/2026</DATE_SORTIE></ELEVE>");
    let persons = format!("{HER_MOTHER}{}", HER_MOTHER.replace("\"9\"", "\"8\""));
    let ties = format!("{TIED}{}", TIED.replace(">9<", ">8<").replace(">1</E", ">2</E"));
    let files = [pupils(&format!("{ZOE}{gone}"), ZOE_IN_6A), guardians(&persons, &ties, "")];
    let reading = reading(&[&files[0], &files[1]]).unwrap();
    assert_eq!(reading.persons.len(), 1);
    assert_eq!(reading.guardianships.len(), 1);
    assert_eq!(causes(&reading), [Cause::Left, Cause::TiedToNobody]);
    assert_eq!(reading.set_aside[1].what, "personne 8, Inès LEBŒUF");
}

#[test]
fn broken_ties_are_told_and_so_is_a_pupil_without_representative() {
    let reading = with_ties(&tie(9, "<NIVEAU_RESPONSABILITE>x</NIVEAU_RESPONSABILITE>"));
    let of_pupil = |reading: &Reading| {
        causes(reading).into_iter().filter(|c| *c != Cause::TiedToNobody).collect::<Vec<_>>()
    };
    assert_eq!(of_pupil(&reading), [Cause::UnknownStanding, Cause::NoLegalRepresentative]);
    let reading = with_ties(&tie(77, "<RESP_LEGAL>1</RESP_LEGAL>"));
    assert_eq!(of_pupil(&reading), [Cause::UnknownPerson, Cause::NoLegalRepresentative]);
    assert!(reading.guardianships.is_empty());
}

#[test]
fn civilities_are_read_in_every_spelling() {
    for (field, civility) in [
        ("<LC_CIVILITE>M.</LC_CIVILITE>", Some(Civility::M)),
        ("<LC_CIVILITE>MME</LC_CIVILITE>", Some(Civility::Mme)),
        ("<LC_CIVILITE>MLLE</LC_CIVILITE>", Some(Civility::Mme)),
        ("<LL_CIVILITE>MONSIEUR</LL_CIVILITE>", Some(Civility::M)),
        ("", None),
    ] {
        assert_eq!(mother_with(field, "").0.civility, civility, "{field}");
    }
}

#[test]
fn consent_to_sms_is_read_in_every_spelling() {
    for (typed, accepts) in [
        ("1", true),
        ("true", true),
        ("O", true),
        ("oui", true),
        ("", true),
        ("0", false),
        ("false", false),
        ("N", false),
        ("NON", false),
    ] {
        let field = format!("<ACCEPTE_SMS>{typed}</ACCEPTE_SMS>");
        assert_eq!(mother_with(&field, "").0.accepts_sms, accepts, "{typed}");
    }
}

#[test]
fn a_mobile_takes_sms_and_calls_wherever_it_was_typed() {
    let points = |fields| -> Vec<String> {
        let points = mother_with(fields, "").0.contact_points;
        points.iter().map(|point| format!("{} {}", point.channel(), point.value())).collect()
    };
    let mobile = ["sms +33639980001", "phone +33639980001"];
    assert_eq!(points("<TEL_PORTABLE>06 39 98 00 01 (mère)</TEL_PORTABLE>"), mobile);
    assert_eq!(points("<TEL_PERSONNEL>06.39.98.00.01</TEL_PERSONNEL>"), mobile);
    let both = "<TEL_PORTABLE>639980001</TEL_PORTABLE>\
                <TEL_PROFESSIONNEL>+33 6 39 98 00 01</TEL_PROFESSIONNEL>";
    assert_eq!(points(both), mobile);
    let landline = "<TEL_PORTABLE>05 36 49 00 01</TEL_PORTABLE>";
    assert_eq!(points(landline), ["phone +33536490001"]);
    let two = "<TEL_PERSONNEL>0536490001 ou 0639980001</TEL_PERSONNEL>";
    assert_eq!(points(two), ["phone +33536490001", mobile[0], mobile[1]]);
}

#[test]
fn an_unusable_number_or_address_is_set_aside_with_its_raw_text() {
    let fields = "<TEL_PORTABLE>06 39 98 OO</TEL_PORTABLE><MEL>ines(at)example.org</MEL>";
    let (mother, reading) = mother_with(fields, "");
    assert!(mother.contact_points.is_empty());
    assert_eq!(causes(&reading), [Cause::BadPhone, Cause::BadEmail]);
    assert!(reading.set_aside[0].reason.contains("« 06 39 98 OO »"));
    assert!(reading.set_aside[1].reason.contains("« ines(at)example.org »"));
    assert_eq!(reading.set_aside[0].what, "personne 9, Inès LEBŒUF");
}

#[test]
fn several_mail_addresses_in_one_field_are_all_kept() {
    let (mother, _) = mother_with("<MEL>a@example.org; b@example.org</MEL>", "");
    let values: Vec<&str> = mother.contact_points.iter().map(ContactPoint::value).collect();
    assert_eq!(values, ["a@example.org", "b@example.org"]);
}

#[test]
fn addresses_are_read_at_home_and_abroad() {
    let home = |fields: &str| {
        let address = format!("<ADRESSE ADRESSE_ID=\"5\">{fields}</ADRESSE>");
        mother_with("<ADRESSE_ID>5</ADRESSE_ID>", &address).0.postal_address.unwrap()
    };
    let at_home = home(
        "<LIGNE1_ADRESSE>12 RUE DES LILAS</LIGNE1_ADRESSE><LIGNE2_ADRESSE/>\
         <LIGNE3_ADRESSE>RES A &amp; B</LIGNE3_ADRESSE><CODE_POSTAL>31999</CODE_POSTAL>\
         <LIBELLE_POSTAL>VALCLAIR</LIBELLE_POSTAL><LL_PAYS>FRANCE</LL_PAYS>",
    );
    let expected = PostalAddress {
        lines: vec!["12 RUE DES LILAS".to_owned(), "RES A & B".to_owned()],
        postcode: "31999".to_owned(),
        town: "VALCLAIR".to_owned(),
        country: None,
    };
    assert!(at_home == expected);
    let abroad = home(
        "<LIGNE1_ADRESSE>3 CHAUSSEE HAUTE</LIGNE1_ADRESSE><CODE_POSTAL/><LIBELLE_POSTAL/>\
         <LL_PAYS>BELGIQUE</LL_PAYS><COMMUNE_ETRANGERE>1099 BRUXELLES</COMMUNE_ETRANGERE>",
    );
    assert_eq!((abroad.postcode.as_str(), abroad.town.as_str()), ("", "1099 BRUXELLES"));
    assert_eq!(abroad.country.as_deref(), Some("BELGIQUE"));
}

#[test]
fn an_address_that_the_file_lacks_is_told() {
    let (mother, reading) = mother_with("<ADRESSE_ID>404</ADRESSE_ID>", "");
    assert!(mother.postal_address.is_none());
    assert_eq!(causes(&reading), [Cause::BadAddress]);
    assert!(causes(&mother_with("", "").1).is_empty());
}

#[test]
fn an_address_larger_than_any_envelope_is_not_copied_to_very_many() {
    let long = "X".repeat(60_000);
    let address = format!(
        "<ADRESSE ADRESSE_ID=\"5\"><LIGNE1_ADRESSE>{long}</LIGNE1_ADRESSE>\
         <LIBELLE_POSTAL>VALCLAIR</LIBELLE_POSTAL></ADRESSE>"
    );
    let (mother, reading) = mother_with("<ADRESSE_ID>5</ADRESSE_ID>", &address);
    assert_eq!(mother.postal_address, None);
    assert_eq!(causes(&reading), [Cause::BadAddress]);
}

#[test]
fn a_field_of_very_many_contacts_is_set_aside_at_once() {
    let many = "a@example.org;".repeat(4_000);
    let (mother, reading) = mother_with(&format!("<MEL>{many}</MEL>"), "");
    assert!(mother.contact_points.is_empty());
    assert_eq!(causes(&reading), [Cause::BadEmail]);
    assert!(reading.set_aside[0].reason.len() < 150);
}

#[test]
fn guardians_without_pupils_are_refused() {
    let (_, reason) = refusal(guardians(HER_MOTHER, TIED, ""));
    assert_eq!(reason, Reason::PupilsMissing);
}

#[test]
fn neither_a_reading_nor_a_refusal_shows_a_person_in_its_debug_form() {
    let fields = "<TEL_PORTABLE>06 39 98 OO</TEL_PORTABLE><MEL>ines@example.org</MEL>";
    let (_, reading) = mother_with(fields, "");
    let shown = format!("{reading:?}");
    for secret in ["DURAND", "LEBŒUF", "Zoé", "06 39", "ines@"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[test]
fn a_remark_beside_a_number_is_kept_and_mere_blanks_are_not() {
    let field = |typed: &str| format!("<TEL_PORTABLE>{typed}</TEL_PORTABLE>");
    let typed = |text: &str| mother_with(&field(text), "").0.typed;
    assert!(typed("06.39 98-00 01").is_empty());
    assert!(typed("+33 6 39 98 00 01").is_empty());
    let remarked = typed("06 39 98 00 01 (après 18 h)");
    assert_eq!(remarked.len(), 1);
    assert_eq!(remarked[0].0.as_str(), "+33639980001");
    assert_eq!(remarked[0].1, "06 39 98 00 01 (après 18 h)");
}

#[test]
fn an_address_that_a_window_does_not_take_is_said_before_any_letter_is_cut() {
    let home = |line: &str| {
        format!(
            "<ADRESSE ADRESSE_ID=\"7\"><LIGNE1_ADRESSE>{line}</LIGNE1_ADRESSE>\
             <CODE_POSTAL>31999</CODE_POSTAL><LIBELLE_POSTAL>VALCLAIR</LIBELLE_POSTAL></ADRESSE>"
        )
    };
    let lives_at = "<ADRESSE_ID>7</ADRESSE_ID>";
    let (_, fits) = mother_with(lives_at, &home("12 AVENUE DES LILAS"));
    assert!(causes(&fits).is_empty());
    // The norm's abbreviation is enough here.
    let (_, shortened) = mother_with(lives_at, &home("12 BOULEVARD DES FRERES MONTGOLFIER ET FIL"));
    assert!(causes(&shortened).is_empty(), "{:?}", shortened.set_aside);
    let long = "12 CHEMIN DES TRES LONGUES PROMENADES SOUS LES GRANDS TILLEULS";
    let (mother, remarked) = mother_with(lives_at, &home(long));
    assert_eq!(causes(&remarked), [Cause::LongAddress]);
    assert!(remarked.set_aside[0].reason.contains("38 caractères"));
    assert_eq!(mother.postal_address.unwrap().lines, [long], "nothing is cut at the import");
}
