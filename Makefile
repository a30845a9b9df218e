# Two commands do all the set-up: `make demo` and `make test`. They need Go, and Node with npm for the pages; these fetch the
# rest. `make test` shows the pages to Debian's chromium, and installs it where it may. `make build-go` needs Go alone.

GO      ?= go
TOOL     = $(GO) tool -modfile=.ci/tools.mod
# Nothing here needs C but the race detector: so what is tested is linked as the program for a container is, and compiled once.
export CGO_ENABLED = 0
# Rooms in which one thing runs beside another. Nothing else starts a goroutine, in its tests neither (bot/beside_test.go
# holds both to this line), so that the detector would make them ten times slower and find nothing.
BESIDE   = ./cmd/amana ./bot/desk ./bot/kv/... ./bot/mail/... ./bot/outbox ./bot/telegram/... ./bot/terminal ./bot/web ./bot/webhook
# Rooms that start nothing themselves, and few tests of theirs let anything run beside them: the detector looks at these alone
# (bot/beside_test.go holds them to it), and all tests of these rooms run without it.
FEW      = ./bot/casework ./bot/chat ./bot/seal ./bot/speech
TOGETHER = TestBusy|TestCrowd|TestFlood|TestFloodOfNewAccounts|TestTrayEscalates|TestTrayAfterAStop|TestYear|TestTwoProcessesAndOnePerson|TestCreateFileNeverOverwrites|TestKilnTakesTwo|TestKilnLetsGo|TestKilnKeepsItsMemory|TestALanguageSleeps
# Tests of cmd/amana that open pages in a browser, and those that hold the code of the pages against ours.
BROWSER  = TestBrowserKit|TestBrowserLies|TestBrowserStory|TestDemoPage|TestDemoPageOnAPhone|TestDemoPageIsForThisMachine|TestDemoPageRuns|TestDeskDeeds|TestDeskAlone|TestDeskCoordinator|TestDeskPages|TestDeskWalk|TestPagesWrapWithFullWork|TestPageWithScript|TestPageEscapeWipes|TestPageWithoutScript|TestPagePlace|TestPageFits
SEALS    = TestDeskSealsFormAlike|TestDeskSealsLegs|TestDeskSealsSignIn|TestDeskSealsAreTaken|TestDeskSealsEnrolAndSign|TestDeskSealsJudgeAlike|TestDeskSealsOfferAlike|TestDeskSealsJudgeChanceAlike|TestDeskSealsReadAlike|TestDeskSealsSawAlike|TestDeskSealsShowAlike|TestDeskSealsSignAlike|TestDeskSealsByItself|TestDeskSealsVectors
# Tests of cmd/amana in which nothing runs beside anything else, that wait for a browser, or whose point is a figure: only
# without the detector.
ALONE    = TestContainer|TestWithoutEtcd|TestAConversationSpeaksOneLanguage|TestRouteScripts|TestTranslateScripts|TestShippedPlacesAreProved|TestCheckWithoutEnglish|TestOwnScripts|TestDirectoryScripts|TestFlowsReadme|TestImportProgress|TestExampleDirectories|TestInitOfShippedPlaces|TestLocalesReadme|TestPlacesServe|TestRemedies|TestWaysByEntity|TestBars|TestLoad|TestGrowth|$(BROWSER)|$(SEALS)|$(CLUSTER)
# Tests of cmd/amana with machines that serve together, over a cluster of three nodes.
CLUSTER  = TestCluster|TestClusterFlags|TestServeTogether|TestRunbook|TestKillNineTogether|TestKillNineTogetherByWebhook|TestQuorumLostWhileSending|TestPausedHearer|TestInTheHandsOfAMachine|TestRosterOfAnotherMachine|TestRollingUpgrade|TestRollingUpgradeByWebhook|TestOtherQuestionsTogether|TestWrongClock|TestWentBack|TestBrowsersTogether|TestVoicesTogether
# Tests of cmd/amana that do less with the detector (race_on_test.go says what): once more without it, in full.
LESS     = TestTranscripts
# What of the libraries knows no goroutine either, and works on what is its own, is left out of the detector's sight: the arithmetic
# under seals, tables of letters, patterns, packing, and the parser of YAML.
SIGHT    = $(patsubst %,-gcflags=%=-race=false,crypto/internal/fips140/... golang.org/x/crypto/scrypt unicode regexp/... compress/flate go.yaml.in/yaml/v4/internal/libyaml)
# The compiler, and what looks at programs, collect their garbage seldom, which takes them a quarter less of the processor's time
# and more memory. The tests are run as they are elsewhere.
SELDOM   = GOGC=400
TESTS    = test -exec 'env -u GOGC' -vet=off $(TAGS) $(TIMEOUT)
RACED    = $(SELDOM) CGO_ENABLED=1 GORACE=atexit_sleep_ms=50 $(GO) $(TESTS) -race $(SIGHT)
# Most of cmd/amana waits: for a chat that takes one message a second, for a server that was killed; and most of bot/kv/etcd.
MANY     = -parallel 12
# Here most wait for one of two browsers, and those that wait should keep nobody else from working.
MORE     = -parallel 24
# How often `make bench` kills the server; a thousand take about half an hour.
KILLS   ?= 1000
# How many faults `make bench` lets happen to three etcd nodes, and then to them and to two machines that serve; a hundred take
# about eight minutes each.
FAULTS  ?= 100
# How often `make bench` brings a newer program to both of two machines, and kills one that writes a voice message; ten take
# about ten minutes.
ROLLS   ?= 10
# What the server under the load of `make bench` keeps its data in: bbolt, or etcd, which is three nodes and two servers.
STORE   ?= bbolt
# The tests are built with what a program for a cluster holds besides. That the shipped program holds none of it, and works,
# TestLinks, TestLicencesAreListed, TestContainer and TestWithoutEtcd prove of a build without the tag.
TAGS     = -tags etcd
# On three nodes each turn of what grows takes longer.
GROW     = $(if $(filter etcd,$(STORE)),-growth 10000 -growth-reports 1000)
TIMEOUT  = -timeout 30m

# The pages of the desk: what npm fetches, and what is built of it. Both are made anew when what they are made of is newer.
UI       = bot/desk/ui
FETCHED  = $(UI)/node_modules/.package-lock.json
PAGES    = $(UI)/dist/app/index.html.gz

.PHONY: demo test others race alone rooms bench check build build-go build-etcd pages browser

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

ifeq ($(RACE),)
test: pages browser ## every test
	$(GO) test $(TAGS) $(TIMEOUT) $(MANY) ./cmd/amana ./...
else
# As .ci/run calls it: every test once, and with the race detector what it can say something about. With -j2 the checks go beside
# the first half, which compiles meanwhile; the second half waits for browsers and clusters, and the other rooms go beside it.
test: race alone rooms
alone rooms: | race
endif

# What others wrote, compiled for the first half: .ci/run does so while it waits for what the pages are made of.
others:
	$(SELDOM) CGO_ENABLED=1 $(GO) build -race $(SIGHT) $(TAGS) \
		$$(CGO_ENABLED=1 $(GO) list -race $(TAGS) -deps -test -f '{{with .Module}}{{if not .Main}}{{$$.ImportPath}}{{end}}{{end}}' $(FEW) $(BESIDE))

race: pages
	$(RACED) -run '^($(TOGETHER))$$' $(FEW)
	$(RACED) $(MANY) -skip '^($(ALONE))$$' $(BESIDE)

alone: pages browser
	$(SELDOM) $(GO) $(TESTS) $(MORE) -run '^($(ALONE)|$(LESS))$$' ./cmd/amana

rooms: pages
	$(SELDOM) $(GO) $(TESTS) $(filter-out $(shell $(GO) list $(TAGS) $(BESIDE)),$(shell $(GO) list $(TAGS) ./...))

bench: pages browser ## our figures beside the bars of the design; its output, kept of two runs, is what benchstat compares
	$(GO) test ./flows -run '^TestRandomTurns$$' -turns=1000000 -count=1 -v
	$(GO) test ./cmd/amana -run '^TestNewKey$$' -resealed=1000 -count=1 -v
	$(GO) test ./bot/casework -run '^TestFlood$$' -forged=10000 -count=1 -timeout 20m -v
	$(GO) test ./bot/casework -run '^TestYear$$' -year -count=1 -timeout 30m -v
	$(GO) test $(TAGS) ./bot/kv/etcd -run '^(TestKill|TestKills|TestTakeOvers|TestSlowDisks|TestSlowSignIn)$$' -kills=$(FAULTS) -count=1 -timeout 3h -v
	$(GO) test $(TAGS) ./cmd/amana -run '^TestKillNineTogether(ByWebhook)?$$' -fleet-kills=$(FAULTS) -fleet-crowd=12 -count=1 -timeout 3h -v
	$(GO) test $(TAGS) ./cmd/amana -run '^(TestRollingUpgrade(ByWebhook)?|TestOtherQuestionsTogether|TestVoicesTogether)$$' -fleet-rolls=$(ROLLS) -fleet-talkers=12 -voice-kills=$(ROLLS) -count=1 -timeout 3h -v
	$(GO) test $(TAGS) ./cmd/amana -run '^(TestRunbook|TestWrongClock|TestClockSet)$$' -bad-days -wrong-clock=-45s -built-clock -count=1 -timeout 30m -v
	$(GO) test ./cmd/amana -run '^TestForgetKilled$$' -forget-kills=100 -count=1 -timeout 30m -v
	$(GO) test ./cmd/amana -run '^$$' -bench '^Benchmark(Turn|Filing|Notice|Inbox)$$' -count=6 -timeout 20m
	$(GO) test $(TAGS) ./cmd/amana -run '^TestLoad$$' -bars -store=$(STORE) -count=1 -timeout 60m -v
	$(GO) test $(TAGS) ./cmd/amana -run '^TestGrowth$$' -bars -store=$(STORE) $(GROW) -count=1 -timeout 90m -v
	$(GO) test ./cmd/amana -run '^TestBars$$' -bars -kills=$(KILLS) -count=1 -timeout 3h -v

check: ## gofmt, vet, staticcheck, govulncheck when its database can be reached, a tidy go.mod, and our own linter
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo "gofmt would change these files: run gofmt -w ."; exit 1; }
	$(SELDOM) $(GO) vet $(TAGS) ./...
	$(SELDOM) $(GO) vet ./bot/kv/etcd/... ./cmd/amana
	@# Both builds at once, so that what only one of them uses counts as used.
	printf 'plain:\netcd: -tags=etcd\n' | $(SELDOM) $(TOOL) staticcheck -matrix ./...
	@$(SELDOM) sh .ci/vulncheck
	$(GO) mod tidy -diff
	@# With the tests, TestShippedPlacesAreProved does the same.
	$(if $(RACE),,$(GO) run ./cmd/amana check -shipped)

build: pages build-go ## the program with its pages, in .bin/amana

build-go: ## the program, in .bin/amana, with whatever pages were built before; without any it says so in their place
	$(GO) build -trimpath -o .bin/amana ./cmd/amana

build-etcd: ## the same for a database in a cluster of etcd
	$(GO) build -tags etcd -trimpath -o .bin/amana ./cmd/amana
