# The way in: `make run`, `make test`. Everything lives in .venv; nothing else on the machine is touched.
PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: run test check proof bench words readme danger lock clean

run: .venv/run        ## start copbot (the terminal chat, as long as no platform is connected)
	@$(BIN)/copbot run

test: .venv/dev       ## every test, on SQLite and on a real PostgreSQL
	@$(BIN)/python -m pytest

check: .venv/dev      ## style, types, layers, translations, README
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m tools.words --check
	@$(BIN)/python -m tools.readme --check

proof: .venv/dev      ## play every proof of parole libre at length, tell what came of it, write proof.json
	@$(BIN)/python -m tests.proof

bench: .venv/dev      ## measure, print a table, write bench.json
	@$(BIN)/python -m benchmarks

words: .venv/dev      ## bring the catalogues of translations up to date with the code
	@$(BIN)/python -m tools.words

readme: .venv/dev     ## write the generated parts of the READMEs anew
	@$(BIN)/python -m tools.readme

danger: .venv/learn   ## learn anew what words of danger weigh; `python -m tools.danger --measure` tells how well that does
	@$(BIN)/python -m tools.danger

lock: .venv/dev       ## renew the lock files (needs uv); what runs is taken from what is tested
	uv pip compile pyproject.toml --group build --group dev --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-header --quiet --upgrade -o requirements-dev.lock
	uv pip compile pyproject.toml --group build -c requirements-dev.lock --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-header --quiet --upgrade -o requirements.lock
	uv pip compile --group learn -c requirements-dev.lock --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-header --quiet --upgrade -o requirements-learn.lock

clean:
	rm -rf .venv tests/matrix/client/node_modules build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/run: .venv/bin/python requirements.lock pyproject.toml
	$(INSTALL) --require-hashes -r requirements.lock
	$(INSTALL) --no-build-isolation --no-deps -e .
	@touch $@

.venv/dev: .venv/run requirements-dev.lock .venv/client
	$(INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@

.venv/learn: .venv/run requirements-learn.lock
	$(INSTALL) --require-hashes -r requirements-learn.lock
	@touch $@

# A Matrix client that others wrote, for the tests; without npm they say loudly what they leave out.
.venv/client: .venv/bin/python tests/matrix/client/package-lock.json
	@if command -v npm >/dev/null; then npm ci --silent --prefix tests/matrix/client; \
	else echo "npm is missing: the Matrix tests will lack the client that others wrote" >&2; fi
	@touch $@
