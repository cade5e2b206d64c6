//! What a row holds is what it says, or the row is unreadable: no value is not zero, an unknown word is not
//! none, and a number out of bounds is not another one.

use chappe::clock::Moment;
use chappe::delivery::Piling;
use chappe::id::Id;
use chappe::message::Code;
use chappe::people::{ContactState, PersonKey, Source};
use chappe::store::deliveries::Due;
use chappe::store::{
    Store, StoreError, Tx, Value, addressees, batches, contact_points, corrections, deliveries,
    digests, drafts, gates, handouts, households, leaders, messages, people, pupils, restrictions,
};

use super::{on_both, school};

const ID: [u8; 16] = *b"sixteen bytes !!";

fn id<T>() -> Id<T> {
    Id::from_bytes(&ID).unwrap()
}

fn due() -> Due {
    Due { id: id(), message: id(), addressee: id(), leg: 0 }
}

/// One row of each table that is read, all of them sound.
const ROWS: [&str; 15] = [
    "INSERT INTO pupils (school_id, key, family_name, first_name, class, groups, left_on) \
     VALUES ($1, 'siecle:1', 'DURAND', 'Zoé', '6A', '[]', '2026-12-18')",
    "INSERT INTO persons (school_id, key, role, civility, family_name, first_name, postal_address, \
     accepts_sms) VALUES ($1, 'siecle:2', '\"guardian\"', 'Mme', 'DURAND', 'Inès', \
     '{\"lines\":[\"1 RUE HAUTE\"],\"postcode\":\"31999\",\"town\":\"VALCLAIR\",\"country\":null}', 1)",
    "INSERT INTO guardianships (school_id, pupil_key, person_key, standing, kinship) \
     VALUES ($1, 'siecle:1', 'siecle:2', 'legal_representative', 1)",
    "INSERT INTO contact_points (school_id, person_key, channel, value, rank, state, changed_at, \
     source, proof, proven_at) VALUES ($1, 'siecle:2', 'email', 'a@example.org', 0, 'working', 1, \
     'siecle', 'read', 1)",
    "INSERT INTO profiles (school_id, person_key, connectivity, printer, noted_at) \
     VALUES ($1, 'siecle:2', 'none', 1, 1)",
    "INSERT INTO corrections (school_id, person_key, channel, was, becomes, noted_at) \
     VALUES ($1, 'siecle:2', 'email', '', 'a@example.org', 1)",
    "INSERT INTO messages (id, school_id, code, template, fields, audience, plan, lane, plain_sms, \
     launched_at, override_by, override_reason) VALUES ($2, $1, '7K4M', 'fermeture', '{}', \
     'familles', '{\"name\":\"p\",\"rungs\":[{\"channels\":[\"email\"],\"enough\":\"read\",\
     \"patience_ms\":1}]}', 2, 0, 1, 'Le principal', 'Neige')",
    "INSERT INTO addressees (id, school_id, message_id, number, person_key, recipient, reach, state, \
     rung, connectivity) VALUES ($2, $1, $2, 3, 'siecle:2', '{\"person\":\"siecle:2\",\"name\":\"I\",\
     \"civility\":null,\"about\":[]}', 'email,sms', 'waiting', 0, 'none')",
    "INSERT INTO deliveries (id, school_id, message_id, addressee_id, leg, rung, channel, state, \
     lane, tries, proof, failure, batch_id, place, shared) VALUES ($2, $1, $2, $2, 0, 0, 'email', 'sending', \
     2, 1, 'read', 'refused', $2, 0, 'k')",
    "INSERT INTO batches (id, school_id, number, made_at, letters, pages) \
     VALUES ($2, $1, 4, 1, 1, 2)",
    "INSERT INTO piles (school_id, batch_id, place, kind, name, first_page, pages) \
     VALUES ($1, $2, 0, 'class', '6A', 1, 2)",
    "INSERT INTO gates (school_id, provider, channel, state, reason, changed_at, pause) \
     VALUES ($1, 'relay', 'email', 'refusing', '', 1, 30000)",
    "INSERT INTO handouts (school_id, number, made_at, ends_on, receiver, audience, columns, persons) \
     VALUES ($1, 5, 1, '2026-12-25', 'R', 'familles', '[]', 1)",
    "INSERT INTO drafts (school_id, number, version, written_by, written_at, changed_by, changed_at, \
     fields, template, audience, plan, plain_sms, override_by, override_reason) \
     VALUES ($1, 6, 1, 'cli:s', 1, 'cli:s', 1, '{}', 'annonce', 'familles', 'p', 0, 'La CPE', 'Neige')",
    "INSERT INTO restrictions (school_id, pupil_key, person_key, why, note, noted_at) \
     VALUES ($1, 'siecle:1', 'siecle:2', 'court', '', 1)",
];

fn fill(tx: &Tx<'_>) -> Result<(), StoreError> {
    let school = school();
    for sql in ROWS {
        let values = [school.as_str().into(), Value::Bytes(&ID)];
        let used = if sql.contains("$2") { 2 } else { 1 };
        tx.execute(sql, &values[..used])?;
    }
    Ok(())
}

type Reader = fn(&Tx<'_>) -> Result<(), StoreError>;

fn all_pupils(tx: &Tx<'_>) -> Result<(), StoreError> {
    pupils::all(tx, &school()).map(drop)
}

fn all_ties(tx: &Tx<'_>) -> Result<(), StoreError> {
    pupils::guardianships(tx, &school()).map(drop)
}

fn all_restrictions(tx: &Tx<'_>) -> Result<(), StoreError> {
    restrictions::all(tx, &school()).map(drop)
}

fn all_persons(tx: &Tx<'_>) -> Result<(), StoreError> {
    people::each_person(tx, &school(), |_| Ok(()))
}

fn one_person(tx: &Tx<'_>) -> Result<(), StoreError> {
    people::person(tx, &school(), &PersonKey("siecle:2".to_owned())).map(drop)
}

fn all_places(tx: &Tx<'_>) -> Result<(), StoreError> {
    digests::each_place(tx, &school(), |_, _| {})
}

fn all_addresses(tx: &Tx<'_>) -> Result<(), StoreError> {
    households::each_address(tx, &school(), |_, _| {})
}

fn all_profiles(tx: &Tx<'_>) -> Result<(), StoreError> {
    households::profiles(tx, &school()).map(drop)
}

fn all_corrections(tx: &Tx<'_>) -> Result<(), StoreError> {
    corrections::all(tx, &school()).map(drop)
}

fn newest_messages(tx: &Tx<'_>) -> Result<(), StoreError> {
    messages::newest(tx, &school(), 9).map(drop)
}

fn message_of_the_code(tx: &Tx<'_>) -> Result<(), StoreError> {
    messages::by_code(tx, &school(), Code::from_stored("7K4M".to_owned()).as_str()).map(drop)
}

fn addressee(tx: &Tx<'_>) -> Result<(), StoreError> {
    addressees::load(tx, &school(), id()).map(drop)
}

fn delivery_in_hand(tx: &Tx<'_>) -> Result<(), StoreError> {
    deliveries::in_hand(tx, &school(), &due()).map(drop)
}

fn leader(tx: &Tx<'_>) -> Result<(), StoreError> {
    leaders::leader_of(tx, &school(), id(), "k").map(drop)
}

fn tally(tx: &Tx<'_>) -> Result<(), StoreError> {
    deliveries::tally(tx, &school(), id(), true).map(drop)
}

fn all_batches(tx: &Tx<'_>) -> Result<(), StoreError> {
    batches::all(tx, &school()).map(drop)
}

fn new_batch(tx: &Tx<'_>) -> Result<(), StoreError> {
    batches::insert(tx, &school(), Id::new(Moment(1)), 1, Piling::default(), Moment(1)).map(drop)
}

fn letters_of_a_batch(tx: &Tx<'_>) -> Result<(), StoreError> {
    batches::letters(tx, &school(), id(), &(0..9)).map(drop)
}

fn piles_of_a_batch(tx: &Tx<'_>) -> Result<(), StoreError> {
    batches::piles(tx, &school(), id()).map(drop)
}

fn unposted(tx: &Tx<'_>) -> Result<(), StoreError> {
    batches::unposted(tx, &school(), id()).map(drop)
}

fn printed_slips(tx: &Tx<'_>) -> Result<(), StoreError> {
    batches::slips(tx, &school(), id()).map(drop)
}

fn all_gates(tx: &Tx<'_>) -> Result<(), StoreError> {
    gates::all(tx, &school()).map(drop)
}

fn all_handouts(tx: &Tx<'_>) -> Result<(), StoreError> {
    handouts::all(tx, &school()).map(drop)
}

fn kept_drafts(tx: &Tx<'_>) -> Result<(), StoreError> {
    drafts::kept(tx, &school()).map(drop)
}

fn contact_states(tx: &Tx<'_>) -> Result<(), StoreError> {
    contact_points::count_states(tx, &school())?;
    people::count_post_states(tx, &school()).map(drop)
}

fn working_points(tx: &Tx<'_>) -> Result<(), StoreError> {
    people::with_points_in(tx, &school(), ContactState::Working, None, (0, 9)).map(drop)
}

fn unverified_posts(tx: &Tx<'_>) -> Result<(), StoreError> {
    people::with_post_in(tx, &school(), ContactState::Unverified, (0, 9)).map(drop)
}

fn kept_points(tx: &Tx<'_>) -> Result<(), StoreError> {
    let person = PersonKey("siecle:2".to_owned());
    contact_points::forget_stale(tx, &school(), &person, Source::Siecle, &[])
}

/// A damage to a sound row, and who must not read it as something else.
const DAMAGES: [(&str, Reader); 59] = [
    ("UPDATE pupils SET left_on = 'soon'", all_pupils),
    ("UPDATE pupils SET groups = '{'", all_pupils),
    ("UPDATE guardianships SET kinship = 4711", all_ties),
    ("UPDATE guardianships SET kinship = -1", all_ties),
    ("UPDATE guardianships SET standing = 'perhaps'", all_ties),
    ("UPDATE restrictions SET why = 'perhaps'", all_restrictions),
    ("UPDATE persons SET civility = 'Dr'", all_persons),
    ("UPDATE persons SET civility = ''", one_person),
    ("UPDATE persons SET accepts_sms = 2", all_persons),
    ("UPDATE persons SET accepts_sms = -1", one_person),
    ("UPDATE persons SET role = 'x'", all_persons),
    ("UPDATE persons SET postal_address = '?'", all_places),
    ("UPDATE persons SET postal_address = ''", all_addresses),
    ("UPDATE persons SET post_state = 'x'", one_person),
    ("UPDATE contact_points SET proof = 'shouted'", all_persons),
    ("UPDATE contact_points SET state = 'tired'", one_person),
    ("UPDATE contact_points SET source = 'hearsay'", all_persons),
    ("UPDATE contact_points SET source = 'SIECLE'", all_persons),
    ("UPDATE contact_points SET channel = 'pigeon'", all_persons),
    ("UPDATE contact_points SET value = ''", kept_points),
    ("UPDATE contact_points SET state = 'tired'", contact_states),
    ("UPDATE persons SET post_state = 'x'", contact_states),
    ("UPDATE contact_points SET proof = 'shouted'", working_points),
    ("UPDATE persons SET postal_address = '?'", unverified_posts),
    ("UPDATE profiles SET connectivity = 'x'", all_profiles),
    ("UPDATE profiles SET printer = 2", all_profiles),
    ("UPDATE corrections SET was = 'nobody'", all_corrections),
    ("UPDATE corrections SET becomes = 'nobody'", all_corrections),
    ("UPDATE corrections SET channel = 'sms', becomes = '12'", all_corrections),
    ("UPDATE messages SET lane = 9", newest_messages),
    ("UPDATE messages SET lane = -1", message_of_the_code),
    ("UPDATE messages SET plain_sms = 2", newest_messages),
    ("UPDATE messages SET override_reason = NULL", newest_messages),
    ("UPDATE addressees SET number = -1", addressee),
    ("UPDATE addressees SET number = 4294967296", delivery_in_hand),
    ("UPDATE addressees SET number = -1", letters_of_a_batch),
    ("UPDATE addressees SET connectivity = 'x'", addressee),
    ("UPDATE addressees SET connectivity = 'x'", tally),
    ("UPDATE addressees SET reach = 'email,pigeon'", addressee),
    ("UPDATE addressees SET state = 'asleep'", addressee),
    ("UPDATE deliveries SET proof = 'shouted'", addressee),
    ("UPDATE deliveries SET proof = 'shouted'", tally),
    ("UPDATE deliveries SET failure = 'whim'", delivery_in_hand),
    ("UPDATE deliveries SET failure = 'whim'", leader),
    ("UPDATE deliveries SET tries = -1", addressee),
    ("UPDATE batches SET number = 4294967296", new_batch),
    ("UPDATE batches SET number = -1", unposted),
    ("UPDATE addressees SET reached_by = 'maybe'", printed_slips),
    ("UPDATE batches SET pages = -1", all_batches),
    ("UPDATE batches SET sort = 'by weight'", all_batches),
    ("UPDATE piles SET kind = 'heap'", piles_of_a_batch),
    ("UPDATE piles SET pages = -1", piles_of_a_batch),
    ("UPDATE gates SET state = 'ajar'", all_gates),
    ("UPDATE gates SET pause = -1", all_gates),
    ("UPDATE drafts SET version = -1", kept_drafts),
    ("UPDATE drafts SET lane = 9", kept_drafts),
    ("UPDATE drafts SET override_by = NULL", kept_drafts),
    ("UPDATE drafts SET changed_by = 'web'", kept_drafts),
    ("UPDATE drafts SET follows = '{\"replaces\": {}}'", kept_drafts),
];

async fn read(
    store: &Store,
    damage: Option<&'static str>,
    reader: Reader,
) -> Result<(), StoreError> {
    store
        .write(move |tx| {
            fill(tx)?;
            if let Some(sql) = damage {
                assert_eq!(tx.touched(sql, &[])?, 1, "{sql}");
            }
            reader(tx)?;
            // Nothing is kept: the next damage begins with sound rows.
            Err(StoreError::Refused("read".to_owned()))
        })
        .await
}

#[tokio::test]
async fn what_a_row_should_not_hold_is_unreadable_and_never_taken_for_another_value() {
    on_both(async |store| {
        for (damage, reader) in DAMAGES {
            let sound = read(&store, None, reader).await;
            assert!(matches!(&sound, Err(StoreError::Refused(why)) if why == "read"), "{sound:?}");
            let damaged = read(&store, Some(damage), reader).await;
            assert!(matches!(damaged, Err(StoreError::Unreadable(_))), "{damage}: {damaged:?}");
        }
        // The same for a number that only the next one would have been taken from.
        let handout = read(&store, Some("UPDATE handouts SET number = -1"), all_handouts).await;
        assert!(matches!(handout, Err(StoreError::Unreadable(_))), "{handout:?}");
    })
    .await;
}

#[tokio::test]
async fn no_value_is_neither_zero_nor_empty_nor_false() {
    const NOTHING: &str = "SELECT CAST(NULL AS BIGINT), CAST(NULL AS TEXT)";
    on_both(async |store| {
        type Look = fn(&chappe::store::Row<'_>) -> Result<(), StoreError>;
        let looks: [Look; 7] = [
            |row| row.int(0).map(drop),
            |row| row.count(0).map(drop),
            |row| row.truth(0).map(drop),
            |row| row.number::<u32>(0).map(drop),
            |row| row.text(1).map(drop),
            |row| row.json::<String>(1).map(drop),
            |row| row.word(1, |word| Some(word.to_owned())).map(drop),
        ];
        for (number, look) in looks.into_iter().enumerate() {
            let seen = store.read(move |tx| tx.query_one(NOTHING, &[], look)).await;
            assert!(matches!(seen, Err(StoreError::Unreadable(_))), "look {number}: {seen:?}");
        }
        let none = store.read(|tx| {
            tx.query_one(NOTHING, &[], |row| Ok((row.maybe_int(0)?, row.maybe_text(1)?)))
        });
        assert_eq!(none.await.unwrap(), Some((None, None)));
    })
    .await;
}
