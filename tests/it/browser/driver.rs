//! Debian's chromedriver and the browser that it starts, which end with the test that uses them.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// Runs it until the other end of its input is gone, by whatever end of whoever holds that; then nothing
/// of its process group is left. When it ends by itself, so does what it says.
const UNTIL_LET_GO: &str = "command -v chromedriver >/dev/null || exit
    exec 3<&0
    { read -r _; kill -KILL 0; } <&3 >/dev/null 2>&1 &
    exec chromedriver --port=0 </dev/null 2>&1 3<&-";
/// It takes a free port of IPv6, and ends where the same of IPv4 is in use (`ChromeDriver` 156).
const STARTS: usize = 3;
/// No page makes a browser ask anybody but this machine: a new window of Debian's would look for a start page.
const NOBODY_ELSE: &str =
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost";
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
        let mut said = Vec::new();
        for _ in 0..STARTS {
            match Self::begin() {
                Ok(driver) => return driver,
                Err(instead) => said.push(instead),
            }
        }
        panic!("apt-get install chromium-driver, or see why it ended: {said:#?}");
    }

    /// Starts it once; all that it said in the place of a port.
    fn begin() -> Result<Self, Vec<String>> {
        let folder = TempDir::new().unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", UNTIL_LET_GO]).env("TMPDIR", folder.path()).process_group(0);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let child = command.spawn().unwrap();
        let mut driver = Self { child, port: 0, folder };
        let mut said = Vec::new();
        for line in BufReader::new(driver.child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            if let Some(port) = port(&line) {
                driver.port = port;
                return Ok(driver);
            }
            said.push(line);
        }
        Err(said)
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
            NOBODY_ELSE.to_owned(),
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
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
