# Two commands do all: `make generate` and `make test`. `make help` lists the rest.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SYSTEM ?= kepco_opm
PORT ?= 8080
BASE ?= origin/main

# The working directory must not matter for what is generated, nor the user's locale.
export PYTHONUTF8 := 1

.PHONY: help generate test check diff golden judges bench mock demo lock clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): requirements.txt pyproject.toml
	@test -x $(BIN)/python || { echo "creating $(VENV)"; $(PYTHON) -m venv $(VENV) || \
		{ echo "python3 cannot make virtual environments: install python3-venv" >&2; exit 2; }; }
	@echo "installing pinned dependencies"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

generate: $(READY) ## set up if needed, and generate everything from specs/ into generated/
	@$(BIN)/gridwright generate

test: check ## everything that `check` does, and all tests
	@$(BIN)/python -m pytest -n auto --dist loadgroup

check: $(READY) ## format, lint, types, import rules, specs and generated output; changes no file
	@$(BIN)/ruff format --check --quiet . || { echo "run: $(BIN)/ruff format ." >&2; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/gridwright check --generated generated

diff: $(READY) ## say what changed in the specs since BASE (origin/main), and whom it concerns
	@$(BIN)/gridwright diff $(BASE) --fail-on never

golden: $(READY) ## rewrite golden files and generated output; read the diff, then run make test
	@$(BIN)/gridwright generate
	@$(BIN)/python -m pytest -q --update-golden tests/generator tests/golden tests/diff; test $$? -le 1

judges: $(READY) ## let foreign tools judge exports and mocks; needs a network once, Node, Java and xmllint
	@$(BIN)/python -m judges
	@$(BIN)/python -m judges.changes

bench: $(READY) ## measure speed and memory as ratios; prints a table, writes bench/results/latest.json
	@$(BIN)/python -m bench

mock: $(READY) ## serve the mock of SYSTEM on loopback, port PORT
	@$(BIN)/gridwright mock $(SYSTEM) --port $(PORT)

demo: $(READY) ## start the mock, read a day, show it as a table and a chart
	@$(BIN)/python examples/demo.py

lock: $(READY) ## resolve the pinned dependencies anew
	@$(BIN)/pip-compile --quiet --all-extras --generate-hashes --strip-extras --allow-unsafe \
		--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options --no-header \
		--output-file requirements.txt pyproject.toml

clean: ## remove the virtual environment and caches
	@rm -rf $(VENV) judges/.tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
