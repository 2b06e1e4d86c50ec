#!/bin/sh
# Writes requirements.lock (what running needs) and requirements-dev.lock (tests and checks too)
# from pyproject.toml. UPGRADE=1 takes the newest versions that fit; otherwise pins stay put.
set -eu
cd "$(dirname "$0")/.."

# Only what the public index serves may enter: no settings of this machine's pip or uv.
for name in $(env | sed -n 's/^\(UV_[A-Z_]*\|PIP_[A-Z_]*\)=.*/\1/p'); do unset "$name"; done

compile() {
    lock=$1
    shift
    .venv/bin/uv pip compile pyproject.toml "$@" --quiet --no-config --universal \
        --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
        ${UPGRADE:+--upgrade} --output-file "$lock" >/dev/null
}

compile requirements-dev.lock --extra test --extra check
# Held to the same versions, so that tests run what people run.
compile requirements.lock --constraint requirements-dev.lock
