# The commands of this project. The two to begin with: make run, make test.
.PHONY: help setup run faults test test-sqlite test-postgresql check bench soak messages lock setup-dev
SHELL = /bin/sh

# Some machines ask Python to keep nothing it compiled: then every process compiles all of it anew.
unexport PYTHONDONTWRITEBYTECODE

PORT ?= 8000
# Only as `make run HOST=...`: some shells set HOST to the machine's own name.
ifneq ($(origin HOST),command line)
HOST = 127.0.0.1
endif
WORKERS ?= auto
# The tests that are asked about each fault.
FAULTS_FROM = tests/web tests/apps
PYTEST = .venv/bin/pytest -n $(WORKERS) --dist loadscope

help:
	@echo "make run [PORT=8000]   start Goround with the demo network, stop it with Ctrl-C"
	@echo "make setup             only make .venv with .venv/bin/goround"
	@echo "make test              every test, on SQLite and on PostgreSQL"
	@echo "make check             format, lint, types, floors, templates, migrations, deployment"
	@echo "make faults            take one filter or check away at a time: is it noticed?"
	@echo "make bench             measure forming groups, importing and the main pages"
	@echo "make soak              the promises at full size: hours"
	@echo "make messages [NEW=fr] bring the catalogues of other languages up to date"
	@echo "make lock [UPGRADE=1]  write the lock files from pyproject.toml"

setup:
	@sh tools/setup.sh
	@.venv/bin/python -m goround.domain.matching.compiled

setup-dev: setup
	@sh tools/setup.sh dev

run: setup
	@exec .venv/bin/goround serve --demo --host "$(HOST)" --port "$(PORT)"

# One after the other: each run ends with pytest's own closing lines.
test: setup-dev
	@sh tools/system_packages.sh
	@$(PYTEST)
	@GOROUND_TEST_DATABASE=postgresql $(PYTEST)

test-sqlite: setup-dev
	@$(PYTEST)

test-postgresql: setup-dev
	@GOROUND_TEST_DATABASE=postgresql $(PYTEST)

check: setup-dev
	@sh tools/check.sh

# Takes one filter, check or permission away at a time, and says how many are noticed.
faults: setup-dev
	@.venv/bin/pytest -n 0 -q -p no:logging -p tests.faults.running $(FAULTS_FROM) \
	    tests/faults/matrix_cells.py $(if $(ONLY),--only $(ONLY))

bench: setup
	@.venv/bin/python -m bench

soak: setup-dev
	@sh tools/soak.sh

messages: setup-dev
	@.venv/bin/python -m tools.messages $(NEW)

lock: setup-dev
	@sh tools/lock.sh
