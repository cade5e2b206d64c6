//! The directory: pupils, adults, guardianships, contact points.

use super::messages::json;
use super::{Row, StoreError, Tx};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::Proof;
use crate::people::{
    Civility, ContactPoint, ContactState, Guardianship, Person, PersonKey, PostalAddress, Pupil,
    PupilKey, Role, SchoolId, Standing,
};

/// A contact point as it is kept.
/// `Debug` hides what it is.
#[derive(Clone)]
pub struct KeptContactPoint {
    /// The way.
    pub point: ContactPoint,
    /// Where we have it from: `siecle`, `sts`, `table`, `ent`, `hand`.
    pub source: String,
    /// What we know of it.
    pub state: ContactState,
    /// The best proof of its last use.
    pub proof: Option<Proof>,
    /// When that was.
    pub proven_at: Option<Moment>,
    /// When its state changed.
    pub changed_at: Moment,
    /// What was typed for it, where that says more than the number.
    pub typed: Option<String>,
}

impl std::fmt::Debug for KeptContactPoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeptContactPoint({}, {})", self.point.channel(), self.state.as_str())
    }
}

/// How a source gives a contact point.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    /// Preference within the channel: lower comes first.
    pub rank: usize,
    /// Which source: `siecle`, `sts`, `table`, `ent`, `hand`.
    pub source: &'a str,
    /// What was typed, where it says more than the number.
    pub typed: Option<&'a str>,
}

/// A person as they are kept, with all their contact points, dead ones too.
#[derive(Debug, Clone)]
pub struct KeptPerson {
    /// Who, without contact points.
    pub person: Person,
    /// Ways to reach them, in the order of preference within a channel.
    pub points: Vec<KeptContactPoint>,
    /// What we know of the postal address.
    pub post_state: ContactState,
}

/// Every pupil at the school now.
pub fn pupils(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<Pupil>, StoreError> {
    let mut all = Vec::new();
    each_pupil(tx, school, |pupil| {
        all.push(pupil);
        Ok(())
    })?;
    Ok(all)
}

/// Hands over every pupil at the school now, in the order of their keys.
pub fn each_pupil(
    tx: &Tx<'_>,
    school: &SchoolId,
    mut take: impl FnMut(Pupil) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    tx.each(
        "SELECT key, family_name, usage_name, first_name, class, level, groups, \
         left_on FROM pupils \
         WHERE school_id = $1 AND archived_at IS NULL ORDER BY key",
        &[school.as_str().into()],
        |row| {
            take(Pupil {
                key: PupilKey(row.text(0)?),
                family_name: row.text(1)?,
                usage_name: row.maybe_text(2)?,
                first_name: row.text(3)?,
                class: row.maybe_text(4)?,
                level: row.maybe_text(5)?,
                groups: row.json(6)?,
                left_on: row.maybe_text(7)?.and_then(|day| day.parse().ok()),
            })
        },
    )
}

/// Adds a pupil, or brings them up to date.
pub fn put_pupil(tx: &Tx<'_>, school: &SchoolId, pupil: &Pupil) -> Result<(), StoreError> {
    let left_on = pupil.left_on.map(|day| day.to_string());
    tx.execute(
        "INSERT INTO pupils (school_id, key, family_name, usage_name, first_name, class, level, \
         groups, left_on, archived_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL) \
         ON CONFLICT (school_id, key) DO UPDATE SET family_name = excluded.family_name, \
         usage_name = excluded.usage_name, first_name = excluded.first_name, \
         class = excluded.class, level = excluded.level, groups = excluded.groups, \
         left_on = excluded.left_on, \
         archived_at = NULL",
        &[
            school.as_str().into(),
            (&pupil.key.0).into(),
            (&pupil.family_name).into(),
            pupil.usage_name.as_ref().into(),
            (&pupil.first_name).into(),
            pupil.class.as_ref().into(),
            pupil.level.as_ref().into(),
            (&json(&pupil.groups)?).into(),
            left_on.as_ref().into(),
        ],
    )?;
    Ok(())
}

/// Takes a pupil off the roll; they are kept until their retention ends.
pub fn archive_pupil(
    tx: &Tx<'_>,
    school: &SchoolId,
    key: &PupilKey,
    now: Moment,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE pupils SET archived_at = $1 WHERE school_id = $2 AND key = $3",
        &[now.into(), school.as_str().into(), (&key.0).into()],
    )?;
    Ok(())
}

/// Every adult of the school now, without their contact points.
pub fn persons(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<Person>, StoreError> {
    tx.query(
        "SELECT key, role, civility, family_name, usage_name, first_name, postal_address, \
         accepts_sms FROM persons WHERE school_id = $1 AND archived_at IS NULL ORDER BY key",
        &[school.as_str().into()],
        read_person,
    )
}

/// Hands over every adult of the school now, in the order of their keys.
pub fn each_person(
    tx: &Tx<'_>,
    school: &SchoolId,
    mut take: impl FnMut(KeptPerson) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut at_hand: Option<KeptPerson> = None;
    tx.each(
        "SELECT p.key, p.role, p.civility, p.family_name, p.usage_name, p.first_name, \
         p.postal_address, p.accepts_sms, p.post_state, \
         c.channel, c.value, c.source, c.state, c.proof, c.proven_at, c.changed_at, c.typed \
         FROM persons p LEFT JOIN contact_points c \
         ON c.school_id = p.school_id AND c.person_key = p.key \
         WHERE p.school_id = $1 AND p.archived_at IS NULL ORDER BY p.key, c.channel, c.rank",
        &[school.as_str().into()],
        |row| {
            let is_next = at_hand
                .as_ref()
                .is_none_or(|kept| row.str(0).ok().flatten() != Some(kept.person.key.0.as_str()));
            if is_next {
                let post_state = row.word(8, ContactState::from_word)?;
                let next = KeptPerson { person: read_person(row)?, points: Vec::new(), post_state };
                at_hand.replace(next).map_or(Ok(()), &mut take)?;
            }
            if let (Some(kept), Some(_)) = (&mut at_hand, row.str(9)?) {
                kept.points.push(read_kept_point(row, 9)?);
            }
            Ok(())
        },
    )?;
    at_hand.map_or(Ok(()), take)
}

/// Whether a pupil or an adult of the school now comes from this source.
pub fn has_source(tx: &Tx<'_>, school: &SchoolId, source: &str) -> Result<bool, StoreError> {
    let found = tx.query_one(
        "SELECT 1 FROM persons WHERE school_id = $1 AND substr(key, 1, length($2)) = $2 \
         AND archived_at IS NULL UNION ALL \
         SELECT 1 FROM pupils WHERE school_id = $1 AND substr(key, 1, length($2)) = $2 \
         AND archived_at IS NULL LIMIT 1",
        &[school.as_str().into(), (&format!("{source}:")).into()],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// Everyone who works at the school now, without their contact points.
pub fn staff(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<Person>, StoreError> {
    tx.query(
        "SELECT key, role, civility, family_name, usage_name, first_name, postal_address, \
         accepts_sms FROM persons WHERE school_id = $1 AND archived_at IS NULL AND role <> $2 \
         ORDER BY key",
        &[school.as_str().into(), (&json(&Role::Guardian)?).into()],
        read_person,
    )
}

/// The keys of the guardians of the school now.
pub fn guardians(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<PersonKey>, StoreError> {
    tx.query(
        "SELECT key FROM persons WHERE school_id = $1 AND archived_at IS NULL AND role = $2",
        &[school.as_str().into(), (&json(&Role::Guardian)?).into()],
        |row| Ok(PersonKey(row.text(0)?)),
    )
}

/// One adult, archived or not, with the contact points that may be used, in the order of
/// preference within a channel.
pub fn person(
    tx: &Tx<'_>,
    school: &SchoolId,
    key: &PersonKey,
) -> Result<Option<Person>, StoreError> {
    let mut found: Option<Person> = None;
    let mut points = Vec::new();
    tx.query(
        "SELECT p.key, p.role, p.civility, p.family_name, p.usage_name, p.first_name, \
         p.postal_address, p.accepts_sms, c.channel, c.value, c.state, c.rank, p.post_state \
         FROM persons p \
         LEFT JOIN contact_points c ON c.school_id = p.school_id AND c.person_key = p.key \
         WHERE p.school_id = $1 AND p.key = $2",
        &[school.as_str().into(), (&key.0).into()],
        |row| {
            if found.is_none() {
                let person = read_person(row)?;
                let takes_post = row.word(12, ContactState::from_word)?.is_usable();
                let postal_address = person.postal_address.filter(|_| takes_post);
                found = Some(Person { postal_address, ..person });
            }
            if row.str(8)?.is_some() && row.word(10, ContactState::from_word)?.is_usable() {
                points.push((row.int(11)?, read_point(row, 8)?));
            }
            Ok(())
        },
    )?;
    // Few enough to be sorted here: the database would set up a sorter for each person.
    points.sort_by_key(|(rank, point)| (point.channel(), *rank));
    Ok(found.map(|person| Person {
        contact_points: points.into_iter().map(|(_, point)| point).collect(),
        ..person
    }))
}

/// Adds an adult, or brings them up to date; their contact points stand apart.
pub fn put_person(tx: &Tx<'_>, school: &SchoolId, person: &Person) -> Result<(), StoreError> {
    let address = person.postal_address.as_ref().map(json).transpose()?;
    tx.execute(
        "INSERT INTO persons (school_id, key, role, civility, family_name, usage_name, \
         first_name, postal_address, accepts_sms, archived_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL) \
         ON CONFLICT (school_id, key) DO UPDATE SET role = excluded.role, \
         civility = excluded.civility, family_name = excluded.family_name, \
         usage_name = excluded.usage_name, first_name = excluded.first_name, \
         postal_address = excluded.postal_address, accepts_sms = excluded.accepts_sms, \
         post_state = CASE WHEN persons.postal_address IS NOT DISTINCT FROM excluded.postal_address \
         THEN persons.post_state ELSE 'unverified' END, archived_at = NULL",
        &[
            school.as_str().into(),
            (&person.key.0).into(),
            (&json(&person.role)?).into(),
            person.civility.map(Civility::as_str).into(),
            (&person.family_name).into(),
            person.usage_name.as_ref().into(),
            (&person.first_name).into(),
            address.as_ref().into(),
            person.accepts_sms.into(),
        ],
    )?;
    Ok(())
}

/// Takes an adult out of the directory; they are kept until their retention ends.
pub fn archive_person(
    tx: &Tx<'_>,
    school: &SchoolId,
    key: &PersonKey,
    now: Moment,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE persons SET archived_at = $1 WHERE school_id = $2 AND key = $3",
        &[now.into(), school.as_str().into(), (&key.0).into()],
    )?;
    Ok(())
}

/// Every guardianship of the school.
pub fn guardianships(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<Guardianship>, StoreError> {
    let mut all = Vec::new();
    each_guardianship(tx, school, |tie| {
        all.push(tie);
        Ok(())
    })?;
    Ok(all)
}

/// Hands over every guardianship of the school, in the order of the pupils' keys.
pub fn each_guardianship(
    tx: &Tx<'_>,
    school: &SchoolId,
    mut take: impl FnMut(Guardianship) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    tx.each(
        "SELECT pupil_key, person_key, standing, kinship FROM guardianships \
         WHERE school_id = $1 ORDER BY pupil_key, person_key",
        &[school.as_str().into()],
        |row| {
            take(Guardianship {
                pupil: PupilKey(row.text(0)?),
                person: PersonKey(row.text(1)?),
                standing: row.word(2, Standing::from_word)?,
                kinship: u8::try_from(row.int(3)?).unwrap_or(Guardianship::UNTOLD),
            })
        },
    )
}

/// Forgets the guardianships of the persons of a source.
pub fn drop_guardianships(tx: &Tx<'_>, school: &SchoolId, source: &str) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM guardianships WHERE school_id = $1 \
         AND substr(person_key, 1, length($2)) = $2",
        &[school.as_str().into(), (&format!("{source}:")).into()],
    )?;
    Ok(())
}

/// Keeps a guardianship, or brings it up to date.
pub fn put_guardianship(
    tx: &Tx<'_>,
    school: &SchoolId,
    tie: &Guardianship,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO guardianships (school_id, pupil_key, person_key, standing, kinship) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (school_id, pupil_key, person_key) \
         DO UPDATE SET standing = excluded.standing, kinship = excluded.kinship",
        &[
            school.as_str().into(),
            (&tie.pupil.0).into(),
            (&tie.person.0).into(),
            tie.standing.as_str().into(),
            i64::from(tie.kinship).into(),
        ],
    )?;
    Ok(())
}

/// Gives what hangs on one record of a pupil to another record of the same pupil: ties, restrictions,
/// places on lists.
pub fn hand_over_pupil(
    tx: &Tx<'_>,
    school: &SchoolId,
    from: &PupilKey,
    to: &PupilKey,
) -> Result<(), StoreError> {
    let keys = [school.as_str().into(), (&from.0).into(), (&to.0).into()];
    tx.execute(
        "INSERT INTO guardianships (school_id, pupil_key, person_key, standing, kinship) \
         SELECT school_id, $3, person_key, standing, kinship FROM guardianships \
         WHERE school_id = $1 AND pupil_key = $2 ON CONFLICT DO NOTHING",
        &keys,
    )?;
    tx.execute(
        "DELETE FROM guardianships WHERE school_id = $1 AND pupil_key = $2",
        &[keys[0], keys[1]],
    )?;
    tx.execute(
        "INSERT INTO restrictions (school_id, pupil_key, person_key, why, note, noted_at) \
         SELECT school_id, $3, person_key, why, note, noted_at FROM restrictions \
         WHERE school_id = $1 AND pupil_key = $2 ON CONFLICT DO NOTHING",
        &keys,
    )?;
    tx.execute(
        "INSERT INTO list_members (school_id, list, pupil_key) SELECT school_id, list, $3 \
         FROM list_members WHERE school_id = $1 AND pupil_key = $2 ON CONFLICT DO NOTHING",
        &keys,
    )?;
    Ok(())
}

/// Gives what hangs on one record of a person to another record of the same person: the ways to reach
/// them with their states, restrictions, corrections by hand, and how their household is connected.
pub fn hand_over_person(
    tx: &Tx<'_>,
    school: &SchoolId,
    from: &PersonKey,
    to: &PersonKey,
) -> Result<(), StoreError> {
    let keys = [school.as_str().into(), (&from.0).into(), (&to.0).into()];
    tx.execute(
        "INSERT INTO contact_points (school_id, person_key, channel, value, rank, state, \
         changed_at, source, typed, proof, proven_at) \
         SELECT school_id, $3, channel, value, \
         rank + CASE WHEN source = 'table' THEN 50 ELSE 0 END, state, changed_at, source, typed, \
         proof, proven_at FROM contact_points WHERE school_id = $1 AND person_key = $2 \
         ON CONFLICT DO NOTHING",
        &keys,
    )?;
    tx.execute(
        "INSERT INTO restrictions (school_id, pupil_key, person_key, why, note, noted_at) \
         SELECT school_id, pupil_key, $3, why, note, noted_at FROM restrictions \
         WHERE school_id = $1 AND person_key = $2 ON CONFLICT DO NOTHING",
        &keys,
    )?;
    tx.execute(
        "INSERT INTO corrections (school_id, person_key, channel, was, becomes, noted_at) \
         SELECT school_id, $3, channel, was, becomes, noted_at FROM corrections \
         WHERE school_id = $1 AND person_key = $2 ON CONFLICT DO NOTHING",
        &keys,
    )?;
    tx.execute(
        "INSERT INTO profiles (school_id, person_key, connectivity, printer, language, call, \
         noted_at) SELECT school_id, $3, connectivity, printer, language, call, noted_at \
         FROM profiles WHERE school_id = $1 AND person_key = $2 ON CONFLICT DO NOTHING",
        &keys,
    )?;
    Ok(())
}

/// Adds a contact point, or gives it a new rank and source; what we know of it stays.
pub fn put_contact_point(
    tx: &Tx<'_>,
    school: &SchoolId,
    person: &PersonKey,
    point: &ContactPoint,
    given: &Given<'_>,
    now: Moment,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO contact_points (school_id, person_key, channel, value, rank, state, \
         changed_at, source, typed) VALUES ($1, $2, $3, $4, $5, 'unverified', $6, $7, $8) \
         ON CONFLICT (school_id, person_key, channel, value) \
         DO UPDATE SET rank = excluded.rank, source = excluded.source, typed = excluded.typed",
        &[
            school.as_str().into(),
            (&person.0).into(),
            point.channel().as_str().into(),
            point.value().into(),
            given.rank.into(),
            now.into(),
            given.source.into(),
            given.typed.into(),
        ],
    )?;
    Ok(())
}

/// Moves a person's contact points of a channel one rank down: a better one comes first.
pub fn make_room(
    tx: &Tx<'_>,
    school: &SchoolId,
    person: &PersonKey,
    channel: Channel,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE contact_points SET rank = rank + 1 \
         WHERE school_id = $1 AND person_key = $2 AND channel = $3",
        &[school.as_str().into(), (&person.0).into(), channel.as_str().into()],
    )?;
    Ok(())
}

/// Forgets the contact points of a source that are none of `held`.
pub fn drop_stale_points(
    tx: &Tx<'_>,
    school: &SchoolId,
    person: &PersonKey,
    source: &str,
    held: &[ContactPoint],
) -> Result<(), StoreError> {
    let kept = tx.query(
        "SELECT channel, value FROM contact_points \
         WHERE school_id = $1 AND person_key = $2 AND source = $3",
        &[school.as_str().into(), (&person.0).into(), source.into()],
        |row| read_point(row, 0),
    )?;
    let mut stale = kept.iter().filter(|point| !held.contains(point));
    stale.try_for_each(|point| drop_contact_point(tx, school, person, point))
}

/// The adults who were at the school, and left.
pub fn archived(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<PersonKey>, StoreError> {
    tx.query(
        "SELECT key FROM persons WHERE school_id = $1 AND archived_at IS NOT NULL",
        &[school.as_str().into()],
        |row| Ok(PersonKey(row.text(0)?)),
    )
}

/// Forgets a contact point that the source no longer gives. One where nobody is written to any more, at
/// the person's word or because it is dead, stays known, should it ever be given again.
pub fn drop_contact_point(
    tx: &Tx<'_>,
    school: &SchoolId,
    person: &PersonKey,
    point: &ContactPoint,
) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM contact_points WHERE school_id = $1 AND person_key = $2 AND channel = $3 \
         AND value = $4 AND state NOT IN ('opted_out', 'dead')",
        &[
            school.as_str().into(),
            (&person.0).into(),
            point.channel().as_str().into(),
            point.value().into(),
        ],
    )?;
    Ok(())
}

/// Notes what we now know of a way, for everybody who has it. Who asked to stop is not written to
/// again because a late receipt says that the number works.
pub fn set_contact_state(
    tx: &Tx<'_>,
    school: &SchoolId,
    point: &ContactPoint,
    state: ContactState,
    now: Moment,
) -> Result<usize, StoreError> {
    tx.touched(
        "UPDATE contact_points SET state = $1, changed_at = $2 \
         WHERE school_id = $3 AND channel = $4 AND value = $5 AND state <> $1 \
         AND (state <> 'opted_out' OR $1 = 'opted_out')",
        &[
            state.as_str().into(),
            now.into(),
            school.as_str().into(),
            point.channel().as_str().into(),
            point.value().into(),
        ],
    )
}

/// Notes that a way works, with the proof of it, for everybody who has it.
pub fn note_proof(
    tx: &Tx<'_>,
    school: &SchoolId,
    point: &ContactPoint,
    proof: Proof,
    now: Moment,
) -> Result<(), StoreError> {
    set_contact_state(tx, school, point, ContactState::Working, now)?;
    tx.execute(
        "UPDATE contact_points SET proof = $1, proven_at = $2 \
         WHERE school_id = $3 AND channel = $4 AND value = $5",
        &[
            proof.as_str().into(),
            now.into(),
            school.as_str().into(),
            point.channel().as_str().into(),
            point.value().into(),
        ],
    )?;
    Ok(())
}

/// Notes that a way failed, for everybody who has it: once it is failing, twice in a row it is dead.
/// An account of the ENT never is: whoever has one may open it any day.
pub fn note_failure(
    tx: &Tx<'_>,
    school: &SchoolId,
    point: &ContactPoint,
    now: Moment,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE contact_points SET changed_at = $1, \
         state = CASE WHEN state = 'failing' AND channel <> 'ent' THEN 'dead' ELSE 'failing' END \
         WHERE school_id = $2 AND channel = $3 AND value = $4 \
         AND state IN ('unverified', 'working', 'failing')",
        &[
            now.into(),
            school.as_str().into(),
            point.channel().as_str().into(),
            point.value().into(),
        ],
    )?;
    Ok(())
}

/// Notes what we now know of a person's postal address, if it still is the one that was written to.
pub fn set_post_state(
    tx: &Tx<'_>,
    school: &SchoolId,
    person: &PersonKey,
    address: &PostalAddress,
    state: ContactState,
    now: Moment,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE persons SET post_state = $1, post_changed_at = $2 \
         WHERE school_id = $3 AND key = $4 AND postal_address = $5",
        &[
            state.as_str().into(),
            now.into(),
            school.as_str().into(),
            (&person.0).into(),
            (&json(address)?).into(),
        ],
    )?;
    Ok(())
}

/// Whether somebody who has this way asked not to be written to there.
pub fn is_opted_out(
    tx: &Tx<'_>,
    school: &SchoolId,
    point: &ContactPoint,
) -> Result<bool, StoreError> {
    let found = tx.query_one(
        "SELECT 1 FROM contact_points WHERE school_id = $1 AND channel = $2 AND value = $3 \
         AND state = $4 LIMIT 1",
        &[
            school.as_str().into(),
            point.channel().as_str().into(),
            point.value().into(),
            ContactState::OptedOut.as_str().into(),
        ],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// Whose this way is: everybody who has it.
pub fn owners(
    tx: &Tx<'_>,
    school: &SchoolId,
    point: &ContactPoint,
) -> Result<Vec<PersonKey>, StoreError> {
    tx.query(
        "SELECT person_key FROM contact_points WHERE school_id = $1 AND channel = $2 \
         AND value = $3 ORDER BY person_key",
        &[school.as_str().into(), point.channel().as_str().into(), point.value().into()],
        |row: &Row<'_>| Ok(PersonKey(row.text(0)?)),
    )
}

/// A person out of the first eight columns, without contact points.
fn read_person(row: &Row<'_>) -> Result<Person, StoreError> {
    Ok(Person {
        key: PersonKey(row.text(0)?),
        role: row.json(1)?,
        civility: row.maybe_word(2, read_civility)?,
        family_name: row.text(3)?,
        usage_name: row.maybe_text(4)?,
        first_name: row.text(5)?,
        postal_address: row.str(6)?.map(|_| row.json(6)).transpose()?,
        accepts_sms: row.int(7)? != 0,
        contact_points: Vec::new(),
        typed: Vec::new(),
    })
}

/// A contact point out of eight columns: channel, value, source, state, proof and its time, change,
/// what was typed.
fn read_kept_point(row: &Row<'_>, from: usize) -> Result<KeptContactPoint, StoreError> {
    Ok(KeptContactPoint {
        point: read_point(row, from)?,
        source: row.text(from + 2)?,
        state: row.word(from + 3, ContactState::from_word)?,
        proof: row.maybe_word(from + 4, Proof::from_word)?,
        proven_at: row.maybe_moment(from + 5)?,
        changed_at: Moment(row.int(from + 6)?),
        typed: row.maybe_text(from + 7)?,
    })
}

/// A contact point out of two columns: channel, value.
fn read_point(row: &Row<'_>, from: usize) -> Result<ContactPoint, StoreError> {
    let channel = row.word(from, |word| word.parse().ok())?;
    row.word(from + 1, |value| ContactPoint::from_stored(channel, value))
}

fn read_civility(word: &str) -> Option<Civility> {
    [Civility::Mme, Civility::M].into_iter().find(|civility| civility.as_str() == word)
}
