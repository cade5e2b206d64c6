#!/usr/bin/env bash
# What one would guess: a mail server that gives up says `Action: failed` (RFC 3464, 2.3.3), so that whatever says
#   `delayed` is no verdict yet; and `RET=HDRS` keeps the text of the mail out of what comes back.
# What happens: when the time in its queue is over, OpenSMTPD sends a second `Action: delayed`, as the first except for
#   the status 4.4.7 and the words "Envelope expired". It says that it still keeps the mail for up to seven days; its
#   queue is empty. Nothing ever says `failed`. Each report holds the whole text, under the type `text/rfc822-headers`.
# Version: OpenSMTPD 6.8.0p2 (Debian 12), seen on 2026-11-30. Source: this run. Needs root (a chroot).
# For a gateway: `delayed` with 4.4.7 is the end, or whoever has a full mailbox behind such a relay counts as handed
#   over for good. What comes back may hold what was written, whatever was asked for: read it as such.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${server:-}" "${program:-}" 2>/dev/null || true; sleep 0.5; rm -rf "$folder"' EXIT
cd "$folder"
chmod 755 .
apt-get -q download opensmtpd=6.8.0p2-4+b4 libevent-2.1-7 libdb5.3 > /dev/null 2>&1
for package in *.deb; do dpkg -x "$package" jail; done
mkdir -p jail/{dev,tmp,proc,lib64,etc,var/{run,mail,spool/smtpd,lib/opensmtpd/empty}}
chmod 711 jail/var/spool/smtpd
for program in jail/usr/sbin/{smtpd,smtpctl}; do
    LD_LIBRARY_PATH=jail/usr/lib/x86_64-linux-gnu ldd "$program" | grep -o '/[^ ]*' | while read -r library; do
        mkdir -p "jail$(dirname "$library")"
        [ -e "jail$library" ] || cp -L "$library" "jail$library"
    done
done
printf '%s\n' 'root:x:0:0::/root:/bin/sh' 'opensmtpd:x:971:971::/var/lib/opensmtpd/empty:/bin/false' \
    'opensmtpq:x:972:972::/var/lib/opensmtpd/empty:/bin/false' > jail/etc/passwd
printf '%s\n' root:x:0: opensmtpd:x:971: opensmtpq:x:972: > jail/etc/group
echo '127.0.0.1 localhost relais.example.org' > jail/etc/hosts
echo relais.example.org > jail/etc/mailname
chgrp 972 jail/usr/sbin/smtpctl
chmod g+s jail/usr/sbin/smtpctl
mknod -m 666 jail/dev/null c 1 3
mknod -m 666 jail/dev/urandom c 1 9
port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
in=$(port) out=$(port)
cat > jail/etc/smtpd.conf <<END_OF_SETTINGS
queue ttl 4s
bounce warn-interval 1s
listen on lo port $in
action out relay host smtp://127.0.0.1:$out
match from any for any action out
END_OF_SETTINGS
cat > world.py <<'END_OF_PROGRAM'
"""The mailbox of a family, which is full for now, and that of the school; what comes to the latter."""
import email
import smtplib
import socketserver
import subprocess
import sys
import threading
import time

came = []


class Mailboxes(socketserver.StreamRequestHandler):
    def handle(self):
        say = lambda line: self.wfile.write(line.encode() + b"\r\n")
        say("220 boites.example.org")
        while line := self.rfile.readline().decode("latin-1").strip():
            verb = line.upper()
            if verb.startswith("EHLO"):
                say("250-boites.example.org")
                say("250 DSN")
            elif verb.startswith("RCPT") and "famille@" in line:
                say("452 4.2.2 The mailbox is full")
            elif verb == "DATA":
                say("354 go on")
                lines = []
                while (part := self.rfile.readline()) != b".\r\n":
                    lines.append(part)
                came.append(email.message_from_bytes(b"".join(lines)))
                say("250 taken")
            elif verb == "QUIT":
                return say("221 bye")
            else:
                say("250 ok")


inward, outward = map(int, sys.argv[1:])
world = socketserver.ThreadingTCPServer(("127.0.0.1", outward), Mailboxes)
world.daemon_threads = True
threading.Thread(target=world.serve_forever, daemon=True).start()
for _ in range(200):
    try:
        relay = smtplib.SMTP("127.0.0.1", inward)
        break
    except OSError:
        time.sleep(0.1)
mail = "From: ecole@example.org\r\nTo: famille@example.org\r\nSubject: Sortie\r\n\r\nCe que seule la famille lit\r\n"
relay.sendmail("retours@example.org", ["famille@example.org"], mail, ["RET=HDRS"], ["NOTIFY=FAILURE,DELAY"])
relay.quit()
given_up = time.time() + 60
for number in range(2):
    while len(came) == number and time.time() < given_up:
        time.sleep(0.1)
    queue = subprocess.run(["chroot", "jail", "/usr/sbin/smtpctl", "show", "queue"], check=True, stdout=subprocess.PIPE)
    report = came[number]
    status = next(part for part in report.walk() if part.get_content_type() == "message/delivery-status")
    about = status.get_payload()[-1]
    keeps = "kept in the queue" in report.as_string().replace("\n", " ")
    text = [part.get_content_type() for part in report.get_payload() if "Ce que seule la famille lit" in part.as_string()]
    print(f"{about['Action']} {about['Status']}; says that it is kept: {keeps}; in the queue: "
          f"{len(queue.stdout.splitlines())}; the text is in: {text}")
time.sleep(8)
print(f"reports in all: {len(came)}")
END_OF_PROGRAM
chroot jail /usr/sbin/smtpd -d > log 2>&1 &
server=$!
seen=$(python3 world.py "$in" "$out")
echo "$seen"
expected="delayed 4.0.0; says that it is kept: True; in the queue: 1; the text is in: ['text/rfc822-headers']
delayed 4.4.7; says that it is kept: True; in the queue: 0; the text is in: ['text/rfc822-headers']
reports in all: 2"
if [ "$seen" != "$expected" ]; then
    echo "It changed. Seen on 2026-11-30:" >&2
    echo "$expected" >&2
    exit 1
fi
