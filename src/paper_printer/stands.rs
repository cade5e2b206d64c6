//! How printers and their jobs stand.

use ipp::model::{JobState, PrinterState};

/// A printer, as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrinterStands {
    /// Whether it works.
    pub state: PaperPrinterState,
    /// Why, in the words of RFC 8011 (5.4.12): `media-empty-error`, `cover-open`; `none` where there is nothing to say.
    pub reasons: Vec<String>,
    /// Whether it takes more.
    pub is_accepting: bool,
    /// Whether it prints PDFs.
    pub takes_pdf: bool,
    /// On which sides of a sheet it prints: `one-sided`, `two-sided-long-edge`.
    pub sides: Vec<String>,
    /// On what: `iso_a4_210x297mm`.
    pub media: Vec<String>,
}

/// Whether a printer works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperPrinterState {
    /// It waits for work.
    Idle,
    /// It prints.
    AtWork,
    /// Somebody has to see to it.
    Stopped,
}

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobStands {
    /// It waits, or is printed.
    UnderWay,
    /// It stands still.
    Stopped,
    /// All of it is printed, as far as the printer knows.
    Printed,
    /// Somebody, or the printer, gave it up.
    GivenUp,
}

/// Both sides of a sheet, turned as a book is.
pub(super) const TWO_SIDED: &str = "two-sided-long-edge";

impl PrinterStands {
    /// Whether it prints on both sides of a sheet.
    #[must_use]
    pub fn prints_two_sided(&self) -> bool {
        self.sides.iter().any(|it| it == TWO_SIDED)
    }

    /// What keeps it from printing, in words of its own; empty where nothing does.
    #[must_use]
    pub fn hindrances(&self) -> Vec<&str> {
        let is_hindrance = |it: &&str| *it != "none" && !it.ends_with("-report");
        self.reasons.iter().map(String::as_str).filter(is_hindrance).collect()
    }
}

impl From<PrinterState> for PaperPrinterState {
    fn from(state: PrinterState) -> Self {
        match state {
            PrinterState::Idle => Self::Idle,
            PrinterState::Processing => Self::AtWork,
            PrinterState::Stopped => Self::Stopped,
        }
    }
}

impl From<JobState> for JobStands {
    fn from(state: JobState) -> Self {
        match state {
            JobState::Pending | JobState::Processing => Self::UnderWay,
            JobState::PendingHeld | JobState::ProcessingStopped => Self::Stopped,
            JobState::Completed => Self::Printed,
            JobState::Canceled | JobState::Aborted => Self::GivenUp,
        }
    }
}
