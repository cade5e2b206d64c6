#!/usr/bin/env bash
# What one would guess: a queue to a file (FileDevice Yes), as schools and tests use it for "print to a folder", writes the
#   document there, or its job ends as aborted; `completed` (RFC 8011, 5.3.7) says that the document went out.
# What happens: where nothing has to be converted (a queue without a driver), nobody writes the file. The job is
#   `completed` within the second, its reason `processing-to-stop-point`, zero impressions, the log says "Job
#   completed."; no file, no error, and the queue is idle for the next one. An empty file is not made either.
# Version: CUPS 2.4.2-3+deb12u9 (Debian 12), seen on 2026-11-30. Source: this run. Needs root (as cupsd does).
# For a gateway: a completed job says what the print server did with it, never that paper lies there: whoever carries the
#   letters says so. A print server is tried by one page before it is trusted with a batch.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; sleep 0.5; rm -rf "$folder"' EXIT
cd "$folder"
chmod 755 .
apt-get -q download cups-daemon=2.4.2-3+deb12u9 cups-ipp-utils=2.4.2-3+deb12u9 libcups2=2.4.2-3+deb12u9 libpaper1 \
    libavahi-client3 libavahi-common3 > /dev/null 2>&1
for package in *.deb; do dpkg -x "$package" debian; done
export LD_LIBRARY_PATH=$folder/debian/usr/lib/x86_64-linux-gnu
mkdir etc spool cache state
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat > etc/cupsd.conf << END_OF_SETTINGS
Listen 127.0.0.1:$port
WebInterface No
Browsing No
DefaultAuthType None
LogLevel info
<Location />
Order allow,deny
Allow all
</Location>
END_OF_SETTINGS
cat > etc/cups-files.conf << END_OF_SETTINGS
ServerRoot $folder/etc
ServerBin $folder/debian/usr/lib/cups
DataDir $folder/debian/usr/share/cups
RequestRoot $folder/spool
CacheDir $folder/cache
StateDir $folder/state
AccessLog $folder/access
ErrorLog $folder/error
PageLog $folder/page
FileDevice Yes
SystemGroup root
END_OF_SETTINGS
cat > etc/printers.conf << END_OF_SETTINGS
<Printer dossier>
DeviceURI file://$folder/printed.pdf
State Idle
Accepting Yes
JobSheets none none
OpPolicy default
</Printer>
END_OF_SETTINGS
python3 - << 'END_OF_PROGRAM'
"""One empty page."""
parts = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
         b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"]
pdf, places = b"%PDF-1.4\n", []
for number, part in enumerate(parts, 1):
    places.append(len(pdf))
    pdf += b"%d 0 obj\n%s\nendobj\n" % (number, part)
table = b"".join(b"%010d 00000 n \n" % place for place in places)
pdf += b"xref\n0 4\n0000000000 65535 f \n" + table + b"trailer << /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(pdf)
open("page.pdf", "wb").write(pdf)
END_OF_PROGRAM
common='GROUP operation-attributes-tag ATTR charset attributes-charset utf-8
ATTR naturalLanguage attributes-natural-language en ATTR uri printer-uri $uri'
printf '{ OPERATION Print-Job %s ATTR mimeMediaType document-format application/pdf FILE page.pdf }\n' "$common" > print.test
printf '{ OPERATION Get-Job-Attributes %s ATTR integer job-id 1 }\n' "$common" > look.test
debian/usr/sbin/cupsd -f -c "$folder/etc/cupsd.conf" -s "$folder/etc/cups-files.conf" > /dev/null 2>&1 &
server=$!
ask() { debian/usr/bin/ipptool -tv "ipp://127.0.0.1:$port/printers/dossier" "$1" || true; }
for _ in $(seq 100); do (: < "/dev/tcp/127.0.0.1/$port") 2> /dev/null && break; sleep 0.1; done
ask print.test > /dev/null
sleep 3
seen=$(ask look.test | sed -nE 's/^ +(job-state|job-state-reasons|job-impressions-completed) \([^)]*\) = /\1: /p' | LC_ALL=C sort)
seen="$seen
the log: $(grep -o 'Job completed' error)
errors of the job in it: $(grep -c '^E.*\[Job 1\]' error || true)
the file is there: $([ -e printed.pdf ] && echo yes || echo no)"
echo "$seen"
expected="job-impressions-completed: 0
job-state-reasons: processing-to-stop-point
job-state: completed
the log: Job completed
errors of the job in it: 0
the file is there: no"
if [ "$seen" != "$expected" ]; then
    echo "It changed. Seen on 2026-11-30:" >&2
    echo "$expected" >&2
    exit 1
fi
