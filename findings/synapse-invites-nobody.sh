#!/usr/bin/env bash
# What one would guess: a homeserver refuses to make a room for two with a user of its own who does not exist, or who
#   is deactivated; whoever writes to staff by a bot would learn from the refusal that an address is wrong.
# What happens: `createRoom` with such an invitation answers 200 and gives a room, `invite` answers 200 too, and what is
#   sent into the room gets an event id. Nobody will ever read it. Only the profile tells a user who does not exist
#   (404, with M_UNKNOWN and not M_NOT_FOUND); one who is deactivated keeps their profile, and nothing tells them.
# Version: Synapse 1.163.2 (matrix-synapse of PyPI), seen on 2026-11-28. Source: this run.
# For a gateway: ask `/profile/{user}` before the first invitation, and count nobody as reached before a receipt says
#   that they read: an event id proves only that the homeserver has it.
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
import urllib.error
import urllib.request

root = f"http://127.0.0.1:{sys.argv[1]}"


def call(method, path, body=None, token=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{root}/_matrix/client/v3{path}", data, headers, method=method)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def account(name):
    body = {"username": name, "password": "m0t de passe", "auth": {"type": "m.login.dummy"}}
    return call("POST", "/register", body)[1]["access_token"]


for _ in range(600):
    try:
        urllib.request.urlopen(f"{root}/health").close()
        break
    except OSError:
        time.sleep(0.1)

bot, gone = account("bot"), account("gone")
login = {"type": "m.login.password", "password": "m0t de passe", "identifier": {"type": "m.id.user", "user": "gone"}}
call("POST", "/account/deactivate", {"auth": login}, gone)
for user in ["@nobody:example.org", "@gone:example.org"]:
    status, profile = call("GET", f"/profile/{user}", token=bot)
    made, room = call("POST", "/createRoom", {"is_direct": True, "invite": [user]}, bot)
    room = room["room_id"]
    invited, _ = call("POST", f"/rooms/{room}/invite", {"user_id": user}, bot)
    message = {"msgtype": "m.text", "body": "Bonjour"}
    sent, event = call("PUT", f"/rooms/{room}/send/m.room.message/1", message, bot)
    has_event = "event_id" in event
    print(f"{user}: profile {status} {profile.get('errcode', 'none')}, createRoom {made}, invite {invited}, "
          f"message {sent}, an event: {has_event}")
END_OF_PROGRAM
expected='@nobody:example.org: profile 404 M_UNKNOWN, createRoom 200, invite 200, message 200, an event: True
@gone:example.org: profile 200 none, createRoom 200, invite 200, message 200, an event: True'
seen=$(env/bin/python ask.py "$port")
echo "$seen"
if [ "$seen" != "$expected" ]; then
    echo "It changed. Seen on 2026-11-28:" >&2
    echo "$expected" >&2
    exit 1
fi
