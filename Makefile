# Everything happens in .venv, with the versions of requirements.lock.
PYTHON ?= python3
BIN := .venv/bin
SPOORZONE := $(BIN)/spoorzone
# Where tools/bench/install.sh puts the engines of others.
ENGINES := $(or $(SPOORZONE_PEERS),.peers)/engines/bin
# Node comes with requirements-dev.lock, whichever the machine has.
NODE := $(BIN)/node
ESLINT := $(NODE) node_modules/eslint/bin/eslint.js pipeline/atlas/assets/js tests/js eslint.config.js

.DEFAULT_GOAL := help
.PHONY: help demo run status test reliability lint bench bench-maps verify mutate lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: .venv/.installed ## make layers and map from the built-in synthetic example
	@$(SPOORZONE) run --sample

run: .venv/.installed ## the same, live from PDOK, as config.toml says
	@$(SPOORZONE) run

status: .venv/.installed ## say what is fresh, what is stale, and why
	@$(SPOORZONE) status

test: .venv/.tested node_modules/.made ## everything that a commit must pass: style, types, tests
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(ESLINT)
	@$(NODE) --test 'tests/js/*.test.js'
	@$(BIN)/pytest -n 2 --dist loadgroup $(ARGS)

reliability: .venv/.tested ## make every fault on purpose and write docs/reliability.md (needs tests/peers/install.sh)
	@CI=1 $(BIN)/pytest -n 2 --dist loadgroup -m fault --reliability=docs/reliability.md $(ARGS)

lint: .venv/.tested node_modules/.made ## style and types only
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(ESLINT)

bench: .venv/.tested ## measure loading, computing and the map against other ways: docs/performance.md, docs/maps.md
	@tools/bench/install.sh
	@$(BIN)/python tools/bench/load.py docs/performance.md
	@$(ENGINES)/python tools/bench/compute.py docs/performance.md
	@$(MAKE) --no-print-directory bench-maps

bench-maps: .venv/.tested
	@tools/bench/install.sh
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && cp config.toml "$$folder" && \
	  $(SPOORZONE) run --sample --config "$$folder/config.toml" && \
	  $(BIN)/python tools/bench/maps.py "$$folder" docs/maps.md

verify: .venv/.tested ## hold our values against other engines, unit by unit: docs/verification.md
	@tools/bench/install.sh
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && cp config.toml "$$folder" && \
	  $(SPOORZONE) run --sample --config "$$folder/config.toml" && \
	  $(ENGINES)/python tools/verify/run.py "$$folder" docs/verification.md

mutate: .venv/.tested ## break every formula and every limit once, and see a test fail: docs/mutation.md
	@$(BIN)/python tools/mutate/mutate.py docs/mutation.md

lock: ## lock the newest versions (needs uv)
	@$(PYTHON) tools/lock.py

clean: ## remove the environment; data_raw/, data_out/ and maps/ stay
	rm -rf .venv node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) -V). Give another: make PYTHON=python3.12 demo"; exit 1; }
	@echo "Making .venv (a minute, once)"
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/.installed: .venv/.made requirements.lock pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.tested: .venv/.installed requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

node_modules/.made: .venv/.tested package.json package-lock.json
	@$(BIN)/npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@
