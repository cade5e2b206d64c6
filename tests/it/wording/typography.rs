//! What people typed, as a French printer sets it: a table of cases, and what must stay as typed.

use super::*;
use chappe::wording::markdown::{in_french, plain_of, to_blocks};

/// `~` is a space that does not break, `_` a narrow one.
fn shown(text: &str) -> String {
    text.replace('\u{a0}', "~").replace('\u{202f}', "_")
}

#[test]
fn what_was_typed_is_set_as_a_printer_sets_it() {
    let cases = [
        // High punctuation.
        ("Objet : rentrée", "Objet~: rentrée"),
        ("Objet: rentrée", "Objet~: rentrée"),
        ("Vraiment?", "Vraiment_?"),
        ("Quoi ?!", "Quoi_?!"),
        ("« oui »", "«_oui_»"),
        ("«oui»", "«_oui_»"),
        ("un ; deux", "un_; deux"),
        // Apostrophes.
        ("l'école d'à côté, aujourd'hui", "l’école d’à côté, aujourd’hui"),
        ("L'ENT, qu'il", "L’ENT, qu’il"),
        ("jusqu' au", "jusqu’ au"),
        ("l'\"École\"", "l’«_École_»"),
        // Quotation marks.
        ("il dit \"oui\".", "il dit «_oui_»."),
        ("\"il dit \"oui\" hier\"", "«_il dit «_oui_» hier_»"),
        ("(\"oui\")", "(«_oui_»)"),
        ("\"oui\", \"non\" ?", "«_oui_», «_non_»_?"),
        ("\"Quoi ?\" dit-il", "«_Quoi_?_» dit-il"),
        // Ordinals.
        ("les 6e et 5e", "les 6ᵉ et 5ᵉ"),
        ("6e-5e, 4e/3e", "6ᵉ-5ᵉ, 4ᵉ/3ᵉ"),
        ("1er, 1re, 2de, 2nde, 2nd", "1ᵉʳ, 1ʳᵉ, 2ᵈᵉ, 2ⁿᵈᵉ, 2ⁿᵈ"),
        ("les 6es", "les 6ᵉˢ"),
        // Hours.
        ("à 18h", "à 18~h"),
        ("à 8h30.", "à 8~h~30."),
        ("18 h 30", "18~h~30"),
        ("de 9h à 10h, 9h-10h", "de 9~h à 10~h, 9~h-10~h"),
        // What stays on one line.
        ("lundi 16 mars", "lundi 16~mars"),
        ("vendredi 1er mai 2020", "vendredi 1ᵉʳ~mai 2020"),
        ("au 05 36 49 00 01.", "au 05~36~49~00~01."),
        ("+33 5 36 49 00 01", "+33~5~36~49~00~01"),
        ("12 rue des Lilas, 31000 TOULOUSE", "12~rue des Lilas, 31000~TOULOUSE"),
        ("Mme Arago et M. Lunel", "Mme~Arago et M.~Lunel"),
        ("salle 12, page 3, n° 4", "salle~12, page~3, n°~4"),
        ("30 minutes, 12 500 élèves", "30~minutes, 12~500 élèves"),
        ("20%, 12 €, 12€", "20~%, 12~€, 12~€"),
    ];
    for (typed, set) in cases {
        assert_eq!(shown(&french(typed)), set, "{typed}");
    }
}

#[test]
fn what_is_no_language_stays_as_typed() {
    for text in [
        // Addresses.
        "voir https://example.org/a?b=c;d!e#l'6e et www.example.org/?x=18h",
        "mailto:a@example.org",
        "l'6e@example.org",
        "example.org/6e",
        // Codes, files and classes.
        "7K4M-02QB et 02QB-6e",
        "Kx7!",
        "fiche_6e.pdf, 18h.txt",
        "6A, 6E1, 6eA, 6B2",
        "le mot de passe a18h, b6e",
        // Hours and measures.
        "à 8:30 précises",
        "ratio 3:1",
        "5'30, un écran de 15\"",
        "3,5e et 1,5h",
        "18h5, 18h75, 1800h",
        // Lone signs.
        "(!)",
        "un \" seul",
        "\" deux \"",
        "'oui'",
        // Figures that are no number.
        "12 13 14 15",
        "120 130 140 150 160 170",
        "6ème, 1ère",
    ] {
        assert_eq!(shown(&french(text)), shown(text));
    }
}

#[test]
fn a_word_in_bold_is_part_of_its_sentence() {
    let set = |text: &str| shown(&plain_of(&in_french(&to_blocks(text))));
    assert_eq!(
        set("**Attention**: l'**école**\nferme à **18h** !"),
        "Attention~: l’école\nferme à 18~h_!"
    );
    assert_eq!(set("\"**oui**\" et \"*non*\""), "«_oui_» et «_non_»");
    assert_eq!(set("| 6e |\n|---|\n| 8h30 |"), "- 6ᵉ 8~h~30");
    let html =
        markdown::html_of(&in_french(&to_blocks("**Ici** ! [là](https://example.org/l'6e)")));
    assert!(
        html.contains("<strong>Ici</strong>\u{202f}! <a href=\"https://example.org/l&#39;6e\">"),
        "{html}"
    );
}

#[test]
fn a_name_that_will_stand_there_is_a_word() {
    assert_eq!(shown(&french("d'\u{e000} et M. \u{e001} ?")), "d’\u{e000} et M.~\u{e001}_?");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_is_set_once(
        text in "[a-zA-Z0-9«»:;!?()\\[\\]\"'’ehr \u{a0}\u{202f}\n./%€°-]{0,60}"
    ) {
        let once = french(&text);
        prop_assert_eq!(french(&once), once);
    }

    #[test]
    fn no_letter_and_no_digit_is_lost(text in "[a-z0-9 :;!?\"'«»%.\n-]{0,60}") {
        let plain = |text: &str| {
            let raised = ['ᵉ', 'ʳ', 'ˢ', 'ⁿ', 'ᵈ'].iter().zip(['e', 'r', 's', 'n', 'd']);
            let text = raised.fold(text.to_owned(), |text, (from, to)| text.replace(*from, &to.to_string()));
            text.chars().filter(char::is_ascii_alphanumeric).collect::<String>()
        };
        prop_assert_eq!(plain(&french(&text)), plain(&text));
    }
}
