# README.md tells what these do; contracts.md ("Commands") is what others rely on.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
ARGS ?=

# Real peers of the tests (quality.md, "Tests"), all from Debian
PEERS := pcscd vsmartcard-vpcd opensc opensc-pkcs11 pcsc-tools libpcsclite-dev yubico-piv-tool openssl xvfb xdotool \
	postgresql pgbouncer espeak-ng libdbus-1-3 libegl1 libfontconfig1 libgl1 \
	libglib2.0-0 libxkbcommon0

.PHONY: install run test peers check pictures

install: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make PYTHON=python3.11" >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
		{ echo "python3 -m venv does not work here: install Debian's python3-venv" >&2; exit 2; }
	@echo "Installing into $(VENV), this takes a minute the first time"
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[headend,dev]'
	@touch $@

run: $(STAMP)
	@exec $(BIN)/python -m tools.simulator $(ARGS)

test: $(STAMP) peers check
	$(BIN)/python -m pytest --numprocesses 3 --no-loadscope-reorder $(ARGS)

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Installs what is missing where it may; a test whose peer is still missing says so by name, and fails with CI=true.
# RUNLEVEL=1: the servers among them are not started by their packages (invoke-rc.d(8)), the tests start their own
peers:
	@missing=""; for p in $(PEERS); do \
		dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then \
		if [ "$$(id -u)" = 0 ]; then as=""; \
		elif sudo -n true 2>/dev/null; then as="sudo -n"; \
		else echo "Not installed, their tests will be skipped:$$missing" >&2; exit 0; fi; \
		echo "Installing the tests' peers:$$missing"; \
		{ $$as apt-get -qq update && \
		  $$as env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
		    apt-get -qq -y --no-install-recommends install $$missing; } >/dev/null || \
		echo "Could not install:$$missing" >&2; \
	fi

# Draws the kept pictures of the screens anew; one of them stands in README.md
pictures: $(STAMP)
	$(BIN)/python -m tests.screens.pictures
