//! Adults: guardians and staff, with the ways to reach them.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::contact_points::{KeptContactPoint, read_kept_point, read_point};
use super::messages::json;
use super::names::{kept, kept_if_any};
use super::{Row, StoreError, Tx, Value};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::people::{
    Civility, ContactPoint, ContactState, Handle, NameOrders, Person, PersonKey, PostalAddress,
    PupilKey, Role, SchoolId, Source,
};

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

impl KeptPerson {
    /// Whether any way to reach them may be used; a number that is only called is one.
    #[must_use]
    pub fn has_a_way(&self) -> bool {
        let takes_post = self.person.postal_address.is_some() && self.post_state.is_usable();
        takes_post || self.points.iter().any(|point| point.state.is_usable())
    }
}

/// The statement that reads adults with all that is kept of their contact points, as [`each_kept`] wants them.
macro_rules! kept_where {
    ($which:literal) => {
        concat!(
            "SELECT p.key, p.role, p.civility, p.family_name, p.usage_name, p.first_name, \
             p.postal_address, p.accepts_sms, p.post_state, \
             c.channel, c.value, c.source, c.state, c.proof, c.proven_at, c.changed_at, c.typed \
             FROM persons p LEFT JOIN contact_points c \
             ON c.school_id = p.school_id AND c.person_key = p.key \
             WHERE p.school_id = $1 AND p.archived_at IS NULL ",
            $which
        )
    };
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
    take: impl FnMut(KeptPerson) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    each_kept(tx, kept_where!("ORDER BY p.key, c.channel, c.rank"), &[school.as_str().into()], take)
}

/// One adult who is not archived, with every contact point and what is known of it.
pub fn kept_person(
    tx: &Tx<'_>,
    school: &SchoolId,
    key: &PersonKey,
) -> Result<Option<KeptPerson>, StoreError> {
    let mut found = None;
    each_kept(
        tx,
        kept_where!("AND p.key = $2 ORDER BY c.channel, c.rank"),
        &[school.as_str().into(), (&key.0).into()],
        |kept| {
            found = Some(kept);
            Ok(())
        },
    )?;
    Ok(found)
}

/// A row a contact point, those of a person beside each other.
fn each_kept(
    tx: &Tx<'_>,
    sql: &'static str,
    values: &[Value<'_>],
    mut take: impl FnMut(KeptPerson) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut at_hand: Option<KeptPerson> = None;
    tx.each(sql, values, |row| {
        let key = row.str(0)?;
        let is_next = at_hand.as_ref().is_none_or(|kept| key != Some(kept.person.key.0.as_str()));
        if is_next {
            let post_state = row.word(8, ContactState::from_word)?;
            let next = KeptPerson { person: read_person(row)?, points: Vec::new(), post_state };
            at_hand.replace(next).map_or(Ok(()), &mut take)?;
        }
        if let (Some(kept), Some(_)) = (&mut at_hand, row.str(9)?) {
            kept.points.push(read_kept_point(row, 9)?);
        }
        Ok(())
    })?;
    at_hand.map_or(Ok(()), take)
}

/// Whether a pupil or an adult of the school now comes from this source.
pub fn has_source(tx: &Tx<'_>, school: &SchoolId, source: Source) -> Result<bool, StoreError> {
    let found = tx.query_one(
        "SELECT 1 FROM persons WHERE school_id = $1 AND substr(key, 1, length($2)) = $2 \
         AND archived_at IS NULL UNION ALL \
         SELECT 1 FROM pupils WHERE school_id = $1 AND substr(key, 1, length($2)) = $2 \
         AND archived_at IS NULL LIMIT 1",
        &[school.as_str().into(), (&source.prefix()).into()],
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

/// The guardians of a pupil, without their contact points.
pub fn guardians_of(
    tx: &Tx<'_>,
    school: &SchoolId,
    pupil: &PupilKey,
) -> Result<Vec<Person>, StoreError> {
    tx.query(
        "SELECT p.key, p.role, p.civility, p.family_name, p.usage_name, p.first_name, \
         p.postal_address, p.accepts_sms FROM guardianships g JOIN persons p \
         ON p.school_id = g.school_id AND p.key = g.person_key \
         WHERE g.school_id = $1 AND g.pupil_key = $2 ORDER BY g.person_key",
        &[school.as_str().into(), (&pupil.0).into()],
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

/// The statement that reads adults, archived or not, with their contact points, as [`usable`] wants them.
macro_rules! usable_where {
    ($which:literal) => {
        concat!(
            "SELECT p.key, p.role, p.civility, p.family_name, p.usage_name, p.first_name, \
             p.postal_address, p.accepts_sms, c.channel, c.value, c.state, c.rank, p.post_state \
             FROM persons p \
             LEFT JOIN contact_points c ON c.school_id = p.school_id AND c.person_key = p.key \
             WHERE p.school_id = $1 ",
            $which
        )
    };
}

/// One adult, archived or not, with the contact points that may be used, in the order of
/// preference within a channel.
pub fn person(
    tx: &Tx<'_>,
    school: &SchoolId,
    key: &PersonKey,
) -> Result<Option<Person>, StoreError> {
    let found =
        usable(tx, usable_where!("AND p.key = $2"), &[school.as_str().into(), (&key.0).into()])?;
    Ok(found.into_values().next())
}

/// How many adults [`some`] takes.
pub const AT_ONCE: usize = 16;

/// The same of up to [`AT_ONCE`] adults, in one statement; who is unknown is not among them.
pub fn some(
    tx: &Tx<'_>,
    school: &SchoolId,
    keys: &[&PersonKey],
) -> Result<HashMap<PersonKey, Person>, StoreError> {
    // Nobody has an empty key.
    let mut values = [Value::Text(""); 1 + AT_ONCE];
    values[0] = school.as_str().into();
    for (value, key) in values[1..].iter_mut().zip(keys) {
        *value = (&key.0).into();
    }
    let sql = usable_where!(
        "AND p.key IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"
    );
    usable(tx, sql, &values)
}

/// Every adult of the school now, with the same.
pub fn all_usable(
    tx: &Tx<'_>,
    school: &SchoolId,
) -> Result<HashMap<PersonKey, Person>, StoreError> {
    usable(tx, usable_where!("AND p.archived_at IS NULL"), &[school.as_str().into()])
}

/// How many adults the school has now.
pub fn count(tx: &Tx<'_>, school: &SchoolId) -> Result<usize, StoreError> {
    let count = tx.query_one(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM persons WHERE school_id = $1 AND archived_at IS NULL",
        &[school.as_str().into()],
        |row| row.count(0),
    )?;
    Ok(count.unwrap_or_default())
}

fn usable(
    tx: &Tx<'_>,
    sql: &'static str,
    values: &[Value<'_>],
) -> Result<HashMap<PersonKey, Person>, StoreError> {
    let mut found: HashMap<PersonKey, (Person, Vec<(i64, ContactPoint)>)> = HashMap::new();
    tx.each(sql, values, |row| {
        let key = PersonKey(row.text(0)?);
        let (_, points) = match found.entry(key) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let person = read_person(row)?;
                let takes_post = row.word(12, ContactState::from_word)?.is_usable();
                let postal_address = person.postal_address.filter(|_| takes_post);
                new.insert((Person { postal_address, ..person }, Vec::new()))
            }
        };
        if row.str(8)?.is_some() && row.word(10, ContactState::from_word)?.is_usable() {
            points.push((row.int(11)?, read_point(row, 8)?));
        }
        Ok(())
    })?;
    // Few enough to be sorted here: the database would set up a sorter for each statement.
    let sorted = |(person, mut points): (Person, Vec<(i64, ContactPoint)>)| {
        points.sort_by_key(|(rank, point)| (point.channel(), *rank));
        let contact_points = points.into_iter().map(|(_, point)| point).collect();
        Person { contact_points, ..person }
    };
    Ok(found.into_iter().map(|(key, kept)| (key, sorted(kept))).collect())
}

/// Adds an adult, or brings them up to date; their contact points stand apart.
pub fn put_person(tx: &Tx<'_>, school: &SchoolId, person: &Person) -> Result<(), StoreError> {
    tx.changes_directory(school);
    let address = person.postal_address.as_ref().map(json).transpose()?;
    let Person { family_name, usage_name, first_name, .. } = person;
    let name = NameOrders::of(family_name, usage_name.as_deref(), first_name);
    tx.execute(
        "INSERT INTO persons (school_id, key, role, civility, family_name, usage_name, \
         first_name, postal_address, accepts_sms, filed, also_filed, first_filed, within_filed, \
         handle, archived_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, NULL) \
         ON CONFLICT (school_id, key) DO UPDATE SET role = excluded.role, \
         civility = excluded.civility, family_name = excluded.family_name, \
         usage_name = excluded.usage_name, first_name = excluded.first_name, \
         postal_address = excluded.postal_address, accepts_sms = excluded.accepts_sms, \
         filed = excluded.filed, also_filed = excluded.also_filed, \
         first_filed = excluded.first_filed, within_filed = excluded.within_filed, \
         handle = excluded.handle, post_state = CASE WHEN persons.postal_address IS NOT DISTINCT FROM excluded.postal_address \
         THEN persons.post_state ELSE 'unverified' END, archived_at = NULL",
        &[
            school.as_str().into(),
            (&person.key.0).into(),
            (&json(&person.role)?).into(),
            person.civility.map(Civility::as_str).into(),
            family_name.into(),
            usage_name.as_ref().into(),
            first_name.into(),
            address.as_ref().into(),
            person.accepts_sms.into(),
            kept(&name.filed),
            kept_if_any(name.also_filed.as_ref()),
            kept(&name.from_first_name),
            kept_if_any(name.from_within.as_ref()),
            Value::Bytes(Handle::of_person(&person.key).as_bytes()),
        ],
    )?;
    Ok(())
}

/// The adult of a handle who is at the school now.
pub fn by_handle(
    tx: &Tx<'_>,
    school: &SchoolId,
    handle: &Handle,
) -> Result<Option<PersonKey>, StoreError> {
    tx.query_one(
        "SELECT key FROM persons WHERE school_id = $1 AND handle = $2 AND archived_at IS NULL",
        &[school.as_str().into(), Value::Bytes(handle.as_bytes())],
        |row| Ok(PersonKey(row.text(0)?)),
    )
}

/// Takes an adult out of the directory; they are kept until their retention ends.
pub fn archive_person(
    tx: &Tx<'_>,
    school: &SchoolId,
    key: &PersonKey,
    now: Moment,
) -> Result<(), StoreError> {
    tx.changes_directory(school);
    tx.execute(
        "UPDATE persons SET archived_at = $1 WHERE school_id = $2 AND key = $3",
        &[now.into(), school.as_str().into(), (&key.0).into()],
    )?;
    Ok(())
}

/// The adults who were at the school, and left.
pub fn archived(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<PersonKey>, StoreError> {
    tx.query(
        "SELECT key FROM persons WHERE school_id = $1 AND archived_at IS NOT NULL",
        &[school.as_str().into()],
        |row| Ok(PersonKey(row.text(0)?)),
    )
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
    tx.changes_directory(school);
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

/// So many of the ways in a state to people of the school now, after so many of them, in the order of people's names.
pub fn with_points_in(
    tx: &Tx<'_>,
    school: &SchoolId,
    state: ContactState,
    channel: Option<Channel>,
    (skipped, most): (usize, usize),
) -> Result<Vec<(Person, KeptContactPoint)>, StoreError> {
    // By person: the index of states would be gone through anew for each of them.
    tx.query(
        "SELECT p.key, p.role, p.civility, p.family_name, p.usage_name, p.first_name, \
         p.postal_address, p.accepts_sms, \
         c.channel, c.value, c.source, c.state, c.proof, c.proven_at, c.changed_at, c.typed \
         FROM persons p CROSS JOIN contact_points c \
         WHERE p.school_id = $1 AND p.archived_at IS NULL AND c.school_id = p.school_id \
         AND c.person_key = p.key AND (c.state || '') = $2 AND ($3 = '' OR c.channel = $3) \
         ORDER BY p.filed, p.key, c.channel, c.value LIMIT $4 OFFSET $5",
        &[
            school.as_str().into(),
            state.as_str().into(),
            channel.map_or("", Channel::as_str).into(),
            most.into(),
            skipped.into(),
        ],
        |row| Ok((read_person(row)?, read_kept_point(row, 8)?)),
    )
}

/// The same of postal addresses, each with the moment since when it is in that state, where that is known.
pub fn with_post_in(
    tx: &Tx<'_>,
    school: &SchoolId,
    state: ContactState,
    (skipped, most): (usize, usize),
) -> Result<Vec<(Person, Option<Moment>)>, StoreError> {
    tx.query(
        "SELECT key, role, civility, family_name, usage_name, first_name, postal_address, \
         accepts_sms, post_changed_at FROM persons WHERE school_id = $1 AND archived_at IS NULL \
         AND postal_address IS NOT NULL AND post_state = $2 \
         ORDER BY filed, key LIMIT $3 OFFSET $4",
        &[school.as_str().into(), state.as_str().into(), most.into(), skipped.into()],
        |row| Ok((read_person(row)?, row.maybe_moment(8)?)),
    )
}

/// How many postal addresses of people of the school now are in which state.
pub fn count_post_states(
    tx: &Tx<'_>,
    school: &SchoolId,
) -> Result<Vec<(ContactState, usize)>, StoreError> {
    tx.query(
        "SELECT post_state, COUNT(*) FROM persons WHERE school_id = $1 AND archived_at IS NULL \
         AND postal_address IS NOT NULL GROUP BY post_state",
        &[school.as_str().into()],
        |row| Ok((row.word(0, ContactState::from_word)?, row.count(1)?)),
    )
}

/// A person out of the first eight columns, without contact points.
fn read_person(row: &Row<'_>) -> Result<Person, StoreError> {
    Ok(Person {
        key: PersonKey(row.text(0)?),
        role: row.json(1)?,
        civility: row.maybe_word(2, Civility::from_word)?,
        family_name: row.text(3)?,
        usage_name: row.maybe_text(4)?,
        first_name: row.text(5)?,
        postal_address: row.maybe_json(6)?,
        accepts_sms: row.truth(7)?,
        contact_points: Vec::new(),
        typed: Vec::new(),
    })
}
