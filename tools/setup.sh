#!/bin/sh
# Makes .venv with Goround in it; does nothing when that is already so.
#   tools/setup.sh        what running needs
#   tools/setup.sh dev    also what tests and checks need
# PYTHON=/path/to/python chooses the interpreter.
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }
stop() { say "$@"; exit 1; }

case "${1:-run}" in
    run) lock=requirements.lock ;;
    dev) lock=requirements-dev.lock ;;
    *) stop "tools/setup.sh knows 'run' and 'dev', not '$1'." ;;
esac

# The folder belongs in it: a virtual environment does not survive being moved.
stamp=.venv/goround-${1:-run}
wanted="$PWD $(cat "$lock" pyproject.toml tools/setup.sh | cksum)"
if [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && .venv/bin/python -c '' 2>/dev/null; then
    exit 0
fi

[ -w . ] || stop "The folder $PWD cannot be written to. Copy Goround to a folder that is yours, and run it there."

fits() {
    "$1" -c 'import sys, venv, ensurepip
sys.exit(not (3, 11) <= sys.version_info < (3, 15))' >/dev/null 2>&1
}

# Sets $python. A name on PATH may be a shim that runs nothing, so each is tried.
find_python() {
    for python in python3.13 python3.12 python3.11 python3.14 python3 python /usr/bin/python3; do
        if fits "$python"; then return 0; fi
    done
    return 1
}

install_python() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    say "No Python 3.11 or newer here; installing the system's own ..."
    apt-get update -qq >/dev/null 2>&1 || true
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        python3 python3-venv >/dev/null 2>&1 || return 1
    find_python
}

fetch_python() {
    uv=$(command -v uv) || {
        say "No Python 3.11 or newer here; asking uv to fetch one ..."
        python3 -m pip install --quiet --target .python/uv uv >/dev/null 2>&1 || return 1
        uv=.python/uv/bin/uv
    }
    "$uv" python install --quiet --install-dir .python 3.13 >/dev/null 2>&1 || return 1
    for python in "$PWD"/.python/cpython-3.13*/bin/python3.13; do
        if fits "$python"; then return 0; fi
    done
    return 1
}

if [ -n "${PYTHON:-}" ]; then
    python=$PYTHON
    fits "$python" || stop "PYTHON is '$PYTHON', which is no working Python 3.11 to 3.14 with its venv module. Name another, or leave PYTHON out."
elif ! find_python && ! install_python && ! fetch_python; then
    stop "Goround needs Python 3.11 or newer with its venv module, and none could be found or fetched.
Install it and run this again. On Debian or Ubuntu: sudo apt-get install python3 python3-venv"
fi

if ! fits .venv/bin/python || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    "$python" -m venv --clear .venv || stop "The folder .venv could not be made. What stopped it is printed above."
fi

pip() { .venv/bin/python -m pip --quiet --quiet --disable-pip-version-check --no-input "$@"; }

say "Installing Goround's packages. The first time takes a minute or two ..."
# Not compiled beforehand: most of it is never imported, and what is compiles itself.
if ! pip install --no-compile --require-hashes -r "$lock" ||
    ! pip install --no-compile --no-deps --editable .; then
    stop "The packages could not be installed; what stopped it is printed above.
If this machine cannot reach the Python package index, connect it and run this again."
fi
printf '%s\n' "$wanted" >"$stamp"
