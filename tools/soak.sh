#!/bin/sh
# The promises at full size, one section each. All of them run, then the sum is told.
set -u
cd "$(dirname "$0")/.."
PATH=$PWD/.venv/bin:$PATH
failed=

section() {
    name=$1
    shift
    printf '== %s\n' "$name"
    "$@" || failed="$failed, $name"
}

section "messages: the worker killed while it sends" \
    env SOAK_KILLS="${KILLS:-300}" pytest -n 0 -s tests/apps/outbox/test_killed_worker.py

section "pages: the web server killed while parents send in a form" \
    env SOAK_KILLS="${KILLS:-300}" pytest -n 0 -s tests/kills/test_killed_web.py
section "backups: killed while they are written" \
    env SOAK_KILLS="${KILLS:-300}" pytest -n 0 -s tests/kills/test_killed_backup.py
section "lists: the worker killed while it saves one" \
    env SOAK_KILLS="${KILLS:-300}" pytest -n 0 -s tests/apps/jobs/test_killed_worker.py
section "walls: every page asked by everybody" \
    env MATRIX=whole pytest -n 0 -s tests/web/test_policy.py
section "pages: every test on PostgreSQL with all its parameters" \
    env GOROUND_TEST_DATABASE=postgresql EVERY_PARAMETER=1 pytest -n 2 tests/web
section "secrets: wrong tries at once at every page that takes one" \
    env GOROUND_TEST_DATABASE=postgresql GUESSES=200 \
    pytest -n 0 tests/web/accounts/test_guessing_races.py
section "roles: people who move between requests" \
    env MOVING_LIVES="${LIVES:-300}" MOVING_STEPS=40 MOVING_PAGES=15 \
    pytest -n 0 tests/web/test_moving.py
section "keep-apart: people brought together at random" \
    env KEEP_APART_OPERATIONS="${OPERATIONS:-100000}" pytest -n 0 -s tests/apps/apart
section "keep-apart: four who act at once" \
    env GOROUND_TEST_DATABASE=postgresql KEEP_APART_OPERATIONS="${OPERATIONS:-100000}" \
    pytest -n 0 tests/apps/apart/test_promise.py -k at_once
section "releases: an attacker over random histories" \
    env RELEASE_HISTORIES="${HISTORIES:-10000}" pytest -n 0 -s tests/attacks

if [ -n "$failed" ]; then
    printf '\nDid not hold: %s\n' "${failed#, }"
    exit 1
fi
printf '\nEverything held.\n'
