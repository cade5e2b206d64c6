//! A Postfix of its own: its own folder, port and queue, nothing of the machine's.

use std::fs;
use std::process::Command;

use super::{Server, done, folder, free_port, start, wait_for};

/// Where a relay hands on what it takes.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Onward {
    /// What is for the school's own domain: a port where LMTP is spoken.
    pub back: u16,
    /// What is for `dovecot.example.org`: another one.
    pub dovecot: u16,
    /// Everything else: a port where SMTP is spoken.
    pub out: u16,
}

/// Starts one. It tells of a delay after a second, and gives up after four.
pub(in super::super) fn postfix(onward: Onward) -> Server {
    postfix_at(free_port(), onward)
}

/// The same, at this port.
pub(in super::super) fn postfix_at(port: u16, onward: Onward) -> Server {
    let folder = folder(&std::env::temp_dir());
    let path = folder.path();
    for part in ["etc", "spool", "data"] {
        fs::create_dir(path.join(part)).unwrap();
    }
    done(Command::new("chown").arg("postfix").arg(path.join("data")));
    let (Onward { back, dovecot, out }, path) = (onward, path.display());
    let settings = format!(
        "compatibility_level = 3.6
queue_directory = {path}/spool
data_directory = {path}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = relais.example.org
mynetworks = 127.0.0.0/8
mydestination =
local_recipient_maps =
alias_maps =
smtpd_relay_restrictions = permit_mynetworks, reject
smtp_dns_support_level = disabled
transport_maps = inline:{{{{ecole.example.org=lmtp:inet:127.0.0.1:{back}}},\
{{dovecot.example.org=lmtp:inet:127.0.0.1:{dovecot}}}}}
relayhost = [127.0.0.1]:{out}
message_size_limit = 100000000
delay_warning_time = 1s
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 1s
maximal_queue_lifetime = 4s
bounce_queue_lifetime = 60s
"
    );
    let etc = folder.path().join("etc");
    fs::write(etc.join("main.cf"), settings).unwrap();
    fs::write(etc.join("master.cf"), services(port)).unwrap();
    let mut master = Command::new("/usr/lib/postfix/sbin/master");
    // It makes its folders first.
    done(Command::new("/usr/sbin/postfix").arg("-c").arg(&etc).arg("check"));
    let running = start(master.arg("-c").arg(&etc).arg("-s"));
    wait_for(port);
    Server { port, running, _folder: folder }
}

/// The services that relaying takes, none in a chroot.
fn services(port: u16) -> String {
    format!(
        "127.0.0.1:{port} inet n - n - - smtpd
cleanup  unix n - n - 0 cleanup
qmgr     unix n - n 300 1 qmgr
rewrite  unix - - n - - trivial-rewrite
bounce   unix - - n - 0 bounce
defer    unix - - n - 0 bounce
trace    unix - - n - 0 bounce
verify   unix - - n - 1 verify
flush    unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp     unix - - n - - smtp
lmtp     unix - - n - - lmtp
relay    unix - - n - - smtp
error    unix - - n - - error
retry    unix - - n - - error
anvil    unix - - n - 1 anvil
scache   unix - - n - 1 scache
showq    unix n - n - - showq
tlsmgr   unix - - n 1000? 1 tlsmgr
"
    )
}
