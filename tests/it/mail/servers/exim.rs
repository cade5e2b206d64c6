//! An Exim of its own, in a jail.

use std::process::Command;

use super::jail::jail;
use super::{Onward, Server, free_port, start, wait_for};

/// Starts one. It gives up after four seconds.
pub(in super::super) fn exim(onward: Onward) -> Server {
    let jail = jail();
    let (port, Onward { back, out, .. }) = (free_port(), onward);
    let settings = format!(
        "primary_hostname = relais.example.org
daemon_smtp_ports = {port}
local_interfaces = 127.0.0.1
spool_directory = /var/spool/exim4
log_file_path = /var/log/exim4/%slog
acl_smtp_rcpt = accept
acl_smtp_data = accept
dsn_advertise_hosts = *
tls_advertise_hosts =
keep_environment =
host_lookup =
rfc1413_query_timeout = 0s
begin routers
back:
  driver = manualroute
  domains = ecole.example.org
  route_list = * 127.0.0.1
  self = send
  transport = back
out:
  driver = manualroute
  route_list = * 127.0.0.1
  self = send
  transport = out
begin transports
back:
  driver = smtp
  protocol = lmtp
  port = {back}
  allow_localhost
out:
  driver = smtp
  port = {out}
  allow_localhost
begin retry
* * F,4s,1s
"
    );
    // The one place where it is trusted with what it says.
    std::fs::write(jail.path().join("etc/exim4/exim4.conf"), settings).unwrap();
    let running =
        start(Command::new("chroot").arg(jail.path()).args(["/usr/sbin/exim4", "-bdf", "-q1s"]));
    wait_for(port);
    Server { port, running, _folder: jail }
}
