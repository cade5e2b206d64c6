//! What a secretary types: understood, written again, refused with what was probably meant.

use chappe::audience::{Base, Exclusion, Filter, Filters, Rule, RuleError, Unit};
use proptest::prelude::*;

fn read(text: &str) -> Rule {
    text.parse().unwrap_or_else(|refused| panic!("{text}: {refused}"))
}

fn refusal(text: &str) -> String {
    match text.parse::<Rule>() {
        Ok(rule) => panic!("{text} is understood as {rule}"),
        Err(refused) => refused.to_string(),
    }
}

#[test]
fn a_rule_is_written_as_it_is_read() {
    for text in [
        "familles",
        "familles niveau:6e",
        "familles classe:6A,6B sauf classe:6C",
        "personnels classe:3B fonction:enseignant",
        "professeurs-principaux niveau:6e",
        "foyers sans-numérique",
        "tous sauf fonction:direction sauf classe:3B",
        "liste:voyage",
        "liste:voyage niveau:6e par foyer",
        "n'ayant pas reçu 7K4M",
        "familles n'ayant pas reçu 7K4M,8ABC classe:6A par élève",
        "n'ayant pas répondu 7K4M",
        "ayant répondu non 7K4M",
        "familles ayant répondu 4 7K4M ayant répondu 5 7K4M niveau:6e",
        "familles classe:\"CM1 A\",\"CM2, B\" groupe:LATIN",
        "familles langue:arabe connexion:smartphone,téléphone sans-imprimante",
        "tous sauf personnels fonction:direction par responsable",
    ] {
        assert_eq!(read(text).to_string(), text);
    }
}

#[test]
fn two_hands_may_type_one_rule() {
    for (typed, meant) in [
        ("  Familles   NIVEAU:6e ", "familles niveau:6e"),
        ("foyers sans-numerique", "foyers sans-numérique"),
        ("N’ayant pas recu 7k4m", "n'ayant pas reçu 7K4M"),
        ("n'Ayant PAS reçu 7K4M", "n'ayant pas reçu 7K4M"),
        ("N’ayant pas repondu 7k4m", "n'ayant pas répondu 7K4M"),
        ("Ayant repondu NON 7k4m,8abc", "ayant répondu non 7K4M ayant répondu non 8ABC"),
        ("familles classe:6A, 6B", "familles classe:6A,6B"),
        ("familles classe:6A ,6B sauf classe:6C", "familles classe:6A,6B sauf classe:6C"),
        ("familles classe:6A classe:6B", "familles classe:6A,6B"),
        ("familles classe:«CM1 A»", "familles classe:\"CM1 A\""),
        ("familles classe:“CM1 A”", "familles classe:\"CM1 A\""),
        ("personnels competence:arabe", "personnels compétence:arabe"),
        ("familles par eleve", "familles par élève"),
        ("familles groupe:\"le \"\"bon\"\"\"", "familles groupe:\"le \"\"bon\"\"\""),
    ] {
        assert_eq!(read(typed).to_string(), meant, "{typed}");
    }
}

#[test]
fn what_cannot_be_understood_is_named_with_what_was_probably_meant() {
    for (text, words) in [
        ("", vec!["names nobody", "familles or personnels"]),
        ("   ", vec!["names nobody"]),
        ("classe:6A", vec!["names nobody"]),
        ("sauf classe:6A", vec!["names nobody"]),
        ("famille", vec!["\"famille\"", "did you mean familles?", "foyers"]),
        ("persones", vec!["did you mean personnels?"]),
        ("familles clase:6A", vec!["\"clase:6A\"", "did you mean classe?", "niveau:…"]),
        ("familles sans-numeriq", vec!["did you mean sans-numérique?"]),
        ("familles saux classe:6A", vec!["\"saux\"", "did you mean sauf?"]),
        ("familles toto", vec!["\"toto\"", "n'ayant pas reçu CODE"]),
        ("familles classe", vec!["\"classe\" names nothing"]),
        ("familles classe:", vec!["names nothing"]),
        ("familles classe:6A,", vec!["names nothing"]),
        ("familles classe:,6A", vec!["names nothing"]),
        ("familles classe:\"\"", vec!["names nothing"]),
        ("familles classe:\" \"", vec!["names nothing"]),
        ("familles classe:\"CM1 A", vec!["never closed"]),
        ("familles sauf", vec!["\"sauf\" names nothing"]),
        ("familles sauf par foyer", vec!["\"sauf\" names nothing"]),
        ("familles par", vec!["\"par\" names nothing"]),
        ("familles par foier", vec!["\"par foier\"", "did you mean par foyer?"]),
        ("familles par foyer par élève", vec!["\"par\" comes too late"]),
        ("familles par foyer classe:6A", vec!["\"classe:6A\" comes too late"]),
        ("familles personnels", vec!["\"personnels\" comes too late"]),
        ("familles sans-numérique:oui", vec!["takes nothing after a colon"]),
        ("familles connexion:smartfone", vec!["connexion:smartfone", "did you mean smartphone?"]),
        ("n'ayant pas", vec!["\"n'ayant\""]),
        ("n'ayant pas lu 7K4M", vec!["\"lu\""]),
        ("ayant", vec!["\"ayant\""]),
        ("ayant reçu 7K4M", vec!["\"reçu\""]),
        ("ayant répondu", vec!["names nothing"]),
        ("ayant répondu peut-être 7K4M", vec!["\"peut-être\""]),
        ("ayant répondu oui", vec!["names nothing"]),
        ("n'ayant pas reçu", vec!["names nothing"]),
        ("n'ayant pas reçu classe:6A", vec!["names nothing"]),
    ] {
        let told = refusal(text);
        for word in words {
            assert!(told.contains(word), "{text}: no {word}: {told}");
        }
    }
}

#[test]
fn a_filter_that_says_nothing_of_the_base_is_refused() {
    for text in [
        "familles fonction:enseignant",
        "familles compétence:arabe",
        "personnels langue:arabe",
        "personnels sans-numérique",
        "tous connexion:smartphone",
        "tous fonction:direction",
        "professeurs-principaux sans-imprimante",
        "familles sauf personnels",
        "familles sauf fonction:direction",
        "personnels sauf familles classe:6A",
        "personnels sauf sans-numérique",
    ] {
        assert!(refusal(text).contains("says nothing of"), "{text}");
    }
    read("tous sauf fonction:direction");
    read("tous sauf sans-numérique");
}

#[test]
fn a_rule_that_nobody_types_is_refused_at_once() {
    let long = format!("familles classe:{}", "6A,".repeat(100_000));
    assert!(matches!(long.parse::<Rule>(), Err(RuleError::TooLong(_))));
}

// ---- random rules ----------------------------------------------------------------------------------

fn value() -> impl Strategy<Value = String> {
    let signs = "[A-Za-z0-9éÉœ'’:;,\"«»“”()+*/ _-]{1,12}";
    signs.prop_map(|text| text.trim().to_owned()).prop_filter("empty", |text| !text.is_empty())
}

fn filters(of: fn(Filter) -> bool) -> impl Strategy<Value = Filters> {
    let known: Vec<Filter> = Filter::ALL.into_iter().filter(|filter| of(*filter)).collect();
    let one = prop::sample::select(known).prop_flat_map(|filter| {
        let values = match filter {
            Filter::Missed | Filter::NotAnswered => {
                prop::collection::vec("[0-9A-Z]{4}", 1..3).boxed()
            }
            Filter::Answered => prop::collection::vec("(oui|non|[1-5]) [0-9A-Z]{4}", 1..3).boxed(),
            Filter::Offline | Filter::NoPrinter => Just(Vec::new()).boxed(),
            Filter::Connection => {
                let kinds = prop::sample::select(vec!["aucune", "smartphone", "complète"]);
                prop::collection::vec(kinds.prop_map(str::to_owned), 1..3).boxed()
            }
            _ => prop::collection::vec(value(), 1..4).boxed(),
        };
        (Just(filter), values)
    });
    prop::collection::btree_map(any::<u8>(), one, 0..4)
        .prop_map(|filters| filters.into_values().collect())
}

fn rule() -> impl Strategy<Value = Rule> {
    let families = |filter: Filter| filter.is_of_families();
    let parts = (filters(families), prop::collection::vec(filters(families), 0..3));
    let unit = prop::option::of(prop::sample::select(Unit::ALL.to_vec()));
    let base = prop::sample::select(vec![Base::Families, Base::Households, Base::Whoever]);
    (base, parts, unit).prop_map(|(base, (mut filters, except), unit)| {
        if base == Base::Whoever {
            filters.insert(Filter::List, vec!["voyage à Rome".to_owned()]);
        }
        let except = except.into_iter().filter(|filters| !filters.is_empty());
        let except = except.map(|filters| Exclusion { base: None, filters }).collect();
        Rule { base, filters, except, unit }
    })
}

proptest! {
    #[test]
    fn what_is_written_reads_the_same(rule in rule()) {
        prop_assert_eq!(read(&rule.to_string()), rule);
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,60}") {
        if let Ok(rule) = text.parse::<Rule>() {
            prop_assert_eq!(read(&rule.to_string()), rule);
        }
    }

    #[test]
    fn no_text_of_its_own_words_makes_it_panic(
        words in prop::collection::vec(prop::sample::select(vec![
            "familles", "foyers", "tous", "sauf", "par", "foyer", "classe:", "classe:6A", "liste:x",
            "n'ayant", "pas", "reçu", "ayant", "répondu", "oui", "7K4M", ",", "\"", ":", "«", "sans-numérique",
        ]), 0..9)
    ) {
        if let Ok(rule) = words.join(" ").parse::<Rule>() {
            prop_assert_eq!(read(&rule.to_string()), rule);
        }
    }
}
