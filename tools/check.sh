#!/bin/sh
# Every check that reads the code instead of running it. All of them run, then the sum is told.
set -u
cd "$(dirname "$0")/.."
PATH=$PWD/.venv/bin:$PATH
failed=

check() {
    name=$1
    shift
    printf '== %s\n' "$name"
    "$@" || failed="$failed, $name"
}

# As deployed: the sample environment, with a secret key of its own.
deployed() (
    set -a
    . docs/goround.env
    GOROUND_SECRET_KEY=$(python -c 'import secrets; print(secrets.token_urlsafe(50))')
    set +a
    goround check --deploy --fail-level WARNING
)

check "format" ruff format --check .
check "lint" ruff check .
check "types" mypy
check "floors" lint-imports
check "templates" djlint goround/web/templates --lint --quiet
# In memory: what the database of this folder has seen is beside the point.
check "migrations" env GOROUND_DATABASE_URL=sqlite:///:memory: goround makemigrations --check --dry-run
check "deployment" deployed

if [ -n "$failed" ]; then
    printf '\nNot right yet: %s\n' "${failed#, }"
    exit 1
fi
printf '\nAll checks passed.\n'
