# The front door, for people and for CI. `make` lists what it can do.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:

VENV ?= .venv
PORT ?= 8000
BBB_PORT ?= 8090
BBB_TEST_REQUIRE ?=
export BBB_TEST_REQUIRE

# The first Python of these that runs, is 3.11 or 3.12, and can make an environment. It is run to find out: the name
# alone says nothing where a version manager puts a stand-in on the PATH.
FITS := import ensurepip, sys, venv; v = sys.version_info[:2]; print("%d.%d" % v) if v in ((3, 11), (3, 12)) else sys.exit(1)
CHOSEN := $(shell for p in $(or $(PYTHON),python3.12 python3.11 python3); do \
	v=$$("$$p" -c '$(FITS)' 2>/dev/null) && echo "$$p $$v" && break; done)
BASE := $(word 1,$(CHOSEN))
PYVER := $(word 2,$(CHOSEN))

PY := $(VENV)/bin/python
CONSTRAINTS := requirements/constraints-py$(PYVER).txt
INSTALL = $(PY) -m pip install -qq --disable-pip-version-check -c $(CONSTRAINTS)

# Stamps, so that a second `make run` starts at once. They live in the environment and go with it.
VENV_MADE := $(VENV)/.made-for-python$(PYVER)
FOR_RUN := $(VENV)/.ready-to-run
FOR_TEST := $(VENV)/.ready-to-test
FOR_QUALITY := $(VENV)/.ready-for-quality
FOR_MARIADB := $(VENV)/.ready-for-mariadb
MADE_OF := $(VENV_MADE) setup.py bbb_xblock/__init__.py $(CONSTRAINTS)

# The Tutor plugin has an environment of its own: Tutor brings its own versions of what both need. The newest Tutor is in
# it; the older ones, and what they need otherwise, lie in folders beside and go in front.
TUTOR_VENV := $(VENV)/tutor-plugin
TUTOR_PY := $(abspath $(TUTOR_VENV))/bin/python
TUTOR_PINS := tutor-plugin/requirements
TUTOR_OLDER := 20 21
TUTOR_NEWEST := 22
FOR_TUTOR := $(TUTOR_VENV)/.ready-to-test

# Which Django each Python is tested with: 4.2 as in Teak, 5.2 as in Ulmo and Verawood.
DJANGO_3.11 := Django~=4.2.0
DJANGO_3.12 := Django~=5.2.0

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

.PHONY: run
run: $(FOR_RUN) ## show everything at http://127.0.0.1:8000, with a simulated BigBlueButton (PORT=…, BBB_PORT=…)
	@PORT=$(PORT) BBB_PORT=$(BBB_PORT) exec $(PY) -m sandbox.run

.PHONY: test
test: $(FOR_TEST) $(if $(strip $(ARGS)),,$(FOR_TUTOR)) ## run the tests and hold the coverage limits; ARGS="-k join" runs some, without limits
ifneq ($(strip $(ARGS)),)
	$(PY) -m pytest $(ARGS)
else
	$(PY) -m coverage erase
	$(PY) -m coverage run -m pytest -m 'not browser' -n 2
	$(PY) -m coverage combine --quiet
	$(PY) -m coverage report --fail-under=95
	$(PY) -m coverage report --fail-under=100 --include='bbb_xblock/bbb/*,bbb_xblock/domain/*,bbb_xblock/config/*,bbb_xblock/knobs.py'
	@echo "The browser tests, which mostly wait, side by side:"
	$(PY) -m pytest -m browser -n 3
	@if lacking=$$($(PY) -m tests.services.needs mariadb); then \
		echo "The database tests, once more on MariaDB:"; \
		BBB_TEST_DATABASE=mariadb $(PY) -m pytest -m 'database and not browser' -n 2; \
	else \
		echo "The database tests did not run on MariaDB. $$lacking"; \
		test "$$BBB_TEST_REQUIRE" != all; \
	fi
	@echo "The Tutor plugin, with Tutor $(TUTOR_NEWEST):"
	cd tutor-plugin && $(TUTOR_PY) -m coverage run -m pytest
	cd tutor-plugin && $(TUTOR_PY) -m coverage report --fail-under=95
endif

.PHONY: test-tutor
test-tutor: $(FOR_TUTOR) $(TUTOR_OLDER:%=$(TUTOR_VENV)/tutor-%/.ready) ## run the tests of the Tutor plugin with every Tutor it supports
	@set -e; for version in $(TUTOR_OLDER) $(TUTOR_NEWEST); do \
		echo "Tutor $$version:"; \
		(cd tutor-plugin && PYTHONPATH=$(abspath $(TUTOR_VENV))/tutor-$$version $(TUTOR_PY) -m pytest -n 2); \
	done

.PHONY: test-ulmo
test-ulmo: $(FOR_TEST) $(VENV)/ulmo/.ready ## run the tests that need no browser with what Ulmo combines: Python 3.11 and Django 5.2
	@test "$(PYVER)" = 3.11 || { echo 'Ulmo runs on Python 3.11: make test-ulmo PYTHON=python3.11'; exit 1; }
	PYTHONPATH=$(abspath $(VENV))/ulmo $(PY) -m pytest -m 'not browser' -n 2 $(ARGS)

.PHONY: quality
quality: lint types imports templates migrations house styles ## check style, types, imports, templates, migrations, scripts

.PHONY: bench
bench: $(FOR_TEST) ## measure a thousand clicks on Join
	$(PY) -m sandbox.bench

.PHONY: docs
docs: $(FOR_RUN) ## write the pages about settings and options from the source
	$(PY) docs/render_configuration.py

.PHONY: screenshots
screenshots: $(FOR_TEST) ## take the pictures of README.md and docs/authors.md, from a demo of its own
	$(PY) -m docs.make_pictures

.PHONY: package
package: $(FOR_TEST) ## build the wheels and source archives of the block and the Tutor plugin into dist/, and test what they hold
	rm -rf build dist
	$(PY) -m build --no-isolation --outdir dist .
	$(PY) -m build --no-isolation --outdir dist tutor-plugin
	$(PY) -m pytest tests/package

.PHONY: clean
clean: ## remove what was built and cached; the environment stays
	rm -rf sandbox/var build tutor-plugin/build dist htmlcov test-results
	rm -rf $(foreach here,. tutor-plugin,$(addprefix $(here)/,*.egg-info .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache))
	rm -rf .import_linter_cache .ruff_cache
	find bbb_xblock sandbox tests tutor-plugin -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: upgrade
upgrade: ## pin the newest versions that fit this Python (PYTHON=python3.11, then PYTHON=python3.12)
	@test -n "$(PYVER)" || { echo '$(NO_PYTHON)'; exit 1; }
	fresh=$$(mktemp -d) && trap 'rm -rf "$$fresh"' EXIT && $(BASE) -m venv "$$fresh" && \
	"$$fresh/bin/pip" install -qq '$(DJANGO_$(PYVER))' -e '.[sandbox,test,mariadb,quality]' && { \
		echo '# What the tests run with on Python $(PYVER). Written by `make upgrade PYTHON=python$(PYVER)`:'; \
		echo '# a fresh environment with $(DJANGO_$(PYVER)) and all extras of setup.py, frozen.'; \
		"$$fresh/bin/pip" freeze --all --exclude-editable --exclude pip; \
	} > $(CONSTRAINTS)

.PHONY: upgrade-tutor
upgrade-tutor: ## pin the newest Tutor of each supported release, and what the tests of the plugin need
	@test -n "$(PYVER)" || { echo '$(NO_PYTHON)'; exit 1; }
	fresh=$$(mktemp -d) && trap 'rm -rf "$$fresh"' EXIT && $(BASE) -m venv "$$fresh" && \
	for version in $(TUTOR_OLDER) $(TUTOR_NEWEST); do \
		"$$fresh/bin/pip" install -qq --upgrade "tutor~=$$version.0" && { \
			echo "# Tutor $$version, and what only it needs in this version. Written by \`make upgrade-tutor\`."; \
			"$$fresh/bin/pip" freeze | grep -E '^(tutor|click)=='; \
		} > $(TUTOR_PINS)/tutor-$$version.txt || exit; \
	done && "$$fresh/bin/pip" install -qq -e 'tutor-plugin[test]' && { \
		echo '# What the tests of the Tutor plugin run with, whichever Tutor. Written by `make upgrade-tutor`.'; \
		"$$fresh/bin/pip" freeze --exclude-editable --exclude tutor --exclude click; \
	} > $(TUTOR_PINS)/constraints.txt

# The parts of `make quality`, each of which runs alone too.

.PHONY: lint types imports templates migrations house styles
lint: $(FOR_QUALITY)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

types: $(FOR_QUALITY) $(FOR_TUTOR)
	$(PY) -m mypy
	cd tutor-plugin && $(TUTOR_PY) -m mypy

imports: $(FOR_QUALITY)
	$(VENV)/bin/lint-imports

templates: $(FOR_QUALITY)
	$(PY) -m djlint --lint --quiet bbb_xblock sandbox

migrations: $(FOR_QUALITY)
	DJANGO_SETTINGS_MODULE=tests.settings $(PY) -m django makemigrations bbb_xblock --check --dry-run

house: $(FOR_QUALITY)
	$(PY) -m pytest --quiet tests/test_house.py

styles:
	@if ! command -v npm >/dev/null; then \
		echo 'Install Node.js to check the styles and scripts: apt-get install nodejs npm. They were not checked.'; \
		test "$$BBB_TEST_REQUIRE" != all; \
	else $(MAKE) --silent --no-print-directory node_modules/.ready && npm run --silent check; fi

node_modules/.ready: package.json package-lock.json .npmrc
	npm ci --no-progress
	@touch $@

# The environment.

NO_PYTHON := bbb-xblock needs Python 3.11 or 3.12 with venv. Install it (Debian: apt-get install python3 python3-venv), \
or name one: make PYTHON=/path/to/python3.12

$(VENV_MADE):
	@test -n "$(PYVER)" || { echo '$(NO_PYTHON)'; exit 1; }
	@test ! -e $(VENV) || test -e $(VENV)/pyvenv.cfg || \
		{ echo '$(VENV) is there and is no Python environment. Choose another place: make VENV=…'; exit 1; }
	@test "$$($(PY) -c '$(FITS)' 2>/dev/null)" = $(PYVER) || \
		{ echo 'Making an environment with Python $(PYVER) in $(VENV).'; $(BASE) -m venv --clear $(VENV); }
	@rm -f $(VENV)/.made-* $(VENV)/.ready-*
	@touch $@

$(FOR_RUN): $(MADE_OF)
	$(INSTALL) -e '.[sandbox]'
	@touch $@

$(FOR_TEST): $(MADE_OF) | $(FOR_MARIADB)
	$(INSTALL) -e '.[sandbox,test]'
	@touch $(FOR_RUN) $@

$(FOR_QUALITY): $(MADE_OF)
	$(INSTALL) -e '.[sandbox,test,quality]'
	@touch $(FOR_RUN) $(FOR_TEST) $@

# The block comes without its dependencies: the tests use its reader and its checks of the settings only.
$(FOR_TUTOR): $(VENV_MADE) $(wildcard $(TUTOR_PINS)/*.txt) tutor-plugin/pyproject.toml tutor-plugin/tutorbbb/__about__.py
	$(BASE) -m venv --clear $(TUTOR_VENV)
	$(TUTOR_PY) -m pip install -qq --disable-pip-version-check -c $(TUTOR_PINS)/constraints.txt \
		-r $(TUTOR_PINS)/tutor-$(TUTOR_NEWEST).txt -e 'tutor-plugin[test]'
	$(TUTOR_PY) -m pip install -qq --disable-pip-version-check --no-deps -e .
	@touch $@

$(TUTOR_VENV)/tutor-%/.ready: $(TUTOR_PINS)/tutor-%.txt $(FOR_TUTOR)
	$(TUTOR_PY) -m pip install -qq --disable-pip-version-check --no-deps --upgrade --target $(@D) -r $<
	@touch $@

# Django 5.2 lies in a folder beside and goes in front, as the older Tutors do.
$(VENV)/ulmo/.ready: requirements/constraints-py3.12.txt $(VENV_MADE)
	$(PY) -m pip install -qq --disable-pip-version-check --no-deps --upgrade --target $(@D) "$$(grep '^Django==' $<)"
	@touch $@

# mysqlclient is compiled. Without what that takes, the tests that need it are skipped and say why.
ifneq ($(shell command -v mariadb_config || command -v mysql_config),)
$(FOR_MARIADB): $(VENV_MADE) $(CONSTRAINTS)
	$(INSTALL) mysqlclient && touch $@ || echo 'mysqlclient could not be built; the tests go on without MariaDB.'
else
.PHONY: $(FOR_MARIADB)
$(FOR_MARIADB): $(VENV_MADE)
endif
