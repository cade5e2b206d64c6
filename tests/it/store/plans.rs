//! What is asked about a provider, an address or a pupil is asked of an index, however much there is.

use chappe::store::Store;
use tempfile::TempDir;

use crate::architecture::statements_of_both;
use crate::databases;

/// The end that a pick is given apart from what it asks for.
const IN_ORDER: &str = "ORDER BY d.due_at LIMIT 256";
/// Statements, by words that they alone hold, and the index in which a file finds the deliveries.
const ASKED: [(&str, &str); 31] = [
    (
        "SELECT person_key, state FROM contact_points WHERE school_id = $1 AND channel = $2",
        "contact_points_by_value",
    ),
    ("AND substr(value, 1, 8) = $2", "contact_points_beginning"),
    (
        "FROM guardianships g JOIN persons p ON p.school_id = g.school_id",
        "sqlite_autoindex_persons_1",
    ),
    ("AND state = $2 AND state NOT IN", "addressees_under_way"),
    ("OR d.carrier = $6", "deliveries_due"),
    ("AND carrier = $8", "deliveries_due"),
    ("due_at > $1 AND carrier = $4", "deliveries_put_off"),
    ("state = 'sending' AND due_at <= $3 AND carrier", "deliveries_due"),
    ("failure IN ('uncertain', 'unseen') AND carrier IS NOT NULL", "deliveries_put_off"),
    ("SET carrier = NULL", "deliveries_put_off"),
    ("d.school_id = $2 AND d.carrier = $3", "deliveries_by_provider_ref"),
    ("FROM bounces WHERE school_id = $1 AND address = $2", "bounces_of_address"),
    ("AND d.sent_as = $2 AND d.state IN", "deliveries_sent_as"),
    ("AND d.sent_as = $2 AND d.provider_ref", "deliveries_of_call"),
    ("WHERE school_id = $1 AND sent_as = $2", "deliveries_sent_as"),
    ("AND sent_as = $3 AND state IN", "deliveries_sent_as"),
    ("COALESCE(l.carrier, d.carrier), COUNT", "deliveries_by_message"),
    ("AND act = $2 AND about = $3 ORDER BY", "journal_about"),
    ("AND act = $2 AND about = $3 AND asked_at >= $4", "journal_about"),
    ("FROM sessions WHERE school_id = $1 AND token = $2", "sqlite_autoindex_sessions_1"),
    ("GROUP BY (a.settled_at - $3) * $4", "addressees_standing"),
    ("GROUP BY a.state, a.reached_by", "addressees_standing"),
    ("SELECT id, recipient, number FROM addressees", "addressees_standing"),
    ("gathered_until IS NOT NULL OR carrier_id IS NOT NULL", "addressees_in_digests"),
    ("AND m.retries = $2", "messages_retries"),
    ("AND person_key = $2 ORDER BY received_at", "replies_of_person"),
    ("ON s.school_id = $1 AND s.addressee_id = a.id", "sqlite_autoindex_seen_to_1"),
    ("FROM recalls WHERE school_id = $1 AND provider = $2 AND due_at <= $3 UNION", "recalls_due"),
    ("CASE WHEN $4 = 1 THEN a.recipient END", "addressees_by_message"),
    ("a.settled_at, g.code, d.channel", "addressees_by_message"),
    ("JOIN attempts t ON t.delivery_id = COALESCE(d.leader_id", "attempts_of_delivery"),
];

/// Of some statements one school is all that they ask about: then the index holds few of its rows, or has them in the
/// order in which the first ones are asked for.
const OF_A_SCHOOL: [(&str, &str); 7] = [
    ("FROM messages WHERE school_id = $1 AND state <>", "messages_held"),
    ("AND state = 'waiting' AND leader_id IS NULL AND message_id =", "deliveries_to_print"),
    ("d.lane < $3 AND d.message_id = COALESCE", "deliveries_to_print"),
    ("FROM replies WHERE school_id = $1 ORDER BY received_at", "replies_by_age"),
    ("AND settled_at IS NULL ORDER BY received_at", "replies_open"),
    ("AND d.channel = 'phone' AND d.state = 'waiting' AND d.lane < $2", "deliveries_to_call"),
    ("AND channel = 'phone' AND state = 'waiting' AND leader_id IS NULL", "deliveries_to_call"),
];

/// The one statement that holds these words.
fn statement(words: &str) -> String {
    let found: Vec<String> =
        statements_of_both().into_iter().filter(|sql| sql.contains(words)).collect();
    let [one] = found.as_slice() else { panic!("{words}: {found:#?}") };
    let is_pick = one.contains("FROM deliveries d JOIN addressees a") && !one.contains("ORDER BY");
    if is_pick { format!("{one} {IN_ORDER}") } else { one.clone() }
}

/// How a file goes about a statement, step by step.
fn steps(file: &rusqlite::Connection, sql: &str) -> Vec<String> {
    let mut plan = file.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    // No value is bound: what is explained is not asked.
    plan.raw_query().mapped(|row| row.get::<_, String>(3)).map(Result::unwrap).collect()
}

/// How a server does, whatever the values are.
fn plan_on_a_server(url: &str, sql: &str) -> String {
    let values = (1..).take_while(|n| sql.contains(&format!("${n}"))).map(|_| "NULL");
    let values = values.collect::<Vec<_>>().join(", ");
    // On a table without a row, PostgreSQL would rather read all of it.
    let asked = format!(
        "SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan; \
         PREPARE it AS {sql}; EXPLAIN EXECUTE it({values})"
    );
    databases::answer_of(url, &asked)
}

#[test]
fn no_statement_about_one_of_many_reads_all_of_them_on_either_database() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("chappe.sqlite3");
    drop(Store::open(&path).unwrap());
    let file = rusqlite::Connection::open(&path).unwrap();
    let url = databases::on_server();
    drop(Store::connect(&url, None).unwrap());
    for (words, index) in ASKED {
        let sql = statement(words);
        let steps = steps(&file, &sql);
        let is_asked = |step: &String| step.contains(&format!("INDEX {index} ("));
        assert!(steps.iter().any(is_asked), "{sql}: {steps:#?}");
        let reads_all = |step: &String| step.starts_with("SCAN") || step.ends_with("(school_id=?)");
        assert!(!steps.iter().any(reads_all), "{sql}: {steps:#?}");
        let there = plan_on_a_server(&url, &sql);
        assert!(there.contains("Index") && !there.contains("Seq Scan"), "{sql}: {there}");
    }
}

#[test]
fn what_is_asked_about_a_school_is_read_where_it_is_few_or_in_order() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("chappe.sqlite3");
    drop(Store::open(&path).unwrap());
    let file = rusqlite::Connection::open(&path).unwrap();
    for (words, index) in OF_A_SCHOOL {
        let sql = statement(words);
        let steps = steps(&file, &sql);
        let is_asked =
            |step: &String| step.ends_with(&format!("USING INDEX {index} (school_id=?)"));
        assert!(steps.iter().any(is_asked), "{sql}: {steps:#?}");
        assert!(!steps.iter().any(|step| step.starts_with("SCAN")), "{sql}: {steps:#?}");
        let is_sorted = |step: &String| step == "USE TEMP B-TREE FOR ORDER BY";
        assert!(index != "replies_by_age" || !steps.iter().any(is_sorted), "{sql}: {steps:#?}");
    }
}

#[test]
fn a_pick_reads_what_is_due_in_its_order_and_sorts_nothing() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("chappe.sqlite3");
    drop(Store::open(&path).unwrap());
    let steps = steps(&rusqlite::Connection::open(&path).unwrap(), &statement(ASKED[0].0));
    assert!(!steps.iter().any(|step| step.contains("TEMP B-TREE")), "{steps:#?}");
}

#[test]
fn what_is_one_provider_s_alone_is_picked_among_what_was_put_off() {
    let asks =
        "AND d.failure IS NOT NULL AND d.failure IN ('uncertain', 'unseen') AND d.carrier = $6";
    assert!(include_str!("../../../src/store/picks.rs").contains(asks));
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("chappe.sqlite3");
    drop(Store::open(&path).unwrap());
    let pick = statement("OR d.carrier = $6").replace(IN_ORDER, &format!("{asks} {IN_ORDER}"));
    let steps = steps(&rusqlite::Connection::open(&path).unwrap(), &pick);
    let is_found = |step: &String| step.contains("USING INDEX deliveries_put_off (");
    assert!(steps.iter().any(is_found), "{steps:#?}");
    assert!(!steps.iter().any(|step| step.contains("TEMP B-TREE")), "{steps:#?}");
}

#[test]
fn only_a_name_is_asked_of_the_order_of_names() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("chappe.sqlite3");
    drop(Store::open(&path).unwrap());
    let file = rusqlite::Connection::open(&path).unwrap();
    let is_question = |sql: &&String| sql.starts_with("SELECT") && sql.contains("archived_at");
    let (named, others): (Vec<String>, Vec<String>) = statements_of_both()
        .into_iter()
        .filter(|sql| is_question(&sql))
        .partition(|sql| sql.contains("filed"));
    assert!(!named.is_empty() && others.len() > 10, "{named:#?} {others:#?}");
    let by_name = |sql: &String| steps(&file, sql).join(" ").contains("_filed");
    for sql in &others {
        assert!(!by_name(sql), "{sql} reads people in the order of their names");
    }
    assert!(named.iter().any(by_name));
}
