# `make site` and `make test` need Python 3.11 or newer, git and make, and nothing else:
# the first of them sets up .venv from the lock file. `make tools` adds what the checks of
# the built pages need (Chromium, Java, Node.js); without it those tests are skipped.

PYTHON ?= python3
PYTEST_FLAGS ?= -n 2 --dist worksteal --durations 30
PORT ?= 8000

VENV := .venv
BIN := $(VENV)/bin
TOOLS := tests/tools

# A person's own pip settings must not reach into the environment made here.
export PIP_USER := 0
export PIP_NO_INPUT := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: bench bench-large bench-huge lighthouse help venv site check serve serve-static test lint types floors pytest soak kills fuzz preview-soak preview-bench format tools system-packages lock clean

help: ## List the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/make \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name what; do \
		printf '%-20s %s\n' "$$name" "$$what"; done

site: venv ## Build the example site into public/
	$(BIN)/explainer build

check: venv ## Name everything that is wrong in the example site's content
	$(BIN)/explainer check

serve: venv ## Show the example site in a browser while it is written: make serve PORT=8000
	$(BIN)/explainer serve --port $(PORT)

serve-static: site ## Serve public/ on this machine only: make serve-static PORT=8000
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory public $(PORT)

test: lint types floors pytest ## Run every check: ruff, mypy, the floors, pytest

lint: venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: venv
	$(BIN)/mypy

floors: venv
	$(BIN)/lint-imports

pytest: venv
	$(BIN)/pytest $(PYTEST_FLAGS)

soak: venv ## Prove the engine with 10,000 random sequences of edits: make soak FIRST=0 SEQUENCES=10000
	$(BIN)/python -m tests.engine.soak --first $(FIRST) --sequences $(SEQUENCES) --processes 2

FIRST := 0
SEQUENCES := 10000

fuzz: venv ## Send the live preview 20,000 requests of all sorts
	$(BIN)/python -m tests.serve.fuzz --requests 20000

preview-soak: venv ## Edit a site 5,000 times while it is served
	$(BIN)/python -m tests.serve.soak --edits 5000

lighthouse: venv ## Let Lighthouse look at a page of each sort of the example site: needs make tools
	$(BIN)/python -m benchmarks.lighthouse --runs 3 --write

preview-bench: venv ## Measure from saving a file until Chromium shows it
	$(BIN)/python -m benchmarks.preview --stories 1000 --edits 200

kills: venv ## Kill builds at every system call, refuse every one, and 200 kills at any time: an hour
	EXPLAINER_KILLS=1 $(BIN)/pytest $(PYTEST_FLAGS) tests/engine/test_kill.py tests/engine/test_faults.py

format: venv ## Format the code and mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

venv: $(VENV)/.installed

$(VENV)/.dependencies: requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.13 ...")'
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements-dev.lock
	@touch $@

$(VENV)/.installed: $(VENV)/.dependencies pyproject.toml
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

tools: system-packages $(TOOLS)/node_modules/.installed ## Install what the checks of the built pages need

system-packages:
	bash $(TOOLS)/install-system-packages

$(TOOLS)/node_modules/.installed: $(TOOLS)/package-lock.json $(TOOLS)/.npmrc | system-packages
	cd $(TOOLS) && npm ci
	@touch $@

lock: ## Choose the newest versions of all dependencies and write the lock files
	$(PYTHON) -m venv --clear $(VENV)-lock
	$(VENV)-lock/bin/python -m pip install --quiet uv
	$(VENV)-lock/bin/uv pip compile $(LOCK_FLAGS) --extra dev --output-file requirements-dev.lock pyproject.toml
	$(VENV)-lock/bin/uv pip compile $(LOCK_FLAGS) --constraint requirements-dev.lock --output-file requirements.lock pyproject.toml
	rm -rf $(VENV)-lock
	cd $(TOOLS) && npm update --package-lock-only

LOCK_FLAGS := --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

bench: venv ## Measure builds of 1,000 stories beside other generators, and write the tables
	$(BIN)/python -m benchmarks.run --stories 1000 --rounds 5 --write

bench-large: venv ## The same with 10,000 stories, and what each further file costs: half an hour
	$(BIN)/python -m benchmarks.run --stories 10000 --rounds 5 --slow-rounds 1 --write
	$(BIN)/python -m benchmarks.run --growth --write

bench-huge: venv ## Measure 100,000 stories with explainer alone
	$(BIN)/python -m benchmarks.run --huge --rounds 3 --write

clean: ## Remove everything that make has made
	rm -rf $(VENV) .bench $(TOOLS)/node_modules public .explainer dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
