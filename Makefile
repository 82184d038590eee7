# provstore: the commands of the project. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# A stamp each, so that a second call does nothing that was done.
RUNTIME := $(VENV)/.runtime
TESTED := $(VENV)/.tested

.DEFAULT_GOAL := help
.PHONY: help run test test-cassandra test-faults test-postgres-15 test-lowest lint bench bench-quick conformance fuzz test-peers servers lock wheel clean fuzz-api soak test-cluster

help: ## This list
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

run: $(RUNTIME) ## Import the demo records, answer two lineage questions, write a picture
	@$(BIN)/provstore --store demo.db demo

test: $(TESTED) ## All tests but those with targets of their own (under 30 minutes on 2 cores)
	$(BIN)/python -m pytest -n 2 --dist loadfile tests
	$(MAKE) --no-print-directory test-lowest

test-cassandra: $(TESTED) ## The engines' contract and the templates on JanusGraph on Cassandra
	PROVSTORE_TEST_CASSANDRA=1 $(BIN)/python -m pytest tests/contract/test_engine_contract.py \
		tests/contract/test_adapter_cases.py tests/contract/test_templates.py tests/contract/test_template_answers.py

test-faults: $(TESTED) ## Graph servers killed, and their connections spoilt, ten times each way (long)
	PROVSTORE_TEST_FAULTS=10 $(BIN)/python -m pytest --durations=0 tests/faults/test_engine_servers.py

test-cluster: $(TESTED) ## JanusGraph on three Cassandra nodes that are killed, and what it lost mended (long)
	$(BIN)/python -m pytest -m cluster -s --durations=0 tests/cluster

SOAK_MINUTES ?= 10
soak: $(TESTED) ## The service killed again and again, then one process for long: make soak SOAK_MINUTES=60
	$(BIN)/python -m tests.soak $(SOAK_MINUTES)

test-postgres-15: $(TESTED) ## What the ledger on PostgreSQL promises, on the oldest version that it runs on
	PROVSTORE_TEST_POSTGRES=postgres-15 $(BIN)/python -m pytest tests/unit/ledger tests/faults/test_postgres_ledger.py tests/contract/test_store_machine.py

test-lowest: $(VENV)-lowest/.tested ## What meets other packages, with the lowest versions that pyproject.toml admits
	$(VENV)-lowest/bin/python -m pytest -n 2 --dist loadfile tests/cli tests/unit/formats tests/unit/importers tests/unit/reports tests/unit/server \
		tests/unit/graph/test_gremlin_rows.py tests/unit/graph/test_gremlin_text.py tests/unit/graph/test_registry.py \
		tests/unit/ledger/test_postgres.py tests/unit/questions/test_frames.py tests/conformance/test_json_ld_and_rdf_corpus.py

test-peers: $(TESTED) ## The validator beside ProvToolbox, which Maven fetches; needs Java 17 (a minute or two)
	$(BIN)/python -m pytest -m peers -rs -s tests/peers

lint: $(TESTED) ## Format, style, types, layers
	$(BIN)/ruff format --check provstore tests benchmarks deploy
	$(BIN)/ruff check provstore tests benchmarks deploy
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(TESTED) ## Every claim, measured beside its peers (about two hours)
	$(BIN)/python -m benchmarks

bench-quick: $(TESTED) ## The same with small inputs, to see that it runs
	$(BIN)/python -m benchmarks --quick

conformance: $(TESTED) ## Write docs/reference/conformance.md from what the formats and engines do
	$(BIN)/python -m tests.conformance.table

fuzz: $(TESTED) ## Fuzz every parser, a minute each; what breaks one is kept in tests/data/fuzz/
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements/fuzz.txt
	$(BIN)/python -m tests.fuzz

fuzz-api: $(TESTED) ## Fuzz every operation of the service from its OpenAPI description (some minutes)
	$(BIN)/python -m tests.fuzz.api

SERVERS ?= neo4j gremlin janusgraph
servers: ## Start servers to try out, until ctrl-C: make servers SERVERS="postgres neo4j janusgraph-cassandra"
	@PYTHONPATH=deploy/local $(PYTHON) -m provstore_local $(SERVERS)

wheel: $(TESTED) ## Build the wheel into dist/
	$(BIN)/python -m build --wheel

clean: ## Remove what the other commands made
	rm -rf $(VENV) $(VENV)-lowest $(VENV)-lock $(VENV)-mlflow-2 dist build demo.db demo.db-* demo.html
	rm -rf .hypothesis .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "provstore needs Python 3.11 or newer; name one with: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { \
		echo "This Python has no venv module; on Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(RUNTIME): $(VENV)/bin/python pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(TESTED): $(VENV)/bin/python pyproject.toml requirements/test.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements/test.txt -e .
	@touch $@ $(RUNTIME)

$(VENV)-lowest/.tested: pyproject.toml requirements/lowest.txt
	$(PYTHON) -m venv $(VENV)-lowest
	$(VENV)-lowest/bin/pip install --quiet --disable-pip-version-check -r requirements/lowest.txt -e .
	@touch $@

lock: ## Resolve requirements/test.in anew and write the locked versions
	rm -rf $(VENV)-lock && $(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/pip install --quiet --upgrade -r requirements/test.in click jinja2 pyyaml rich
	{ echo "# Locked versions that the tests run with; written by \`make lock\`, do not edit."; \
	  $(VENV)-lock/bin/pip freeze; } > requirements/test.txt
	rm -rf $(VENV)-lock
