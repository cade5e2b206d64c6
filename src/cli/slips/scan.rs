//! `chappe slips scan`: the slips of a pile, read off its scan.

use std::path::{Path, PathBuf};

use super::super::context::{AlreadyAnswered, Context};
use super::super::counted::{bar, counted};
use super::super::{asker, output};
use crate::office::{self, PageAt, ScanReport, SlipBecame, SlipsExpected, WorkBecame};

/// References that are named of those that are missing; `--json` names all.
const NAMED: usize = 20;

pub(super) async fn run(context: &Context, files: Vec<PathBuf>) -> anyhow::Result<()> {
    let files = files.into_iter().map(|path| (called(&path), path)).collect();
    let school = context.school_to_change().await?;
    let bar = bar("pages", !context.json);
    let report = office::read_files(&school, asker::here(), files, bar).await?;
    answer(context, &report)
}

/// Says what a scan says; files that could not be read are told by the exit code too.
pub(crate) fn answer(context: &Context, report: &ScanReport) -> anyhow::Result<()> {
    context.answer(report, present);
    let refused: Vec<String> =
        report.refused.iter().map(|it| format!("{}: {}", it.file, it.why)).collect();
    if refused.is_empty() {
        return Ok(());
    }
    let reason = format!("{}; what could be read was taken", refused.join("; "));
    Err(AlreadyAnswered(reason).into())
}

/// Its name, without the folders in which it lies.
fn called(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

fn present(report: &ScanReport) {
    let of = |became| report.count(became);
    let pages = match report.blank {
        0 => counted(report.pages, "page"),
        blank => format!("{}, {blank} of them blank", counted(report.pages, "page")),
    };
    output::line(format!(
        "{pages}: {} came back, {} had come back before, {} twice, {} of no message.",
        counted(of(SlipBecame::Answered), "slip"),
        of(SlipBecame::Known),
        of(SlipBecame::Twice),
        of(SlipBecame::Unmatched),
    ));
    for slip in report.slips.iter().filter(|it| it.became == SlipBecame::Unmatched) {
        let (reference, at) = (&slip.reference, &slip.at);
        output::line(format!(
            "No copy of a message has the reference {reference} ({at}): it waits in chappe inbox."
        ));
    }
    present_works(report);
    if !report.without_code.is_empty() {
        let pages = places(&report.without_code);
        output::line(format!("No code of ours was read on {pages}."));
        output::line("If a slip is there, type its reference: chappe slips REFERENCE");
    }
    if !report.foreign.is_empty() {
        output::line(format!("The code is not ours on {}.", places(&report.foreign)));
    }
    report.expected.iter().for_each(present_expected);
}

fn present_works(report: &ScanReport) {
    let of = |became| report.count_works(became);
    if report.works.is_empty() {
        return;
    }
    output::line(format!(
        "{} of pupils' work kept, {} kept before: chappe works",
        counted(of(WorkBecame::Taken), "page"),
        of(WorkBecame::Known)
    ));
    for (became, why) in [
        (WorkBecame::Unmatched, "is of no work"),
        (WorkBecame::Unseen, "has no picture to keep"),
        (WorkBecame::Several, "lies beside another on one picture: scan them one by one"),
    ] {
        for work in report.works.iter().filter(|it| it.became == became) {
            output::line(format!("{} ({}) {why}.", work.page_of_work, work.at));
        }
    }
}

fn present_expected(expected: &SlipsExpected) {
    let SlipsExpected { message, asks, letters, missing } = expected;
    let answered = letters - missing.len();
    output::line(format!("{message}: {answered} of {} answered.", counted(*letters, "letter")));
    if !missing.is_empty() {
        let named: Vec<&str> = missing.iter().take(NAMED).map(String::as_str).collect();
        let more = match missing.len() - named.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        output::line(format!("  not yet: {}{more}", named.join(", ")));
    }
    if *asks {
        output::line("  what is ticked is not read: chappe slips REFERENCE --answer oui");
    }
}

fn places(pages: &[PageAt]) -> String {
    let pages: Vec<String> = pages.iter().map(ToString::to_string).collect();
    pages.join("; ")
}
