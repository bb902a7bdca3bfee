# Two commands do everything on a fresh machine: `make run` and `make test`.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOME_FOLDER ?= $(or $(TRIGPOINT_HOME),data)
PORT ?= 8050
# One more than there are cores: while a test waits for a browser or a server another goes on.
WORKERS ?= $(shell echo $$(($$(nproc 2>/dev/null || echo 2) + 1)))
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help run test replays long attack check format vulnerabilities lock bench bench-long truth screenshots docs clean

help: ## Show what can be done.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Trigpoint needs Python 3.11 or newer; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv $(VENV) || { echo "No virtual environment could be made: install Python's venv module (Debian: python3-venv)."; exit 1; }

$(VENV)/.run: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Setting up (once): Python packages, pinned by hash"
	@$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run $(VENV)/.frontend
	@echo "Setting up (once): packages for tests and checks"
	@$(BIN)/pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/.frontend: dashboard/frontend/package-lock.json dashboard/frontend/build.mjs dashboard/frontend/editor.mjs dashboard/frontend/build.py $(VENV)/.run
	@echo "Setting up (once): what browsers need"
	@if $(BIN)/python dashboard/frontend/build.py; then touch $@; fi

run: $(VENV)/.run $(VENV)/.frontend ## Simulate England, load, build, check, publish and serve the pages.
	@$(BIN)/trigpoint run --simulate --home $(HOME_FOLDER) || [ $$? -eq 3 ] # held by a breaker, and published
	@$(BIN)/trigpoint serve --home $(HOME_FOLDER) --port $(PORT) --sign-in demonstration

test: $(VENV)/.dev ## Run every test, a real headless browser among them.
	@bash tests/browser/find_chromium.sh
	@bash tests/journal/find_postgresql.sh
	@bash tests/people/find_provider.sh
	@$(BIN)/python -m pytest tests --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder

replays: $(VENV)/.dev ## Run all of the worst data days again, the long ones too (minutes).
	@$(BIN)/python -m pytest tests/pipeline/test_replays.py -m 'long or not long'

long: $(VENV)/.dev ## Run the tests that take longer than a build may (half an hour).
	@$(BIN)/python -m pytest tests -m long --numprocesses auto --dist load

attack: $(VENV)/.dev ## Try to derive hidden counts from thirty releases at every scope (a quarter of an hour).
	@$(BIN)/python -m pytest tests/store/disclosure -m attack

check: $(VENV)/.dev ## Style, known insecure ways, types, SQL and who may import whom.
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/bandit --quiet --configfile pyproject.toml --recursive api dashboard journal loaders mailing people pipeline simulation store
	@$(BIN)/mypy
	@$(BIN)/sqlfluff lint --processes 2 dbt_project/models dbt_project/tests store/sql
	@$(BIN)/lint-imports

format: $(VENV)/.dev ## Put code and SQL in order.
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .
	@$(BIN)/sqlfluff fix dbt_project/models dbt_project/tests

vulnerabilities: $(VENV)/.dev ## Ask a public list whether a pinned package has a known fault (needs a network).
	@$(BIN)/pip install --quiet pip-audit
	@$(BIN)/pip-audit --disable-pip --require-hashes --requirement requirements.lock --requirement requirements-dev.lock

lock: | $(BIN)/python ## Pin every package again, by hash and without an index address.
	@$(BIN)/pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras \
		--no-header --no-annotate pyproject.toml build-requirements.in -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras \
		--no-header --no-annotate --extra dev -c requirements.lock pyproject.toml build-requirements.in -o requirements-dev.lock

truth: $(VENV)/.run ## Score the shown figures against a known truth, with mistakes in the files (a quarter of an hour).
	@$(BIN)/python -m bench.truth

screenshots: $(VENV)/.dev ## Take pictures of every page for every role, and say what is wrong on them (a quarter of an hour).
	@bash tests/browser/find_chromium.sh
	@$(BIN)/python -m tests.pictures

bench: $(VENV)/.dev ## Measure loading, deciding, starting and reading as ratios to the bare engine (minutes).
	@$(BIN)/python -m bench

bench-long: $(VENV)/.dev ## The same on ten million rows and a simulated year (an hour, 10 GB of disk).
	@$(BIN)/python -m bench long

docs: $(VENV)/.run ## Write docs/reference from code and policy, and dbt's own pages of the warehouse.
	@$(BIN)/python docs/generate.py
	@$(BIN)/trigpoint build --home $(HOME_FOLDER) --json > /dev/null
	@TRIGPOINT_HOME=$(abspath $(HOME_FOLDER)) $(BIN)/dbt docs generate --project-dir dbt_project --profiles-dir dbt_project \
		--target-path $(abspath $(HOME_FOLDER))/dbt/target --log-path $(abspath $(HOME_FOLDER))/dbt/logs --static --quiet
	@echo "Written: docs/reference and $(HOME_FOLDER)/dbt/target/static_index.html"

clean: ## Take away the environment; data stay.
	@rm -rf $(VENV)
