//! `chappe hold` and `chappe release`

use super::answers::holds;
use super::office::Office;

#[test]
fn a_hold_says_what_it_keeps_back_and_why_in_the_words_of_the_office() {
    let office = Office::with_school();
    assert!(office.run(["release", "--json"]).failed_in_json().starts_with("nothing is on hold; "));
    let code = office.send_to("familles");
    holds("hold", &office.run(["hold", "--reason", "Exercice PPMS", "--json"]).json());
    for told in [office.run(["status"]).done(), office.run(["status", &code]).done()] {
        assert!(told.contains("nothing is sent; `chappe release` shows"), "{told}");
        assert!(told.contains("\n  Exercice PPMS\n"), "{told}");
    }
    let kept_back = office.run(["release", "--json"]).json();
    assert!(kept_back["channels"]["email"]["waiting"].as_u64() > Some(0), "{kept_back}");
    holds("release", &kept_back);
    let told = office.run(["release"]).done();
    assert!(told.contains("Nothing was released"), "{told}");
    let refused = office.run(["release", "--yes", "--uncertain", "--json"]).failed_in_json();
    assert!(refused.contains("no backup was restored here"), "{refused}");
    assert_eq!(office.run(["release", "--yes", "--json"]).json()["released"], true);
    office.run(["release"]).failed();
}
