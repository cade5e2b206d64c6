//! A secretariat: a folder with a configuration and a school's exports, where commands are typed.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};

use chappe::clock::Clock;
use chappe::demo::school::{College, Size, fictional_college};
use chappe::people::SchoolYear;
use chappe::store::Store;
use jiff::civil::Date;
use serde_json::Value;
use tempfile::TempDir;

const SCHOOL: &str = r#"
[school]
uai = "0319999Z"
name = "Collège Claude-Chappe"
address = ["1 rue du Télégraphe", "31999 VALCLAIR"]
town = "Valclair"
website = "https://claude-chappe.example.org/info"
signatory_name = "Camille Arago"
signatory_title = "Principale"

[http]
listen = "127.0.0.1:0"

[dispatch]
lease = "4s"
retry = ["100ms", "100ms"]
receipts_every = "100ms"
look_every = "50ms"
undo = "0s"
undo_urgent = "0s"

[breaker]
first_pause = "200ms"
longest_pause = "400ms"

[hours]
ent = { quiet = [] }
sms = { quiet = [] }

[plans]
famille = [
  { channels = ["email"], patience = "2s" },
  { channels = ["sms"], patience = "2s" },
  { channels = ["letter"] },
]
papier = [{ channels = ["letter"] }]
"#;

/// Providers that write each message as a file.
pub const FOLDERS: &str = r#"
[providers.mails.folder]
channel = "email"
path = "out/email"

[providers.texts.folder]
channel = "sms"
path = "out/sms"
"#;

/// The fields that `fermeture` asks for, as arguments.
pub const FIELDS: [&str; 10] = [
    "--set",
    "objet=Fermeture du collège",
    "--set",
    "ce_qui_change=Le collège ferme **demain**.",
    "--set",
    "agenda=6e à 8h30, 5e à 9h30.",
    "--set",
    "contacts=Vie scolaire : 05 36 49 00 02",
    "--set",
    "prochain_rendez_vous=vendredi à 18h",
];

/// The folder, and whoever types there.
pub struct Office {
    folder: TempDir,
}

/// What a command answered.
#[derive(Debug)]
pub struct Answer {
    /// The exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Office {
    /// A folder with nothing in it.
    pub fn empty() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    /// A folder with a configuration whose providers are folders.
    pub fn new() -> Self {
        Self::with_providers(FOLDERS)
    }

    /// A folder with a configuration, these `[providers…]`, and an empty database.
    pub fn with_providers(providers: &str) -> Self {
        let office = Self::without_database(providers);
        drop(Store::in_line(&office.path("chappe.sqlite3")).unwrap());
        office
    }

    /// The same, before anything was imported or made.
    pub fn without_database(providers: &str) -> Self {
        let office = Self::empty();
        office.write("chappe.toml", format!("{SCHOOL}\n{providers}"));
        office
    }

    /// Puts a real school's facts in the place of the fiction's, which a doctor refuses; nobody is imported there.
    pub fn of_a_real_school(self) -> Self {
        let mut text = std::fs::read_to_string(self.path("chappe.toml")).unwrap();
        for (fiction, real) in [
            ("0319999Z", "0310053P"),
            ("Collège Claude-Chappe", "Collège du Puits"),
            ("1 rue du Télégraphe", "1 rue du Puits"),
            ("\"Valclair\"", "\"Montauban\"\nphone = \"05 36 49 01 01\""),
            ("claude-chappe.example.org", "puits.example.org"),
            ("Camille Arago", "Iris Petit"),
        ] {
            text = text.replace(fiction, real);
        }
        self.write("chappe.toml", text);
        self
    }

    /// An office whose school's files are imported.
    pub fn with_school() -> Self {
        let office = Self::new();
        office.import(&small_school());
        office
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Who may read and write a file of it.
    pub fn rights_of(&self, name: &str) -> u32 {
        std::fs::metadata(self.path(name)).unwrap().permissions().mode() & 0o777
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        // A secretariat keeps its files to itself.
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
        path
    }

    /// Writes the exports of `school`; their names in the folder.
    pub fn export(&self, school: &College) -> Vec<String> {
        let files = school.siecle_files(today()).into_iter();
        files
            .map(|(name, bytes)| {
                self.write(&name, bytes);
                name
            })
            .collect()
    }

    /// Exports a school and imports it.
    pub fn import(&self, school: &College) -> Value {
        let files = self.export(school);
        self.run(["import", "--json", "--yes"].into_iter().chain(files.iter().map(String::as_str)))
            .json()
    }

    /// A command in this folder, not started yet.
    pub fn command<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Command {
        command_in(self.folder.path(), arguments)
    }

    /// Types a command and waits for its end.
    pub fn run<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Answer {
        answer(&mut self.command(arguments))
    }

    /// Launches `fermeture` to an audience; its code.
    pub fn send_to(&self, audience: &str) -> String {
        let arguments = ["send", "fermeture", "--to", audience, "--again", "--json"];
        let sent = self.run(arguments.into_iter().chain(FIELDS)).json();
        sent["message"].as_str().unwrap().to_owned()
    }

    /// Where a message stands, once nothing of it is left to a machine.
    pub fn watched(&self, message: &str) -> Value {
        self.run(["watch", message, "--json"]).json()
    }

    /// How many files stand in a folder; none when it is missing.
    pub fn files_in(&self, folder: &str) -> usize {
        std::fs::read_dir(self.path(folder)).map_or(0, Iterator::count)
    }

    /// Starts the daemon here.
    pub fn serve(&self) -> Daemon {
        Daemon::start(self.command(["serve", "--json"]))
    }

    /// Every row of what people and messages the database holds, as text.
    pub fn rows(&self) -> String {
        let places = ["disk/chappe.sqlite3", "chappe.sqlite3"].map(|name| self.path(name));
        let place = places.iter().find(|place| place.exists()).unwrap();
        let connection = rusqlite::Connection::open(place).unwrap();
        let tables = [
            "pupils",
            "persons",
            "guardianships",
            "contact_points",
            "messages",
            "addressees",
            "deliveries",
        ];
        tables.map(|table| format!("{table}\n{}", table_text(&connection, table))).concat()
    }
}

fn table_text(connection: &rusqlite::Connection, table: &str) -> String {
    let mut query = connection.prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2, 3")).unwrap();
    let columns = query.column_count();
    let mut rows = query.query([]).unwrap();
    let mut text = String::new();
    while let Some(row) = rows.next().unwrap() {
        for column in 0..columns {
            write!(text, "{:?}|", row.get_ref(column).unwrap()).unwrap();
        }
        text.push('\n');
    }
    text
}

/// A command in a folder, with nothing of the tester's own settings.
pub fn command_in<'a>(folder: &Path, arguments: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chappe"));
    let ours = std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CHAPPE"));
    for (name, _) in ours {
        command.env_remove(name);
    }
    command.args(arguments).current_dir(folder).stdin(Stdio::null());
    command
}

/// Runs a command to its end.
pub fn answer(command: &mut Command) -> Answer {
    let output = command.output().unwrap();
    Answer {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Answer {
    /// Standard output of a command that succeeded.
    pub fn done(self) -> String {
        assert_eq!(self.code, Some(0), "{self:?}");
        self.out
    }

    /// The last line of a command that succeeded, as JSON.
    pub fn json(self) -> Value {
        serde_json::from_str(self.done().lines().last().unwrap()).unwrap()
    }

    /// Every line of a command that succeeded, as JSON.
    pub fn lines(self) -> Value {
        let done = self.done();
        let lines = done.lines().map(|line| serde_json::from_str(line).unwrap());
        Value::Array(lines.collect())
    }

    /// Standard error of a command that failed, and no panic.
    pub fn failed(self) -> String {
        assert_eq!(self.code, Some(1), "{self:?}");
        assert!(self.err.contains("chappe: "), "no reason: {self:?}");
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self.err
    }

    /// The same, and no row of the database was changed.
    pub fn failed_in(self, before: &str, office: &Office) -> String {
        let reason = self.failed();
        assert!(before == office.rows(), "rows changed: {reason}");
        reason
    }

    /// The same with `--json`: the reason on both.
    pub fn failed_in_json(self) -> String {
        let last = self.out.lines().last().unwrap_or_else(|| panic!("no answer: {self:?}"));
        let last: Value = serde_json::from_str(last).unwrap();
        let reason = last["error"].as_str().unwrap().to_owned();
        assert!(self.failed().contains(&reason));
        reason
    }
}

/// A daemon at work; dropped, it is killed.
pub struct Daemon {
    child: Child,
    pub out: BufReader<ChildStdout>,
    pub address: SocketAddr,
}

impl Daemon {
    /// Starts `serve --json` and waits until it says where it listens.
    pub fn start(mut command: Command) -> Self {
        Self::listening(command.stderr(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap())
    }

    /// The same, and its log.
    pub fn start_with_log(mut command: Command) -> (Self, BufReader<ChildStderr>) {
        let mut child = command.stderr(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let log = BufReader::new(child.stderr.take().unwrap());
        (Self::listening(child), log)
    }

    fn listening(mut child: Child) -> Self {
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let told: Value = serde_json::from_str(&line).unwrap();
        let address = told["listening"].as_str().unwrap().parse().unwrap();
        Self { child, out, address }
    }

    /// What its process is called.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What its door answers: the first line and the body.
    pub fn get(&self, path: &str) -> String {
        get(self.address, path)
    }

    /// Tells it to stop as a service manager does, once; its exit code.
    pub fn terminate(mut self) -> Option<i32> {
        signal(&self.child, "TERM");
        self.child.wait().unwrap().code()
    }

    /// Tells it to stop, as often as it takes; its exit code.
    pub fn interrupt_until_it_ends(mut self) -> Option<i32> {
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            signal(&self.child, "INT");
        }
    }

    /// Tells it to stop as Ctrl-C does; its exit code and the rest of what it said.
    pub fn interrupt(mut self) -> (Option<i32>, String) {
        signal(&self.child, "INT");
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).unwrap();
        (self.child.wait().unwrap().code(), rest)
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a signal to a child by its name.
pub fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([format!("-{name}"), child.id().to_string()]).status();
    assert!(sent.unwrap().success());
}

/// The answer of a door to a path.
pub fn get(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// The day in France.
pub fn today() -> Date {
    let now = jiff::Timestamp::from_millisecond(Clock::system().now().0).unwrap();
    now.to_zoned(jiff::tz::TimeZone::get("Europe/Paris").unwrap()).date()
}

/// Sixty pupils in four classes: `6A`, `5A`, `4A`, `3A`.
pub fn small_school() -> College {
    fictional_college(3, SchoolYear::of(today()), Size { pupils: 60, classes: 4 })
}
