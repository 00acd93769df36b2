# Commands for developers; `make help` lists them.

PYTHON  ?= python3
WORKERS ?= 2
SIZE    ?= 1000000
PARTS   ?=

VENV := .venv
BIN  := $(VENV)/bin
PY   := $(BIN)/python
PIP  := $(PY) -m pip --quiet --disable-pip-version-check --no-input

LOCKED    := $(VENV)/.locked
INSTALLED := $(VENV)/.installed

BUNDLE   := g60kg/web/static/bundle
EDITOR   := $(BUNDLE)/editor.js

# A copied environment would run the code of the folder that it was created in.
ifneq ($(CURDIR),$(shell cat $(LOCKED) 2>/dev/null))
.PHONY: $(LOCKED)
endif

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help setup demo test pytest test-long engines browser lint format docs bench front build sbom lock clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(INSTALLED) ## create .venv with all dependencies (PYTHON=python3.12 selects the Python)
	@echo "Ready: $(BIN)/g60kg"

$(LOCKED): requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  found=$$($(PYTHON) --version 2>&1) || found="missing"; \
	  echo "g60kg needs Python 3.11 or newer; $(PYTHON) is $$found." >&2; \
	  echo "Select a newer one: make setup PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) has no venv or ensurepip, which create the environment." >&2; \
	  echo "On Debian and Ubuntu: apt install python3-venv" >&2; exit 2; }
	@echo "Creating $(VENV): about 200 MB to download, about a minute to install ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@echo "$(CURDIR)" > $@

$(INSTALLED): $(LOCKED) pyproject.toml
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# Print a command, then run it.
define show
@printf '\n$$ %s\n' '$(1)'
@PATH="$(CURDIR)/$(BIN):$$PATH" $(1)
endef

demo: $(INSTALLED) ## run two queries, then validate the graph
	$(call show,g60kg query run enterprises -p "industry=integrated circuits" --evidence)
	$(call show,g60kg query run projects -p city=Songjiang --evidence)
	$(call show,g60kg validate)

# Without bytecode, each of some hundred processes would compile all modules again.
unexport PYTHONDONTWRITEBYTECODE

# A file runs in one process, so that its servers and graphs are made once.
PYTEST := $(PY) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

# Checking the types takes one core.
test: $(INSTALLED) engines ## lint, types, import rules, tests, doctests
	@$(MAKE) --jobs=2 lint pytest

pytest: # tests and doctests only
	@$(PYTEST)

test-long: $(INSTALLED) engines browser ## long tests, with 200 to 600 examples per property
	@$(PYTEST) -m "long or hypothesis" --hypothesis-profile=long

# The environment contains Oxigraph. Virtuoso is installed if that is possible without a prompt.
engines: # SPARQL engines for tests
	@command -v virtuoso-t >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && echo "Installing Virtuoso for tests ..." && apt-get -qq update >/dev/null \
	  && DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends \
	     virtuoso-opensource-7 >/dev/null 2>&1; } \
	  || echo "Skipped: tests with Virtuoso (apt install virtuoso-opensource-7)." >&2

# The environment contains Playwright without a browser. Chromium is installed like Virtuoso.
browser: # browser for tests of pages
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && echo "Installing Chromium for tests of pages ..." && apt-get -qq update >/dev/null \
	  && DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends \
	     chromium fonts-noto-cjk >/dev/null 2>&1; } \
	  || echo "Skipped: tests in a browser (apt install chromium)." >&2

lint: $(INSTALLED) ## formatting, lint, types and import rules only
	@$(BIN)/ruff format --quiet --diff . || { echo "Run make format." >&2; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(PY) -m mypy --no-error-summary
	@report=$$($(BIN)/lint-imports --no-logo 2>&1) || { echo "$$report"; exit 1; }
	@$(PY) -m tests.wording

format: $(INSTALLED) ## format the code and apply automatic lint fixes
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format --quiet .

docs: $(INSTALLED) ## generate pages from the code and update command output in pages
	@$(PY) -m docs.make

bench: $(INSTALLED) ## measure and write docs/benchmarks.md (SIZE=100000 is quick, PARTS=serving one part)
	@$(if $(PARTS),,$(PY) -m pytest -m bench)
	@$(PY) -m benchmarks --size $(SIZE) $(PARTS)

front: $(EDITOR) ## bundle the editor of the SPARQL page (needs Node 20 or newer)
	@echo "Ready: $(BUNDLE)"

$(EDITOR): $(wildcard front/*.js front/*.mjs front/*.css) front/package-lock.json
	@command -v npm >/dev/null || { \
	  echo "Bundling the editor needs Node: apt install nodejs npm" >&2; \
	  echo "Without it, the SPARQL page has a plain text field." >&2; exit 2; }
	@cd front && npm ci --silent && node build.mjs

build: $(INSTALLED) ## wheel and source archive in dist/ (with the editor if npm is installed)
	@$(MAKE) --silent front || { rm -rf $(BUNDLE); echo "Not in the wheel: the editor." >&2; }
	@$(PY) -m build --no-isolation --outdir dist .

# The tool is no dependency; it needs other versions of some of them. The editor has a list of its own.
sbom: $(INSTALLED) ## bills of materials (CycloneDX) of the wheel and of the editor, in dist/
	@mkdir -p dist
	@$(PYTHON) -m venv --clear build/sbom
	@build/sbom/bin/python -m pip --quiet --disable-pip-version-check install cyclonedx-bom
	@$(PYTHON) -m venv --clear --without-pip build/wheel
	@sed '/^ *--hash/d; s/ *\\$$//' requirements-dev.lock > build/versions.txt
	@$(PIP) --python build/wheel/bin/python install --constraint build/versions.txt '.[all]'
	@build/sbom/bin/cyclonedx-py environment --output-reproducible --output-file dist/sbom.cdx.json \
	  build/wheel/bin/python
	@cd front && npm ci --silent && npm sbom --omit dev --sbom-format cyclonedx > ../dist/sbom-editor.cdx.json

lock: ## pin current versions of dependencies in requirements-dev.lock
	@$(PYTHON) -m venv --clear build/lock
	@build/lock/bin/python -m pip --quiet --disable-pip-version-check install uv
	@build/lock/bin/uv pip compile pyproject.toml --all-extras --group dev --group bench --universal \
	  --python-version 3.11 --generate-hashes --no-annotate --custom-compile-command "make lock" \
	  --upgrade --quiet --output-file requirements-dev.lock

clean: ## remove build output and caches (not .venv)
	@rm -rf build dist front/node_modules $(BUNDLE) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +
