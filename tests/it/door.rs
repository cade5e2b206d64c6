//! The daemon's door: nobody who knocks keeps it from its work, from others, or from its end.

use std::io::{Read, Write};
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::pin::Pin;
use std::time::Duration;

use chappe::app::{self, Task};
use chappe::http::{self, Fitness};
use chappe::people::SchoolId;
use chappe::queue::Queue;
use chappe::stop::{self, Stopper};
use chappe::store::{Store, StoreError};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::Instant;

use crate::commands::office::{Daemon, Office, answer, get};

/// Connections that the door lets in at once.
const PLACES: usize = 1_024;

/// A door, with nothing behind it but an empty database.
struct Door {
    address: SocketAddr,
    fitness: Fitness,
    stopper: Stopper,
    serving: JoinHandle<()>,
    folder: TempDir,
}

impl Door {
    async fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let secret = folder.path().join("secret");
        std::fs::write(&secret, "s3cr3t").unwrap();
        allow(&secret, 0o600);
        let store = Store::open(&folder.path().join("chappe.sqlite3")).unwrap();
        let queue = Queue::new(store, SchoolId::parse("0319999Z").unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let fitness = Fitness::of_new(vec![secret], Vec::new());
        let (stopper, stop) = stop::channel();
        let router = http::health(queue, fitness.clone());
        let serving = tokio::spawn(http::serve(listener, None, router, None, stop));
        Self { address, fitness, stopper, serving, folder }
    }

    async fn knock(&self, said: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(said.as_bytes()).await.unwrap();
        stream
    }

    async fn get(&self, path: &str) -> String {
        let request = format!("GET {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        let mut stream = self.knock(&request).await;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    async fn is_ready(&self) -> bool {
        self.get("/readyz").await.ends_with("ready\n")
    }
}

fn allow(file: &Path, rights: u32) {
    std::fs::set_permissions(file, PermissionsExt::from_mode(rights)).unwrap();
}

/// Waits until the other side has hung up.
async fn hung_up(mut stream: TcpStream) {
    let mut rest = Vec::new();
    // A connection that is cut off is as good an end.
    let _ = stream.read_to_end(&mut rest).await;
}

#[tokio::test(start_paused = true)]
async fn a_head_that_never_ends_is_given_five_seconds() {
    let door = Door::open().await;
    for said in ["", "GET /healthz HTTP/1.1\r\nHost: ", "GET /healthz HTTP/1.1\r\nHost: h\r\n"] {
        let knocked = Instant::now();
        hung_up(door.knock(said).await).await;
        let took = knocked.elapsed();
        assert!((4..=6).contains(&took.as_secs()), "{said:?}: {took:?}");
    }
    // Nor does it help to say a little now and then.
    let (knocked, mut stream) = (Instant::now(), door.knock("GET /healthz HTTP/1.1\r\n").await);
    while stream.write_all(b"A: b\r\n").await.is_ok() {
        tokio::time::advance(Duration::from_secs(1)).await;
        let mut octet = [0];
        let heard = tokio::time::timeout(Duration::from_millis(1), stream.read(&mut octet)).await;
        if matches!(heard, Ok(Ok(0) | Err(_))) {
            break;
        }
        assert!(knocked.elapsed() < Duration::from_secs(8), "it drips for ever");
    }
}

#[tokio::test(start_paused = true)]
async fn a_head_that_grows_without_end_is_refused() {
    let door = Door::open().await;
    let long = format!("GET /{} HTTP/1.1\r\nA: {}", "a".repeat(4_000), "b".repeat(40_000));
    let mut stream = TcpStream::connect(door.address).await.unwrap();
    // It need not be read to its end.
    let _ = stream.write_all(long.as_bytes()).await;
    let (knocked, mut answer) = (Instant::now(), Vec::new());
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    assert!(!answer.contains("200 OK") && knocked.elapsed().as_secs() < 2, "{answer}");
}

#[tokio::test(start_paused = true)]
async fn those_who_hold_every_place_are_cut_off_and_the_next_one_is_answered() {
    let door = Door::open().await;
    let mut silent = Vec::new();
    for _ in 0..PLACES {
        silent.push(door.knock("GET /healthz HTTP/1.1\r\n").await);
    }
    let knocked = Instant::now();
    assert!(door.get("/healthz").await.contains("alive"));
    let waited = knocked.elapsed();
    assert!((4..=6).contains(&waited.as_secs()), "answered after {waited:?}: there was a place");
    drop(silent);
    let knocked = Instant::now();
    assert!(door.get("/healthz").await.contains("alive"));
    assert!(knocked.elapsed() < Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn the_door_closes_within_two_seconds_whoever_stands_in_it() {
    let door = Door::open().await;
    let mut inside = Vec::new();
    for said in ["", "GET /heal", "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n"] {
        inside.push(door.knock(said).await);
    }
    assert!(door.get("/healthz").await.contains("alive"));
    let told = Instant::now();
    door.stopper.stop();
    door.serving.await.unwrap();
    assert!(told.elapsed() <= Duration::from_secs(2), "{:?}", told.elapsed());
    assert!(TcpStream::connect(door.address).await.is_err(), "it still listens");
}

#[tokio::test(start_paused = true)]
async fn whoever_is_not_fit_for_work_says_so_until_they_are() {
    let door = Door::open().await;
    assert!(door.get("/readyz").await.contains("nothing could be written"), "nothing was yet");
    door.fitness.written();
    assert!(door.is_ready().await);
    let (database, secret) =
        (door.folder.path().join("chappe.sqlite3"), door.folder.path().join("secret"));
    for (file, told) in [(&database, "others may read the database"), (&secret, "a secret")] {
        allow(file, 0o604);
        let answer = door.get("/readyz").await;
        assert!(answer.contains("503") && answer.contains(told), "{answer}");
        assert!(door.get("/healthz").await.contains("200 OK"), "it lives all the same");
        allow(file, 0o640);
        assert!(door.is_ready().await, "a group may be meant");
    }
    door.fitness.looked_through(&Err(StoreError::Damaged("page 7".to_owned())));
    assert!(door.get("/readyz").await.contains("the database is damaged"));
    // What could not be looked at says nothing new.
    door.fitness.looked_through(&Err(StoreError::Closed));
    assert!(!door.is_ready().await);
    door.fitness.looked_through(&Ok(()));
    assert!(door.is_ready().await);
    tokio::time::advance(Duration::from_secs(71)).await;
    assert!(door.get("/readyz").await.contains("nothing could be written lately"));
    door.fitness.written();
    assert!(door.is_ready().await);
}

/// What a task does.
type Run = Pin<Box<dyn Future<Output = ()> + Send>>;

#[tokio::test(start_paused = true)]
async fn a_task_that_ended_panicked_or_hangs_is_named() {
    let ends: Run = Box::pin(async {});
    // As a panic, without the words that it would print.
    let panics: Run = Box::pin(async { std::panic::resume_unwind(Box::new("of a test")) });
    let hangs: Run = Box::pin(std::future::pending());
    let runs = [
        (ends, "the task \"send by relay\" has ended"),
        (panics, "the task \"send by relay\" has ended"),
        (hangs, "the task \"send by relay\" hangs"),
    ];
    for (run, told) in runs {
        let door = Door::open().await;
        door.fitness.written();
        let (_stopper, stop) = stop::channel();
        let wakes_within = Some(Duration::from_secs(10));
        let sound = Task {
            name: "listen".to_owned(),
            wakes_within: None,
            run: Box::pin(std::future::pending()),
        };
        let task = Task { name: "send by relay".to_owned(), wakes_within, run };
        let mut work = JoinSet::new();
        app::start([sound, task], &mut work, &door.fitness, &stop);
        if told.ends_with("hangs") {
            assert!(door.is_ready().await);
            tokio::time::advance(Duration::from_secs(131)).await;
            door.fitness.written();
        } else {
            work.join_next().await;
        }
        let answer = door.get("/readyz").await;
        assert!(answer.contains("503") && answer.contains(told), "{answer}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_lasts_is_known_of_when_work_begins_anew_and_what_was_told_to_end_is_not() {
    let door = Door::open().await;
    door.fitness.written();
    let run = |name: &str| Task {
        name: name.to_owned(),
        wakes_within: None,
        run: Box::pin(std::future::ready(())),
    };
    let mut work = JoinSet::new();
    let (stopper, of_settings) = stop::channel();
    app::start([run("send by relay")], &mut work, &door.fitness, &of_settings);
    work.join_next().await;
    assert!(door.get("/readyz").await.contains("\"send by relay\" has ended"));
    let (_stopper, of_daemon) = stop::channel();
    app::start([run("answer at the door")], &mut work, &door.fitness, &of_daemon);
    work.join_next().await;
    stopper.stop();
    door.fitness.begin_anew(Vec::new(), Vec::new());
    let answer = door.get("/readyz").await;
    assert!(answer.contains("\"answer at the door\" has ended"), "{answer}");
}

// ---- slow readers ------------------------------------------------------------------------------

/// Larger than all that a system keeps of it on its way.
const LARGE: usize = 64 * 1024 * 1024;

/// A door that answers everything with as much.
async fn large_door() -> (SocketAddr, Stopper) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stopper, stop) = stop::channel();
    let pages = axum::Router::new().fallback(async || vec![b'x'; LARGE]);
    tokio::spawn(http::serve(listener, None, axum::Router::new(), Some(pages), stop));
    (address, stopper)
}

async fn asked(address: SocketAddr) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").await.unwrap();
    stream
}

/// All that comes from now on.
async fn rest_of(mut stream: TcpStream) -> usize {
    let (mut read, mut buffer) = (0, vec![0; 64 * 1024]);
    // A connection that is cut off is as good an end.
    while let Ok(more @ 1..) = stream.read(&mut buffer).await {
        read += more;
    }
    read
}

#[tokio::test(start_paused = true)]
async fn whoever_reads_a_few_octets_a_second_is_cut_off() {
    let (address, _stopper) = large_door().await;
    let mut stream = asked(address).await;
    let mut few = [0; 16];
    // What the system took of it counts as read: so long it may take at the most.
    for _ in 0..LARGE / (8 * 1024) {
        if !matches!(stream.read(&mut few).await, Ok(1..)) {
            break;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let rest = rest_of(stream).await;
    assert!(rest < LARGE / 2, "{rest} octets are still to come: nobody was cut off");
}

#[tokio::test]
async fn whoever_reads_as_a_line_carries_it_is_answered_to_the_end() {
    let (address, _stopper) = large_door().await;
    let mut stream = asked(address).await;
    let (mut read, mut buffer) = (0, vec![0; 1024 * 1024]);
    for _ in 0..20 {
        read += stream.read(&mut buffer).await.unwrap();
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let read = read + rest_of(stream).await;
    assert!(read > LARGE, "{read}");
}

#[tokio::test]
async fn a_task_that_ends_when_it_is_told_to_is_well() {
    let door = Door::open().await;
    door.fitness.written();
    let (stopper, stop) = stop::channel();
    let heard = stop.clone();
    let run = Box::pin(async move { heard.given().await });
    let task = Task { name: "listen".to_owned(), wakes_within: None, run };
    let mut work = JoinSet::new();
    app::start([task], &mut work, &door.fitness, &stop);
    stopper.stop();
    work.join_next().await;
    assert!(door.is_ready().await);
}

// ---- the real program --------------------------------------------------------------------------

/// The soft and the hard limit of open files of a process.
fn limits(process: u32) -> (String, String) {
    let limits = std::fs::read_to_string(format!("/proc/{process}/limits")).unwrap();
    let line = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
    let mut numbers = line.split_whitespace().skip(3).map(str::to_owned);
    (numbers.next().unwrap(), numbers.next().unwrap())
}

#[test]
fn a_crowd_at_the_door_keeps_the_daemon_neither_from_sending_nor_from_ending() {
    let office = Office::with_school();
    let mut shell = std::process::Command::new("sh");
    let program = office.command(["serve", "--json"]);
    shell.args(["-c", "ulimit -Sn 80; exec \"$0\" \"$@\""]).arg(program.get_program());
    shell.args(program.get_args()).current_dir(office.path(""));
    let daemon = Daemon::start(shell);
    let (soft, hard) = limits(daemon.id());
    assert_eq!(soft, hard, "what the system allows was not asked for");
    let crowd: Vec<_> = (0..300)
        .map(|_| {
            let mut stream = std::net::TcpStream::connect(daemon.address).unwrap();
            stream.write_all(b"GET /healthz HTTP/1.1\r\n").unwrap();
            stream
        })
        .collect();
    let status = office.watched(&office.send_to("familles"));
    assert!(status["addressees"]["reached"].as_u64() > Some(30), "{status}");
    assert_eq!(daemon.terminate(), Some(0));
    for mut stream in crowd {
        let _ = stream.read(&mut [0]);
    }
}

#[test]
fn a_damaged_database_is_told_by_the_door_and_by_the_doctor() {
    let office = Office::with_school();
    office.send_to("familles");
    let file = office.path("chappe.sqlite3");
    let database = rusqlite::Connection::open(&file).unwrap();
    let page: u32 = database
        .query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'replies'", [], |row| {
            row.get(0)
        })
        .unwrap();
    drop(database);
    let mut octets = std::fs::read(&file).unwrap();
    let at = usize::try_from((page - 1) * 4_096).unwrap();
    octets[at..at + 4_096].fill(0xAA);
    std::fs::write(&file, octets).unwrap();
    let doctor = office.run(["doctor"]);
    assert!(doctor.out.contains("FAIL database: the database is damaged"), "{doctor:?}");
    assert!(doctor.out.contains("chappe restore --replace"), "{doctor:?}");
    let (daemon, log) = Daemon::start_with_log(office.command(["serve", "--json"]));
    let mut lines = std::io::BufRead::lines(log).map_while(Result::ok);
    assert!(lines.any(|line| line.contains("not as it should be")), "the log does not tell");
    let ready = get(daemon.address, "/readyz");
    assert!(ready.contains("503") && ready.contains("damaged"), "{ready}");
    drop(answer(&mut office.command(["status"])));
}
