# The front door for developers; `make` lists the words, CI runs the same ones.
# Users need only the two commands of README.md.
PYTHON_IN_VENV = .venv/bin/python
REF ?= ../shared/reference
SIZE ?= full

.DEFAULT_GOAL := help
.PHONY: help demo test reliability lint types floors shape check docs docs-serve pages pictures lock reference mutate clean ready ready-docs ready-dev

help: ## List the words
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

demo: ## Take one participant all the way: make demo ARGS="PAGE --records FILE"
	@sh setup.sh demo $(ARGS)

test: ## Run the tests: make test ARGS="tests/visits -k leap"
	@sh setup.sh test $(ARGS)

reliability: ## Run the long suites: make reliability SIZE=full|tenth ARGS="tests/ledger"
	@sh setup.sh suites $(SIZE) $(ARGS)

lint: ready ## Check style and complexity
	$(PYTHON_IN_VENV) -m ruff check .
	$(PYTHON_IN_VENV) -m ruff format --check .

types: ready ## Check types, strictly
	$(PYTHON_IN_VENV) -m mypy

floors: ready ## Check who imports whom
	.venv/bin/lint-imports

shape: ready ## Check sizes, names, documentation, and that seeded faults are refused
	$(PYTHON_IN_VENV) -m pytest tests/shape --numprocesses auto --quiet

check: lint types floors test ## Everything CI checks in the code: lint, types, floors, all tests

docs: ready-docs ## Build the documentation strictly, into site/
	NO_MKDOCS_2_WARNING=1 $(PYTHON_IN_VENV) -m mkdocs build --strict --quiet

docs-serve: ready-docs ## Serve the documentation on this machine while writing
	NO_MKDOCS_2_WARNING=1 $(PYTHON_IN_VENV) -m mkdocs serve

pages: ready ## Write the generated parts of pages and pictures again
	$(PYTHON_IN_VENV) tools/write_pages.py

lock: ready-dev ## Lock the versions of everything installed: make lock ARGS=--upgrade
	@sh tools/lock.sh $(ARGS)

reference: ready ## Hold the software to a folder of cases: make reference REF=DIR
	$(PYTHON_IN_VENV) -m trialwright reference "$(REF)"

mutate: ready-dev ## Mutation score of a room: make mutate ROOM=src/trialwright/terms TESTS=tests/terms
	nice $(PYTHON_IN_VENV) tools/mutate_forked.py "$(ROOM)" --tests $(TESTS) $(ARGS)

clean: ## Remove what was built; .venv stays
	rm -rf site dist build mutants .coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

ready:
	@sh setup.sh install test

ready-docs:
	@sh setup.sh install docs

ready-dev:
	@sh setup.sh install dev
