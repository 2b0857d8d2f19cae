# Two commands matter: `make run` and `make test`. Both set up what they need, on Linux with python3 and make.

PYTHON3 ?= python3
VENV := .venv
PYTHON := $(VENV)/bin/python
MANAGE := $(PYTHON) manage.py
APPS := common calendars accounts definitions leads sla intake desk trials dashboards notifications alignment
CHROMIUM := chromium chromium-browser google-chrome

# Without it every process compiles every module again: a second and a half each time.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run setup test check lint types imports migrations deploy tests faults pages bench pins chromium

help:
	@echo "make run      everything, with a demo company on first start, at http://127.0.0.1:8000"
	@echo "make setup    environment and database; nothing is left running"
	@echo "make test     every check and every test"
	@echo "make faults   the fault tests in full size, and the API against its schema"
	@echo "make pages    every page in both themes and two widths"
	@echo "make bench    the benchmarks"
	@echo "make pins     compile the requirements files again"

run: $(VENV)/run.stamp
	@exec $(MANAGE) up

setup: $(VENV)/run.stamp
	@$(MANAGE) migrate --verbosity 0
	@echo "Ready: \`make run\` starts Baton."

# The checks run beside the tests, which wait for other processes now and then; that of the migrations is one of them.
test: $(VENV)/test.stamp chromium
	@$(MAKE) --no-print-directory --jobs 2 tests lint types imports deploy

# Environment: uv installs in seconds; pip does the same where uv cannot be had.

$(VENV)/venv.stamp:
	@case "$$(uname -s) $$(uname -m)" in "Linux x86_64"|"Linux aarch64") ;; *) \
	  echo "The embedded servers need Linux on x86-64 or arm64; elsewhere use docker compose." >&2; exit 1;; esac
	@$(PYTHON3) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Baton needs Python 3.11 or newer as $(PYTHON3) (or name one: make PYTHON3=...)." >&2; exit 1; }
	@$(PYTHON3) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python's venv module is missing: apt-get install python3-venv" >&2; exit 1; }
	@test -w . || { echo "The folder $(CURDIR) cannot be written to." >&2; exit 1; }
	@$(PYTHON) -m pip --version >/dev/null 2>&1 || \
	  { echo "Making the Python environment"; $(PYTHON3) -m venv --clear $(VENV); }
	@touch $@

$(VENV)/run.stamp: requirements.txt | $(VENV)/venv.stamp
	$(call install,-r requirements.txt)
	@touch $@

$(VENV)/test.stamp: requirements.txt requirements-dev.txt | $(VENV)/venv.stamp
	$(call install,-r requirements.txt -r requirements-dev.txt)
	@touch $(VENV)/run.stamp $@

define install
@echo "Installing packages"
@$(VENV)/bin/uv --version >/dev/null 2>&1 || $(PYTHON) -m pip install --quiet --disable-pip-version-check uv || true
@install="$(VENV)/bin/uv pip install --quiet --python $(PYTHON) --require-hashes $(1)"; \
$$install 2>/dev/null || $$install --system-certs || { \
  echo "uv cannot install them; pip does, which takes a minute or two"; \
  $(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes $(1); }
endef

chromium:
	@for name in $(CHROMIUM); do command -v $$name >/dev/null && exit 0; done; \
	if ! command -v apt-get >/dev/null; then as=none; elif [ "$$(id -u)" = 0 ]; then as=; \
	elif sudo -n true 2>/dev/null; then as="sudo -n"; else as=none; fi; \
	if [ "$$as" != none ]; then echo "Installing Chromium"; \
	  $$as apt-get update -qq && $$as apt-get install -y -qq --no-install-recommends chromium >/dev/null && exit 0; fi; \
	echo "**** Chromium is missing and cannot be installed here: THE BROWSER TESTS WILL BE SKIPPED. ****" >&2

# Checks

check: lint types imports migrations deploy

lint: $(VENV)/test.stamp
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	find templates -name '*.html' | sort | xargs $(VENV)/bin/djade --check --target-version 5.2

types: $(VENV)/test.stamp
	$(PYTHON) -m mypy $(APPS)

imports: $(VENV)/test.stamp
	$(VENV)/bin/lint-imports

migrations: $(VENV)/test.stamp
	$(PYTHON) -m pytest -q tests/architecture/test_migrations.py

deploy: $(VENV)/test.stamp
	SECRET_KEY="$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(50))')" \
	DJANGO_SETTINGS_MODULE=alignment.settings.production ALLOWED_HOSTS=baton.example \
	DATABASE_URL=postgresql://baton@localhost/baton REDIS_URL=redis://localhost:6379/0 \
	$(MANAGE) check --deploy --fail-level WARNING

# Three at once, each with servers and a browser of its own, since many wait for other processes; the tests of one
# file share what is made for them.
tests: $(VENV)/test.stamp
	$(PYTHON) -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder

faults: $(VENV)/test.stamp
	FAULTS=full $(PYTHON) -m pytest --timeout 0 tests/faults tests/sla/machine tests/api/test_schema.py

pages: $(VENV)/test.stamp chromium
	PAGES=full $(PYTHON) -m pytest --timeout 0 tests/e2e -m browser

bench: $(VENV)/test.stamp
	@set -e; for program in bench/[a-z]*.py; do echo "== $$program"; PYTHONPATH=. $(PYTHON) $$program; done

pins: $(VENV)/test.stamp
	$(VENV)/bin/uv pip compile --quiet --universal --generate-hashes --no-header requirements.in -o requirements.txt
	$(VENV)/bin/uv pip compile --quiet --universal --generate-hashes --no-header requirements-dev.in -o requirements-dev.txt
