//! Debian's chromedriver and the browser that it starts, which end with the test that uses them.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// What it says once it listens.
const LISTENS: &str = "started successfully on port ";

/// A chromedriver of its own process group, with a folder for all that it and its browser write.
pub(super) struct Driver {
    child: Child,
    port: u16,
    folder: TempDir,
}

impl Driver {
    pub(super) fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let mut command = Command::new("chromedriver");
        command.arg("--port=0").env("TMPDIR", folder.path()).process_group(0);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let child = command.spawn().expect("apt-get install chromium-driver");
        let mut driver = Self { child, port: 0, folder };
        let mut said = BufReader::new(driver.child.stdout.take().unwrap()).lines();
        driver.port = said.find_map(|line| port(&line.unwrap())).expect("chromedriver listens");
        driver
    }

    pub(super) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// How its browser is started: unseen, with nothing kept from one test to the next.
    pub(super) fn arguments(&self) -> Vec<String> {
        let profile = self.folder.path().join("profile");
        let mut arguments = vec![
            "--headless=new".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--lang=fr".to_owned(),
            format!("--user-data-dir={}", profile.display()),
        ];
        if crate::databases::is_root() {
            arguments.push("--no-sandbox".to_owned()); // as root it starts without a sandbox or not at all
        }
        arguments
    }
}

fn port(line: &str) -> Option<u16> {
    let (_, rest) = line.split_once(LISTENS)?;
    rest.trim_end_matches('.').parse().ok()
}

impl Drop for Driver {
    fn drop(&mut self) {
        let group = format!("-{}", self.child.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.child.wait();
    }
}
