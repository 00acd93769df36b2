# What a developer does, by name. `make help` lists it.

PYTHON  ?= python3
WORKERS ?= 2
SIZE    ?= 1000000

VENV := .venv
BIN  := $(VENV)/bin
PY   := $(BIN)/python
PIP  := $(PY) -m pip --quiet --disable-pip-version-check --no-input

LOCKED    := $(VENV)/.locked
INSTALLED := $(VENV)/.installed

BUNDLE   := g60kg/web/static/bundle
EDITOR   := $(BUNDLE)/editor.js

# An environment belongs to the folder it was made in: one that came along with a copy of the
# checkout would run the other folder's code.
ifneq ($(CURDIR),$(shell cat $(LOCKED) 2>/dev/null))
.PHONY: $(LOCKED)
endif

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help setup demo test test-long engines browser lint format docs bench front build lock clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(INSTALLED) ## make .venv with everything in it (PYTHON=python3.12 picks the Python)
	@echo "Ready: $(BIN)/g60kg"

$(LOCKED): requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  found=$$($(PYTHON) --version 2>&1) || found="not there"; \
	  echo "g60kg needs Python 3.11 or newer; $(PYTHON) is $$found." >&2; \
	  echo "Name a newer one: make setup PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) comes without venv or ensurepip, which make an environment." >&2; \
	  echo "Debian and Ubuntu have them in a package: apt install python3-venv" >&2; exit 2; }
	@echo "Making $(VENV): about 200 MB to download, a minute or so to install ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@echo "$(CURDIR)" > $@

$(INSTALLED): $(LOCKED) pyproject.toml
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# Shows a command, then runs it as it stands.
define show
@printf '\n$$ %s\n' '$(1)'
@PATH="$(CURDIR)/$(BIN):$$PATH" $(1)
endef

demo: $(INSTALLED) ## ask two questions of the graph, then validate it
	$(call show,g60kg query run enterprises -p "industry=integrated circuits" --evidence)
	$(call show,g60kg query run projects -p city=Songjiang --evidence)
	$(call show,g60kg validate)

test: lint engines browser ## lint, types, import rules, tests, doctests
	@$(PY) -m pytest -n $(WORKERS)

test-long: $(INSTALLED) engines browser ## the tests that take long, every property with 600 examples
	@$(PY) -m pytest -n $(WORKERS) -m "long or hypothesis" --hypothesis-profile=long

# Oxigraph comes with the environment. Debian's package of Virtuoso is added where that asks nobody.
engines: # the SPARQL engines that tests run against
	@command -v virtuoso-t >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && echo "Installing Virtuoso, which tests run against ..." && apt-get -qq update >/dev/null \
	  && DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends \
	     virtuoso-opensource-7 >/dev/null 2>&1; } \
	  || echo "Left out: the tests against Virtuoso (apt install virtuoso-opensource-7)." >&2

# Playwright comes with the environment, without a browser: Debian's Chromium is added likewise.
browser: # the browser that tests of the pages drive
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && echo "Installing Chromium, which tests of the pages drive ..." && apt-get -qq update >/dev/null \
	  && DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends \
	     chromium fonts-noto-cjk >/dev/null 2>&1; } \
	  || echo "Left out: the tests in a browser (apt install chromium)." >&2

lint: $(INSTALLED) ## formatting, lint, types and import rules alone
	@$(BIN)/ruff format --quiet --diff . || { echo "make format does this." >&2; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(PY) -m mypy --no-error-summary
	@report=$$($(BIN)/lint-imports --no-logo 2>&1) || { echo "$$report"; exit 1; }

format: $(INSTALLED) ## format the code and mend what lint can mend
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format --quiet .

docs: $(INSTALLED) ## write the pages made from the code, and the outputs that pages show
	@$(PY) -m docs.make

bench: $(INSTALLED) ## measure side by side, into docs/benchmarks.md (SIZE=100000: quick)
	@$(PY) -m pytest -m bench
	@$(PY) -m benchmarks --size $(SIZE)

front: $(EDITOR) ## bundle the editor of the SPARQL page (needs Node 20 or newer)
	@echo "Ready: $(BUNDLE)"

$(EDITOR): $(wildcard front/*.js front/*.mjs front/*.css) front/package-lock.json
	@command -v npm >/dev/null || { \
	  echo "The editor is bundled by Node, which is not there: apt install nodejs npm" >&2; \
	  echo "The pages work without it: queries are then written in a plain text field." >&2; exit 2; }
	@cd front && npm ci --silent && node build.mjs

build: $(INSTALLED) ## wheel and source archive, into dist/ (with the editor where npm is there)
	@$(MAKE) --silent front || { rm -rf $(BUNDLE); echo "Left out of the wheel: the editor." >&2; }
	@$(PY) -m build --no-isolation --outdir dist .

lock: ## pin the dependencies anew, into requirements-dev.lock
	@$(PYTHON) -m venv --clear build/lock
	@build/lock/bin/python -m pip --quiet --disable-pip-version-check install uv
	@build/lock/bin/uv pip compile pyproject.toml --all-extras --group dev --group bench --universal \
	  --python-version 3.11 --generate-hashes --no-annotate --custom-compile-command "make lock" \
	  --upgrade --quiet --output-file requirements-dev.lock

clean: ## remove what builds and checks leave behind (not .venv)
	@rm -rf build dist front/node_modules $(BUNDLE) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +
