//! How fast, and with how much memory, a batch of letters is printed, with and without documents behind them; and
//! how fast e-mails are rendered. `cargo bench --bench letters`. Where qpdf is installed it joins the same pages.

#![expect(clippy::print_stdout, reason = "a bench prints its table")]

use std::error::Error;
use std::io;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use chappe::confined;
use chappe::delivery::{About, Recipient};
use chappe::message::Fields;
use chappe::people::{Civility, PersonKey};
use chappe::render::documents::fit;
use chappe::render::letters::{
    self, JobDocument, Letter, LetterJob, PartDocument, PupilPart, Sides,
};
use chappe::render::press::{self, Press};
use chappe::render::{Prepared, SchoolFacts, Templates};

const EMAILS: usize = 100_000;
/// Packets, and the pages that all of them share.
const PACKETS: usize = 1_000;
const SHARED: usize = 10;

fn main() -> ExitCode {
    // The press runs this very program as its child.
    let is_child = std::env::args().nth(1).is_some_and(|word| word == press::SUBCOMMAND);
    let outcome = if is_child {
        press::run_child(io::stdin().lock(), io::stdout().lock(), confined::limit_memory)
            .map_err(Into::into)
    } else {
        measure()
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("failed: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure() -> Result<(), Box<dyn Error>> {
    let prepared = prepare()?;
    println!("| what | number | seconds | per second | peak memory | pages | size |");
    println!("|---|---|---|---|---|---|---|");
    let folder = tempfile::tempdir()?;
    let output = folder.path().join("lettres.pdf");
    for count in [100, PACKETS, 5_000] {
        measure_job("letters, tagged", &job(&prepared, count)?, &output)?;
    }
    measure_packets(&prepared, folder.path())?;
    measure_emails(&prepared)
}

fn job(prepared: &Prepared, count: usize) -> Result<LetterJob, Box<dyn Error>> {
    Ok(LetterJob {
        title: "Fermeture du collège".into(),
        school: school(),
        date: jiff::civil::date(2020, 3, 16),
        sides: Sides::Two,
        documents: Vec::new(),
        piles: Vec::new(),
        letters: (0..count).map(|number| letter(prepared, number)).collect::<Result<_, _>>()?,
    })
}

/// Letters with the same pages behind each, beside the letters alone and qpdf, which joins both.
fn measure_packets(prepared: &Prepared, folder: &Path) -> Result<(), Box<dyn Error>> {
    let [alone, behind, packets, joined] =
        ["alone.pdf", "behind.pdf", "packets.pdf", "joined.pdf"].map(|name| folder.join(name));
    // Ten letters are as good as ten pages of a teacher's: text, faces, a picture each.
    let sheets =
        letters::print(&LetterJob { sides: Sides::One, ..job(prepared, SHARED)? }, |_| {})?;
    std::fs::write(&behind, fit(&sheets.pdf)?.pdf)?;
    let mut job = job(prepared, PACKETS)?;
    measure_job("the letters alone", &job, &alone)?;
    job.documents = vec![JobDocument {
        file: behind.clone(),
        subject: "Mathématiques".into(),
        title: "Fractions".into(),
        pages: SHARED,
        asked_back: None,
    }];
    for letter in &mut job.letters {
        letter.parts = vec![PupilPart {
            pupil: "Élève".into(),
            documents: vec![PartDocument { place: 0, codes: Vec::new() }],
        }];
    }
    measure_job("packets of 10 shared pages", &job, &packets)?;
    let mut qpdf = Command::new("qpdf");
    qpdf.args(["--empty", "--pages"]);
    for number in 0..PACKETS {
        qpdf.arg(&alone).arg(format!("{}-{}", 2 * number + 1, 2 * number + 2)).arg(&behind);
    }
    let start = Instant::now();
    match qpdf.arg("--").arg(&joined).status() {
        Ok(_) => println!(
            "| qpdf joins these letters and pages | {PACKETS} | {:.2} | | | | {:.2} MB |",
            start.elapsed().as_secs_f64(),
            megabytes(&joined)?
        ),
        Err(_) => println!("| qpdf is not installed | | | | | | |"),
    }
    Ok(())
}

fn measure_job(what: &str, job: &LetterJob, output: &Path) -> Result<(), Box<dyn Error>> {
    let press = Press {
        program: std::env::current_exe()?,
        memory_limit: 4 << 30,
        time_limit: Duration::from_mins(10),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let start = Instant::now();
    let printed = runtime.block_on(press.print(job, output, |_| {}))?;
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "| {what} | {} | {seconds:.2} | {:.0} | {} MB | {} | {:.2} MB |",
        printed.letters,
        rate(job.letters.len(), seconds),
        printed.peak_memory.unwrap_or(0) / 1_000_000,
        printed.pages,
        megabytes(output)?,
    );
    Ok(())
}

fn megabytes(file: &Path) -> Result<f64, Box<dyn Error>> {
    let kilobytes = u32::try_from(std::fs::metadata(file)?.len() / 1_000)?;
    Ok(f64::from(kilobytes) / 1e3)
}

fn measure_emails(prepared: &Prepared) -> Result<(), Box<dyn Error>> {
    let people: Vec<Recipient> = (0..1_000).map(person).collect();
    let start = Instant::now();
    for to in people.iter().cycle().take(EMAILS) {
        std::hint::black_box(prepared.email(to, "7K4M-02QB")?);
    }
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "| e-mails, one core | {EMAILS} | {seconds:.2} | {:.0} | | | |",
        rate(EMAILS, seconds)
    );
    Ok(())
}

fn rate(count: usize, seconds: f64) -> f64 {
    u32::try_from(count).map_or(0.0, f64::from) / seconds
}

fn prepare() -> Result<Prepared, Box<dyn Error>> {
    let templates = Templates::load(None)?;
    let fields: Fields = templates
        .info("fermeture")?
        .fields
        .iter()
        .map(|field| (field.name.clone(), field.example.clone()))
        .collect();
    Ok(templates.prepare("fermeture", &fields, &school())?)
}

fn letter(prepared: &Prepared, number: usize) -> Result<Letter, Box<dyn Error>> {
    let to = person(number);
    let reference = format!("7K4M-{number:03}C");
    let text = prepared.letter(&to, &reference)?;
    Ok(Letter {
        address: vec![
            format!("MME {}", to.name.to_uppercase()),
            format!("{number} RUE DES LILAS"),
            "31000 TOULOUSE".into(),
        ],
        reference,
        subject: text.subject,
        about: to.about.iter().map(|pupil| pupil.name.clone()).collect(),
        class_label: to.about.first().and_then(|pupil| pupil.class.clone()),
        question: text.question,
        form: text.form,
        body: text.body,
        large_print: false,
        calls: Vec::new(),
        diary: Vec::new(),
        parts: Vec::new(),
    })
}

/// Distinct people, in the shapes of a real school.
fn person(number: usize) -> Recipient {
    let pupil = |which: usize| About {
        pupil: None,
        level: None,
        name: format!("Élève{which} FAMILLE{number}"),
        class: (!number.is_multiple_of(17)).then(|| format!("{}A", 6 - which)),
    };
    Recipient::without_address(
        PersonKey(format!("siecle:{number}")),
        format!("Parent FAMILLE{number}"),
        Some(if number.is_multiple_of(2) { Civility::Mme } else { Civility::M }),
        (0..=number % 3).map(pupil).collect(),
    )
}

fn school() -> SchoolFacts {
    SchoolFacts {
        name: "Collège Jean-Moulin".into(),
        address_lines: vec!["1 rue des Écoles".into(), "31000 TOULOUSE".into()],
        phone: "05 36 49 00 01".into(),
        email: "secretariat@example.org".into(),
        website: "https://clg.example.org/info".into(),
        signatory_name: "Claire FONTAINE".into(),
        signatory_title: "La Principale".into(),
        town: "Toulouse".into(),
    }
}
