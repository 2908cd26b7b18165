# The same commands under shorter names; `make` lists them.
.DEFAULT_GOAL := help
.PHONY: help setup check test lint format demo sql clean

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 12

setup: ## Prepare .venv, Java and the jars
	scripts/setup

check: test ## What continuous integration runs

test: ## Run every test
	scripts/test

lint: setup ## Style, types and import rules only
	scripts/test tests/architecture

format: setup ## Put the code into the house's format
	.venv/bin/ruff check --fix . && .venv/bin/ruff format .

demo: ## Eight generated exports to golden records
	scripts/demo

sql: ## Serve the demo's gold tables over SQL
	scripts/serve-sql --warehouse data/demo/warehouse

clean: ## Remove what was made (not the cached set-up)
	rm -rf data/demo .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
