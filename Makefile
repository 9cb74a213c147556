# Two commands on a fresh machine: `make site` and `make test`. Each target does its own set-up in .venv.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

python := .venv/bin/python
pytest := pytest --quiet --numprocesses=auto --dist=loadfile --no-loadscope-reorder
# The project stays on MkDocs 1.6 and Material 9 knowingly; their notice in every build says nothing new.
export NO_MKDOCS_2_WARNING := 1

.PHONY: help site serve check test coverage worlds fuzz looks visits bench shops records mutants lock packages clean environment style

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

site: environment ## build the site into site/
	@# The sitemap's dates and the gzip header follow the commit, not the hour of the build.
	@if [[ -z "$${SOURCE_DATE_EPOCH-}" ]] && commit_time=$$(git log -1 --format=%ct 2>/dev/null); then \
	  export SOURCE_DATE_EPOCH=$$commit_time; \
	fi; \
	echo "Building the site …"; \
	$(python) -m mkdocs build --strict --clean; \
	echo "site/ is ready: $$(find site -name index.html | wc -l) pages."

serve: environment ## open the live preview, drafts included
	@$(python) -m mkdocs serve

check: environment style ## a minute's look: style, types, the tests that need no browser
	@scripts/set-up script-tools
	@echo "Running the tests of the core …"
	@$(python) -m $(pytest) --hypothesis-profile=check -m "not long" tests/core $(wildcard tests/test_*.py)

test: environment ## check style and types, run every test
	@# Types are checked on one core; meanwhile the tests are compiled, or each of their processes would compile them all.
	@$(python) -m pytest --quiet --collect-only >/dev/null & $(MAKE) style; wait
	@scripts/set-up test-tools
	@echo "Running the tests …"
	@$(python) -m $(pytest)

coverage: environment ## run every test and say which lines of the code none of them reached
	@scripts/set-up test-tools
	@echo "Running the tests, and noting what they reach …"
	@$(python) -m coverage erase
	@$(python) -m coverage run -m $(pytest)
	@$(python) -m coverage combine --quiet
	@$(python) -m coverage report

style: environment
	@echo "Checking style …"
	@$(python) -m ruff check --quiet
	@$(python) -m ruff format --check --quiet
	@echo "Checking types …"
	@$(python) -m mypy --no-error-summary

worlds: environment ## live through hundreds of random histories of a policy
	@mkdir -p build; WORLDS=$${WORLDS:-400} $(python) -m pytest --quiet --tb=short --show-capture=no tests/world \
	  | tee build/worlds.txt

fuzz: environment ## give every parser FUZZ inputs (100000) that nobody wrote, other ones each day
	@mkdir -p build; FUZZ=$${FUZZ:-100000} FUZZ_SEED=$${FUZZ_SEED:-$$(date +%Y%m%d)00000} \
	  $(python) -m pytest --quiet --tb=short --show-capture=no tests/fuzz | tee build/fuzz.txt

looks: environment ## let axe judge every page and text, where the gate shows it one of each kind; more hostile words
	@scripts/set-up test-tools
	@EVERY_TEXT=1 WORDS=$${WORDS:-5} $(python) -m $(pytest) -k "axe or words" tests/e2e

visits: environment ## simulate VISITS (1000000) of a shop's customers, and decide CASES (5000), in Python and in JavaScript
	@scripts/set-up test-tools
	@VISITS=$${VISITS:-1000000} CASES=$${CASES:-5000} $(python) -m $(pytest) tests/core/storefront/test_shops.py \
	  tests/core/storefront/test_visits.py tests/e2e/test_decision.py

bench: environment ## measure time, memory and sizes
	@$(python) scripts/bench.py

shops: environment ## build shops of Next and Vue on the npm package, and visit them
	@scripts/set-up shop-tools
	@echo "Building the shops …"
	@$(python) -m $(pytest) tests/e2e/storefront/check_shops.py

records: environment ## kill a shop and its database under load, ten times
	@scripts/set-up test-tools
	@KILLED=$${KILLED:-200 15 10} $(python) -m pytest --quiet tests/adapters/test_store_killed.py

mutants: environment ## see which changes of the review decision no vector notices
	@$(python) scripts/mutants.py

lock: environment ## pin every package anew in requirements/dev.txt
	@$(python) -m uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-package inforce-client --extra site --custom-compile-command "make lock" \
	  --output-file requirements/dev.txt pyproject.toml requirements/dev.in
	@echo "requirements/dev.txt is up to date."

packages: environment ## build and try every distribution
	@scripts/packages build
	@scripts/packages try

clean: ## remove everything that was made
	@rm -rf site build dist .venv .cache .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@rm -rf storefront/js/node_modules tests/e2e/storefront/shops/node_modules
	@rm -f .coverage .coverage.*
	@find plugins scripts tests -name __pycache__ -type d -prune -exec rm -rf {} +

environment:
	@scripts/set-up environment
