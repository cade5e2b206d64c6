//! Address labels on the sheets that offices in France have: as wide as they are cut, and from any label of the first
//! sheet on, so that a sheet that was begun is used up.

use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::error::LettersError;
use super::sheet::SheetSetter;
use super::world::TypstLayout;

/// A sheet of labels, A4, by how many are on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum LabelSheet {
    /// 3 × 8 of 70 × 37 mm.
    #[default]
    TwentyFour,
    /// 3 × 7 of 63.5 × 38.1 mm.
    TwentyOne,
    /// 2 × 7 of 99.1 × 38.1 mm.
    Fourteen,
}

/// How a sheet is cut, in millimetres.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LabelCut {
    /// Labels beside each other.
    pub columns: usize,
    /// Labels below each other.
    pub rows: usize,
    /// The width of a label.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// From the left edge of the sheet to the first label.
    pub left: f64,
    /// From its upper edge to the first label.
    pub top: f64,
    /// Between labels beside each other; none stands apart from the one below.
    pub gap: f64,
}

impl LabelSheet {
    /// Every sheet.
    pub const ALL: [Self; 3] = [Self::TwentyFour, Self::TwentyOne, Self::Fourteen];

    /// How it is cut.
    #[must_use]
    pub const fn cut(self) -> LabelCut {
        let (columns, rows, width, height, left, top, gap) = match self {
            Self::TwentyFour => (3, 8, 70.0, 37.0, 0.0, 0.5, 0.0),
            Self::TwentyOne => (3, 7, 63.5, 38.1, 7.21, 15.15, 2.54),
            Self::Fourteen => (2, 7, 99.1, 38.1, 4.63, 15.15, 2.54),
        };
        LabelCut { columns, rows, width, height, left, top, gap }
    }

    /// How many labels are on it.
    #[must_use]
    pub const fn labels(self) -> usize {
        let LabelCut { columns, rows, .. } = self.cut();
        columns * rows
    }
}

impl FromStr for LabelSheet {
    type Err = NoSuchLabelSheet;

    fn from_str(typed: &str) -> Result<Self, NoSuchLabelSheet> {
        let known = Self::ALL.into_iter().find(|sheet| sheet.labels().to_string() == typed.trim());
        known.ok_or(NoSuchLabelSheet)
    }
}

/// What was typed is no sheet of labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("sheets of labels are 24 (70 × 37 mm), 21 (63.5 × 38.1 mm) and 14 (99.1 × 38.1 mm)")]
pub struct NoSuchLabelSheet;

/// A label. `Debug` hides what stands on it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// By NF Z 10-011: at most seven lines of 38 signs.
    pub address: Vec<String>,
    /// For whoever sorts: the class, the reference, where it is fetched.
    pub mark: String,
}

impl std::fmt::Debug for Label {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Label({} lines)", self.address.len())
    }
}

/// Labels to print.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LabelJob {
    /// The title of the file.
    pub title: String,
    /// The school.
    pub school: String,
    /// The day of the file.
    pub date: Date,
    /// On which sheets.
    pub sheet: LabelSheet,
    /// The label of the first sheet on which it begins, the first being 1.
    pub first: usize,
    /// In the order in which they are printed: along the rows.
    pub labels: Vec<Label>,
}

#[derive(Serialize)]
struct LabelsData<'a> {
    title: &'a str,
    school: &'a str,
    year: i16,
    month: i8,
    day: i8,
    cut: LabelCut,
    /// Sheet by sheet: where each stands, and what stands on it.
    sheets: Vec<Vec<(usize, Label)>>,
}

/// Prints labels; the PDF and its sheets.
pub fn print_labels(job: &LabelJob) -> Result<(Vec<u8>, usize), LettersError> {
    let mut setter = SheetSetter::new(TypstLayout::Labels)?;
    let (on_a_sheet, before) = (job.sheet.labels(), job.first.saturating_sub(1));
    let mut sheets: Vec<Vec<(usize, Label)>> = Vec::new();
    for (place, label) in (before..).zip(&job.labels) {
        let at = place % on_a_sheet;
        if at == 0 || sheets.is_empty() {
            sheets.push(Vec::new());
        }
        let printable = |text: &String| setter.printable(text);
        let (address, mark) = (&label.address, printable(&label.mark));
        let label = Label { address: address.iter().map(printable).collect(), mark };
        if let Some(sheet) = sheets.last_mut() {
            sheet.push((at, label));
        }
    }
    setter.set(&LabelsData {
        title: &job.title,
        school: &job.school,
        year: job.date.year(),
        month: job.date.month(),
        day: job.date.day(),
        cut: job.sheet.cut(),
        sheets,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sheet_of_labels_is_cut_out_of_the_middle_of_an_a4() {
        for sheet in LabelSheet::ALL {
            let LabelCut { columns, rows, width, height, left, top, gap } = sheet.cut();
            #[expect(clippy::cast_precision_loss, reason = "a few labels")]
            let (columns, rows) = (columns as f64, rows as f64);
            let wide = left * 2.0 + width * columns + gap * (columns - 1.0);
            let high = top * 2.0 + height * rows;
            assert!((wide - 210.0).abs() < 0.1 && (high - 297.0).abs() < 0.1, "{wide} × {high}");
            assert_eq!(sheet.labels().to_string().parse(), Ok(sheet));
        }
        assert_eq!("12".parse::<LabelSheet>(), Err(NoSuchLabelSheet));
    }
}
