//! `chappe templates`

use super::office::Office;

#[test]
fn the_shipped_templates_are_sound_and_listed_with_their_fields() {
    let office = Office::new();
    let checked = office.run(["templates", "check", "--json"]).json();
    assert_eq!(checked["findings"].as_array().map(Vec::len), Some(0), "{checked}");
    assert!(checked["templates"].as_u64() > Some(0), "{checked}");
    let listed = office.run(["templates"]).done();
    assert!(listed.contains("fermeture: "), "{listed}");
    assert!(listed.contains("ce_qui_change"), "{listed}");
}
