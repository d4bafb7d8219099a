# Golden Thread. `make` alone lists what can be done. Needs Python 3.11 or later and make, nothing else.
PYTHON ?= python3
SIZE ?= default
WORKERS ?= 2
BIN := .venv/bin
STAMP := .venv/installed
LOCKS := requirements.txt requirements-dev.txt requirements-install.txt pyproject.toml

.DEFAULT_GOAL := help
.PHONY: help install demo test test-sqlite test-postgres bench lint assets lock check-shared check-peers check-spark clean

help: ## List what can be done
	@echo "Golden Thread"; echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo; echo "  make demo SIZE=small|default|county chooses how large a partnership is made up."

install: $(STAMP) ## Install everything into .venv, from locked versions

$(STAMP): $(LOCKS)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or later is needed; $(PYTHON) is $$($(PYTHON) --version). Try: make $(MAKECMDGOALS) PYTHON=python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || \
	  { echo "Python cannot make a virtual environment. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Installing into .venv ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-install.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.txt 2>.venv/uv.log || \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@$(BIN)/python -m compileall -q -q -j 0 .venv/lib src || true
	@touch $@

demo: $(STAMP) ## Build a made-up partnership and serve it on http://localhost:8000
	$(BIN)/goldenthread demo --size $(SIZE)

test: $(STAMP) ## Run every test: on PostgreSQL those whose reading of the database may differ, then all on SQLite
	@$(MAKE) --no-print-directory test-postgres
	@$(MAKE) --no-print-directory test-sqlite

test-sqlite: $(STAMP)
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

test-postgres: $(STAMP) ## Run the tests that touch the database on a throwaway PostgreSQL
	$(BIN)/python tests/with_postgres.py $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "database and not browser and not pages"

bench: $(STAMP) ## Measure speed
	SIZE=$(SIZE) $(BIN)/python -m bench

lint: $(STAMP) ## Check style, types and floors
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

assets: ## Rebuild the committed styles (needs Node)
	npm install --no-audit --no-fund --no-package-lock --ignore-scripts
	npm run --silent build

lock: $(STAMP) ## Choose new versions of everything we stand on
	$(BIN)/uv lock --upgrade
	$(BIN)/uv export -q --format requirements-txt --no-emit-project --no-header -o requirements.txt
	$(BIN)/uv export -q --format requirements-txt --no-emit-project --no-header --all-extras -o requirements-dev.txt
	printf 'uv\nsetuptools>=77\n' | $(BIN)/uv pip compile -q --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --universal --python-version 3.11 - -o requirements-install.txt

check-shared: $(STAMP) ## Check our copies against the partnership's own files in ../shared
	@if test -d ../shared; then GT_SHARED=../shared $(BIN)/python -m pytest -q -n 0 -m shared tests/shared; \
	  else echo "There is no ../shared beside this checkout: nothing to check."; fi

check-peers: $(STAMP) ## Hold our control charts against another program's, installed apart
	@test -x var/peers/bin/python || $(PYTHON) -m venv var/peers
	@var/peers/bin/python -m pip install --quiet --disable-pip-version-check "abspc==1.1.0"
	GT_PEERS=$(CURDIR)/var/peers/bin/python $(BIN)/python -m pytest -q -n 0 -m peers tests/peers

check-spark: $(STAMP) ## Run the statements made for Spark on a local one, installed apart (needs Java)
	@command -v java >/dev/null || { echo "Spark needs Java. Debian and Ubuntu: apt-get install default-jre-headless"; exit 1; }
	@test -x var/spark/bin/python || $(PYTHON) -m venv var/spark
	@var/spark/bin/python -m pip install --quiet --disable-pip-version-check "pyspark==3.5.7"
	GT_SPARK=$(CURDIR)/var/spark/bin/python $(BIN)/python -m pytest -q -n 0 -m spark tests/peers

clean: ## Remove what was installed and made here (the demo's database too)
	rm -rf .venv var node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
