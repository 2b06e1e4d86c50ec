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

if [ -n "$failed" ]; then
    printf '\nDid not hold: %s\n' "${failed#, }"
    exit 1
fi
printf '\nEverything held.\n'
