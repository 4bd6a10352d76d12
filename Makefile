# Everything that a fresh clone needs is done here: `make demo`, `make test`. Given are git, make and Python 3.11 with venv.
.DEFAULT_GOAL := help
.PHONY: help setup lab hosts postgresql pango chromium demo test pages faults check bench clean
.DELETE_ON_ERROR:

# Tests and demo start thousands of short processes: what was compiled once is kept, whatever the environment says.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# uv brings certificates of its own; the system's, where it has some, also know a company's proxy.
UV := VIRTUAL_ENV=$(CURDIR)/$(VENV) UV_PYTHON_DOWNLOADS=never \
	$(if $(wildcard /etc/ssl/certs/ca-certificates.crt),UV_SYSTEM_CERTS=1) $(BIN)/uv

help: ## Show what can be made
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST)

$(VENV)/.installed: pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "make: Python 3.11 or newer is needed; apt-get install python3, or set PYTHON="; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "make: apt-get install python3-venv"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
	$(BIN)/python -m pip install --quiet --upgrade 'uv>=0.8'
	$(UV) sync --quiet --locked --active --inexact --compile-bytecode
	@touch $@

setup: $(VENV)/.installed ## Install netmgr and its development tools into .venv

lab: setup ## Fetch FRRouting for the lab into the user's cache
	@$(BIN)/netmgr lab setup

hosts: setup ## Make a Debian for the lab's Linux hosts in the user's cache, for the tests of playbooks
	@$(BIN)/netmgr lab setup --hosts

postgresql: setup ## Fetch PostgreSQL for the tests of shared stores, where none is installed
	@$(BIN)/python -m tests.postgresql

pango: setup ## Fetch Pango and fonts for the tests that make PDF, where they are not installed
	@$(BIN)/python -m tests.pango

chromium: pango ## Fetch Chromium for the tests that look at pages, where it is not installed
	@$(BIN)/python -m tests.chromium

demo: lab ## The main job on a real, embedded network: eleven FRR routers
	@PATH="$(CURDIR)/$(BIN):$$PATH" bash docs/demo.sh

# Most of the tests wait for timers and routers: six workers keep two cores busy.
test: lab hosts postgresql pango check ## All checks and tests
	$(BIN)/pytest -n 6 --dist loadfile

pages: lab hosts chromium ## The commands of every page of docs/, of which `make test` has some; clients' pages in a browser
	$(BIN)/pytest -n 4 --dist loadfile -m "pages or not pages" tests/docs/test_commands.py tests/docs/test_demo.py \
		tests/browser

faults: lab hosts postgresql ## Every injected fault: crashes, full disks, dead routers; `make test` has a selection of them
	$(BIN)/pytest -n 2 --dist loadfile -m "faults or tally"

year: lab pango ## A year of the client acme with real routers: its changes, tickets, reports and invoices, all checked
	$(BIN)/python -m tests.year build/year

check: setup ## ruff, mypy --strict, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: lab ## Measure netmgr beside its peers; writes docs/performance.md
	$(UV) sync --quiet --locked --active --inexact --group bench
	$(BIN)/python -m benchmarks --write

clean: ## Remove what was made here
	rm -rf $(VENV) build/year dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
