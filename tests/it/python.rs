//! Python with the packages of other projects that Chappe is held against.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The packages, each pinned.
const PACKAGES: &str = include_str!("../python.txt");

/// A Python that has them. They are installed once for a target folder, and again when they change.
pub(crate) fn python() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let test = std::env::current_exe().unwrap();
        let home = test.ancestors().nth(3).unwrap().join("python");
        fs::create_dir_all(&home).unwrap();
        // Two programs that test at the same time share it.
        let lock = File::create(home.join("lock")).unwrap();
        lock.lock().unwrap();
        let python = home.join("bin/python");
        let installed = home.join("installed.txt");
        if fs::read_to_string(&installed).ok().as_deref() != Some(PACKAGES) {
            install(&home, &python);
            fs::write(installed, PACKAGES).unwrap();
        }
        python
    })
}

fn install(home: &Path, python: &Path) {
    let listed = home.join("python.txt");
    fs::write(&listed, PACKAGES).unwrap();
    done(Command::new("python3").args(["-m", "venv"]).arg(home));
    // The list names all that they need; what carries axe-core would bring a browser's driver of its own.
    let quietly =
        ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r"];
    done(Command::new(python).args(quietly).arg(listed));
}

fn done(command: &mut Command) {
    let status = command.status().expect("python3 is missing: apt-get install python3-venv");
    assert!(status.success(), "the packages of tests/python.txt need python3-venv and a network");
}
