#!/usr/bin/env bash
# A PostgreSQL of our own for one run: made in a folder, on a free port of this machine, with a role that owns the test
# database but is no superuser and cannot bypass row security. Prints DATABASE_URL; `stop` ends it.
# It lives for one run and nothing of it is kept, so it waits for no disk; tests of power cuts start a server of their own.
#   eval "$(.ci/postgres.sh start FOLDER)"; …; .ci/postgres.sh stop FOLDER
set -euo pipefail
folder=$2
hasty="-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c jit=off -c autovacuum=off"
as=()
if [ "$(id -u)" = 0 ]; then as=(runuser -u postgres --); fi

programs() {
    for found in "$(command -v initdb || true)" /usr/lib/postgresql/*/bin/initdb; do
        if [ -x "$found" ] && [ -x "$(dirname "$found")/pg_ctl" ]; then dirname "$found"; return; fi
    done
    return 1
}

if ! bin=$(programs); then
    apt-get update -qq >&2
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null 2>&1
    bin=$(programs)
fi

case $1 in
start)
    mkdir -p "$folder"
    if [ "$(id -u)" = 0 ]; then chown postgres "$folder"; chmod 755 "$(dirname "$folder")"; fi
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    word=$(python3 -c 'import secrets; print(secrets.token_hex(16))')
    "${as[@]}" "$bin/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --data-checksums >/dev/null
    "${as[@]}" "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" \
        -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=$folder -c max_connections=60 $hasty" start >/dev/null
    "${as[@]}" psql -q -h 127.0.0.1 -p "$port" -U postgres -c \
        "CREATE ROLE sarana_owner LOGIN CREATEDB CREATEROLE NOSUPERUSER NOBYPASSRLS PASSWORD '$word'" postgres >&2
    echo "export DATABASE_URL=postgres://sarana_owner:$word@127.0.0.1:$port/postgres"
    ;;
stop)
    "${as[@]}" "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true
    ;;
esac
