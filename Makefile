# Everything a contributor runs. `make help` lists the targets.
# A fresh machine needs Python 3.11 or later, make and (for the real servers) Go and Debian's apt; root is not needed.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin
SETUP := $(VENV)/.installed
GOLDEN ?=
BASE ?=
BUILDER ?= docker build
BENCH_SIZES ?= 1000 10000

.DEFAULT_GOAL := help
.PHONY: help setup tools demo test check format golden generated bench bench-alertmanager bench-reloaders images lock clean

help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-15s %s\n", $$1, $$2}'

setup: $(SETUP) ## Make .venv from the hashed lock file and install the project into it

$(SETUP): requirements-dev.lock pyproject.toml
	test -x $(RUN)/python || $(PYTHON) -m venv $(VENV)
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.lock
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

tools: ## Put the real Prometheus and promtool into .tools/ (minutes the first time)
	$(PYTHON) scripts/install_tools.py

demo: setup ## Render examples/quickstart, show what came out, let the real promtool check it
	$(RUN)/python scripts/demo.py

test: setup ## Install the real servers and run all tests
	$(PYTHON) scripts/install_tools.py || test -z "$$CI"
	$(RUN)/pytest -n 2 --dist loadgroup

check: setup ## Lint, formatting, types and the layers
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy
	$(RUN)/lint-imports

format: setup ## Format the code and apply ruff's safe fixes
	$(RUN)/ruff format .
	$(RUN)/ruff check --fix .

golden: setup ## Rewrite the expected files of the golden cases (GOLDEN=name: only those); read the diff before you commit
	$(RUN)/python -m tests.golden $(GOLDEN)

generated: setup ## Make crds/, docs/reference/ and docs/checks/ anew from the models and the checks
	$(RUN)/promrender crds
	$(RUN)/promrender docs
	$(RUN)/promrender explain --output-dir docs/checks

bench-reloaders: setup ## Time the reloaders, weigh them and soak them, beside the figures of the Go reloader
	$(RUN)/python -m tests.reloaders.bench

bench: setup ## Time the renderer on trees of 1,000 and 10,000 monitors (needs ../shared/bench)
	for n in $(BENCH_SIZES); do \
		$(RUN)/python ../shared/bench/run.py -n $$n -- $(RUN)/promrender render --output-dir {out} {tree} || exit 1; done

images: ## Build both images: BASE=a slim Python image with its digest, BUILDER=docker build or as in docs/reloaders.md
	@test -n "$(BASE)" || { echo "BASE must name a Python image, with its digest: BASE=docker.io/library/python:3.13-slim@sha256:…"; exit 2; }
	$(BUILDER) --build-arg BASE=$(BASE) -f Dockerfile.reloader -t promrender-reloader .
	$(BUILDER) --build-arg BASE=$(BASE) -f Dockerfile.render -t promrender .

bench-alertmanager: setup ## Time the renderer on a tree of 2,000 AlertmanagerConfigs
	$(RUN)/python -m tests.bench.alertmanager_configs

lock: setup ## Make the lock files anew from pyproject.toml
	$(RUN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
		--custom-compile-command "make lock" --extra render --extra webhook --extra cluster --extra git \
		--output-file requirements-render.lock
	$(RUN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
		--custom-compile-command "make lock" --extra render --extra webhook --extra cluster --extra git --extra reloader \
		--extra promql --group dev \
		--output-file requirements-dev.lock
	$(RUN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
		--custom-compile-command "make lock" --extra reloader --output-file requirements-reloader.lock
	$(RUN)/uv pip compile --group pyproject.toml:build --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
		--custom-compile-command "make lock" --output-file requirements-build.lock

clean: ## Remove what was built, the virtual environment and the tools
	rm -rf $(VENV) .tools .ruff_cache .mypy_cache .pytest_cache .hypothesis .import_linter_cache build dist *.egg-info
