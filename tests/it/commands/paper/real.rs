//! A print server from Debian: a queue of CUPS, in a folder and at a port of its own. What it prints it hands to a
//! program, as it does to that of any device.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::PathBuf;
use std::process::{Child, Command};

use tempfile::TempDir;

use super::{on, printed_for};
use crate::mail::servers::{can_start, folder, free_port, start, stop, wait_for};

/// A print server with one queue.
struct PrintServer {
    url: String,
    running: Child,
    folder: TempDir,
}

impl PrintServer {
    /// One whose queue stands so: `Idle`, `Stopped`.
    fn start(state: &str) -> Self {
        let (port, folder) = (free_port(), folder(&std::env::temp_dir()));
        let own = folder.path().display().to_string();
        for part in ["spool", "cache", "run", "log", "bin", "bin/backend"] {
            fs::create_dir(folder.path().join(part)).unwrap();
        }
        // What runs a device's program.
        symlink("/usr/lib/cups/daemon", folder.path().join("bin/daemon")).unwrap();
        let device = format!("#!/bin/sh\n[ $# = 0 ] || cat \"${{6:--}}\" > {own}/printed.pdf\n");
        let [settings, files, _, backend] = [
            ("cupsd.conf", settings(port)),
            ("cups-files.conf", files(&own)),
            ("printers.conf", queue(state)),
            ("bin/backend/tray", device),
        ]
        .map(|(name, text)| {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            path
        });
        // What nobody else may run, it runs as root.
        fs::set_permissions(backend, fs::Permissions::from_mode(0o700)).unwrap();
        let mut command = Command::new("/usr/sbin/cupsd");
        let running = start(command.arg("-f").arg("-c").arg(settings).arg("-s").arg(files));
        wait_for(port);
        Self { url: format!("ipp://127.0.0.1:{port}/printers/salle"), running, folder }
    }

    fn printed(&self) -> PathBuf {
        self.folder.path().join("printed.pdf")
    }
}

impl Drop for PrintServer {
    fn drop(&mut self) {
        stop(&mut self.running);
    }
}

fn settings(port: u16) -> String {
    format!(
        "Listen 127.0.0.1:{port}
WebInterface No
Browsing No
DefaultAuthType None
<Location />
Order allow,deny
Allow all
</Location>
"
    )
}

fn files(own: &str) -> String {
    format!(
        "ServerRoot {own}
ServerBin {own}/bin
RequestRoot {own}/spool
CacheDir {own}/cache
StateDir {own}/run
AccessLog {own}/log/access
ErrorLog {own}/log/error
PageLog {own}/log/page
SystemGroup root
"
    )
}

fn queue(state: &str) -> String {
    format!(
        "<Printer salle>
Info salle
DeviceURI tray:/
State {state}
Accepting Yes
JobSheets none none
OpPolicy default
</Printer>
"
    )
}

#[test]
fn a_queue_of_a_print_server_prints_the_very_bytes_and_says_when_it_is_paused() {
    if !can_start() {
        return;
    }
    let server = PrintServer::start("Idle");
    // Such a queue does not say that it prints on both sides.
    let office = printed_for(&server.url, "[letters]\nsides = \"one\"\n");
    let told = on(&office, &[]).done();
    assert!(told.contains("Batch 1 is printed on salle (job 1)"), "{told}");
    let own = fs::read(office.path("letters/lettres-0001-recto.pdf")).unwrap();
    assert!(fs::read(server.printed()).unwrap() == own);

    let paused = PrintServer::start("Stopped");
    let config = fs::read_to_string(office.path("chappe.toml")).unwrap();
    office.write("chappe.toml", config.replace(&server.url, &paused.url));
    let before = office.rows();
    let told = on(&office, &[]).failed_in(&before, &office);
    assert!(
        told.contains("the printer stands still") && told.contains("nothing was sent"),
        "{told}"
    );
    assert!(!paused.printed().exists());
}
