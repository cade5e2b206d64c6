//! A Postfix of its own: its own folder, port and queue, nothing of the machine's.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};
use tempfile::TempDir;

use super::{free_port, program, wait_for};

/// A running Postfix that relays all it gets. It stops when this is dropped.
pub struct Postfix {
    /// Where it takes messages, on loopback.
    pub port: u16,
    folder: TempDir,
}

impl Postfix {
    /// Starts one that relays to `sink` over at most so many connections.
    pub async fn start(sink: u16, connections: usize) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        // Its daemons are no root: they must be able to get there.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))?;
        for part in ["etc", "spool", "data"] {
            fs::create_dir(folder.path().join(part))?;
        }
        let owner = user_id("postfix").context("there is no user postfix")?;
        chown(folder.path().join("data"), Some(owner), None)?;
        let port = free_port().await?;
        let daemons = daemons().context("Postfix's daemons are not where Debian has them")?;
        let settings = settings(folder.path(), &daemons, sink, connections);
        fs::write(folder.path().join("etc/main.cf"), settings)?;
        fs::write(folder.path().join("etc/master.cf"), services(port))?;
        let postfix = Self { port, folder };
        postfix.tell("start")?;
        wait_for(port).await?;
        Ok(postfix)
    }

    fn tell(&self, word: &str) -> anyhow::Result<()> {
        let told = Command::new(program("postfix").context(super::MISSING)?)
            .arg("-c")
            .arg(self.folder.path().join("etc"))
            .arg(word)
            .output()?;
        if !told.status.success() {
            bail!("postfix {word}: {}", String::from_utf8_lossy(&told.stderr));
        }
        Ok(())
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        // It ends by itself too, once its folder is gone.
        let _ = self.tell("stop");
    }
}

fn daemons() -> Option<PathBuf> {
    let usual = ["/usr/lib/postfix/sbin", "/usr/libexec/postfix"];
    usual.into_iter().map(PathBuf::from).find(|folder| folder.join("qmgr").exists())
}

fn user_id(name: &str) -> Option<u32> {
    let users = fs::read_to_string("/etc/passwd").ok()?;
    let mut fields = users.lines().map(|line| line.split(':'));
    let mut user = fields.find_map(|mut user| (user.next() == Some(name)).then_some(user))?;
    user.nth(1)?.parse().ok()
}

/// Fair to Postfix: no logs, no look-ups, connections kept, as many of them as the others have,
/// and no brake on what comes in. Its queue is on the same disk as the others', with its own fsync.
fn settings(folder: &Path, daemons: &Path, sink: u16, connections: usize) -> String {
    let (folder, daemons) = (folder.display(), daemons.display());
    format!(
        "compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = {daemons}
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = bench.example.org
mynetworks = 127.0.0.0/8
mydestination =
local_recipient_maps =
alias_maps =
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_client_connection_count_limit = 0
relayhost = [127.0.0.1]:{sink}
smtp_dns_support_level = disabled
default_process_limit = 100
initial_destination_concurrency = {connections}
default_destination_concurrency_limit = {connections}
qmgr_message_active_limit = 20000
qmgr_message_recipient_limit = 20000
in_flow_delay = 0
"
    )
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
