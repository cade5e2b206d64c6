//! Mail servers from Debian, each in a folder and at ports of its own. They end with this program, whatever way that
//! ends. They want to be started by root: where we are not, the tests of this folder say so and do nothing.

mod dovecot;
mod exim;
mod jail;
mod opensmtpd;
mod postfix;

use std::net::{SocketAddr, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

pub(super) use dovecot::Dovecot;
pub(super) use exim::exim;
pub(super) use opensmtpd::opensmtpd;
pub(super) use postfix::{Onward, postfix, postfix_at};
use tempfile::TempDir;

/// A server that runs, in its folder.
pub(super) struct Server {
    /// Where it takes mails, on loopback.
    pub port: u16,
    running: Child,
    _folder: TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        stop(&mut self.running);
    }
}

/// Whether these servers can be started here.
pub(crate) fn can_start() -> bool {
    let is_root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
    if !is_root {
        eprintln!("mail servers are started by root: run as root to test with them");
    }
    is_root
}

/// A folder that whoever a server becomes can get to.
pub(crate) fn folder(beside: &Path) -> TempDir {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = TempDir::new_in(beside).unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

/// Starts a program, in a group of processes of its own, that stops when this one closes its input.
pub(crate) fn start(program: &mut Command) -> Child {
    let script = "\"$@\" & server=$!; cat > /dev/null; kill -TERM $server; wait";
    let mut shell = Command::new("sh");
    shell.args(["-c", script, "sh"]).arg(program.get_program()).args(program.get_args());
    shell.process_group(0);
    shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

pub(crate) fn stop(running: &mut Child) {
    running.stdin.take();
    let _ = running.wait();
}

/// Waits until somebody listens there.
pub(crate) fn wait_for(port: u16) {
    let (begun, address) = (Instant::now(), SocketAddr::from(([127, 0, 0, 1], port)));
    while TcpStream::connect(address).is_err() {
        assert!(begun.elapsed() < Duration::from_secs(20), "no server came to port {port}");
        std::thread::park_timeout(Duration::from_millis(20));
    }
}

/// A port that nobody is given who asks for any: between two lives of a server nobody else takes it.
pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(20_000);
    loop {
        let port = NEXT.fetch_add(1, Ordering::Relaxed);
        assert!(port < 32_000, "no port is free");
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// Runs a command to its end.
fn done(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
