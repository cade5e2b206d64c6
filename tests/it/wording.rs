//! What a text costs and how it is set: SMS segments, French spaces, the small Markdown.

mod tables;
mod typography;

use chappe::wording::markdown::{self, Block};
use chappe::wording::sms::{self, Cost, Encoding, plain_rewrite, segments};
use chappe::wording::typography::french;
use proptest::prelude::*;

const RENTREE: &str = "Collège J. Moulin : l'ENT est saturé. Connexion des 6e de 9h à 10h, des 5e \
                       de 10h à 11h. Infos à jour : https://clg-moulin.fr/info Prochain RDV : \
                       lundi 18h.";

#[test]
fn a_text_in_the_alphabet_fits_one_segment_and_one_curly_apostrophe_makes_it_three() {
    let straight = segments(RENTREE);
    assert_eq!((straight.encoding, straight.segments), (Encoding::Gsm7, 1));
    let curly = segments(&RENTREE.replace('\'', "’"));
    assert_eq!((curly.encoding, curly.segments), (Encoding::Ucs2, 3));
    assert_eq!(curly.units, straight.units);
    assert_eq!(curly.costly, [('’', Cost::ForcesUcs2)]);
}

#[test]
fn segments_turn_at_160_and_153_septets() {
    let cases = [(0, 0), (1, 1), (160, 1), (161, 2), (306, 2), (307, 3), (459, 3), (460, 4)];
    for (length, expected) in cases {
        assert_eq!(segments(&"a".repeat(length)).segments, expected, "{length} septets");
    }
}

#[test]
fn segments_turn_at_70_and_67_units_in_unicode() {
    for (length, expected) in [(70, 1), (71, 2), (134, 2), (135, 3)] {
        assert_eq!(segments(&"ê".repeat(length)).segments, expected, "{length} units");
    }
}

#[test]
fn an_escape_pair_is_never_split_over_two_parts() {
    // 152 signs and a euro: the euro begins the second part, which leaves room for 151 more.
    let text = format!("{}€{}", "a".repeat(152), "b".repeat(151));
    assert_eq!(segments(&text).units, 305);
    assert_eq!(segments(&text).segments, 2);
    assert_eq!(segments(&format!("{text}b")).segments, 3);
    assert_eq!(segments("12 €").costly, [('€', Cost::CountsTwice)]);
}

#[test]
fn a_surrogate_pair_is_never_split_over_two_parts() {
    let text = format!("{}😀{}", "ê".repeat(66), "ê".repeat(65));
    assert_eq!(segments(&text).units, 133);
    assert_eq!(segments(&text).segments, 2);
    // 134 units would be two full parts; the pair that did not fit left a hole in the first.
    assert_eq!(segments(&format!("{text}ê")).units, 134);
    assert_eq!(segments(&format!("{text}ê")).segments, 3);
}

/// A usual text of one segment, with a sign that triples its price.
fn with_sign(sign: char) -> String {
    format!("{}Fin{sign}ici.", "Bonjour, les cours reprennent lundi. ".repeat(4))
}

#[test]
fn a_sign_that_nobody_sees_costs_nothing_once_the_rewrite_is_accepted() {
    let lines = ['\u{2028}', '\u{2029}', '\u{85}', '\u{b}'];
    let blanks =
        ['\u{2007}', '\u{200a}', '\u{2003}', '\u{2002}', '\u{3000}', '\u{205f}', '\u{1680}', '\t'];
    let unseen = [
        '\u{200c}',
        '\u{2060}',
        '\u{200e}',
        '\u{202c}',
        '\u{fe0f}',
        '\u{200b}',
        '\u{ad}',
        '\u{2066}',
        '\u{61c}',
        '\u{feff}',
        '\u{e0020}',
        '\u{1}',
        '\u{7f}',
    ];
    let all = [(&lines[..], "\n"), (&blanks[..], " "), (&unseen[..], "")];
    for (sign, plain) in
        all.into_iter().flat_map(|(signs, plain)| signs.iter().map(move |it| (it, plain)))
    {
        let text = with_sign(*sign);
        assert_eq!(segments(&text).segments, 3, "{sign:?}");
        let rewrite = plain_rewrite(&text);
        assert_eq!(rewrite.size.segments, 1, "{sign:?}");
        assert_eq!(rewrite.changes, [(*sign, plain.to_owned())]);
        assert!(rewrite.text.ends_with(&format!("Fin{plain}ici.")), "{sign:?}");
    }
}

#[test]
fn a_sign_without_plain_form_stays_and_is_named_with_its_price() {
    for sign in ['ş', 'ł', 'č', '™', '✓', '😀'] {
        let rewrite = plain_rewrite(&with_sign(sign));
        assert_eq!((rewrite.size.segments, rewrite.changes.len()), (3, 0), "{sign}");
        assert_eq!(sms::stubborn(&rewrite), (vec![sign], 1));
    }
    assert_eq!(sms::stubborn(&plain_rewrite("L’été, 12 €")), (Vec::new(), 1));
}

#[test]
fn the_proposed_rewrite_keeps_the_words_and_lowers_the_price() {
    let rewrite = plain_rewrite("L’élève est absent « ce matin » … cœur, n° 3 – ça, À bientôt");
    assert_eq!(rewrite.text, "L'élève est absent \"ce matin\" ... coeur, no 3 - ca, A bientot");
    assert_eq!(rewrite.size.encoding, Encoding::Gsm7);
    assert!(rewrite.changes.contains(&('œ', "oe".to_owned())));
}

#[test]
fn accents_written_as_two_signs_become_one_or_fall_away() {
    assert_eq!(plain_rewrite("e\u{301}te\u{301}, fe\u{302}te").text, "été, fete");
}

#[test]
fn a_rewrite_loses_nothing_that_has_no_plain_form() {
    assert_eq!(plain_rewrite("Вход 😀").text, "Вход 😀");
}

/// The parts of a text, filled greedily by explicit lists: slow and plain to see.
fn reference_parts(text: &str) -> usize {
    let gsm = text.chars().all(|c| segments(&c.to_string()).encoding == Encoding::Gsm7);
    let size = |c: char| {
        if !gsm {
            c.len_utf16()
        } else if "^{}\\[~]|€\u{c}".contains(c) {
            2
        } else {
            1
        }
    };
    let (alone, part) = if gsm { (160, 153) } else { (70, 67) };
    let total: usize = text.chars().map(size).sum();
    if total <= alone {
        return usize::from(total > 0);
    }
    let mut parts: Vec<Vec<char>> = vec![Vec::new()];
    for c in text.chars() {
        let filled: usize = parts.last().unwrap().iter().map(|c| size(*c)).sum();
        if filled + size(c) > part {
            parts.push(Vec::new());
        }
        parts.last_mut().unwrap().push(c);
    }
    parts.len()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_count_is_that_of_parts_filled_sign_by_sign(text in "[a-zé€\\[😀êç ]{0,400}") {
        prop_assert_eq!(segments(&text).segments as usize, reference_parts(&text));
    }

    #[test]
    fn french_text_rewrites_into_the_cheap_alphabet(
        text in "[a-zA-Z0-9àâäéèêëîïôöùûüÿçœæÀÂÄÉÈÊËÎÏÔÖÙÛÜŸÇŒÆ«»’‘“”–—…°²€ ,;:!?\u{a0}\u{202f}]{0,200}"
    ) {
        let rewrite = plain_rewrite(&text);
        prop_assert_eq!(rewrite.size.encoding, Encoding::Gsm7);
        prop_assert_eq!(sms::plain_rewrite(&rewrite.text).text, rewrite.text);
    }

    #[test]
    fn html_of_any_text_holds_only_our_elements(text in "[a-z<>&\"'*_`#\\[\\]()!:/.|\\- \n1]{0,120}") {
        let html = markdown::to_html(&text);
        for tag in html.split('<').skip(1) {
            let name: String = tag.trim_start_matches('/').chars()
                .take_while(char::is_ascii_alphanumeric).collect();
            let ours = ["p", "ul", "ol", "li", "strong", "em", "a", "br", "hr", "table", "thead",
                "tbody", "tr", "th", "td", "span", "wbr"];
            prop_assert!(ours.contains(&name.as_str()), "<{} in {}", name, html);
        }
    }

    #[test]
    fn no_word_of_a_field_is_lost_on_any_target(words in prop::collection::vec("[a-z]{1,8}", 1..12)) {
        let text = words.join("\n\n- ");
        let line = markdown::line_of(&markdown::to_blocks(&text));
        for word in &words {
            prop_assert!(markdown::to_html(&text).contains(word.as_str()));
            prop_assert!(markdown::to_plain(&text).contains(word.as_str()));
            prop_assert!(line.contains(word.as_str()));
        }
    }
}

#[test]
fn a_function_is_signed_with_its_article() {
    let cases = [
        ("Principale", "La principale"),
        ("Proviseur adjoint", "Le proviseur adjoint"),
        ("Cheffe d’établissement", "La cheffe d’établissement"),
        ("La principale", "La principale"),
        ("Pour le recteur", "Pour le recteur"),
        ("", ""),
    ];
    for (typed, signed) in cases {
        assert_eq!(chappe::wording::titles::in_signature(typed), signed);
    }
}

#[test]
fn markup_from_a_field_is_shown_as_text() {
    let html = markdown::to_html("<script>alert(1)</script> et <b>gras</b>");
    assert!(!html.contains("<script") && !html.contains("<b>"), "{html}");
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{html}");
    let image = markdown::to_html("![moi](https://example.org/x.png)");
    assert!(image.contains("![moi](") && !image.contains("<img"), "{image}");
}

#[test]
fn a_link_leads_only_where_links_may_lead() {
    let safe = markdown::to_html("[Le site](https://example.org/?a=1&b=2)");
    assert!(safe.contains("<a href=\"https://example.org/?a=1&amp;b=2\">Le site</a>"), "{safe}");
    for href in ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "//evil.example"]
    {
        let html = markdown::to_html(&format!("[Le site]({href})"));
        assert!(!html.contains("<a "), "{html}");
        assert!(html.contains("Le site"), "{html}");
    }
}

#[test]
fn a_bare_address_becomes_a_link_without_the_full_stop() {
    let html = markdown::to_html("Voir https://example.org/info. Merci");
    assert!(
        html.contains(
            "<a href=\"https://example.org/info\">https://example<wbr>.org<wbr>/info</a>. Merci"
        ),
        "{html}"
    );
}

#[test]
fn a_plain_text_keeps_lists_lines_and_addresses() {
    let plain = markdown::to_plain(
        "**Lundi** : 8h\nMardi : 9h\n\n3. un\n4. deux\n\n[ici](https://example.org)",
    );
    assert_eq!(plain, "Lundi : 8h\nMardi : 9h\n\n3. un\n4. deux\n\nici (https://example.org)");
}

#[test]
fn nesting_beyond_reason_stays_shallow() {
    fn depth(blocks: &[Block]) -> usize {
        let of = |block: &Block| match block {
            Block::List { items, .. } => {
                1 + items.iter().map(|item| depth(item)).max().unwrap_or(0)
            }
            _ => 0,
        };
        blocks.iter().map(of).max().unwrap_or(0)
    }
    let text = format!("{}fond", "- ".repeat(5_000));
    let blocks = markdown::to_blocks(&text);
    assert!(depth(&blocks) <= 6, "{}", depth(&blocks));
    assert!(markdown::to_plain(&text).contains("fond"));
    assert!(markdown::to_html(&format!("{}x", "> ".repeat(5_000))).contains('x'));
    assert!(
        markdown::to_html(&format!("{}x{}", "*_".repeat(3_000), "_*".repeat(3_000))).contains('x')
    );
}

#[test]
fn a_heading_in_a_field_is_a_bold_line() {
    assert_eq!(markdown::to_html("# Grand titre"), "<p><strong>Grand titre</strong></p>\n");
}
