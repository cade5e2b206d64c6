#!/usr/bin/env bash
# What one would guess: `/sync` without `since` and with `timeout=0` tells how things stand now, each time it is asked.
# What happens: the same question of the same device gets the same answer for two minutes, whatever happened meanwhile
#   (`caches.sync_response_cache_duration`). A room that was entered between two of them is missing in the second. The
#   same question with `since`, or with any other `timeout`, is another one, and is answered as things stand.
# Version: Synapse 1.163.2 (matrix-synapse of PyPI), seen on 2026-11-28. Source: this run.
# For a gateway: a poller, or a test, that asks from the start each time hears nothing new for two minutes and looks as
#   if messages were lost. Go on from `next_batch`, which even the old answer gives rightly.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet matrix-synapse==1.163.2
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat > "$folder/homeserver.yaml" <<END_OF_SETTINGS
server_name: example.org
signing_key_path: $folder/signing.key
report_stats: false
enable_registration: true
enable_registration_without_verification: true
trusted_key_servers: []
listeners:
  - {port: $port, type: http, bind_addresses: ["127.0.0.1"], resources: [{names: [client]}]}
database: {name: sqlite3, args: {database: $folder/hs.db}}
media_store_path: $folder/media
END_OF_SETTINGS
cd "$folder"
env/bin/python -m synapse.app.homeserver -c homeserver.yaml --generate-keys 2>/dev/null
env/bin/python -m synapse.app.homeserver -c homeserver.yaml > log 2>&1 &
server=$!
cat > ask.py <<'END_OF_PROGRAM'
import json
import sys
import time
import urllib.request

root = f"http://127.0.0.1:{sys.argv[1]}"


def call(method, path, body=None, token=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{root}/_matrix/client/v3{path}", data, headers, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


for _ in range(600):
    try:
        urllib.request.urlopen(f"{root}/health").close()
        break
    except OSError:
        time.sleep(0.1)

new = {"username": "ines", "password": "m0t de passe", "auth": {"type": "m.login.dummy"}}
token = call("POST", "/register", new)["access_token"]


def rooms(query):
    return len(call("GET", f"/sync?{query}", token=token).get("rooms", {}).get("join", {}))


first = call("GET", "/sync?timeout=0", token=token)["next_batch"]
call("POST", "/createRoom", {}, token)
print(f"at once: the same question {rooms('timeout=0')}, another timeout {rooms('timeout=1')}, "
      f"since the first {rooms('timeout=0&since=' + first)}")
time.sleep(125)
print(f"125 s later: the same question {rooms('timeout=0')}")
END_OF_PROGRAM
expected='at once: the same question 0, another timeout 1, since the first 1
125 s later: the same question 1'
seen=$(env/bin/python ask.py "$port")
echo "$seen"
if [ "$seen" != "$expected" ]; then
    echo "It changed. Seen on 2026-11-28:" >&2
    echo "$expected" >&2
    exit 1
fi
