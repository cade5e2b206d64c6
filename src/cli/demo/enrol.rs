//! The school's exports, read and applied; told in five lines.

use crate::cli::asker;
use crate::demo::stage::Stage;
use crate::directory::Diff;
use crate::office::{self, ImportFile, ImportRequest, School};

use super::telling::Telling;

/// What is said of SIECLE's records begins so when it is of a pupil.
const OF_A_PUPIL: &str = "élève";

/// Reads the files of the stage into an empty directory.
pub(super) async fn enrol(school: &School, stage: &Stage, telling: &Telling) -> anyhow::Result<()> {
    let files = stage.files.iter().cloned().map(ImportFile::from).collect();
    let request = ImportRequest { files, said: Vec::new() };
    let proposal = office::propose_import(school, &request).await?;
    office::apply_import(school, asker::here(), &proposal).await?;
    let remarks: Vec<String> = proposal.set_aside.iter().map(|aside| aside.what.clone()).collect();
    tell(stage, &proposal.diff, &remarks, telling);
    Ok(())
}

fn tell(stage: &Stage, diff: &Diff, remarks: &[String], telling: &Telling) {
    let changes = &diff.changes;
    let of_pupils = remarks.iter().filter(|what| what.starts_with(OF_A_PUPIL)).count();
    telling.heading(&format!(
        "\n{} (fictif) : ses exports SIECLE et STS sont lus",
        stage.college.name
    ));
    for line in [
        format!("{:>5} élèves dans {} classes", changes.pupils.added, stage.college.classes.len()),
        format!("{:>5} responsables dans {} foyers", changes.guardians.added, changes.households),
        format!("{:>5} personnels", changes.staff.added),
        format!(
            "{:>5} remarques : {of_pupils} sur des élèves, {} sur des responsables",
            remarks.len(),
            remarks.len() - of_pupils
        ),
    ] {
        telling.say(&line);
    }
}
