//! Tables of a message: set as tables where they can be, told row by row elsewhere, and whole everywhere.

use super::*;

const HOURS: &str = "\
| Niveau | Heure | Salle |
|--------|-------|-------|
| 6e | 9h à 10h | **12** |
| 5e | 10h à 11h | |";

#[test]
fn a_table_is_a_table_in_html() {
    let html = markdown::to_html(HOURS);
    assert_eq!(html.matches("<tr>").count(), 3, "{html}");
    assert!(html.contains("<thead>\n<tr><th scope=\"col\">Niveau</th><th"), "{html}");
    assert!(html.contains("</td><td><strong>12</strong></td></tr>"), "{html}");
    assert!(!html.contains('|'), "{html}");
}

#[test]
fn a_row_is_a_line_that_needs_no_other_where_there_are_no_tables() {
    let lines = ["Niveau 6e : Heure 9h à 10h, Salle 12", "Niveau 5e : Heure 10h à 11h"];
    assert_eq!(markdown::to_plain(HOURS), format!("- {}\n- {}", lines[0], lines[1]));
    assert_eq!(markdown::line_of(&markdown::to_blocks(HOURS)), lines.join(" ; "));
}

#[test]
fn a_line_of_a_table_costs_no_other_alphabet_than_its_cells() {
    let line = markdown::line_of(&markdown::to_blocks(HOURS));
    assert_eq!(segments(&line).encoding, Encoding::Gsm7, "{line}");
}

#[test]
fn a_table_without_titles_or_without_rows_says_what_it_holds() {
    let cases = [
        ("| | lundi | mardi |\n|-|-|-|\n| 8h | maths | |", "- 8h : lundi maths"),
        ("| Nom |\n|---|\n| Arago |", "- Nom Arago"),
        ("| Nom | Classe |\n|---|---|", "- Nom, Classe"),
        ("a | b\n-|-\n1 | 2", "- a 1 : b 2"),
        ("| a | b |\n|-|-|\n| 1 | |\n| | |\n| | 2 |", "- a 1\n- b 2"),
    ];
    for (typed, told) in cases {
        assert_eq!(markdown::to_plain(typed), told);
    }
}

#[test]
fn titles_that_are_sentences_or_that_no_cell_tells_stand_once_and_what_is_empty_is_not_told() {
    let form = "| Ce que nous avons noté | Ce qui a changé |\n|-|-|\n| Mobile : aucun | |\n| | |\n\
                | Une imprimante | oui |";
    let told =
        "Ce que nous avons noté / Ce qui a changé :\n- Mobile : aucun\n- Une imprimante : oui";
    assert_eq!(markdown::to_plain(form), told);
    let line = "Ce que nous avons noté / Ce qui a changé : Mobile : aucun ; Une imprimante : oui";
    assert_eq!(markdown::line_of(&markdown::to_blocks(form)), line);
}

#[test]
fn what_stands_around_a_table_is_no_row_of_it() {
    let text = format!("Les horaires :\n{HOURS}\nMerci.");
    let blocks = markdown::to_blocks(&text);
    assert!(
        matches!(&blocks[..], [Block::Paragraph { .. }, Block::Table { rows, .. }, Block::Paragraph { .. }]
            if rows.len() == 2),
        "{blocks:?}"
    );
}

#[test]
fn no_cell_is_lost_where_the_rows_are_longer_than_the_head() {
    let uneven = [
        "| a | b |\n|---|---|\n| c | d | perdue |",
        "a | b\n--|--\nc | d | perdue",
        "| a |\n|---|---|\n| c | perdue |",
        "| a | b | perdue |\n|---|\n| c |",
    ];
    for typed in uneven {
        let blocks = markdown::to_blocks(typed);
        assert!(matches!(&blocks[..], [Block::Table { .. }]), "{blocks:?}");
        assert!(markdown::to_html(typed).contains("perdue"), "{typed}");
        assert!(markdown::to_plain(typed).contains("perdue"), "{typed}");
    }
}

#[test]
fn bars_without_a_line_below_the_first_are_bars() {
    for typed in ["6A | 6B", "| 6A | 6B |\n| 5A | 5B |", "- lundi | mardi\n- jeudi"] {
        assert!(!markdown::to_html(typed).contains("<table"), "{typed}");
    }
    let html = markdown::to_html("| a \\| b | c |\n|---|---|\n| 1 | 2 |");
    assert!(html.contains(">a | b</th>"), "{html}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_cell_of_any_table_is_lost(
        rows in prop::collection::vec(prop::collection::vec("[a-z]{2,6}", 1..7), 2..6),
        outer in any::<bool>(),
    ) {
        let line = |cells: &[String]| if outer {
            format!("| {} |", cells.join(" | "))
        } else {
            format!("{} |", cells.join(" | "))
        };
        let mut lines: Vec<String> = rows.iter().map(|row| line(row)).collect();
        lines.insert(1, line(&vec!["---".to_owned(); rows[0].len()]));
        let html = markdown::to_html(&lines.join("\n"));
        for cell in rows.iter().flatten() {
            prop_assert!(html.contains(&format!(">{cell}</t")), "{} in {}", cell, html);
        }
    }
}
