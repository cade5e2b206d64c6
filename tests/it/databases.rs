//! A fresh database for each test: an `SQLite` file, or a database on a `PostgreSQL` server that this program
//! starts for itself and that ends with it.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use chappe::config::Database;
use chappe::store::Store;

/// `CHAPPE_TEST_ON=postgres`: tests that would take any database take one on the server.
const TEST_ON: &str = "CHAPPE_TEST_ON";
/// Whose files the server's are, where we are root: it does not run as root.
const USER: &str = "postgres";
/// Syncing is for real crashes: nobody pulls this machine's plug.
const QUICK: [&str; 6] =
    ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=500"];

/// Where a test keeps its data when it does not mind which database.
pub(crate) fn database(folder: &Path) -> Database {
    setting().map_or_else(|| Database::File(folder.join("chappe.sqlite3")), Database::Server)
}

/// The same, as a setting of a town's: `None` for the file that it has by itself.
pub(crate) fn setting() -> Option<String> {
    is_server_wanted().then(on_server)
}

/// Whether tests are to take a database on the server.
pub(crate) fn is_server_wanted() -> bool {
    std::env::var(TEST_ON).is_ok_and(|on| on == USER)
}

/// A store on such a database.
pub(crate) fn store(folder: &Path) -> Store {
    open(&database(folder))
}

/// A store on each kind of database, for what must hold on both.
pub(crate) fn both(folder: &Path) -> [Store; 2] {
    [Database::File(folder.join("chappe.sqlite3")), Database::Server(on_server())]
        .map(|it| open(&it))
}

/// A store on this database.
pub(crate) fn open(database: &Database) -> Store {
    match database {
        Database::File(path) => Store::open(path),
        Database::Server(url) => Store::connect(url, None),
    }
    .unwrap()
}

/// The URL of a new database on our server, with the schema that the program makes. It is a copy of one that was
/// made once: the migrations take longer than most tests.
pub(crate) fn on_server() -> String {
    static READY: OnceLock<String> = OnceLock::new();
    let ready = READY.get_or_init(|| {
        let url = empty_on_server();
        drop(open(&Database::Server(url.clone())));
        name_of(&url).to_owned()
    });
    Server::ours().database_like(ready)
}

/// The URL of a new and empty database on our server.
pub(crate) fn empty_on_server() -> String {
    Server::ours().database()
}

/// The URL of a new database, whose clock shows what `Store::in_line_on` tells it: what stands before
/// the server's own functions is called in their place.
pub(crate) fn on_simulated_time() -> String {
    const CLOCK: &str = "CREATE FUNCTION clock_timestamp() RETURNS TIMESTAMPTZ LANGUAGE SQL VOLATILE RETURN \
        COALESCE(to_timestamp(current_setting('simulated.now', true)::FLOAT8 / 1000), \
        pg_catalog.clock_timestamp());";
    let url = on_server();
    let name = name_of(&url);
    run_on(&url, &format!("{CLOCK} ALTER DATABASE {name} SET search_path = public, pg_catalog;"));
    url
}

/// Takes a database of our server away, whoever is connected to it.
pub(crate) fn drop_database(url: &str) {
    Server::ours().sql(&format!("DROP DATABASE {} WITH (FORCE)", name_of(url)));
}

fn name_of(url: &str) -> &str {
    url.trim_start_matches("postgres:///").split('?').next().unwrap_or_default()
}

/// Runs these statements on a database of our server.
pub(crate) fn run_on(url: &str, sql: &str) {
    restore(url, sql.as_bytes());
}

/// Which of these statements a database of our server does not understand.
pub(crate) fn not_understood<'s>(url: &str, statements: &'s [String]) -> Vec<&'s String> {
    let prepared = |number: usize, sql: &String| format!("PREPARE s{number} AS {sql};\n");
    let all: String = statements.iter().enumerate().map(|(n, sql)| prepared(n, sql)).collect();
    let is_understood = |sql: &str| Server::ours().psql(url, sql.as_bytes()).unwrap().success();
    if is_understood(&all) {
        return Vec::new();
    }
    statements.iter().filter(|sql| !is_understood(&prepared(0, sql))).collect()
}

/// What a database of our server answers to these statements, as `psql` writes it.
pub(crate) fn answer_of(url: &str, sql: &str) -> String {
    let mut psql = Command::new(Server::ours().programs.join("psql"));
    let answered = psql.args(["-X", "-q", "-t", "-d", url, "-c", sql]).output().unwrap();
    assert!(answered.status.success(), "{}", String::from_utf8_lossy(&answered.stderr));
    String::from_utf8(answered.stdout).unwrap()
}

/// Makes a database of our server what a dump says.
pub(crate) fn restore(url: &str, dump: &[u8]) {
    assert!(Server::ours().psql(url, dump).unwrap().success(), "psql refuses this");
}

/// What `pg_dump` says of a database of our server.
pub(crate) fn dump_of(url: &str) -> Vec<u8> {
    let mut dump = Command::new(Server::ours().programs.join("pg_dump"));
    let dumped = dump.args(["--clean", "--if-exists", "-d", url]).output().unwrap();
    assert!(dumped.status.success(), "{}", String::from_utf8_lossy(&dumped.stderr));
    dumped.stdout
}

/// A PostgreSQL server that ends with this program.
pub(crate) struct Server {
    folder: PathBuf,
    programs: PathBuf,
    /// It stops when its standard input closes: with this program, whatever way that ends.
    _running: Child,
}

impl Server {
    fn ours() -> &'static Self {
        static OURS: OnceLock<Server> = OnceLock::new();
        OURS.get_or_init(|| Self::start(&QUICK))
    }

    /// Starts one, with these arguments.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let folder = std::env::temp_dir().join(format!("chappe-postgres-{}", std::process::id()));
        std::fs::create_dir(&folder).unwrap();
        let programs = programs();
        if is_root() {
            let given = Command::new("chown").arg(USER).arg(&folder).status().unwrap();
            assert!(given.success(), "no user {USER}: apt-get install postgresql");
        }
        let data = folder.join("data");
        let mut init = as_user(&programs.join("initdb"));
        init.args(["--no-sync", "--auth=trust", "--locale=C.UTF-8", "--username", USER, "-D"]);
        let made = init.arg(&data).stdout(Stdio::null()).status().unwrap();
        assert!(made.success(), "initdb");
        let mut run = as_user(Path::new("sh"));
        let script = "\"$@\" & server=$!; cat > /dev/null; kill -QUIT $server; wait; rm -rf \"$0\"";
        run.args(["-c", script]).arg(&folder).arg(programs.join("postgres")).arg("-D").arg(&data);
        run.args(["-c", "listen_addresses=", "-k"]).arg(&folder).args(arguments);
        let log = std::fs::File::create(std::env::temp_dir().join("chappe-postgres.log")).unwrap();
        run.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(log);
        let server = Self { folder, programs, _running: run.spawn().unwrap() };
        let mut wait = Command::new("timeout");
        wait.args(["60", "sh", "-c", "until \"$0\" -q -h \"$1\"; do sleep 0.05; done"]);
        wait.arg(server.programs.join("pg_isready")).arg(&server.folder);
        assert!(wait.status().unwrap().success(), "the PostgreSQL server does not start");
        server
    }

    /// The URL of a new and empty database.
    pub(crate) fn database(&self) -> String {
        self.database_like("template1")
    }

    /// The URL of a new database that holds what this one holds, to which nobody is connected.
    fn database_like(&self, template: &str) -> String {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("chappe_{}", NUMBER.fetch_add(1, Ordering::SeqCst));
        self.sql(&format!("CREATE DATABASE {name} TEMPLATE {template}"));
        format!("postgres:///{name}?host={}&user={USER}", self.folder.display())
    }

    fn sql(&self, sql: &str) {
        let url = format!("postgres:///postgres?host={}&user={USER}", self.folder.display());
        assert!(self.psql(&url, sql.as_bytes()).unwrap().success(), "{sql}");
    }

    fn psql(&self, url: &str, sql: &[u8]) -> std::io::Result<std::process::ExitStatus> {
        let mut psql = Command::new(self.programs.join("psql"));
        psql.args(["-q", "-v", "ON_ERROR_STOP=1", "-d", url]);
        psql.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut running = psql.spawn()?;
        running.stdin.take().unwrap().write_all(sql)?;
        running.wait()
    }
}

/// Debian keeps the server's programs apart, by version: the newest.
fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql");
    let mut versions: Vec<PathBuf> =
        versions.into_iter().flatten().map(|entry| entry.unwrap().path().join("bin")).collect();
    versions.retain(|programs| programs.join("initdb").exists());
    versions.sort();
    versions.pop().expect("no PostgreSQL server: apt-get install postgresql")
}

fn as_user(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.current_dir("/").args(["-u", USER, "--"]).arg(program);
    command
}

pub(crate) fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout == b"0\n"
}
