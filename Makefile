# Two commands do all the set-up: `make demo` and `make test`. They need Go, and Node with npm for the pages; these fetch the
# rest. `make test` shows the pages to Debian's chromium, and installs it where it may. `make build-go` needs Go alone.

GO      ?= go
TOOL     = $(GO) tool -modfile=.ci/tools.mod
# `make test RACE=1` is what .ci/run calls: every test once, and with the race detector what it can say something about.
RACE    ?=
# Rooms in which one thing runs beside another. Nothing else starts a goroutine, in its tests neither (bot/house_test.go
# holds both to this line), so that the detector would make them ten times slower and find nothing.
BESIDE   = ./cmd/amana ./bot/casework ./bot/desk ./bot/kv/... ./bot/mail/... ./bot/outbox ./bot/seal ./bot/speech ./bot/telegram/... ./bot/terminal ./bot/web ./bot/webhook
# Tests of cmd/amana that open pages in a browser, and those that hold the code of the pages against ours.
BROWSER  = TestBrowserKit|TestBrowserLies|TestBrowserStory|TestDemoPage|TestDemoPageOnAPhone|TestDemoPageIsForThisMachine|TestDemoPageRuns|TestDeskDeeds|TestDeskAlone|TestDeskCoordinator|TestDeskPages|TestDeskWalk|TestPagesWrapWithFullWork|TestPageWithScript|TestPageEscapeWipes|TestPageWithoutScript|TestPagePlace|TestPageFits
SEALS    = TestDeskSealsFormAlike|TestDeskSealsLegs|TestDeskSealsSignIn|TestDeskSealsAreTaken|TestDeskSealsEnrolAndSign|TestDeskSealsJudgeAlike|TestDeskSealsOfferAlike|TestDeskSealsJudgeChanceAlike|TestDeskSealsReadAlike|TestDeskSealsShowAlike|TestDeskSealsSignAlike|TestDeskSealsByItself|TestDeskSealsVectors
# Tests of cmd/amana in which nothing runs beside anything else, that wait for a browser, or whose point is a figure: only
# without the detector.
ALONE    = TestShippedPlacesAreProved|TestCheckWithoutEnglish|TestOwnScripts|TestDirectoryScripts|TestFlowsReadme|TestImportProgress|TestBars|$(BROWSER)|$(SEALS)
# Tests of cmd/amana that do less with the detector (race_on_test.go says what): once more without it, in full.
LESS     = TestTranscripts
# The arithmetic of the library under seals, which knows no goroutine either, is left out of the detector's sight.
SIGHT    = -gcflags=crypto/internal/fips140/...=-race=false
# Most of cmd/amana waits: for a chat that takes one message a second, for a server that was killed.
MANY     = -parallel 8
# How often `make bench` kills the server; a thousand take about half an hour.
KILLS   ?= 1000
TIMEOUT  = -timeout 30m

# The pages of the desk: what npm fetches, and what is built of it. Both are made anew when what they are made of is newer.
UI       = bot/desk/ui
FETCHED  = $(UI)/node_modules/.package-lock.json
PAGES    = $(UI)/dist/app/index.html.gz

.PHONY: demo test bench check build build-go pages browser

demo: pages ## a person's phone and the desk of a focal point in one page, in a fictional camp; needs no token
	@$(GO) run ./cmd/amana demo

pages: $(PAGES) ## the pages of the desk, which the program then holds

$(PAGES): $(FETCHED) $(UI)/build.mjs $(shell find $(UI)/src)
	@sh .ci/need node
	cd $(UI) && node build.mjs
	@touch $@

$(FETCHED): $(UI)/package.json $(UI)/package-lock.json $(UI)/.npmrc
	@sh .ci/need node
	cd $(UI) && npm ci --loglevel=error
	@touch $@

browser:
	@sh .ci/need chromium

test: pages browser ## every test
	cd $(UI) && npm test
ifeq ($(RACE),)
	$(GO) test $(TIMEOUT) $(MANY) ./cmd/amana ./...
else
	$(GO) test -race $(SIGHT) $(TIMEOUT) $(MANY) -skip '^($(ALONE))$$' $(BESIDE)
	$(GO) test $(TIMEOUT) $(MANY) -run '^($(ALONE)|$(LESS))$$' ./cmd/amana
	$(GO) test $(TIMEOUT) $(filter-out $(shell $(GO) list $(BESIDE)),$(shell $(GO) list ./...))
endif

bench: pages browser ## our figures beside the bars of the design
	$(GO) test ./flows -run '^TestRandomTurns$$' -turns=1000000 -count=1 -v
	$(GO) test ./cmd/amana -run '^TestNewKey$$' -resealed=1000 -count=1 -v
	$(GO) test ./bot/casework -run '^TestFlood$$' -forged=10000 -count=1 -timeout 20m -v
	$(GO) test ./bot/casework -run '^TestYear$$' -year -count=1 -timeout 30m -v
	$(GO) test ./cmd/amana -run '^TestBars$$' -bars -kills=$(KILLS) -count=1 -timeout 3h -v

check: ## gofmt, vet, staticcheck, govulncheck when its database can be reached, a tidy go.mod, and our own linter
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo "gofmt would change these files: run gofmt -w ."; exit 1; }
	$(GO) vet ./...
	$(TOOL) staticcheck ./...
	@sh .ci/vulncheck
	$(GO) mod tidy -diff
	$(GO) run ./cmd/amana check -shipped

build: pages build-go ## the program with its pages, in .bin/amana

build-go: ## the program, in .bin/amana, with whatever pages were built before; without any it says so in their place
	$(GO) build -trimpath -o .bin/amana ./cmd/amana
