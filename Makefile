# Three commands do all on a fresh machine: `make try`, `make serve` and `make test`. Every target sets up what it needs.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin

.PHONY: try serve test lint setup setup-dev release-check man lock bench faults clean

setup: $(VENV)/.runtime          ## install calfeed into .venv
setup-dev: $(VENV)/.development  ## the same with what the tests need

$(BIN)/python:
	PYTHON=$(PYTHON) sh scripts/make-venv $(VENV)

$(VENV)/.runtime: $(BIN)/python requirements.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.development: $(VENV)/.runtime requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

try: setup                       ## paste a programme in a browser, see what is read
	$(BIN)/calfeed try

serve: setup                     ## serve the programme's calendars on 127.0.0.1:8000
	$(BIN)/calfeed serve --port $(PORT)

lint: setup-dev                  ## style, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: setup-dev lint             ## everything that runs in about two minutes
	sh scripts/test-tools
	$(BIN)/pytest -n auto

bench: setup-dev                 ## the figures in docs/, measured against peers
	sh bench/run

faults: setup-dev                ## slow tests: kills, full disks, long random runs
	$(BIN)/pytest -n auto tests/faults

release-check: setup-dev         ## may this be released? Lock, advisories, licences; writes dist/sbom.json
	$(BIN)/python scripts/release_check.py

man: setup-dev                   ## the manual pages in deploy/man, of what --help says
	$(BIN)/python scripts/man.py

lock:                            ## make the two lock files anew (needs uv)
	uv pip compile pyproject.toml --extra all --extra dev --extra build $(LOCK) -o requirements-dev.txt
	uv pip compile pyproject.toml --extra all --extra build $(LOCK) -c requirements-dev.txt -o requirements.txt
LOCK := --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --quiet

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
