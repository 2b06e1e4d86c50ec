#!/bin/sh
# Sees that a browser and PostgreSQL are there for the tests. As root on Debian it installs them;
# elsewhere it says what is missing, and the tests that need it say so again.
set -eu
cd "$(dirname "$0")/.."

have_browser() { .venv/bin/python -m tests.browser >/dev/null 2>&1; }
have_postgresql() {
    .venv/bin/python -c 'from tests.postgres import server_programs; server_programs()' >/dev/null 2>&1
}
install() {
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" </dev/null
}

# Playwright's driver is a program of its own and needs libatomic.
missing=
have_browser || missing="chromium libatomic1"
have_postgresql || missing="$missing postgresql"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing for the tests:" $missing "..."
    log=$(mktemp)
    { apt-get update -qq && install $missing; } >"$log" 2>&1 || tail -n 20 "$log"
    rm -f "$log"
fi
have_browser || .venv/bin/playwright install chromium >/dev/null 2>&1 || true

have_browser || echo "Missing: a Chromium browser that starts. Without it the journeys cannot run. On Debian: apt-get install chromium libatomic1"
have_postgresql || echo "Missing: PostgreSQL's server. Without it the second half of the tests cannot run. On Debian: apt-get install postgresql"
