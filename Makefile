# Every step a person or a machine needs. `make` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PY := .venv/bin/python
PORT ?= 8000
STAMP := .venv/.made
# Compiled files are kept: without them each process of the tests compiles Django and pytest anew (empty is off).
export PYTHONDONTWRITEBYTECODE :=
PG_BIN := $(shell ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

env: $(STAMP)  ## the Python environment, nothing started

$(STAMP): pyproject.toml uv.lock requirements.txt
	@if command -v uv >/dev/null 2>&1; then uv sync --quiet --frozen; \
	else python3 -m venv .venv && .venv/bin/python -m pip install --quiet --require-hashes -r requirements.txt && .venv/bin/python -m pip install --quiet --no-deps --no-build-isolation -e .; fi
	@touch $(STAMP)

run: env  ## the application with an invented commune on first run; stop with Ctrl+C
	@$(PY) -m tramyte serve --demo --port $(PORT)

migrate: env  ## bring the database to this version (backup first)
	@$(PY) -m tramyte migrate

servers:  ## PostgreSQL and Chromium for the tests, from Debian, when absent and allowed
	@sh tests/servers.sh

check: env  ## format, lint, types, imports, known vulnerabilities of dependencies
	@.venv/bin/ruff check src tests benchmarks
	@.venv/bin/mypy
	@PYTHONPATH=src .venv/bin/lint-imports >/dev/null || PYTHONPATH=src .venv/bin/lint-imports
	@$(PY) tests/dependencies.py

fix: env  ## mend what a machine can mend
	@.venv/bin/ruff check --fix src tests benchmarks

test: env servers check  ## everything: SQLite, PostgreSQL, browser, wheel
	@sh tests/run.sh

bench: env  ## the measurements of docs/bench.md
	@$(PY) -m benchmarks.run

docs: env  ## pictures of the guide, taken from a fresh demo
	@PYTHONPATH=tests/browser $(PY) -m docs.pictures

compiled: env  ## the SQL of the indicators, after a definition was changed
	@$(PY) -m tramyte.web.compiled

lock:  ## renew uv.lock and its pip export
	@uv lock --quiet
	@uv export --quiet --frozen --all-groups --no-emit-project --format requirements-txt -o requirements.txt

.PHONY: help env run migrate servers check fix test bench docs compiled lock
