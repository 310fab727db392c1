#!/bin/sh
# The whole suite: on SQLite with browser and wheel, then on a PostgreSQL of its own.
set -eu
cd "$(dirname "$0")/.."
py=.venv/bin/python

echo "== SQLite, two processes"
$py -m pytest -n 2 --dist worksteal -m "not browser and not wheel"

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)
if [ -n "$bin" ]; then
    echo "== PostgreSQL"
    folder=$(mktemp -d)
    stop() { as_server "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$folder"; }
    if [ "$(id -u)" = 0 ]; then
        chown postgres "$folder"
        as_server() { runuser -u postgres -- "$@"; }
    else
        as_server() { "$@"; }
    fi
    trap stop EXIT INT TERM
    as_server "$bin/initdb" -D "$folder/data" -U tramyte --auth=trust --locale=C.UTF-8 -E UTF8 >/dev/null
    port=$($py -c "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])")
    # thrown away afterwards: nothing of it has to outlive a power cut or be copied elsewhere
    quick="-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0 -c checkpoint_timeout=1h -c max_wal_size=4GB -c shared_buffers=256MB"
    as_server "$bin/pg_ctl" -D "$folder/data" -w -o "-c listen_addresses=127.0.0.1 -p $port $quick -c unix_socket_directories=$folder" -l "$folder/log" start >/dev/null
    DATABASE_URL="postgresql://tramyte@127.0.0.1:$port/postgres" $py -m pytest -n 2 --dist worksteal -m "not browser and not wheel and not sqlite_only" tests/engine tests/care tests/station tests/governance tests/exchange tests/contract tests/spec tests/web
else
    echo "== PostgreSQL left out: it is not installed and may not be" >&2
fi

echo "== Browser and wheel"
# a file stays in one process: its journeys happen in order, in the demo commune of that process
# and while the browser waits for pages, the wheel is built
$py -m pytest -m wheel tests/test_wheel.py &
wheel=$!
$py -m pytest -n 2 --dist loadfile -m browser tests/browser tests/web/test_behaviour.py
wait "$wheel"
