//! What an inspection finds, and how bad it is.

use std::error::Error;
use std::fmt;
use std::path::PathBuf;

use jiff::civil::DateTime;
use serde::{Serialize, Serializer};

/// Why something does not work, as whoever tried it was told.
pub type Why = Box<dyn Error + Send + Sync>;

/// How bad something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// In order.
    Sound,
    /// Perhaps in order: a person should look.
    Doubtful,
    /// Something must be done.
    Failing,
}

/// A moment as the clocks of the school show it; `2026-12-04 07:00` where no door says it otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockTime(pub DateTime);

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.strftime("%Y-%m-%d %H:%M"))
    }
}

impl Serialize for ClockTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What was found.
#[derive(Debug, Serialize)]
#[serde(tag = "finding", rename_all = "snake_case")]
pub enum Finding {
    /// The configuration can be read.
    Configuration {
        /// Where it stands.
        file: PathBuf,
    },
    /// Values that are nobody's.
    ExamplesLeft {
        /// Which: `school.name`.
        keys: Vec<String>,
    },
    /// The UAI is perhaps mistyped.
    OddUai {
        /// Why.
        doubt: String,
    },
    /// What families look for in every message is not said.
    Unsaid {
        /// Which, of `[school]`.
        keys: Vec<&'static str>,
    },
    /// The UAI is of an overseas school that lives by another zone, or has other telephone numbers.
    Overseas {
        /// The zone of its place.
        zone: &'static str,
        /// The region of its place.
        region: &'static str,
    },
    /// The school, and how its numbers and hours are read.
    School {
        /// Its UAI.
        uai: String,
        /// Whose numbers are typed without prefix.
        region: String,
        /// By whose clocks.
        zone: String,
    },
    /// Its telephone number cannot be dialled in its region.
    BadPhone {
        /// Why.
        why: String,
        /// In which.
        region: String,
    },
    /// Its e-mail address is none.
    BadEmail {
        /// Why.
        why: String,
    },
    /// Files of secrets that only their owner, or a group, reads.
    Secrets {
        /// How many.
        files: usize,
    },
    /// Everybody on this machine may read a secret.
    OpenSecret {
        /// Its key.
        key: String,
        /// Where it stands.
        file: PathBuf,
    },
    /// The certificate of the pages holds.
    Certificate {
        /// Until when.
        until: ClockTime,
    },
    /// It is over within 21 days.
    CertificateEnds {
        /// When.
        until: ClockTime,
    },
    /// It is over.
    CertificateOver {
        /// Since when.
        since: ClockTime,
    },
    /// There is none that can be shown.
    NoCertificate {
        /// Why.
        why: String,
    },
    /// How many people the database knows.
    People {
        /// Pupils.
        pupils: usize,
        /// Guardians and staff.
        adults: usize,
    },
    /// The database knows nobody.
    Nobody,
    /// Nothing is sent until somebody lifts the hold.
    OnHold,
    /// Nothing leaves until a daemon runs.
    NoDaemon,
    /// Free space for the database.
    Room {
        /// How much.
        megabytes: u64,
    },
    /// Too little of it.
    LittleRoom {
        /// How much.
        megabytes: u64,
    },
    /// Templates that can be used.
    Templates {
        /// How many.
        sound: usize,
    },
    /// Text messages leave by a short number.
    ShortNumber,
    /// A template that cannot be used.
    BadTemplate {
        /// Which.
        template: String,
        /// What is wrong.
        what: String,
    },
    /// A letter was printed there, and removed.
    Printed {
        /// Where.
        folder: PathBuf,
    },
    /// No letter could be printed within the limits of the configuration.
    NotPrinted {
        /// Why.
        why: String,
    },
    /// Nothing can be written where letters go.
    NoFolder {
        /// Where.
        folder: PathBuf,
        /// Why.
        why: String,
    },
    /// The provider answers.
    Answers {
        /// What it says of itself.
        summary: String,
        /// The same for who reads the pages.
        #[serde(skip)]
        in_french: String,
    },
    /// Nothing is called: a person publishes there.
    ByHand {
        /// The program, as colleagues call it.
        program: String,
    },
    /// A printer of the network that prints what batches are.
    Printer,
    /// It stands still, or will before long.
    PrinterStands {
        /// Why, in the printer's words: `media-empty-error`.
        hindrances: Vec<String>,
    },
    /// It prints one side of a sheet, and batches are made for both.
    OneSidedPrinter,
    /// It cannot be used.
    NoPrinter {
        /// Why.
        why: String,
    },
    /// Batches can be sealed for a partner.
    Seals,
    /// They cannot: the program is not installed.
    NoSealing,
    /// The provider cannot be used: how the table of the configuration is called that names it.
    Unusable {
        /// Its table: `providers.relay.smtp`.
        table: String,
        /// Why.
        #[serde(serialize_with = "in_words")]
        why: Why,
    },
    /// People cannot identify themselves at the OpenID provider; their passwords let them in.
    NoSignIn {
        /// Why.
        #[serde(serialize_with = "in_words")]
        why: Why,
    },
    /// It refused what was sent, and is left alone for a while.
    LeftAlone {
        /// Until when.
        until: ClockTime,
        /// Why, in French.
        reason: String,
    },
    /// Something else does not work.
    Broken {
        /// Why.
        #[serde(serialize_with = "in_words")]
        why: Why,
    },
}

fn in_words<S: Serializer>(why: &Why, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(why)
}

impl Finding {
    /// How bad it is.
    #[must_use]
    pub const fn state(&self) -> Severity {
        match self {
            Self::Configuration { .. }
            | Self::School { .. }
            | Self::Secrets { .. }
            | Self::Certificate { .. }
            | Self::People { .. }
            | Self::Room { .. }
            | Self::Templates { .. }
            | Self::ShortNumber
            | Self::Printed { .. }
            | Self::Answers { .. }
            | Self::ByHand { .. }
            | Self::Printer
            | Self::Seals => Severity::Sound,
            Self::OddUai { .. }
            | Self::Unsaid { .. }
            | Self::Overseas { .. }
            | Self::CertificateEnds { .. }
            | Self::Nobody
            | Self::OnHold
            | Self::NoDaemon
            | Self::PrinterStands { .. } => Severity::Doubtful,
            Self::ExamplesLeft { .. }
            | Self::BadPhone { .. }
            | Self::BadEmail { .. }
            | Self::OpenSecret { .. }
            | Self::CertificateOver { .. }
            | Self::NoCertificate { .. }
            | Self::LittleRoom { .. }
            | Self::BadTemplate { .. }
            | Self::NotPrinted { .. }
            | Self::NoFolder { .. }
            | Self::Unusable { .. }
            | Self::NoSignIn { .. }
            | Self::OneSidedPrinter
            | Self::NoPrinter { .. }
            | Self::NoSealing
            | Self::LeftAlone { .. }
            | Self::Broken { .. } => Severity::Failing,
        }
    }

    pub(super) fn broken(why: impl Into<Why>) -> Self {
        Self::Broken { why: why.into() }
    }
}
