# From nothing to a bulletin: `make bulletin`. Set-up happens once, inside this folder (.venv, .fonts);
# only the system libraries that WeasyPrint draws with are installed outside it.

PYTHON ?= python3
DISTRICT ?= luan-jinan
PERIOD ?= 2024-06

# Nothing we do is reported to anybody. The code sets both as well, for runs without make.
export DO_NOT_TRACK = 1
export PREFECT_SERVER_ANALYTICS_ENABLED = false

.DEFAULT_GOAL := help
.PHONY: help setup bulletin test test-postgresql check lint lock rules golden demonstration clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' Makefile

# The packages keep one core busy, the fonts another.
setup: ## libraries, Python packages and fonts; does nothing the second time
	@$(MAKE) --silent --jobs=2 .venv/.ready .fonts/fonts.conf

bulletin: setup ## make one bulletin (DISTRICT=luan-jinan PERIOD=2024-06)
	.venv/bin/yuebao run $(DISTRICT) $(PERIOD)

test: setup ## run the tests
	.venv/bin/python -m pytest -n auto

test-postgresql: setup ## run the tests of the flows with PostgreSQL under every workspace
	YUEBAO_TEST_DATABASE=postgresql .venv/bin/python -m pytest tests/flows -n auto -rs

check: setup ## lint and test: changes nothing, runs everything, counts the failures
	@$(call run-all,$(linters) ".venv/bin/python -m pytest -n auto")

lint: setup ## the quick part of check: style, types, layers
	@$(call run-all,$(linters))

lock: setup ## remake requirements.lock from pyproject.toml (UPGRADE=--upgrade for newer versions)
	.venv/bin/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
	    --generate-hashes --no-config --no-emit-index-url --no-emit-find-links \
	    --custom-compile-command "make lock" --quiet --output-file requirements.lock $(UPGRADE)

rules: setup ## remake docs/rules.md from the tables in tests/spec
	.venv/bin/python -m tests.spec.print_rules > docs/rules.md

golden: setup ## remake the golden bulletins of tests/golden; look at every difference
	.venv/bin/python -m tests.golden.remake

demonstration: setup ## remake the demonstration's workbooks
	.venv/bin/python data_raw/luan-jinan/demonstration.py

clean: ## remove everything that set-up and the tools have made; never data_raw or data_out
	rm -rf .venv .fonts .fonts.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +


linters = ".venv/bin/ruff check" ".venv/bin/ruff format --check" ".venv/bin/mypy" ".venv/bin/lint-imports --no-logo"

# Run each of the quoted commands, whatever became of the one before, and count those that failed.
run-all = failed=0; for command in $(1); do \
	    echo "== $$command"; $$command || failed=$$((failed + 1)); \
	done; echo "== $$failed failed"; test $$failed -eq 0

# The project itself. Its dependencies came from the lock, so nothing may be resolved here.
.venv/.ready: .venv/.locked pyproject.toml
	@.venv/bin/python -m pip install -qq --no-deps --no-build-isolation --editable .
	@touch $@

# --no-deps: the lock is complete, and older pips stumble over extras in hash mode.
# Bytecode halves the imports; compileall makes it on all cores (on one where processes may
# not share memory), pip on one. olefile ships a module for Python 2.
# The import finds a missing library now, not in the first run.
.venv/.locked: requirements.lock | .venv/.bare
	@echo "Installing the packages of requirements.lock into .venv (under a minute) ..."
	@.venv/bin/python -m pip install -qq --disable-pip-version-check --no-deps --no-compile \
	    --only-binary :all: --require-hashes -r requirements.lock
	@compile=".venv/bin/python -m compileall -qq -x olefile2 .venv/lib"; $$compile -j 0 2>/dev/null || $$compile
	@.venv/bin/python -c "import great_expectations, jinja2, pandas, prefect, pytest, sqlalchemy, weasyprint"
	@touch $@

.fonts/fonts.conf: report_templates/fonts.sha256 report_templates/get-fonts.sh | .venv/.bare
	@report_templates/get-fonts.sh

# An environment without packages. --clear sweeps away what an interrupted set-up has left.
.venv/.bare:
	@$(install-system-libraries)
	@$(PYTHON) -m venv --clear .venv
	@touch $@

# Nothing pulls libharfbuzz-subset0 in, and without it a PDF takes 29 s in place of 1 s.
# python3-venv is a package of its own on Debian, wanted only by Debian's Python.
define install-system-libraries
set -e; \
$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
    { echo "yuebao needs Python 3.11 or later: make setup PYTHON=/path/to/python3.11"; exit 1; }; \
packages=; \
$(PYTHON) -c 'import sys; from ctypes.util import find_library as find; \
sys.exit(not all(map(find, ["pango-1.0", "pangoft2-1.0", "harfbuzz", "harfbuzz-subset", "fontconfig"])))' || \
    packages="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz0b libharfbuzz-subset0 fontconfig"; \
$(PYTHON) -c 'import ensurepip' 2>/dev/null || packages="$$packages python3-venv"; \
test -n "$$packages" || exit 0; \
if test "$$(id -u)" = 0; then root=; elif sudo -n true 2>/dev/null; then root=sudo; else root=no; fi; \
if test "$$root" = no || ! command -v apt-get >/dev/null; then \
    echo "System libraries are missing. Run this, then make again: sudo apt-get install $$packages"; exit 1; \
fi; \
echo "Installing system libraries: $$packages"; \
install="$$root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$packages"; \
log=$$($$install 2>&1 || { $$root apt-get update -qq && $$install; } 2>&1) || \
    { echo "$$log"; echo "That failed. Run: apt-get update && apt-get install $$packages"; exit 1; }
endef
