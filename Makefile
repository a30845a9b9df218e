# Two commands do all the set-up: `make demo` and `make test`. They need Go; Go fetches the rest.

GO      ?= go
TOOL     = $(GO) tool -modfile=.ci/tools.mod
# `make test RACE=1` is what .ci/run calls.
RACE    ?=
# How often `make bench` kills the server; a thousand take about half an hour.
KILLS   ?= 1000
TESTFLAGS = $(if $(RACE),-race) -timeout 45m

.PHONY: demo test bench check build

demo: ## the whole conversation in this terminal, in a fictional camp; needs no token
	@$(GO) run ./cmd/amana demo

test: ## every test
	$(GO) test $(TESTFLAGS) ./...
	$(if $(RACE),$(GO) test -timeout 45m ./cmd/amana -run '^TestTranscripts$$')

bench: ## our figures beside the bars of the design
	$(GO) test ./flows -run '^TestRandomTurns$$' -turns=1000000 -count=1 -v
	$(GO) test ./cmd/amana -run '^TestBars$$' -bars -kills=$(KILLS) -count=1 -timeout 3h -v

check: ## gofmt, vet, staticcheck, govulncheck when its database can be reached, a tidy go.mod, and our own linter
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo "gofmt would change these files: run gofmt -w ."; exit 1; }
	$(GO) vet ./...
	$(TOOL) staticcheck ./...
	@sh .ci/vulncheck
	$(GO) mod tidy -diff
	$(GO) run ./cmd/amana check -shipped

build: ## the program, in .bin/amana
	$(GO) build -trimpath -o .bin/amana ./cmd/amana
