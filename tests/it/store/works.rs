//! The work of pupils: numbered once, each page kept as often as it came.

use chappe::message::WorkPage;
use chappe::people::{By, PupilKey};
use chappe::store::{Tx, handovers, works};
use tempfile::TempDir;

use super::school;
use crate::databases;

#[tokio::test]
async fn a_work_keeps_its_number_and_its_pages_and_no_other_has_them() {
    let folder = TempDir::new().unwrap();
    let now = chappe::clock::Moment(1_584_360_000_000);
    for store in databases::both(folder.path()) {
        let write = move |tx: &Tx<'_>| {
            let (of, by) = (school(), By::program(now));
            works::lock(tx, &of)?;
            let pupil = |number: u32| PupilKey(format!("siecle:{number}"));
            // The same draw gives the next number that is free; after the last comes the first.
            let drawn = [5, 5, 899_999, 899_999];
            let mut numbers = Vec::new();
            for (place, chance) in (1..).zip(drawn) {
                numbers.push(works::number(tx, &of, (7, &pupil(place)), (chance, now))?);
            }
            assert_eq!(numbers, [100_005, 100_006, 999_999, 100_000]);
            assert_eq!(works::one(tx, &of, 100_006)?, Some((7, pupil(2))));
            let page = WorkPage { work: 100_005, page: 1 };
            for (picture, is_new) in [(b"one", true), (b"one", false), (b"two", true)] {
                assert_eq!(works::take_page(tx, &of, (page, picture), None, &by)?, is_new);
            }
            let all = works::of_document(tx, &of, 7)?;
            let stand: Vec<_> = all.iter().map(|it| (it.number, it.pages, it.came_at)).collect();
            let expected = [
                (100_000, 0, None),
                (100_005, 1, Some(now)),
                (100_006, 0, None),
                (999_999, 0, None),
            ];
            assert_eq!(stand, expected);
            // What was attached to a mail remembers it; the same picture, brought again by another, is the first one's.
            for (picture, mail, is_new) in [(b"six", 12, true), (b"six", 13, false)] {
                let taken = works::take_page(tx, &of, (page, picture), Some(mail), &by)?;
                assert_eq!(taken, is_new);
            }
            assert_eq!(works::mails(tx, &of, 7)?, [(100_005, 12)]);
            let from = |mail| works::pages_of_reply(tx, &of, mail);
            assert_eq!((from(12)?, from(13)?), (1, 0));
            assert_eq!(works::pictures(tx, &of, 100_005)?.len(), 3);
            assert_eq!((works::take_out(tx, &of, page)?, works::take_out(tx, &of, page)?), (3, 0));
            assert_eq!((works::is_asked(tx, &of, 7)?, works::is_asked(tx, &of, 8)?), (true, false));

            let delivery = chappe::id::Id::new(now);
            let given = |to: &str| handovers::Handover { to_whom: to.to_owned(), by: by.clone() };
            handovers::note(tx, &of, delivery, &given(""))?;
            handovers::note(tx, &of, delivery, &given("Rosa"))?;
            assert_eq!(handovers::of(tx, &of, delivery)?, Some(given("Rosa")));
            handovers::take_back(tx, &of, delivery)?;
            assert_eq!(handovers::of(tx, &of, delivery)?, None);
            Ok(())
        };
        store.write(write).await.unwrap();
    }
}
