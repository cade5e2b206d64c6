//! The school's exports, read and applied; told in five lines.

use crate::cli::asker;
use crate::demo::stage::Stage;
use crate::directory::{self, Diff};
use crate::import::{Expected, Reading, SourceFile};
use crate::office::School;
use crate::people::SchoolYear;

use super::telling::Telling;

/// What is said of SIECLE's records begins so when it is of a pupil.
const OF_A_PUPIL: &str = "élève";

/// Reads the files of the stage into an empty directory.
pub(super) async fn enrol(app: &School, stage: &Stage, telling: &Telling) -> anyhow::Result<()> {
    let reading = read(app, stage)?;
    let remarks: Vec<String> = reading.set_aside.iter().map(|aside| aside.what.clone()).collect();
    let diff = directory::diff(app.store(), app.queue.school(), reading).await?;
    directory::apply(app.store(), app.queue.school(), &diff, asker::by(app)).await?;
    tell(stage, &diff, &remarks, telling);
    Ok(())
}

fn read(app: &School, stage: &Stage) -> anyhow::Result<Reading> {
    let labels: Vec<String> = stage.files.iter().map(|path| path.display().to_string()).collect();
    let files = labels.iter().zip(&stage.files);
    let files: Vec<SourceFile<'_>> =
        files.map(|(label, path)| SourceFile::on_disk(label, path)).collect();
    let (school, today) = (&app.config.school, app.today());
    let expected = Expected {
        school: school.uai.clone(),
        year: SchoolYear::of(today),
        today,
        region: school.region.clone(),
        maps: Vec::new(),
    };
    Ok(crate::import::read(&files, &expected)?)
}

fn tell(stage: &Stage, diff: &Diff, remarks: &[String], telling: &Telling) {
    let changes = &diff.changes;
    let of_pupils = remarks.iter().filter(|what| what.starts_with(OF_A_PUPIL)).count();
    telling
        .heading(&format!("{} (fictif) : ses exports SIECLE et STS sont lus", stage.college.name));
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
