//! `chappe letters on`: a batch on a printer that speaks IPP, whatever that printer does.

mod real;

use std::io::{Cursor, Read as _};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use ipp::parser::IppParser;
use ipp::prelude::*;
use ipp::reader::IppReader;

use super::answers;
use super::office::{Answer, FIELDS, Office};

/// A printer, as it behaves.
#[derive(Clone)]
struct Behaviour {
    /// How it stands, each time that it is asked; the last one from then on.
    printer: Vec<(PrinterState, &'static str)>,
    /// How the job stands, the same way.
    job: Vec<JobState>,
    sides: Vec<&'static str>,
    formats: Vec<&'static str>,
    is_accepting: bool,
    /// What it answers to a job.
    takes: StatusCode,
}

impl Behaviour {
    fn usual() -> Self {
        Self {
            printer: vec![(PrinterState::Idle, "none")],
            job: vec![JobState::Processing, JobState::Completed],
            sides: vec!["one-sided", "two-sided-long-edge"],
            formats: vec!["image/pwg-raster", "application/pdf"],
            is_accepting: true,
            takes: StatusCode::SuccessfulOk,
        }
    }
}

/// What it was given: the attributes of each job, and its octets.
#[derive(Default)]
struct Tray {
    jobs: Vec<(String, Vec<u8>)>,
    asked_printer: usize,
    asked_job: usize,
}

/// A printer on this machine.
struct FakePrinter {
    tray: Arc<Mutex<Tray>>,
    url: String,
    _runtime: tokio::runtime::Runtime,
}

fn word(name: &str, value: &str) -> IppAttribute {
    let value = value.to_owned();
    let value = match name {
        "document-format-supported" => IppValue::MimeMediaType(value.try_into().unwrap()),
        _ => IppValue::Keyword(value.try_into().unwrap()),
    };
    IppAttribute::with_name(name, value).unwrap()
}

fn words(name: &str, values: &[&str]) -> IppAttribute {
    let all = values.iter().map(|it| word(name, it).into_value()).collect();
    IppAttribute::with_name(name, IppValue::Array(all)).unwrap()
}

fn answer(behaviour: &Behaviour, tray: &Mutex<Tray>, asked: &[u8]) -> Vec<u8> {
    let asked = IppParser::new(IppReader::new(Cursor::new(asked.to_vec()))).parse().unwrap();
    let header = asked.header();
    let operation = Operation::from_i16(header.operation_or_status).unwrap();
    let mut tray = tray.lock().unwrap();
    let status =
        if operation == Operation::PrintJob { behaviour.takes } else { StatusCode::SuccessfulOk };
    let mut said =
        IppRequestResponse::new_response(IppVersion::v1_1(), status, header.request_id).unwrap();
    match operation {
        Operation::GetPrinterAttributes => {
            let at = tray.asked_printer.min(behaviour.printer.len() - 1);
            tray.asked_printer += 1;
            let (state, reason) = behaviour.printer[at];
            let state =
                IppAttribute::with_name("printer-state", IppValue::Enum(state as i32)).unwrap();
            let accepting = IppValue::Boolean(behaviour.is_accepting);
            let group = [
                state,
                word("printer-state-reasons", reason),
                IppAttribute::with_name("printer-is-accepting-jobs", accepting).unwrap(),
                words("document-format-supported", &behaviour.formats),
                words("sides-supported", &behaviour.sides),
                words("media-supported", &["iso_a4_210x297mm", "na_letter_8.5x11in"]),
            ];
            for attribute in group {
                said.attributes_mut().add(DelimiterTag::PrinterAttributes, attribute);
            }
        }
        Operation::PrintJob => {
            let wishes = asked.attributes().first_of(DelimiterTag::JobAttributes);
            let wishes = wishes.map(|it| format!("{:?}", it.attributes())).unwrap_or_default();
            let mut pdf = Vec::new();
            asked.into_payload().read_to_end(&mut pdf).unwrap();
            tray.jobs.push((wishes, pdf));
            let id = IppAttribute::with_name("job-id", IppValue::Integer(41)).unwrap();
            said.attributes_mut().add(DelimiterTag::JobAttributes, id);
        }
        Operation::GetJobAttributes => {
            let at = tray.asked_job.min(behaviour.job.len() - 1);
            tray.asked_job += 1;
            let state = IppValue::Enum(behaviour.job[at] as i32);
            let state = IppAttribute::with_name("job-state", state).unwrap();
            said.attributes_mut().add(DelimiterTag::JobAttributes, state);
        }
        other => panic!("{other:?}"),
    }
    said.to_bytes().to_vec()
}

impl FakePrinter {
    fn start(behaviour: Behaviour) -> Self {
        let tray = Arc::new(Mutex::new(Tray::default()));
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let seen = Arc::clone(&tray);
        let door = post(move |asked: Bytes| async move { answer(&behaviour, &seen, &asked) });
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("ipp://{}/ipp/print", listener.local_addr().unwrap());
        let router = Router::new().route("/ipp/print", door);
        let router = router.layer(axum::extract::DefaultBodyLimit::disable());
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self { tray, url, _runtime: runtime }
    }
}

/// An office with a printed batch and this printer.
fn printed(printer: &FakePrinter) -> Office {
    printed_for(&printer.url, "")
}

/// An office with a printed batch, these settings, and a printer at this address.
fn printed_for(url: &str, settings: &str) -> Office {
    let office = Office::with_school();
    let config = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
    let printers = format!("{config}\n{settings}\n[printers.salle]\nurl = \"{url}\"\n");
    office.write("chappe.toml", printers);
    let send = ["send", "fermeture", "--to", "foyers classe:6A", "--plan", "papier"];
    office.run(send.into_iter().chain(FIELDS)).done();
    office.run(["letters"]).done();
    office
}

fn on(office: &Office, more: &[&str]) -> Answer {
    office.run(["letters", "on", "salle", "1"].into_iter().chain(more.iter().copied()))
}

#[test]
fn a_batch_is_one_job_of_its_very_bytes_and_is_followed_to_its_end() {
    let stops = Behaviour {
        printer: vec![
            (PrinterState::Idle, "none"),
            (PrinterState::Stopped, "media-empty-error"),
            (PrinterState::Processing, "none"),
        ],
        job: vec![JobState::Processing, JobState::Processing, JobState::Completed],
        ..Behaviour::usual()
    };
    let printer = FakePrinter::start(stops);
    let office = printed(&printer);
    let told = on(&office, &[]);
    assert!(told.err.contains("media-empty-error"), "{}", told.err);
    assert!(told.done().contains("Batch 1 is printed on salle (job 41)"));
    let own = std::fs::read(office.path("letters/lettres-0001.pdf")).unwrap();
    let tray = printer.tray.lock().unwrap();
    let (wishes, pdf) = &tray.jobs[0];
    assert!(tray.jobs.len() == 1 && *pdf == own, "one document a job");
    assert!(
        wishes.contains("two-sided-long-edge") && wishes.contains("iso_a4_210x297mm"),
        "{wishes}"
    );
    drop(tray);
    // From a page on, after a jam.
    let rest = on(&office, &["--from-page", "3", "--json"]).json();
    answers::holds("letters_on", &rest);
    let tray = printer.tray.lock().unwrap();
    assert!(tray.jobs[1].1.len() < own.len());
    drop(tray);
    let acts = office.run(["journal", "--json"]).done();
    assert_eq!(acts.matches("\"print_on_paper\"").count(), 2);
}

#[test]
fn a_printer_that_cannot_is_told_before_anything_is_sent() {
    for (behaviour, why) in [
        (
            Behaviour {
                printer: vec![(PrinterState::Stopped, "cover-open-error")],
                ..Behaviour::usual()
            },
            "the printer stands still (cover-open-error); nothing was sent",
        ),
        (
            Behaviour { is_accepting: false, ..Behaviour::usual() },
            "the printer stands still (it does not say why); nothing was sent",
        ),
        (
            Behaviour { formats: vec!["image/pwg-raster"], ..Behaviour::usual() },
            "the printer takes no PDF; nothing is printed",
        ),
        (
            Behaviour { sides: vec!["one-sided"], ..Behaviour::usual() },
            "on one side alone, and the batch is made for both; nothing is printed",
        ),
    ] {
        let printer = FakePrinter::start(behaviour);
        let office = printed(&printer);
        let before = office.rows();
        let told = on(&office, &[]).failed_in(&before, &office);
        assert!(told.contains(why), "{why} in\n{told}");
        assert!(printer.tray.lock().unwrap().jobs.is_empty());
    }
}

#[test]
fn a_job_that_is_refused_or_given_up_and_a_printer_that_is_none_are_told() {
    let refuses = Behaviour {
        takes: StatusCode::ClientErrorDocumentFormatNotSupported,
        ..Behaviour::usual()
    };
    let printer = FakePrinter::start(refuses);
    let office = printed(&printer);
    let before = office.rows();
    assert!(on(&office, &[]).failed_in(&before, &office).contains("the printer refuses"));
    let told = office.run(["letters", "on", "couloir", "1"]).failed_in(&before, &office);
    assert!(told.contains("there is no printer \"couloir\"; there are: salle"), "{told}");
    let config = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
    let config = format!("{config}\n[printers.couloir]\nurl = \"http://192.0.2.7/\"\n");
    office.write("chappe.toml", config);
    let told = office.run(["letters", "on", "couloir", "1"]).failed_in(&before, &office);
    assert!(
        told.contains("printer \"couloir\": this is no address of a printer")
            && told.contains("see its url under [printers]"),
        "{told}"
    );
    let told = office.run(["letters", "on", "salle", "7"]).failed_in(&before, &office);
    assert!(told.contains("there is no batch 7"), "{told}");

    let printer =
        FakePrinter::start(Behaviour { job: vec![JobState::Aborted], ..Behaviour::usual() });
    let told = on(&printed(&printer), &[]).failed();
    assert!(told.contains("gave up job 41") && told.contains("--from-page"), "{told}");
    let office = printed(&printer);
    drop(printer);
    let told = on(&office, &[]).failed();
    assert!(told.contains("the printer does not answer") && !told.contains("127.0.0.1"), "{told}");
}

#[test]
fn doctor_says_how_each_printer_stands() {
    for (behaviour, told) in [
        (Behaviour::usual(), "ok   salle (printer): waits for work"),
        (
            Behaviour {
                printer: vec![(PrinterState::Stopped, "media-jam-error")],
                ..Behaviour::usual()
            },
            "warn salle (printer): somebody has to see to it (media-jam-error)",
        ),
        (
            Behaviour { sides: vec!["one-sided"], ..Behaviour::usual() },
            "FAIL salle (printer): it prints one side, and batches are made for both",
        ),
        (
            Behaviour { formats: vec!["image/urf"], ..Behaviour::usual() },
            "FAIL salle (printer): it takes no PDF",
        ),
    ] {
        let printer = FakePrinter::start(behaviour);
        let office = Office::with_school();
        let config = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
        let printers = format!("{config}\n[printers.salle]\nurl = \"{}\"\n", printer.url);
        office.write("chappe.toml", printers);
        let answer = office.run(["doctor"]);
        assert!(answer.out.contains(told), "{told} in\n{}", answer.out);
    }
}
