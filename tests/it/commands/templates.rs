//! `chappe templates`

use super::answers;
use super::office::Office;

#[test]
fn the_shipped_templates_are_sound_and_listed_with_their_fields() {
    let office = Office::new();
    let checked = office.run(["templates", "check", "--json"]).json();
    answers::holds("templates_check", &checked);
    let listed = office.run(["templates"]).done();
    assert!(listed.contains("fermeture: "), "{listed}");
    assert!(listed.contains("ce_qui_change"), "{listed}");
}
