//! A full disk: refused, nothing half done, what was accepted is kept; sending stops, and goes on.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{ChildStderr, Command};
use std::sync::mpsc::{Receiver, Sender, channel};

use chappe::demo::school::{College, Size, fictional_college};
use chappe::people::SchoolYear;

use crate::commands::office::{Daemon, FIELDS, FOLDERS, Office, small_school, today};

/// Set where the test runs again in a namespace of its own.
const AGAIN: &str = "TESTED_IN_A_NAMESPACE";

/// A small disk, mounted on a folder; unmounted when dropped.
struct Disk(PathBuf);

impl Disk {
    fn mounted_on(folder: &Path) -> Option<Self> {
        fs::create_dir_all(folder).unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=4m", "tmpfs"]).arg(folder);
        let mounted = mount.output().is_ok_and(|output| output.status.success());
        mounted.then(|| Self(folder.to_owned()))
    }

    /// Leaves no byte free.
    fn fill(&self) {
        let filler = self.0.join("filler");
        let mut filler = File::options().create(true).append(true).open(filler).unwrap();
        for size in [65_536, 4_096, 1] {
            while filler.write_all(&vec![b'x'; size]).is_ok() {}
        }
    }

    /// Leaves so many bytes free.
    fn leave(&self, bytes: u64) {
        self.fill();
        let filler = File::options().write(true).open(self.0.join("filler")).unwrap();
        let size = filler.metadata().unwrap().len();
        filler.set_len(size - bytes).unwrap();
    }

    fn make_read_only(&self) {
        let mut mount = Command::new("mount");
        assert!(mount.args(["-o", "remount,ro"]).arg(&self.0).status().unwrap().success());
    }

    fn free(&self) {
        fs::remove_file(self.0.join("filler")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).output();
    }
}

/// The disk of an office. Where mounting is not allowed the test runs again in a namespace where it
/// is; where that is not allowed either, it says so and there is none.
fn disk(office: &Office, test: &str) -> Option<Disk> {
    if let Some(disk) = Disk::mounted_on(&office.path("disk")) {
        return Some(disk);
    }
    assert!(std::env::var_os(AGAIN).is_none(), "no mount in a namespace of its own");
    let may_unshare = Command::new("unshare").args(["-rm", "true"]).output();
    if !may_unshare.is_ok_and(|output| output.status.success()) {
        println!("skipped: neither mount nor unshare is allowed here");
        return None;
    }
    let mut again = Command::new("unshare");
    again.arg("-rm").arg(std::env::current_exe().unwrap()).args(["--exact", test]);
    assert!(again.env(AGAIN, "yes").status().unwrap().success());
    None
}

fn office(providers: &str) -> Office {
    let office = Office::with_providers(providers);
    let text = fs::read_to_string(office.path("chappe.toml")).unwrap();
    let text = text.replace("lease = \"4s\"", "lease = \"60s\"");
    let text = text.replace("patience = \"2s\"", "patience = \"60s\"");
    office.write("chappe.toml", format!("{text}\n[store]\ndatabase = \"disk/chappe.sqlite3\"\n"));
    office
}

fn other_school() -> College {
    let year = SchoolYear::of(today());
    fictional_college(9, year, Size { pupils: 60, classes: 4 })
}

/// What is said of commands that a full disk refuses.
fn refusals(office: &Office, files: &[String]) -> Vec<String> {
    let import = ["import", "--json", "--yes", "--archive-many"]
        .into_iter()
        .chain(files.iter().map(String::as_str));
    let send =
        ["send", "fermeture", "--to", "familles", "--again", "--json"].into_iter().chain(FIELDS);
    vec![office.run(import).failed_in_json(), office.run(send).failed_in_json()]
}

#[test]
fn a_full_disk_refuses_and_keeps_what_was_accepted() {
    let office = office(FOLDERS);
    let test = "bad_input::disk::a_full_disk_refuses_and_keeps_what_was_accepted";
    let Some(disk) = disk(&office, test) else { return };
    let files = office.export(&small_school());
    // Full from the very first.
    disk.fill();
    let import = ["import", "--json", "--yes"].into_iter().chain(files.iter().map(String::as_str));
    let told = office.run(import).failed_in_json();
    assert!(told.contains("disk") && told.contains("full"), "{told}");
    assert!(told.contains("free some space and do it again"), "{told}");
    disk.free();
    assert!(office.run(["status"]).failed().contains("no database stands"));
    office.import(&small_school());
    let code = office.send_to("familles classe:6A");
    // Full once it is in use, for other people too.
    let before = office.rows();
    let files = office.export(&other_school());
    disk.fill();
    for told in refusals(&office, &files) {
        assert!(told.contains("disk") && told.contains("full"), "{told}");
    }
    disk.free();
    assert!(before == office.rows(), "rows changed");
    let listed = office.run(["status", "--json"]).done();
    assert_eq!(listed.lines().count(), 1, "half a message: {listed}");
    assert_eq!(office.run(["status", &code, "--json"]).json()["message"], code.as_str());
    office.send_to("familles");
}

#[test]
fn what_could_be_accepted_and_not_be_brought_to_its_end_is_refused() {
    let office = office(FOLDERS);
    let test = "bad_input::disk::what_could_be_accepted_and_not_be_brought_to_its_end_is_refused";
    let Some(disk) = disk(&office, test) else { return };
    office.import(&small_school());
    let before = office.rows();
    disk.leave(400_000);
    let doctor = office.run(["doctor"]);
    assert!(doctor.out.contains("FAIL disk: 0 MB free"), "{doctor:?}");
    doctor.failed();
    let send = ["send", "fermeture", "--to", "familles", "--again"].into_iter().chain(FIELDS);
    let told = office.run(send).failed();
    assert!(told.contains("disk") && told.contains("full"), "{told}");
    assert!(before == office.rows(), "rows changed");
    // A class is few enough.
    office.send_to("familles classe:6A");
}

/// A mail server that calls out at its first message and tells whom each one is for.
fn mail_server(at_first: impl Fn() + Send + 'static) -> (u16, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (tell, told) = channel();
    let at_first = std::sync::Arc::new(std::sync::Mutex::new(Some(at_first)));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (tell, at_first) = (tell.clone(), std::sync::Arc::clone(&at_first));
            let first = move || {
                let mut waiting = at_first.lock().unwrap();
                if let Some(call) = waiting.take() {
                    call();
                }
            };
            std::thread::spawn(move || hold(stream, &tell, &first));
        }
    });
    (port, told)
}

fn hold(mut stream: TcpStream, tell: &Sender<String>, first: &dyn Fn()) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
    let _ = stream.write_all(b"220 ready\r\n");
    let mut to = String::new();
    while let Some(line) = lines.next() {
        let answer: &[u8] = match line.get(..4).unwrap_or_default() {
            "QUIT" => return,
            "RCPT" => {
                to = line;
                b"250 ok\r\n"
            }
            "DATA" => {
                let _ = stream.write_all(b"354 go on\r\n");
                lines.by_ref().take_while(|line| line != ".").for_each(drop);
                first();
                let _ = tell.send(to.clone());
                b"250 taken\r\n"
            }
            _ => b"250 ok\r\n",
        };
        let _ = stream.write_all(answer);
    }
}

/// A daemon that has sent and cannot write down that it did.
struct Stuck {
    daemon: Daemon,
    log: BufReader<ChildStderr>,
    disk: Disk,
    office: Office,
    sent: Receiver<String>,
    code: String,
}

/// A daemon whose attempts are given up after so long; `None` where no disk can be mounted: see [`disk`].
fn stuck(test: &str, lease: &str) -> Option<Stuck> {
    let (call, called) = channel();
    let (full, is_full) = channel();
    let (port, sent) = mail_server(move || {
        call.send(()).unwrap();
        is_full.recv().unwrap();
    });
    let office = office(&format!(
        "[providers.relay.smtp]\nhost = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\n\
         from = \"secretariat@example.org\"\npace = {{ at_once = 4 }}\n"
    ));
    let disk = disk(&office, test)?;
    let settings = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
    office
        .write("chappe.toml", settings.replace("lease = \"60s\"", &format!("lease = \"{lease}\"")));
    office.import(&small_school());
    let code = office.send_to("familles");
    let (daemon, mut log) = Daemon::start_with_log(office.command(["serve", "--json"]));
    called.recv().unwrap();
    disk.fill();
    full.send(()).unwrap();
    let mut line = String::new();
    while !line.contains("Cannot write results down") {
        line.clear();
        assert!(log.read_line(&mut line).unwrap() > 0, "the daemon ended");
    }
    Some(Stuck { daemon, log, disk, office, sent, code })
}

#[test]
fn sending_stops_while_results_cannot_be_written_and_goes_on_with_space() {
    let test =
        "bad_input::disk::sending_stops_while_results_cannot_be_written_and_goes_on_with_space";
    let Some(Stuck { office, disk, sent, code, daemon, log }) = stuck(test, "60s") else { return };
    assert!(daemon.get("/healthz").contains("200 OK"));
    let files = office.export(&other_school());
    for told in refusals(&office, &files) {
        assert!(told.contains("disk") && told.contains("full"), "{told}");
    }
    let while_full: Vec<String> = sent.try_iter().collect();
    assert!((1..=8).contains(&while_full.len()), "{} left while full", while_full.len());

    disk.free();
    std::thread::spawn(move || log.lines().map_while(Result::ok).for_each(drop));
    let status = office.watched(&code);
    let all: Vec<String> = while_full.into_iter().chain(sent.try_iter()).collect();
    let different: HashSet<&String> = all.iter().collect();
    assert_eq!(different.len(), all.len(), "somebody got it twice");
    assert!(all.len() > 30, "{} left", all.len());
    assert_eq!(status["channels"]["email"]["waiting"], 0, "{status}");
    assert_eq!(status["addressees"]["uncertain"], 0, "{status}");
    assert_eq!(daemon.interrupt().0, Some(0));
}

#[test]
fn a_daemon_that_cannot_write_results_ends_when_told_twice() {
    let test = "bad_input::disk::a_daemon_that_cannot_write_results_ends_when_told_twice";
    let Some(stuck) = stuck(test, "60s") else { return };
    std::thread::spawn(move || stuck.log.lines().map_while(Result::ok).for_each(drop));
    assert_eq!(stuck.daemon.interrupt_until_it_ends(), Some(1));
}

#[test]
fn a_daemon_that_cannot_write_results_ends_when_told_once_within_its_limit() {
    let test =
        "bad_input::disk::a_daemon_that_cannot_write_results_ends_when_told_once_within_its_limit";
    let Some(stuck) = stuck(test, "3s") else { return };
    let mut crowd = Vec::new();
    for _ in 0..100 {
        let mut stream = TcpStream::connect(stuck.daemon.address).unwrap();
        stream.write_all(b"GET /readyz HTTP/1.1\r\n").unwrap();
        crowd.push(stream);
    }
    let mut lines = stuck.log.lines().map_while(Result::ok);
    // Long enough for the leases to end: nobody can look into them either.
    assert!(lines.any(|line| line.contains("Cannot look for lapsed leases")));
    std::thread::spawn(move || lines.for_each(drop));
    let told = std::time::Instant::now();
    let code = stuck.daemon.terminate();
    assert!(told.elapsed().as_secs() < 10, "{:?}", told.elapsed());
    assert!(code.is_some(), "a signal had to end it");
}

#[test]
fn a_disk_that_is_read_only_is_told_and_nothing_is_sent_from_it() {
    let office = office(FOLDERS);
    let test = "bad_input::disk::a_disk_that_is_read_only_is_told_and_nothing_is_sent_from_it";
    let Some(disk) = disk(&office, test) else { return };
    office.import(&small_school());
    let code = office.send_to("familles classe:6A");
    disk.make_read_only();
    let doctor = office.run(["doctor"]);
    assert!(doctor.out.contains("FAIL database: the database cannot be written"), "{doctor:?}");
    for command in [&["serve", "--json"][..], &["pause", &code, "--json"]] {
        let told = office.run(command.iter().copied()).failed_in_json();
        assert!(told.contains("read-only") && told.contains("do it again"), "{told}");
    }
    assert_eq!(office.files_in("out/email"), 0);
}
