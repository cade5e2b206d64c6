//! The order of subjects: that of the last timetable up to a week, and gone with its document.

use chappe::message::Week;
use chappe::people::{By, MeantFor};
use chappe::store::Tx;
use chappe::store::documents::{self, KeptDocument};
use chappe::store::timetables::{self, SubjectOrder};
use tempfile::TempDir;

use super::school;
use crate::databases;

#[tokio::test]
async fn a_timetable_holds_until_another_is_left_and_goes_with_its_document() {
    let folder = TempDir::new().unwrap();
    let now = chappe::clock::Moment(1_584_360_000_000);
    let week = |day: &str| Week::of(day.parse().unwrap());
    let (class, level) = (MeantFor::Class("6A".to_owned()), MeantFor::Level("6e".to_owned()));
    for store in databases::both(folder.path()) {
        let (class, level) = (class.clone(), level.clone());
        let write = move |tx: &Tx<'_>| {
            let of = school();
            let leave = |day: &str, meant_for: &MeantFor, subjects: &[&str]| {
                let document = KeptDocument {
                    number: 0,
                    week: week(day),
                    meant_for: meant_for.clone(),
                    subject: String::new(),
                    title: "Emploi du temps".to_owned(),
                    pages: 1,
                    asked_back: None,
                    left: By::program(now),
                };
                let number = documents::insert(tx, &of, &document, b"%PDF")?;
                let subjects: Vec<String> = subjects.iter().map(|it| (*it).to_owned()).collect();
                timetables::insert(tx, &of, number, &subjects)?;
                Ok::<u32, chappe::store::StoreError>(number)
            };
            leave("2026-03-16", &class, &["SVT", "MATHEMATIQUES"])?;
            let later = leave("2026-03-30", &class, &["MATHEMATIQUES"])?;
            leave("2026-03-16", &level, &["LATIN"])?;
            let order = |meant_for: &MeantFor, subjects: &[&str]| SubjectOrder {
                meant_for: meant_for.clone(),
                subjects: subjects.iter().map(|it| (*it).to_owned()).collect(),
            };
            let first = [order(&class, &["SVT", "MATHEMATIQUES"]), order(&level, &["LATIN"])];
            assert_eq!(timetables::in_week(tx, &of, week("2026-03-09"))?, []);
            assert_eq!(timetables::in_week(tx, &of, week("2026-03-16"))?, first);
            assert_eq!(timetables::in_week(tx, &of, week("2026-03-23"))?, first);
            let then = [order(&class, &["MATHEMATIQUES"]), order(&level, &["LATIN"])];
            assert_eq!(timetables::in_week(tx, &of, week("2026-04-06"))?, then);
            assert!(documents::remove(tx, &of, later)?);
            assert_eq!(timetables::in_week(tx, &of, week("2026-04-06"))?, first);
            Ok(())
        };
        store.write(write).await.unwrap();
    }
}
