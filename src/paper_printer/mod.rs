//! Printers on the network, by IPP (RFC 8011): how one stands, a job of one document, and what becomes of it. What a
//! printer says of its own state is what counts: a job on one that stands still says nothing of why, and pages that are
//! counted prove nothing.

mod settings;
mod stands;

use std::io::Cursor;
use std::time::Duration;

use ipp::operation::IppOperation;
use ipp::parser::IppParser;
use ipp::prelude::*;
use ipp::reader::IppReader;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Url};

use crate::tls;

pub use settings::{BadPrinterUrl, PaperPrinterSettings};
use stands::TWO_SIDED;
pub use stands::{JobStands, PaperPrinterState, PrinterStands};

/// How long a printer may take to answer a question; one that wakes up takes a while.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long it may take a document in: an old one prints as it reads.
const SENDING: Duration = Duration::from_mins(20);
/// Octets of the longest answer that is read.
const LONGEST_ANSWER: usize = 1024 * 1024;
/// What is asked of a printer.
const ASKED: [&str; 6] = [
    "printer-state",
    "printer-state-reasons",
    "printer-is-accepting-jobs",
    "document-format-supported",
    "sides-supported",
    "media-supported",
];
const PDF: &str = "application/pdf";
const A4: &str = "iso_a4_210x297mm";
/// As whom we send.
const US: &str = "chappe";

/// A printer.
#[derive(Debug, Clone)]
pub struct PaperPrinter {
    client: Client,
    /// Where it is asked.
    url: Url,
    /// What it calls itself.
    uri: Uri,
}

/// Why a printer does not print.
#[derive(Debug, thiserror::Error)]
pub enum PaperPrinterError {
    /// Nobody answers there.
    #[error("the printer does not answer: {0}")]
    Silent(String),
    /// It answers something that is none.
    #[error("the printer gives an answer that is none ({0})")]
    Garbled(String),
    /// It refuses.
    #[error("the printer refuses: {0}")]
    Refused(String),
    /// It prints no PDF.
    #[error("the printer takes no PDF")]
    NoPdf,
    /// It prints one side of a sheet, and what is to be printed is made for both.
    #[error("the printer prints on one side alone, and the batch is made for both")]
    OneSided,
}

impl PaperPrinter {
    /// A printer with these settings.
    pub fn new(settings: &PaperPrinterSettings) -> Result<Self, BadPrinterUrl> {
        let (url, uri) = settings.addresses()?;
        let tls =
            if url.scheme() == "https" { tls::client_config(None) } else { tls::no_authority() };
        let client = Client::builder()
            .tls_backend_preconfigured(tls.map_err(|_| BadPrinterUrl)?)
            .connect_timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|_| BadPrinterUrl)?;
        Ok(Self { client, url, uri })
    }

    /// How it stands.
    pub async fn look(&self) -> Result<PrinterStands, PaperPrinterError> {
        let ask = IppOperationBuilder::get_printer_attributes(self.uri.clone()).attributes(ASKED);
        let answer = self.ask(ask.build().map_err(ours)?, PATIENCE).await?;
        let of = |name| values(&answer, DelimiterTag::PrinterAttributes, name);
        let state = of("printer-state").first().and_then(number).and_then(PrinterState::from_i32);
        Ok(PrinterStands {
            state: state.map(PaperPrinterState::from).ok_or_else(|| {
                PaperPrinterError::Garbled("it does not say how it stands".to_owned())
            })?,
            reasons: words(&of("printer-state-reasons")),
            is_accepting: !of("printer-is-accepting-jobs").contains(&IppValue::Boolean(false)),
            takes_pdf: words(&of("document-format-supported")).iter().any(|it| it == PDF),
            sides: words(&of("sides-supported")),
            media: words(&of("media-supported")),
        })
    }

    /// Gives it a PDF of A4 pages, made for both sides of a sheet or for one, as a job of its own; the job's number. `stands`
    /// is how it stood just now.
    pub async fn print(
        &self,
        stands: &PrinterStands,
        name: &str,
        pdf: Vec<u8>,
        is_two_sided: bool,
    ) -> Result<i32, PaperPrinterError> {
        if !stands.takes_pdf {
            return Err(PaperPrinterError::NoPdf);
        }
        let wanted = if is_two_sided { TWO_SIDED } else { "one-sided" };
        if is_two_sided && !stands.prints_two_sided() {
            return Err(PaperPrinterError::OneSided);
        }
        // What a printer does not know it may refuse the job for.
        let mut wishes = Vec::new();
        if stands.sides.iter().any(|it| it == wanted) {
            wishes.push(keyword("sides", wanted)?);
        }
        if stands.media.iter().any(|it| it == A4) {
            wishes.push(keyword("media", A4)?);
        }
        let job = IppOperationBuilder::print_job(self.uri.clone(), payload(pdf))
            .user_name(US)
            .job_title(name)
            .document_format(PDF)
            .attributes(wishes);
        let answer = self.ask(job.build().map_err(ours)?, SENDING).await?;
        let id = values(&answer, DelimiterTag::JobAttributes, "job-id");
        let id = id.first().and_then(number);
        id.ok_or_else(|| PaperPrinterError::Garbled("it names no job".to_owned()))
    }

    /// How a job stands.
    pub async fn job(&self, id: i32) -> Result<JobStands, PaperPrinterError> {
        let ask = IppOperationBuilder::get_job_attributes(self.uri.clone(), id).user_name(US);
        let answer = self.ask(ask.build().map_err(ours)?, PATIENCE).await?;
        let state = values(&answer, DelimiterTag::JobAttributes, "job-state");
        let state = state.first().and_then(number).and_then(JobState::from_i32);
        let unknown = || PaperPrinterError::Garbled("it does not say how the job stands".into());
        state.map(JobStands::from).ok_or_else(unknown)
    }

    async fn ask(
        &self,
        what: impl IppOperation,
        patience: Duration,
    ) -> Result<IppRequestResponse, PaperPrinterError> {
        let mut asked = Vec::new();
        std::io::Read::read_to_end(&mut what.into_ipp_request().into_read(), &mut asked)
            .map_err(|error| PaperPrinterError::Silent(error.to_string()))?;
        let sent = self.client.post(self.url.clone()).timeout(patience);
        let sent = sent.header(CONTENT_TYPE, "application/ipp").body(asked).send().await;
        let mut answer = sent.map_err(silent)?;
        if !answer.status().is_success() {
            return Err(PaperPrinterError::Refused(answer.status().to_string()));
        }
        let mut said = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(silent)? {
            if said.len() + piece.len() > LONGEST_ANSWER {
                return Err(PaperPrinterError::Garbled("it is too long".to_owned()));
            }
            said.extend_from_slice(&piece);
        }
        let read = IppParser::new(IppReader::new(Cursor::new(said))).parse();
        let read = read.map_err(|error| PaperPrinterError::Garbled(error.to_string()))?;
        let status = read.header().status_code();
        if status.is_success() {
            Ok(read)
        } else {
            Err(PaperPrinterError::Refused(status.to_string()))
        }
    }
}

fn payload(pdf: Vec<u8>) -> IppPayload {
    IppPayload::new(Cursor::new(pdf))
}

fn keyword(name: &str, value: &str) -> Result<IppAttribute, PaperPrinterError> {
    let value = value.to_owned().try_into().map_err(ours)?;
    IppAttribute::with_name(name, IppValue::Keyword(value)).map_err(ours)
}

/// What cannot be asked so is a fault of ours, told all the same.
fn ours(error: impl std::fmt::Display) -> PaperPrinterError {
    PaperPrinterError::Refused(error.to_string())
}

/// The cause, without the address that the library would quote.
fn silent(error: reqwest::Error) -> PaperPrinterError {
    PaperPrinterError::Silent(error.without_url().to_string())
}

/// All that an answer says under a name.
fn values(answer: &IppRequestResponse, group: DelimiterTag, name: &str) -> Vec<IppValue> {
    let group = answer.attributes().first_of(group);
    match group.and_then(|it| it.get(name)).map(IppAttribute::value) {
        Some(IppValue::Array(several)) => several.clone(),
        Some(one) => vec![one.clone()],
        None => Vec::new(),
    }
}

fn number(value: &IppValue) -> Option<i32> {
    match value {
        IppValue::Integer(number) | IppValue::Enum(number) => Some(*number),
        _ => None,
    }
}

fn words(values: &[IppValue]) -> Vec<String> {
    let word = |value: &IppValue| match value {
        IppValue::Keyword(word)
        | IppValue::MimeMediaType(word)
        | IppValue::NameWithoutLanguage(word) => Some(word.as_str().to_owned()),
        _ => None,
    };
    values.iter().filter_map(word).collect()
}
