#!/usr/bin/env bash
# What one would guess: an ENT whose outbox can be searched finds a message by the reference that it says, so that a
#   lost answer can be asked for: `search=7K4M-02QB`.
# What happens: entcore takes the signs out of each word of the search and of nothing that it looks through, and
#   leaves the comparison to PostgreSQL's words. `7K4M-02QB` is asked for as `7k4m02qb`; the text holds `7k4m`, `02qb`
#   and `7k4m-02qb`. Nothing is found, the message counts as one that never arrived, and leaves a second time. Its two
#   parts do not do either: PostgreSQL reads 12E4-0025 as two numbers. One word that begins with a letter is found always.
# Version: entcore 6.15 (conversation: SqlConversationService.checkAndComposeWordFromSearchText, sql/008 and 011; read),
#   PostgreSQL 15 (run), seen on 2026-11-28.
# For a gateway: put a word of letters and digits into the text, beginning with a letter, and search for that one.
set -euo pipefail
programs=$(find /usr/lib/postgresql -maxdepth 2 -name bin | sort -V | tail -1)
folder=$(mktemp -d)
as_user() { if [ "$(id -u)" = 0 ]; then su postgres -s /bin/sh -c "$*"; else sh -c "$*"; fi; }
[ "$(id -u)" != 0 ] || chown postgres "$folder"
trap 'as_user "$programs/pg_ctl -D $folder/data -m immediate stop" > /dev/null 2>&1 || true; rm -rf "$folder"' EXIT
as_user "$programs/initdb --no-sync -A trust -U postgres --locale=C.UTF-8 -D $folder/data" > /dev/null
as_user "$programs/pg_ctl -w -D $folder/data -o '-k $folder -c listen_addresses=' -l $folder/log start" > /dev/null
# References as people read them: four signs, a hyphen, four signs, without I, L, O and U.
"$programs/psql" -q -h "$folder" -U postgres postgres << 'END_OF_SQL'
SELECT setseed(0.5);
CREATE TABLE refs AS
  SELECT string_agg(substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 1 + floor(random() * 32)::int, 1), '' ORDER BY place) AS signs
  FROM generate_series(1, 20000) AS number, generate_series(1, 8) AS place GROUP BY number;
CREATE TABLE said AS SELECT left(signs, 4) || '-' || right(signs, 4) AS read, 'E' || left(signs, 4) || 'U' || right(signs, 4) AS word FROM refs;
SELECT count(*) AS messages,
  count(*) FILTER (WHERE to_tsvector('french', 'Réf. ' || read) @@ to_tsquery('french', replace(read, '-', ''))) AS found_by_the_reference,
  count(*) FILTER (WHERE to_tsvector('french', 'Réf. ' || read) @@ to_tsquery('french', replace(read, '-', ' & '))) AS found_by_its_two_parts,
  count(*) FILTER (WHERE to_tsvector('french', 'Suivi : ' || word) @@ to_tsquery('french', word)) AS found_by_one_word
FROM said;
END_OF_SQL
