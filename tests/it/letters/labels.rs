//! Address labels: where each stands on its sheet.

use chappe::render::letters::{Label, LabelCut, LabelJob, LabelSheet, print_labels};

use super::*;

/// Points a millimetre.
const MM: f64 = 72.0 / 25.4;

fn label(number: usize) -> Label {
    // As long and as many as an address can be.
    let lines = (1..=6).map(|line| format!("{line}L{number:03}{}", "M".repeat(33)));
    let mark = format!("6A · {} · Mairie de Saint-Martin", reference(number));
    Label { address: lines.collect(), mark }
}

fn labels(sheet: LabelSheet, first: usize, count: usize) -> (Paper, usize) {
    let job = LabelJob {
        title: "Lot 3 : étiquettes".to_owned(),
        school: "Collège Jean-Moulin".to_owned(),
        date: jiff::civil::date(2020, 3, 16),
        sheet,
        first,
        labels: (0..count).map(label).collect(),
    };
    let (pdf, sheets) = print_labels(&job).unwrap();
    (Paper::of_file(&pdf), sheets)
}

/// A word, on which page, and its left, upper, right and lower edge in millimetres.
fn placed(paper: &Paper) -> Vec<(String, usize, [f64; 4])> {
    let told = poppler("pdftotext", &["-bbox"], &paper.path, &["-"]);
    let (mut page, mut words) = (0, Vec::new());
    for line in told.lines() {
        page += usize::from(line.contains("<page "));
        let Some((_, word)) = line.split_once("<word ") else { continue };
        let edge = |name: &str| {
            let (_, rest) = word.split_once(&format!("{name}=\"")).unwrap();
            rest.split('"').next().unwrap().parse::<f64>().unwrap() / MM
        };
        let edges = ["xMin", "yMin", "xMax", "yMax"].map(edge);
        let text = word.split_once('>').unwrap().1.split('<').next().unwrap();
        words.push((text.to_owned(), page, edges));
    }
    words
}

#[test]
fn every_label_stands_within_its_own_cut_and_a_begun_sheet_is_used_up() {
    for sheet in LabelSheet::ALL {
        let LabelCut { columns, width, height, left, top, gap, .. } = sheet.cut();
        let (first, count) = (sheet.labels() - 1, sheet.labels() + 3);
        let (paper, sheets) = labels(sheet, first, count);
        assert_eq!(sheets, 3, "{sheet:?}");
        let words = placed(&paper);
        for number in 0..count {
            let place = number + first - 1;
            let (page, at) = (place / sheet.labels() + 1, place % sheet.labels());
            let x = left + (width + gap) * f64::from(u32::try_from(at % columns).unwrap());
            let y = top + height * f64::from(u32::try_from(at / columns).unwrap());
            let named = [format!("L{number:03}M"), reference(number)];
            let own = words.iter().filter(|(word, ..)| named.iter().any(|it| word.contains(it)));
            let own: Vec<_> = own.collect();
            assert_eq!(own.len(), 7, "{sheet:?}: six lines and a mark");
            for (word, on, [left, top, right, bottom]) in own {
                let is_within = *left >= x + 4.0
                    && *right <= x + width - 4.0
                    && *top >= y + 1.0
                    && *bottom <= y + height - 1.0;
                assert!(*on == page && is_within, "{sheet:?}, {word}: {left} {top} in {x} {y}");
            }
        }
        let checked = Command::new("qpdf").arg("--check").arg(&paper.path).output().unwrap();
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
        let document = Document::load(&paper.path).unwrap();
        assert!(document.catalog().unwrap().has(b"StructTreeRoot"));
    }
}
