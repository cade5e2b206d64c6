//! Exim and `OpenSMTPD` stand in the way of Postfix as packages, and know their folders and users by name: each runs in a
//! folder that is all of the machine that it sees. What they need is unpacked once for a target folder.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use tempfile::TempDir;

use super::{done, folder};

/// The packages, with the libraries that a small machine lacks.
const PACKAGES: [&str; 9] = [
    "exim4-daemon-light",
    "exim4-base",
    "opensmtpd",
    "libidn12",
    "libgnutls-dane0",
    "libunbound8",
    "libevent-2.1-7",
    "libdb5.3",
    "libnsl2",
];
const PROGRAMS: [&str; 3] = ["usr/sbin/exim4", "usr/sbin/smtpd", "usr/sbin/smtpctl"];
const FOLDERS: [&str; 11] = [
    "dev",
    "etc/exim4",
    "tmp",
    "proc",
    "var/run",
    "var/mail",
    "var/spool/exim4",
    "var/log/exim4",
    "var/spool/smtpd",
    "var/lib/opensmtpd/empty",
    "lib64",
];
const USERS: &str = "root:x:0:0:root:/root:/bin/sh
Debian-exim:x:970:970::/var/spool/exim4:/bin/false
opensmtpd:x:971:971::/var/lib/opensmtpd/empty:/bin/false
opensmtpq:x:972:972::/var/lib/opensmtpd/empty:/bin/false
";
const GROUPS: &str =
    "root:x:0:\nDebian-exim:x:970:\nopensmtpd:x:971:\nopensmtpq:x:972:\nmail:x:8:\n";

/// A machine of its own for one server.
pub(super) fn jail() -> TempDir {
    let whole = whole();
    let jail = folder(whole.parent().unwrap());
    done(Command::new("cp").arg("-al").arg(whole.join(".")).arg(jail.path()));
    // What they write is theirs alone.
    for part in ["var/spool/exim4", "var/log/exim4"] {
        done(Command::new("chown").arg("970:970").arg(jail.path().join(part)));
    }
    fs::set_permissions(jail.path().join("var/spool/smtpd"), fs::Permissions::from_mode(0o711))
        .unwrap();
    jail
}

/// What all of them are copied from.
fn whole() -> &'static Path {
    static WHOLE: OnceLock<PathBuf> = OnceLock::new();
    WHOLE.get_or_init(|| {
        let test = std::env::current_exe().unwrap();
        let home = test.ancestors().nth(3).unwrap().join("mail-servers");
        fs::create_dir_all(&home).unwrap();
        // Two programs that test at the same time share it.
        let lock = File::create(home.join("lock")).unwrap();
        lock.lock().unwrap();
        let (whole, made) = (home.join("whole"), home.join("made"));
        if !made.exists() {
            let _ = fs::remove_dir_all(&whole);
            make(&home, &whole);
            fs::write(made, "").unwrap();
        }
        whole
    })
}

fn make(home: &Path, whole: &Path) {
    fs::create_dir_all(whole).unwrap();
    let download = || {
        let mut get = Command::new("apt-get");
        get.current_dir(home).args(["-q", "download"]).args(PACKAGES).output().unwrap()
    };
    if !download().status.success() {
        done(Command::new("apt-get").args(["-q", "update"]));
        let said = download();
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    }
    let packages = fs::read_dir(home).unwrap().map(|entry| entry.unwrap().path());
    for package in packages.filter(|path| path.extension().is_some_and(|it| it == "deb")) {
        done(Command::new("dpkg").arg("-x").arg(package).arg(whole));
    }
    for part in FOLDERS {
        fs::create_dir_all(whole.join(part)).unwrap();
    }
    for library in libraries(whole) {
        let copy = whole.join(library.strip_prefix("/").unwrap());
        fs::create_dir_all(copy.parent().unwrap()).unwrap();
        if !copy.exists() {
            fs::copy(&library, copy).unwrap();
        }
    }
    for (name, text) in [
        ("etc/passwd", USERS),
        ("etc/group", GROUPS),
        ("etc/hosts", "127.0.0.1 localhost relais.example.org\n"),
        ("etc/resolv.conf", ""),
        ("etc/mailname", "relais.example.org\n"),
    ] {
        fs::write(whole.join(name), text).unwrap();
    }
    for (name, number) in [("null", "3"), ("urandom", "9"), ("random", "8")] {
        done(
            Command::new("mknod")
                .args(["-m", "666"])
                .arg(whole.join("dev").join(name))
                .args(["c", "1", number]),
        );
    }
}

/// The libraries of this machine that they use besides those that were unpacked.
fn libraries(whole: &Path) -> BTreeSet<PathBuf> {
    let unpacked = whole.join("usr/lib/x86_64-linux-gnu");
    let mut found = BTreeSet::new();
    for program in PROGRAMS {
        let mut ldd = Command::new("ldd");
        let said = ldd.env("LD_LIBRARY_PATH", &unpacked).arg(whole.join(program)).output().unwrap();
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        let paths = said.split_whitespace().filter(|word| word.starts_with('/'));
        found.extend(paths.map(PathBuf::from).filter(|path| !path.starts_with(whole)));
    }
    found
}
