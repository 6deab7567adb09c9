# make run, make test; `make help` lists the rest.
#
# Variables: SCENARIO (make run, make report), PREFIX and DESTDIR (make install), JOBS (parallel compilations),
# SWIFT (the swift command).

SWIFT ?= swift
JOBS ?= $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
PREFIX ?= /usr/local
# Package.swift asks for it: whoever depends on this package must not have our warnings as errors.
export CO3_WARNINGS_AS_ERRORS = 1
SCENARIO ?= Scenarios/fast-to-slow.json
SOURCES := Sources Tests Snippets Benchmarks/Sources Package.swift Benchmarks/Package.swift \
  $(addprefix Integrations/PostgreSQL/,Sources Tests Snippets Package.swift)
# What libgsl-dev and the others are for: CONTRIBUTING.md, "Set-up".
APT_PACKAGES := libgsl-dev pkg-config zlib1g-dev libsqlite3-dev gnuplot-nox
BREW_PACKAGES := gsl pkg-config gnuplot
LIBRARIES := Syncer SyncerRouting SyncerFiles SyncerTables SyncerSQLite SyncerInstrumentation SyncerTesting SyncerSimulation \
  SyncerReports

.PHONY: help setup build run report sanitize test format lint validate readme docs gate bench count recount consumers \
  postgresql install clean
.NOTPARALLEL:
.DEFAULT_GOAL := help

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' $(firstword $(MAKEFILE_LIST)) | awk -F'|' '{ printf "make %-10s %s\n", $$1, $$2 }'

setup: ## Check for Swift and install what is missing (GSL, pkg-config, zlib, SQLite, gnuplot)
	@command -v $(SWIFT) >/dev/null 2>&1 || { \
	  echo "setup: '$(SWIFT)' is not in PATH; install Swift 6.3 from https://www.swift.org/install and try again." >&2; \
	  exit 1; }
	@found() { \
	  pkg-config --exists gsl 2>/dev/null || return 1; \
	  test "$$(uname)" = Darwin || pkg-config --exists zlib sqlite3; }; \
	if found && command -v gnuplot >/dev/null 2>&1; then exit 0; fi; \
	as_root=; \
	if test "$$(id -u)" -ne 0 && command -v sudo >/dev/null 2>&1; then as_root=sudo; fi; \
	if command -v apt-get >/dev/null 2>&1; then \
	  echo "setup: installing $(APT_PACKAGES)"; \
	  $$as_root apt-get update -qq && \
	  $$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o Dpkg::Use-Pty=0 \
	    --no-install-recommends $(APT_PACKAGES) >/dev/null || true; \
	elif command -v brew >/dev/null 2>&1; then \
	  echo "setup: installing $(BREW_PACKAGES)"; \
	  brew install --quiet $(BREW_PACKAGES) || true; \
	fi; \
	found || { \
	  echo "setup: the GNU Scientific Library, zlib, SQLite or pkg-config is missing; install their development packages" \
	    "(Debian: $(APT_PACKAGES); Fedora: gsl-devel pkgconf zlib-devel sqlite-devel; macOS: $(BREW_PACKAGES)) and try again." >&2; \
	  exit 1; }; \
	command -v gnuplot >/dev/null 2>&1 || echo "setup: without gnuplot there are no charts; all else works." >&2

build: setup ## Build everything for debugging; a warning is an error
	@$(SWIFT) build -j $(JOBS)

run: setup ## Build co3sim for release and run SCENARIO; CSV files go to Reports/<scenario>/
	@echo "Building co3sim, unless it is up to date; the first time takes a few minutes."
	@$(SWIFT) build -c release -j $(JOBS) --product co3sim --quiet
	@.build/release/co3sim $(SCENARIO)

report: setup ## Make an HTML page with charts of SCENARIO
	@$(SWIFT) build -c release -j $(JOBS) --product co3sim --quiet
	@.build/release/co3sim report $(SCENARIO)

test: setup ## Build and run the tests
	@$(SWIFT) test -j $(JOBS)

# Leaks are those of the test runner. The thread sanitizer runs what has threads: the rest would take
# it long and has nothing to show.
THREADED := Router|Virtual|OrderedWork|Sweep|Stop|Observer|Completion|TimeLimit|Cancel|Recorder|Failure|Retry|Stress|$\
  Overlap|Concurrent|ItemsFailed|JobsTests
sanitize: setup ## Run tests under the address sanitizer, and those with threads under the thread sanitizer
	@ASAN_OPTIONS=detect_leaks=0 $(SWIFT) test -j $(JOBS) --sanitize=address \
	  --scratch-path .build-san/address --filter '^Syncer(|Routing|Testing|Simulation)Tests\.'
	@TSAN_OPTIONS='suppressions=$(CURDIR)/.ci/thread-sanitizer.txt print_suppressions=0' \
	  $(SWIFT) test -j $(JOBS) --sanitize=thread --scratch-path .build-san/thread --filter '$(THREADED)'

format: ## Format the sources in place
	@$(SWIFT) format --in-place --parallel --recursive $(SOURCES)

lint: ## Check the format and the documentation of the sources
	@$(SWIFT) format lint --strict --parallel --recursive $(SOURCES)

validate: build ## Check every shipped scenario
	@.build/debug/co3sim validate $(filter-out %.schema.json,$(wildcard Scenarios/*.json))

# The pictures of the README and of the articles, and the rows of the README's comparison.
PICTURES := Sources/Syncer/Syncer.docc/Resources
ROWS := $(foreach name,fast-to-slow load-spike overhead-above-target real-files slow-transcriptions,Scenarios/$(name).json) \
  $(foreach name,deadline moving-average joblib spirit time-box half-rule,--scheduler $(name))
# The tables of keys in Scenarios/README.md.
TABLES := scenario sync workload phase hint trace load faults schedulers bound
readme: setup ## Write output, comparison, metrics and pictures into the documents
	@$(SWIFT) build -c release -j $(JOBS) --product co3sim --quiet
	@{ echo '```text'; .build/release/co3sim Scenarios/fast-to-slow.json | sed '$$d'; echo '```'; } > .build/run.md
	@.build/release/co3sim compare Scenarios/*.json --replications 3 --matrix > .build/comparison.md
	@.build/release/co3sim compare $(ROWS) --replications 3 --matrix > .build/rows.md
	@.build/release/co3sim metrics --markdown > .build/metrics.md
	@mkdir -p $(PICTURES)
	@.build/release/co3sim picture Scenarios/fast-to-slow.json > $(PICTURES)/collapse.svg
	@.build/release/co3sim picture Scenarios/fast-to-slow.json --dark > $(PICTURES)/collapse~dark.svg
	@.build/release/co3sim schema > Scenarios/scenario.schema.json
	@for table in $(TABLES); do .build/release/co3sim schema --table $$table > .build/$$table.md; done
	@for table in chunks tracking collapse; do .build/release/co3sim columns $$table > .build/$$table.md; done
	@for block in run comparison rows metrics chunks tracking collapse $(TABLES); do \
	  for page in README.md Scenarios/README.md Sources/Syncer/Syncer.docc/TheFastToSlowCollapse.md Reports/*.md; do \
	    awk -v begin="<!-- $$block:begin -->" -v end="<!-- $$block:end -->" -v file=".build/$$block.md" \
	      '$$0 == begin { print; while ((getline line < file) > 0) print line; skip = 1 } \
	       $$0 == end { skip = 0 } !skip' "$$page" > .build/page.md && mv .build/page.md "$$page"; \
	  done; \
	done

docs: setup ## Build the documentation of all libraries into .build/documentation
	@$(SWIFT) package --quiet generate-documentation --warnings-as-errors \
	  --enable-experimental-combined-documentation --transform-for-static-hosting \
	  $(foreach library,$(LIBRARIES),--target $(library)) --output-path .build/documentation
	@printf '%s\n' '<!DOCTYPE html>' '<title>co3</title>' \
	  '<meta http-equiv="refresh" content="0; url=documentation/">' \
	  '<a href="documentation/">The documentation</a>' > .build/documentation/index.html
	@echo "Documentation: .build/documentation; to read it:" \
	  "python3 -m http.server -d .build/documentation, and http://localhost:8000/"

gate: setup ## Hold the scenarios against their bounds and baselines
	@$(SWIFT) build -c release -j $(JOBS) --product co3sim --quiet
	@.build/release/co3sim gate --strict

bench: setup ## Measure speed and memory against floors, side by side; takes a few minutes
	@$(SWIFT) build -c release -j $(JOBS) --product co3sim --quiet
	@$(SWIFT) build -c release -j $(JOBS) --product co3index --quiet
	@cd Benchmarks && $(SWIFT) build -c release -j $(JOBS) --product ratios --quiet
	@Benchmarks/.build/release/ratios
	@bash Benchmarks/index.sh

count: setup ## Hold the instructions co3sim takes per item against the recorded figure
	@$(SWIFT) build -c release -j $(JOBS) --product co3sim --quiet
	@Benchmarks/count.sh

recount: setup ## Record the instructions co3sim takes per item
	@$(SWIFT) build -c release -j $(JOBS) --product co3sim --quiet
	@Benchmarks/count.sh --accept

postgresql: ## Test Integrations/PostgreSQL against a server that is started for it; needs postgresql and libpq-dev
	@Integrations/PostgreSQL/server run $(SWIFT) test --package-path Integrations/PostgreSQL -j $(JOBS)

consumers: ## Build packages that depend on this one, as adopters do
	@bash .ci/consumers

install: setup ## Install the programs, their manual pages and completions below PREFIX (/usr/local)
	@$(SWIFT) build -c release -j $(JOBS) --product co3sim --quiet
	@$(SWIFT) build -c release -j $(JOBS) --product co3index --quiet
	@$(SWIFT) package --quiet generate-manual >/dev/null
	@set -e; base="$(DESTDIR)$(PREFIX)"; \
	install -d "$$base/bin" "$$base/share/man/man1" "$$base/share/bash-completion/completions" \
	  "$$base/share/zsh/site-functions" "$$base/share/fish/vendor_completions.d"; \
	for program in co3sim co3index; do \
	  install -m 755 .build/release/$$program "$$base/bin/$$program"; \
	  install -m 644 .build/plugins/GenerateManual/outputs/$$program/$$program.1 \
	    "$$base/share/man/man1/$$program.1"; \
	  .build/release/$$program --generate-completion-script bash \
	    >"$$base/share/bash-completion/completions/$$program"; \
	  .build/release/$$program --generate-completion-script zsh \
	    >"$$base/share/zsh/site-functions/_$$program"; \
	  .build/release/$$program --generate-completion-script fish \
	    >"$$base/share/fish/vendor_completions.d/$$program.fish"; \
	  echo "Installed $$base/bin/$$program"; \
	done

clean: ## Remove what was built; reports stay
	@rm -rf .build
