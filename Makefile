# Lean PMO. `make` without a target lists the targets.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

TOOL := go tool -modfile=tools/go.mod
# Code that runs inside workflows.
REPLAYED := ./workflows/... ./internal/pmo/...
REPLAYED_FILES := $(shell find workflows internal/pmo internal/contract -name '*.go')
GO_FOLDERS := activities api cmd examples internal tests web workflows
# How many packages are tested in parallel. Most tests start servers, so more than the number of cores does not help.
PARALLEL ?= 2
PACKAGES ?= ./...
ARGS ?=

.PHONY: help
help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: ## build and run everything on this machine (ARGS="--http 127.0.0.1:9090")
	go build -buildvcs=false -o bin/ ./cmd/pmo-local
	exec bin/pmo-local $(ARGS)

.PHONY: build
build: ## build bin/pmo and bin/pmo-local
	go build -buildvcs=false -o bin/ ./cmd/pmo ./cmd/pmo-local

.PHONY: check
check: format vet lint determinism short ## format, vet, lint, determinism and the fast tests

.PHONY: format
format: ## list the files that gofmt would change
	@wrong=$$(gofmt -l $(GO_FOLDERS)); \
	if [ -n "$$wrong" ]; then echo "not formatted:"; echo "$$wrong"; exit 1; fi

.PHONY: vet
vet: ## go vet
	go vet ./...

.PHONY: lint
lint: ## staticcheck
	$(TOOL) staticcheck ./...

.PHONY: determinism
determinism: bin/determinism.checked ## check that workflow code is deterministic

# The check loads all dependencies from source, so it runs only when what it checks has changed.
bin/determinism.checked: $(REPLAYED_FILES) go.mod tools/go.mod
	$(TOOL) workflowcheck $(REPLAYED)
	@mkdir -p bin && touch $@

.PHONY: short
short: ## the tests that start no server: domain, replay, arch
	go test -short -vet=off ./... # vet has its own target

.PHONY: test
test: build browser ## every test, once, against real servers (PACKAGES=./internal/store/... for some)
	PMO_BIN="$(CURDIR)/bin/pmo" PMO_LOCAL_BIN="$(CURDIR)/bin/pmo-local" \
	$(TOOL) gotestsum --format pkgname --format-hide-empty-pkg -- -count=1 -p $(PARALLEL) -timeout 30m $(PACKAGES)

.PHONY: browser
browser:
	@tests/browser/install.sh

.PHONY: pictures
pictures: build browser ## take the pictures of docs/pictures, and the story of docs/architecture.md, from the Temporal UI anew
	PMO_BIN="$(CURDIR)/bin/pmo" PMO_LOCAL_BIN="$(CURDIR)/bin/pmo-local" PMO_PICTURES="$(CURDIR)/docs/pictures" \
	go test -count=1 -timeout 10m ./tests/browser -update

.PHONY: tour
tour: build browser ## take the pictures of docs/tour.md, one of every page, from the demo
	PMO_BIN="$(CURDIR)/bin/pmo" PMO_LOCAL_BIN="$(CURDIR)/bin/pmo-local" PMO_TOUR="$(CURDIR)/docs/tour" \
	go test -count=1 -timeout 20m -run 'TestTour$$|TestSomebodyWithoutAnAccountAsks$$' ./tests/browser

.PHONY: bench
bench: build ## benchmarks with reference measurements, on real servers (SCALE=full takes six minutes; SCALE=stored: submissions with 1,000 and 100,000 stored; SCALE=pages: every page with 10,000 requests and a million ledger lines; JSON=FILE)
	PMO_BIN="$(CURDIR)/bin/pmo" PMO_LOCAL_BIN="$(CURDIR)/bin/pmo-local" \
	go test -count=1 -timeout 40m -run TestBench -v ./tests/bench -args -scale "$(or $(SCALE),small)" -json "$(abspath $(JSON))"

.PHONY: bench-notify
bench-notify: ## 10,000 notifications (NOTIFICATIONS=) through a channel that fails half the time: none lost, doubles only under the same id; what storing an attempt takes
	go test -count=1 -timeout 20m -run TestNothingIsLost -v -bench BenchmarkRecordAttempts -benchtime 5000x ./internal/notify -args -notifications $(or $(NOTIFICATIONS),10000)

.PHONY: bench-forecast
bench-forecast: ## forecasts judged on histories beside the usual method (FILES="a.csv b.csv"; docs/forecasting.md)
	go run ./tests/bench/forecast $(FILES)

.PHONY: bench-selection
bench-selection: ## gap to the optimum of choosing what to fund, on Next Release Problem instances (DATA=folder with optimum.csv)
	go run ./tests/bench/selection -table "$(or $(DATA),../shared/data/selection)"

.PHONY: bench-rank
bench-rank: ## a prioritization run with 1,000, 10,000 and 100,000 requests that wait, with the memory limit of the local stack's process
	for n in 1000 10000 100000; do GOMEMLIMIT=420MiB go test -run XXX -bench BenchmarkRank -benchtime 3x ./activities -requests $$n || exit 1; done

.PHONY: load
load: build ## ten times the load, for a minute each of submissions and decisions, on real servers
	PMO_BIN="$(CURDIR)/bin/pmo" PMO_LOCAL_BIN="$(CURDIR)/bin/pmo-local" PMO_LOAD_FOR=1m \
	go test -count=1 -timeout 20m -run TestTenTimesTheLoad -v ./tests/load

.PHONY: memory
memory: build ## memory of the local stack while OPEN requests (10000) are submitted
	PMO_BIN="$(CURDIR)/bin/pmo" PMO_LOCAL_BIN="$(CURDIR)/bin/pmo-local" PMO_LOAD_OPEN="$(or $(OPEN),10000)" \
	go test -count=1 -timeout 60m -run TestMemoryOfTheLocalStack -v ./tests/load

.PHONY: record-histories
record-histories: build ## record the histories of a released version (RELEASE=0.2), for the replay tests
	@test -n "$(RELEASE)" || { echo "RELEASE is missing: make record-histories RELEASE=0.2"; exit 2; }
	PMO_BIN="$(CURDIR)/bin/pmo" PMO_LOCAL_BIN="$(CURDIR)/bin/pmo-local" PMO_RECORD_HISTORIES="$(RELEASE)" \
	go test -count=1 -timeout 10m -run TestRecord ./tests/replay

.PHONY: clean
clean: ## remove the built binaries, but not the data in .pmo
	rm -rf bin
