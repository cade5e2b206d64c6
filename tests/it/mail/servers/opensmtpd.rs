//! An `OpenSMTPD` of its own, in a jail.

use std::process::Command;

use super::jail::jail;
use super::{Onward, Server, free_port, start, wait_for};

/// Starts one. It tells of a delay after a second, and gives up after four.
pub(in super::super) fn opensmtpd(onward: Onward) -> Server {
    let jail = jail();
    let (port, Onward { back, out, .. }) = (free_port(), onward);
    let settings = format!(
        "queue ttl 4s
bounce warn-interval 1s
listen on lo port {port}
action back relay host lmtp://127.0.0.1:{back}
action out relay host smtp://127.0.0.1:{out}
match from any for domain \"ecole.example.org\" action back
match from any for any action out
"
    );
    // It shares no file with another one.
    let file = jail.path().join("etc/smtpd.conf");
    let _ = std::fs::remove_file(&file);
    std::fs::write(file, settings).unwrap();
    let running = start(Command::new("chroot").arg(jail.path()).args(["/usr/sbin/smtpd", "-d"]));
    wait_for(port);
    Server { port, running, _folder: jail }
}
