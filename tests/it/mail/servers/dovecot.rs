//! A Dovecot of its own: mailboxes that take mails by LMTP and are read by IMAP.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command};

use tempfile::TempDir;

use super::{done, folder, free_port, start, stop, wait_for};

/// A running Dovecot. Everybody's password is `secret`.
pub(in super::super) struct Dovecot {
    /// Where mails are handed over.
    pub lmtp: u16,
    /// Where they are read.
    pub imap: u16,
    running: Option<Child>,
    folder: TempDir,
}

/// Mailboxes: one that is full, one whose owner rejects, one whose owner is away.
const USERS: &str = "retours:{PLAIN}secret::::::
bien:{PLAIN}secret::::::
plein:{PLAIN}secret::::::userdb_quota_rule=*:storage=1B
refus:{PLAIN}secret::::::
absent:{PLAIN}secret::::::
";

impl Dovecot {
    /// Starts one that takes mails at this port, and hands what it writes itself to the relay at that one.
    pub fn start_at(lmtp: u16, relay: u16) -> Self {
        let folder = folder(&std::env::temp_dir());
        let path = folder.path();
        for part in ["run", "state", "mail", "sieve"] {
            fs::create_dir(path.join(part)).unwrap();
        }
        let imap = free_port();
        fs::write(path.join("users"), USERS).unwrap();
        let rejects = "require [\"reject\"];\nreject \"Je ne lis plus cette adresse.\";\n";
        let away = "require [\"vacation\"];\nvacation \"Je suis absente.\";\n";
        fs::write(path.join("sieve/refus.sieve"), rejects).unwrap();
        fs::write(path.join("sieve/absent.sieve"), away).unwrap();
        let own = path.display().to_string();
        fs::write(path.join("dovecot.conf"), settings(&own, relay, lmtp, imap)).unwrap();
        for part in ["state", "mail", "sieve"] {
            done(Command::new("chown").args(["-R", "nobody:nogroup"]).arg(path.join(part)));
        }
        let mut dovecot = Self { lmtp, imap, running: None, folder };
        dovecot.begin();
        dovecot
    }

    /// Starts it, after it was stopped.
    pub fn begin(&mut self) {
        let settings = self.folder.path().join("dovecot.conf");
        self.running =
            Some(start(Command::new("/usr/sbin/dovecot").arg("-F").arg("-c").arg(settings)));
        wait_for(self.imap);
        wait_for(self.lmtp);
    }

    /// Lets it die at once, with every line to it: asked to stop, it ends what it was told by those who are there.
    pub fn die(&mut self) {
        if let Some(mut running) = self.running.take() {
            done(Command::new("kill").args(["-KILL", "--", &format!("-{}", running.id())]));
            let _ = running.wait();
            // Whom its file names may be another program by now.
            let _ = fs::remove_dir_all(self.folder.path().join("run"));
        }
    }

    fn stop(&mut self) {
        if let Some(mut running) = self.running.take() {
            stop(&mut running);
        }
    }

    /// Where the mails of a mailbox lie.
    pub fn mailbox(&self, user: &str) -> PathBuf {
        self.folder.path().join("mail").join(user)
    }

    /// How many mails lie in a folder of a mailbox: none for its inbox.
    pub fn lying(&self, user: &str, within: Option<&str>) -> usize {
        let mailbox = self.mailbox(user);
        let mailbox = within.map_or(mailbox.clone(), |name| mailbox.join(format!(".{name}")));
        let count = |part: &str| fs::read_dir(mailbox.join(part)).map_or(0, Iterator::count);
        count("new") + count("cur")
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        self.stop();
    }
}

fn settings(own: &str, relay: u16, lmtp: u16, imap: u16) -> String {
    format!(
        "base_dir = {own}/run
state_dir = {own}/state
log_path = {own}/log
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = nobody
default_internal_group = nogroup
default_login_user = nobody
mail_location = maildir:{own}/mail/%n
mail_fsync = never
recipient_delimiter = +
postmaster_address = postmaster@dovecot.example.org
hostname = dovecot.example.org
submission_host = 127.0.0.1:{relay}
first_valid_uid = 1
mail_plugins = quota
passdb {{
  driver = passwd-file
  args = username_format=%n {own}/users
}}
userdb {{
  driver = passwd-file
  args = username_format=%n {own}/users
  default_fields = uid=nobody gid=nogroup home={own}/mail/%n
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service anvil {{
  chroot =
}}
plugin {{
  quota = maildir:User quota
  quota_rule = *:storage=100M
  quota_grace = 0
  sieve = file:{own}/sieve/%n.sieve
}}
protocol lmtp {{
  mail_plugins = quota sieve
}}
"
    )
}
