# Two commands do all: `make generate` and `make test`. `make help` lists the rest.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SYSTEM ?= kepco_opm
PORT ?= 8080
# The branch that a clone follows: a fork may call it otherwise.
BASE ?= $(shell git symbolic-ref --quiet --short refs/remotes/origin/HEAD || echo origin/main)
# What generated code looks like depends on the generator's libraries, so its tests are not here.
LOWEST_TESTS := $(addprefix tests/,runtime values texts times validation access requests sending decodings soap multipart limits mock kepco_opm epias_ecms thai_moi_power testing tables harvest)

# All of them run, also where one finds something.
JUDGES := judges judges.changes judges.pages judges.own_exports judges.imports \
	judges.python_client judges.foreign_changes judges.foreign_versions judges.foreign_merges \
	judges.times judges.workflows judges.lake

# The working directory must not matter for what is generated, nor the user's locale.
export PYTHONUTF8 := 1

.PHONY: help generate test check diff golden site judges bench campaign campaign-short mock demo lock coverage lowest audit tag dist clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

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
	@$(BIN)/python -m release.agree
	@$(BIN)/gridwright format --check --quiet && $(BIN)/gridwright format --check --quiet --specs examples/specs
	@$(BIN)/gridwright check --generated generated

diff: $(READY) ## say what changed in the specs since BASE (the branch that origin follows), and whom it concerns
	@$(BIN)/gridwright diff $(BASE) --fail-on never

golden: $(READY) ## rewrite golden files and generated output; read the diff, then run make test
	@$(BIN)/gridwright generate
	@$(BIN)/python -m pytest -q --update-golden tests/generator tests/golden tests/diff tests/exports/test_interface_json.py tests/docs/test_spec_language_page.py; test $$? -le 1

site: $(READY) ## make README, docs/ and the pages of all systems into one site, build/site/index.html
	@$(BIN)/gridwright site --project . --out build/site

judges: $(READY) ## let foreign tools judge exports and mocks; needs a network once, Node, Java and xmllint
	@failed=0; for judge in $(JUDGES); do $(BIN)/python -m $$judge || failed=1; done; exit $$failed

bench: $(READY) ## measure speed and memory as ratios; prints a table, writes bench/results/latest.json
	@$(BIN)/python -m bench

campaign: $(READY) ## try a million odd replies, a million days, faults, kills and specs; prints a table, takes half an hour
	@$(BIN)/python -m campaign

campaign-short: $(READY) ## the same in about two minutes
	@$(BIN)/python -m campaign --short

mock: $(READY) ## serve the mock of SYSTEM on loopback, port PORT
	@$(BIN)/gridwright mock $(SYSTEM) --port $(PORT)

demo: $(READY) ## start the mock, read a day, show it as a table and a chart
	@$(BIN)/python examples/demo.py

lock: $(READY) ## resolve the pinned dependencies anew
	@$(BIN)/pip-compile --quiet --all-extras --generate-hashes --strip-extras --allow-unsafe \
		--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options --no-header \
		--output-file requirements.txt pyproject.toml

coverage: $(READY) ## run all tests and say which branches they take; fails below the floor
	@mkdir -p build
	@$(BIN)/python -m pytest -n auto --dist loadgroup --cov --cov-report=json:build/coverage.json
	@$(BIN)/python -m release.branches build/coverage.json

lowest: $(READY) ## test clients and mocks with the lowest versions that pyproject.toml allows
	@mkdir -p build
	@$(BIN)/python -m release.lowest > build/lowest.txt
	@$(PYTHON) -m venv --clear build/lowest
	@build/lowest/bin/python -m pip install --quiet --disable-pip-version-check -r build/lowest.txt
	@build/lowest/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@build/lowest/bin/python -m pytest -n auto --dist loadgroup $(LOWEST_TESTS)

audit: $(READY) ## look up known weaknesses of the pinned dependencies; needs the package index
	@$(BIN)/pip-audit --strict --require-hashes --disable-pip --progress-spinner off -r requirements.txt

tag: $(READY) ## check that TAG, version, changelog and citation agree
	@test -n "$(TAG)" || { echo "say which: make tag TAG=v1.2.3" >&2; exit 2; }
	@$(BIN)/python -m release.agree "$(TAG)"

dist: $(READY) ## build wheel and source into dist/, and list what they bring in build/sbom.cdx.json
	@rm -rf dist build/wheel
	@$(BIN)/python -m build --no-isolation --outdir dist .
	@$(PYTHON) -m venv build/wheel
	@build/wheel/bin/python -m pip install --quiet --disable-pip-version-check "$$(echo dist/*.whl)[generate,mock]"
	@build/wheel/bin/python -m pip uninstall --quiet --yes pip setuptools
	@$(BIN)/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible \
		--output-file build/sbom.cdx.json build/wheel

clean: ## remove the virtual environment and caches
	@rm -rf $(VENV) judges/.tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
