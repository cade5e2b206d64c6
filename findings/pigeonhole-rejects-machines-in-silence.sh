#!/usr/bin/env bash
# What one would guess: whoever has a Sieve script that rejects sends every mail back, and whoever wrote it is told; at
#   least `sieve-test`, which shows what becomes of a mail, would show otherwise.
# What happens: a mail that says `Auto-Submitted: auto-generated` is taken by LMTP with 250 and is gone: no rejection
#   is sent, and it lies in no mailbox. `sieve-test` shows the same rejection for both.
# Version: Dovecot 2.3.19.1, Pigeonhole 0.5.19 (Debian 12), seen on 2026-11-30. Source: this run. Needs root.
# For a gateway: RFC 3834 asks machines to mark what they send, and such a family is then never heard of: 250 proves that
#   a server took it, not that anybody has it. A message whose answer matters must not be marked so, or not by e-mail alone.
set -euo pipefail
for package in dovecot-core dovecot-lmtpd dovecot-sieve; do
    version=$(dpkg-query -W -f '${Version}' "$package" || true)
    [[ $version == *2.3.19.1+* ]] || { echo "apt-get install $package (2.3.19.1 of Debian 12), found: $version" >&2; exit 1; }
done
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; sleep 0.5; rm -rf "$folder"' EXIT
cd "$folder"
chmod 755 .
mkdir run state mail
port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
in=$(port) out=$(port)
printf 'require ["reject"];\nreject "Je ne lis plus cette adresse.";\n' > famille.sieve
echo 'famille:{PLAIN}secret::::::' > users
cat > dovecot.conf <<END_OF_SETTINGS
base_dir = $folder/run
state_dir = $folder/state
log_path = $folder/log
protocols = lmtp
ssl = no
default_internal_user = nobody
default_internal_group = nogroup
default_login_user = nobody
mail_location = maildir:$folder/mail/%n
postmaster_address = postmaster@example.org
hostname = boites.example.org
submission_host = 127.0.0.1:$out
first_valid_uid = 1
mail_uid = nobody
mail_gid = nogroup
passdb {
  driver = passwd-file
  args = username_format=%n $folder/users
}
userdb {
  driver = passwd-file
  args = username_format=%n $folder/users
  default_fields = uid=nobody gid=nogroup home=$folder/mail/%n
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = $in
  }
}
service anvil {
  chroot =
}
plugin {
  sieve = file:$folder/famille.sieve
}
protocol lmtp {
  mail_plugins = sieve
}
END_OF_SETTINGS
chown -R nobody:nogroup state mail
cat > world.py <<'END_OF_PROGRAM'
"""Hands over a mail that says that a machine sent it, and one that does not; takes what is sent back."""
import pathlib
import smtplib
import socketserver
import subprocess
import sys
import threading
import time

sent_back = []


class Relay(socketserver.StreamRequestHandler):
    def handle(self):
        say = lambda line: self.wfile.write(line + b"\r\n")
        say(b"220 relais.example.org")
        while line := self.rfile.readline().strip().upper():
            if line == b"DATA":
                say(b"354 go on")
                lines = []
                while (part := self.rfile.readline()) != b".\r\n":
                    lines.append(part)
                sent_back.append(b"".join(lines))
                say(b"250 taken")
            elif line == b"QUIT":
                return say(b"221 bye")
            else:
                say(b"250 ok")


folder = str(pathlib.Path.cwd())
inward, outward = map(int, sys.argv[1:])
relay = socketserver.ThreadingTCPServer(("127.0.0.1", outward), Relay)
relay.daemon_threads = True
threading.Thread(target=relay.serve_forever, daemon=True).start()
for name, mark in [("a machine", "Auto-Submitted: auto-generated\r\n"), ("a person", "")]:
    mail = f"From: ecole@example.org\r\nTo: famille@example.org\r\nMessage-ID: <{len(mark)}@example.org>\r\n"
    mail += f"{mark}Subject: Fermeture\r\n\r\nBonjour\r\n"
    pathlib.Path("mail.eml").write_text(mail, newline="")
    test = ["sieve-test", "-c", f"{folder}/dovecot.conf", "-r", "famille@example.org", "-f", "ecole@example.org"]
    test += ["famille.sieve", "mail.eml"]
    shown = subprocess.run(test, env={"HOME": folder, "PATH": "/usr/bin"}, check=True, capture_output=True, text=True).stdout
    for _ in range(200):
        try:
            lmtp = smtplib.LMTP("127.0.0.1", inward)
            break
        except OSError:
            time.sleep(0.1)
    lmtp.ehlo()
    lmtp.mail("ecole@example.org")
    lmtp.rcpt("famille@example.org")
    code, _ = lmtp.data(mail)
    lmtp.quit()
    time.sleep(2)
    lying = [path for path in pathlib.Path("mail").rglob("*") if path.parent.name in ("new", "cur")]
    print(f"from {name}: LMTP {code}, sent back {len(sent_back)}, lying {len(lying)}, "
          f"sieve-test shows a rejection: {'* reject message' in shown}")
    sent_back.clear()
END_OF_PROGRAM
dovecot -F -c "$folder/dovecot.conf" > /dev/null 2>&1 &
server=$!
seen=$(python3 world.py "$in" "$out")
echo "$seen"
expected='from a machine: LMTP 250, sent back 0, lying 0, sieve-test shows a rejection: True
from a person: LMTP 250, sent back 1, lying 0, sieve-test shows a rejection: True'
if [ "$seen" != "$expected" ]; then
    echo "It changed. Seen on 2026-11-30:" >&2
    echo "$expected" >&2
    exit 1
fi
