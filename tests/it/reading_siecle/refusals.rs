//! Files that are refused, each with its reason.

use super::*;

#[test]
fn a_broken_xml_is_refused_with_its_line() {
    let broken = pupils(&ZOE.replace("</PRENOM>", "</NOM>"), ZOE_IN_6A);
    let (line, reason) = refusal(&broken);
    assert_eq!(line, Some(3));
    assert_eq!(reason, Reason::Malformed("</NOM> where </PRENOM> was due".to_owned()));
    let refused = reading(&[&broken]).unwrap_err();
    assert!(refused.to_string().starts_with("export.xml, line 3: not well-formed XML"));
    assert!(refused.in_french().starts_with("« export.xml », ligne 3 : "));
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    let whole = pupils(ZOE, ZOE_IN_6A);
    let ends = whole.char_indices().map(|(at, _)| at).skip(1);
    for end in ends {
        let refused = reading_bytes(&[&whole.as_bytes()[..end]]);
        assert!(refused.is_err(), "cut at byte {end}");
    }
}

#[test]
fn the_end_that_is_missing_is_named_with_the_last_line() {
    let whole = pupils(ZOE, ZOE_IN_6A);
    let cut = whole.split("<OPTIONS>").next().unwrap();
    assert_eq!(refusal(cut), (Some(4), Reason::Truncated));
}

#[test]
fn an_empty_file_is_refused() {
    assert_eq!(refusal("").1, Reason::Empty);
    assert_eq!(refusal("  \r\n\t").1, Reason::Empty);
    assert_eq!(refusal("\u{feff}").1, Reason::Empty);
}

#[test]
fn what_is_not_xml_is_refused() {
    assert_eq!(refusal("Compte rendu du conseil\n").1, Reason::NoHead);
    assert_eq!(refusal(b"PK\x03\x04rest").1, Reason::DamagedArchive);
    assert_eq!(refusal("<!-- rien -->").1, Reason::NotXml);
}

#[test]
fn an_unknown_root_is_refused_with_the_list_of_known_ones() {
    let refused = reading(&["<BEE_ETABLISSEMENT/>"]).unwrap_err();
    assert_eq!(refused.reason, Reason::UnknownRoot { found: "BEE_ETABLISSEMENT".to_owned() });
    for root in ["BEE_ELEVES", "BEE_RESPONSABLES", "BEE_STRUCTURES", "STS_EDT"] {
        assert!(refused.to_string().contains(root), "{refused}");
    }
}

#[test]
fn a_file_of_another_school_is_refused() {
    let file = pupils(ZOE, ZOE_IN_6A).replace("0319999Z", "0310001A");
    let refused = reading(&[&file]).unwrap_err();
    let expected = expected().school;
    let reason = Reason::OtherSchool { found: "0310001A".to_owned(), expected };
    assert_eq!(refused.reason, reason);
    assert_eq!(
        refused.to_string(),
        "export.xml, line 2: file of another school: found 0310001A, expected 0319999Z; \
         nothing was changed: export the right school, or correct [school] uai in the configuration"
    );
    let french = refused.in_french();
    assert!(french.contains("autre établissement (UAI 0310001A, attendu 0319999Z)"), "{french}");
    assert!(french.ends_with("Rien n’a été changé."), "{french}");
}

#[test]
fn a_file_of_another_year_is_refused() {
    let file = pupils(ZOE, ZOE_IN_6A).replace(">2026<", ">2025<");
    let reason = Reason::OtherYear { found: "2025".to_owned(), expected: SchoolYear(2026) };
    assert_eq!(refusal(file), (Some(2), reason));
}

#[test]
fn the_guardians_file_of_another_school_refuses_the_pupils_too() {
    let other = guardians(HER_MOTHER, TIED, "").replace("0319999Z", "0310001A");
    assert!(reading(&[&pupils(ZOE, ZOE_IN_6A), &other]).is_err());
}

#[test]
fn a_file_that_does_not_say_whose_it_is_is_refused() {
    let whole = pupils(ZOE, ZOE_IN_6A);
    assert_eq!(refusal(whole.replace(PARAMETERS, "")).1, Reason::Missing("PARAMETRES"));
    let uaj = "<UAJ>0319999Z</UAJ>";
    assert_eq!(refusal(whole.replace(uaj, "")).1, Reason::Missing("UAJ"));
}

#[test]
fn a_file_that_holds_nobody_is_refused() {
    assert_eq!(refusal(pupils("", "")).1, Reason::NobodyInside);
    assert_eq!(refusal(staff("")).1, Reason::NobodyInside);
    let empty = guardians("", "", "");
    assert!(reading(&[&pupils(ZOE, ZOE_IN_6A), &empty]).is_err());
}

#[test]
fn two_files_of_one_kind_are_refused() {
    let file = pupils(ZOE, ZOE_IN_6A);
    let refused = reading(&[&file, &file]).unwrap_err();
    assert_eq!(refused.reason, Reason::SecondOfItsKind(Kind::SiecleEleves));
}

#[test]
fn a_doctype_is_refused_before_it_can_expand() {
    let bomb = format!(
        "<?xml version=\"1.0\"?>\n<!DOCTYPE x [<!ENTITY a \"{}\"><!ENTITY b \"&a;&a;&a;\">]>\n\
         <BEE_ELEVES>&b;</BEE_ELEVES>",
        "a".repeat(1000)
    );
    assert_eq!(refusal(bomb), (Some(2), Reason::Doctype));
    let entity = pupils(&ZOE.replace("Zoé", "&b;"), "");
    assert_eq!(refusal(entity).1, Reason::UnknownEntity);
    let in_attribute = pupils(&ZOE.replace("\"1\"", "\"&b;\""), "");
    assert_eq!(refusal(in_attribute).1, Reason::UnknownEntity);
}

#[test]
fn a_harmless_doctype_is_refused_before_any_root_but_the_directory() {
    let doctype = "<!DOCTYPE ficAlimMENESR SYSTEM \"ficAlimMENESR.dtd\">";
    let whole = pupils(ZOE, ZOE_IN_6A).replace("<BEE_ELEVES", &format!("{doctype}<BEE_ELEVES"));
    assert_eq!(refusal(whole).1, Reason::Doctype);
    let own = "<!DOCTYPE BEE_ELEVES SYSTEM \"eleves.dtd\">";
    let whole = pupils(ZOE, ZOE_IN_6A).replace("<BEE_ELEVES", &format!("{own}<BEE_ELEVES"));
    assert_eq!(refusal(whole).1, Reason::Doctype);
}

#[test]
fn deep_nesting_is_refused_inside_and_outside_of_records() {
    let deep = "<A>".repeat(100_000);
    assert_eq!(refusal(pupils(&deep, "")).1, Reason::TooDeep(32));
    let in_record = ZOE.replace("</ELEVE>", &format!("{deep}</ELEVE>"));
    assert_eq!(refusal(pupils(&in_record, "")).1, Reason::TooDeep(32));
}

#[test]
fn a_text_or_a_record_without_end_is_refused() {
    let long = ZOE.replace("Zoé", &"Z".repeat(200_000));
    assert_eq!(refusal(pupils(&long, "")).1, Reason::TooLarge);
    let fields = "<X>0123456789</X>".repeat(200_000);
    let large = ZOE.replace("</ELEVE>", &format!("{fields}</ELEVE>"));
    assert_eq!(refusal(pupils(&large, "")).1, Reason::TooLarge);
}

#[test]
fn what_follows_the_root_is_refused() {
    let whole = pupils(ZOE, ZOE_IN_6A);
    assert!(matches!(refusal(format!("{whole}<X/>")).1, Reason::Malformed(_)));
    assert!(matches!(refusal(format!("{whole} reste")).1, Reason::Malformed(_)));
    assert!(reading(&[&format!("{whole}\n<!-- fin -->\n")]).is_ok());
}
