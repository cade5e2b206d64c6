//! How long somebody on the telephone waits for `chappe people show`: the whole dossier, by what was typed; and,
//! beside it, the scan of all names that a search without an index is.

use std::time::Instant;

use anyhow::{Context as _, bail};
use chappe::directory::{Who, WhoError};
use chappe::office::{self, School};
use chappe::store::Tx;
use rusqlite::{Connection, OpenFlags};
use serde::{Deserialize, Serialize};

use crate::measure;

/// How many persons are looked up in each way.
const LOOKS: usize = 200;

/// Milliseconds of one way to look somebody up.
#[derive(Serialize, Deserialize)]
pub struct Looks {
    /// What was typed.
    typed: String,
    /// In half of the looks at most.
    median: f64,
    /// In the longest one.
    longest: f64,
}

/// Looks up persons of a school in every way.
pub async fn looks(school: &School) -> anyhow::Result<Vec<Looks>> {
    let some = some(school).await?;
    let mut all = Vec::new();
    for (typed, text) in [
        ("first name and family name", (|one| format!("{} {}", one.first, one.family)) as Text),
        ("the beginnings of both", |one| format!("{} {}", begin(&one.first), begin(&one.family))),
        ("a family name that many have", |one| one.family.clone()),
        ("a pupil's name", |one| one.pupil.clone()),
        ("an e-mail address", |one| one.email.clone()),
    ] {
        let mut times = Vec::with_capacity(some.len());
        for one in &some {
            let who = Who { name: text(one), ..Who::default() };
            let begun = Instant::now();
            match office::dossiers(school, who).await {
                Ok(_) | Err(WhoError::Several { .. }) => {}
                Err(other) => bail!("{typed}: {other}"),
            }
            times.push(begun.elapsed().as_secs_f64() * 1e3);
        }
        all.push(of(typed, times)?);
    }
    all.push(scans(school, &some)?);
    Ok(all)
}

/// Shows them.
pub fn show(all: &[Looks]) -> anyhow::Result<()> {
    let row = |looks: &Looks| {
        [looks.typed.clone(), format!("{:.2}", looks.median), format!("{:.2}", looks.longest)]
    };
    let rows: Vec<[String; 3]> = all.iter().map(row).collect();
    measure::table(["people show, by", "median ms", "longest ms"], &rows)
}

type Text = fn(&Somebody) -> String;

struct Somebody {
    first: String,
    family: String,
    pupil: String,
    email: String,
}

/// Guardians who have an e-mail address, from all over the directory.
async fn some(school: &School) -> anyhow::Result<Vec<Somebody>> {
    let id = school.queue.school().clone();
    let read = move |tx: &Tx<'_>| {
        tx.query(
            "SELECT p.first_name, COALESCE(p.usage_name, p.family_name), u.first_name || ' ' || \
             COALESCE(u.usage_name, u.family_name), c.value FROM persons p JOIN guardianships g \
             ON g.school_id = p.school_id AND g.person_key = p.key JOIN pupils u \
             ON u.school_id = p.school_id AND u.key = g.pupil_key JOIN contact_points c \
             ON c.school_id = p.school_id AND c.person_key = p.key AND c.channel = 'email' \
             WHERE p.school_id = $1 AND p.archived_at IS NULL AND u.archived_at IS NULL \
             ORDER BY substr(p.key, length(p.key) - 1), p.key LIMIT $2",
            &[id.as_str().into(), LOOKS.into()],
            |row| {
                let [first, family, pupil, email] =
                    [row.text(0)?, row.text(1)?, row.text(2)?, row.text(3)?];
                Ok(Somebody { first, family, pupil, email })
            },
        )
    };
    Ok(school.store().read(read).await?)
}

/// The first letters of a name.
fn begin(name: &str) -> String {
    name.chars().take(4).collect()
}

/// The names alone, by `LIKE`: no dossier, no accents.
fn scans(school: &School, some: &[Somebody]) -> anyhow::Result<Looks> {
    let file = school.folder.join("chappe.sqlite3");
    let file = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut scan = file.prepare(
        "SELECT COUNT(*) FROM persons WHERE archived_at IS NULL \
         AND first_name || ' ' || COALESCE(usage_name, family_name) LIKE '%' || ?1 || '%'",
    )?;
    let mut times = Vec::new();
    for one in some.iter().take(20) {
        let begun = Instant::now();
        let _: i64 = scan.query_row([&one.family], |row| row.get(0))?;
        times.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    of("(beside it: LIKE over all adults)", times)
}

fn of(typed: &str, mut times: Vec<f64>) -> anyhow::Result<Looks> {
    times.sort_by(f64::total_cmp);
    let median = *times.get(times.len() / 2).context("nobody was looked up")?;
    let longest = *times.last().context("nobody was looked up")?;
    Ok(Looks { typed: typed.to_owned(), median, longest })
}
