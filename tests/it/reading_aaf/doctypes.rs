//! The DOCTYPE: the one harmless form passes, every other is refused before it can do anything.

use super::*;

fn refused_with(doctype: &str) -> Reason {
    reading(&[&pupils().replace(DOCTYPE, doctype)]).expect_err("a refusal").reason
}

#[test]
fn the_directorys_own_doctype_passes_and_so_does_none() {
    for doctype in [
        DOCTYPE,
        "",
        "<!DOCTYPE ficAlimMENESR SYSTEM 'ficAlimMENESR.dtd'>",
        "<!DOCTYPE  ficAlimMENESR\n  SYSTEM \"http://nowhere.invalid/ficAlimMENESR.dtd\" >",
        // Were it fetched, this would be an error, or worse.
        "<!DOCTYPE ficAlimMENESR SYSTEM \"file:///dev/zero\">",
    ] {
        let reading = reading(&[&pupils().replace(DOCTYPE, doctype)]);
        assert_eq!(reading.expect("a sound file").pupils.len(), 1, "{doctype}");
    }
}

#[test]
fn a_doctype_that_defines_anything_is_refused() {
    for doctype in [
        "<!DOCTYPE ficAlimMENESR [<!ENTITY a \"b\">]>",
        "<!DOCTYPE ficAlimMENESR SYSTEM \"x.dtd\" [<!ENTITY a \"b\">]>",
        "<!DOCTYPE ficAlimMENESR SYSTEM \"x.dtd\"[<!ENTITY a SYSTEM \"file:///etc/passwd\">]>",
        "<!DOCTYPE ficAlimMENESR SYSTEM \"x.dtd\" [<!ENTITY % a SYSTEM \"x\"> %a;]>",
        "<!DOCTYPE ficAlimMENESR SYSTEM \"x.dtd\" []>",
        "<!DOCTYPE ficAlimMENESR PUBLIC \"-//X//Y\" \"x.dtd\">",
        "<!DOCTYPE ficAlimMENESR SYSTEM \"x.dtd>",
        "<!DOCTYPE ficAlimMENESR SYSTEM>",
        "<!DOCTYPE ficAlimMENESR>",
        "<!DOCTYPE BEE_ELEVES SYSTEM \"x.dtd\">",
        "<!DOCTYPE x SYSTEM \"x.dtd\">",
        "<!DOCTYPE ficAlimMENESR SYSTEM \"x.dtd\"><!DOCTYPE ficAlimMENESR SYSTEM \"x.dtd\">",
    ] {
        let reason = refused_with(doctype);
        let at_worst = matches!(reason, Reason::Doctype | Reason::Truncated | Reason::Malformed(_));
        assert!(at_worst, "{doctype}: {reason:?}");
    }
}

#[test]
fn a_billion_laughs_is_refused_and_so_is_an_entity_left_alone() {
    let laugh = |n: u8| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10));
    let laughs = (1..10).map(laugh).collect::<Vec<_>>().concat();
    let bomb = format!("<!DOCTYPE ficAlimMENESR SYSTEM \"x.dtd\" [<!ENTITY l0 \"lol\">{laughs}]>");
    let file = pupils().replace(DOCTYPE, &bomb).replace("Zoé", "&l9;");
    let refused = reading(&[&file]).unwrap_err();
    assert_eq!((refused.line, refused.reason), (Some(2), Reason::Doctype));
    let entity = pupils().replace("Zoé", "&l9;");
    assert_eq!(reading(&[&entity]).unwrap_err().reason, Reason::UnknownEntity);
}

#[test]
fn a_doctype_inside_or_after_the_root_is_refused() {
    let inside = pupils().replace("<ficAlimMENESR>", &format!("<ficAlimMENESR>{DOCTYPE}"));
    assert_eq!(reading(&[&inside]).unwrap_err().reason, Reason::Doctype);
    let after = format!("{}{DOCTYPE}", pupils());
    assert_eq!(reading(&[&after]).unwrap_err().reason, Reason::Doctype);
}

#[test]
fn a_doctype_without_end_is_refused_before_it_fills_the_memory() {
    let long = format!("<!DOCTYPE ficAlimMENESR SYSTEM \"{}\">", "x".repeat(1_000_000));
    assert_eq!(refused_with(&long), Reason::TooLarge);
}
