# Targets: make help
GO          ?= go
STATICCHECK ?= honnef.co/go/tools/cmd/staticcheck@v0.8.2
FUZZTIME    ?= 2000x

.PHONY: help build dist test fmt vet lint browser slurm unit agree race fuzz digest complete verify record bench generate clean

help: ## list the targets
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 12

build: ## the command, as ./windfall
	$(GO) build -o windfall ./cmd/windfall

# One file per system that needs nothing else; the same commit gives the same bytes on
# any machine with the same Go.
VERSION = $(shell sed -n 's/^const version = "\(.*\)".*/\1/p' cmd/windfall/version.go)
dist: ## programs for Linux, macOS and Windows with checksums and licences, in dist
	rm -rf dist
	mkdir dist
	@for system in linux darwin windows; do for arch in amd64 arm64; do \
	  file=windfall-$(VERSION)-$$system-$$arch; [ $$system != windows ] || file=$$file.exe; \
	  echo "dist/$$file"; \
	  CGO_ENABLED=0 GOOS=$$system GOARCH=$$arch $(GO) build -trimpath -ldflags='-s -w' -o dist/$$file ./cmd/windfall || exit 1; \
	done; done
	cp LICENSE dist/LICENSE
	cp cmd/windfall/licences.txt dist/licences.txt
	cd dist && { command -v sha256sum >/dev/null && sha256sum * || shasum -a 256 *; } >../sha256sums && mv ../sha256sums sha256sums.txt

test: fmt vet lint browser slurm unit agree race fuzz digest complete ## everything that must hold before a change lands

fmt: ## formatting
	@out=$$(gofmt -l .); if [ -n "$$out" ]; then echo "gofmt: $$out"; exit 1; fi

vet: ## go vet, of the code for Windows and macOS too
	$(GO) vet ./...
	GOOS=windows $(GO) vet ./...
	GOOS=darwin $(GO) vet ./...

lint: ## staticcheck, at the pinned version
	$(GO) run $(STATICCHECK) ./...

# The report is tested in Chromium. It is installed where that is possible; where
# not, those tests are skipped and the last line of make test names them.
BROWSER = { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null
browser: ## Chromium for the tests of the report, if it can be installed
	@$(BROWSER) || { \
	  as=; [ "$$(id -u)" -eq 0 ] || as="sudo -n"; \
	  $$as apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$as apt-get install -y -qq --no-install-recommends chromium fonts-liberation >/dev/null; \
	} 2>/dev/null || true

# Jobs of a cluster are tested on a Slurm of two nodes that .ci/slurm.sh starts on this machine, as root, and stops;
# the files for other schedulers with GNU parallel.
SLURM = [ "$$(id -u)" -eq 0 ] && PATH="$$PATH:/usr/sbin" command -v slurmctld >/dev/null && PATH="$$PATH:/usr/sbin" command -v munged >/dev/null
slurm: ## Slurm and GNU parallel for the tests of jobs, if they can be installed
	@{ $(SLURM) && command -v parallel >/dev/null; } || { \
	  [ "$$(id -u)" -eq 0 ] && apt-get update -qq && .ci/slurm.sh install && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends parallel >/dev/null; \
	} >/dev/null 2>&1 || true

# Tests that take too long for every go test, but may not wait for make verify.
AGREE = ^(TestDenseAgrees|TestFirstReplications|TestMemoryStaysBoundedAtFullSize|TestEveryKeyActs|TestNoFusableProducts|TestSlurm|TestCoverageOfSomeCompanies|TestAFolderOfACompany|TestFitOfAFolder|TestAFittedPlanOpensWithItsPipeline|TestThePageShowsWhatProgramsPrint|TestAChangeLeavesEarlierWeeksUnchanged|TestWhatIsPureStaysPure|TestQuestionsStandOnLittle|TestPair)$$

# The same of the command line: a page of transcripts, scripts behind "[!long] stop", commands in shards. A bar between
# names of tests begins another pattern.
LONG = ^TestPagesShowWhatTheirCommandsPrint$$/^why$$ |^(TestAnOutcomeIsAddedByOneEdit|TestSlurm)$$ \
  |^TestScripts$$/^(cluster|company|compare|draws|first-lines|lessons|optimise|pictures|respond)$$ \
  |^TestEveryCommandIsTheSameInShardsAndResumed$$/^(compare|discover|experiment|respond|stress|study|value)$$ \
  |^TestRoundsInShardsAreOneProcess$$/^(difference|truth)$$
space := $(subst ,, )

# make vet has looked at the code, and make agree runs the long versions of what is
# skipped.
unit: ## all tests
	$(GO) test -vet=off -skip '$(AGREE)' ./...

agree: ## the long versions of a few tests: the slow reference, lessons, memory, fused products, fits of folders, Slurm, a page of transcripts
	WINDFALL_VERIFY=1 $(GO) test -vet=off -run '$(AGREE)' ./model ./model/dense ./model/rng ./scenarios ./sim ./sim/decide ./sim/export ./sim/fit/... ./sim/study ./bench/pair
	WINDFALL_VERIFY=1 $(GO) test -vet=off -run '$(subst $(space),,$(LONG))' ./cmd/windfall

# What is skipped counts studies, runs plans alone, or does in parallel what other
# tests of its package do.
ALONE = Cover$$|^TestTown|^TestGroupsOf|^TestNumbersAre|^Test(MergedShards|ATighterPrecision|AGivenUpPrecision|AnotherFormat|AFolderWithAnythingElse)
race: ## the race detector on what runs in parallel
	$(GO) test -race -vet=off -skip '$(ALONE)' -timeout 15m ./sim ./sim/result ./plots/gallery

# Trials are counted: by time, a target could be cut off in the middle of one, which fails. A whole command is slow.
# Each package is built once for all of its targets.
fuzz: ## every fuzz target, for some trials each (FUZZTIME)
	@dir=$$(mktemp -d) && trap 'rm -rf '$$dir EXIT && \
	grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n1 dirname | sort -u >$$dir/packages && \
	while read -r package; do \
	  $(GO) test -c -vet=off -fuzz=Fuzz -o $$dir/test $$package || exit 1; \
	  cache=$$($(GO) env GOCACHE)/fuzz/$$($(GO) list $$package); \
	  for target in $$(sed -n 's/^func \(Fuzz[A-Za-z0-9]*\).*/\1/p' $$package/*_test.go); do \
	    long=$(FUZZTIME); case $$target in FuzzCommands) long=20x;; FuzzArguments) long=500x;; esac; \
	    echo "$$package $$target"; \
	    (cd $$package && $$dir/test -test.run '^$$' -test.fuzz "^$$target$$" -test.fuzztime $$long -test.fuzzminimizetime 0x -test.fuzzcachedir "$$cache") || exit 1; \
	  done; \
	done <$$dir/packages

# The same replications must give the same bits on a laptop, a cluster and in a
# browser. A runner that is not installed is named, not passed over in silence.
digest: ## the golden digest on amd64, arm64 (qemu) and wasm (Node)
	$(GO) test -vet=off -count=1 ./sim/digest
	@if command -v qemu-aarch64-static >/dev/null; then \
	  CGO_ENABLED=0 GOARCH=arm64 $(GO) test -vet=off -count=1 -exec qemu-aarch64-static ./sim/digest; \
	else echo "not run: the digest on arm64 (install qemu-user-static)"; fi
	@if command -v node >/dev/null; then \
	  GOOS=js GOARCH=wasm $(GO) test -vet=off -count=1 -exec "$$($(GO) env GOROOT)/lib/wasm/go_js_wasm_exec" ./sim/digest; \
	else echo "not run: the digest on wasm (install Node.js)"; fi

complete: # the last line of make test
	@missing=; \
	$(BROWSER) || missing="$$missing, the report in a browser (install chromium)"; \
	{ $(SLURM); } || missing="$$missing, jobs on a Slurm (as root, install slurm-wlm and munge)"; \
	command -v parallel >/dev/null || missing="$$missing, jobs by GNU parallel (install parallel)"; \
	command -v qemu-aarch64-static >/dev/null || missing="$$missing, the digest on arm64 (install qemu-user-static)"; \
	command -v node >/dev/null || missing="$$missing, the digest on wasm (install Node.js)"; \
	command -v Rscript >/dev/null || missing="$$missing, tables in R (install r-base-core)"; \
	{ python3 -c 'import pandas' || /usr/bin/python3 -c 'import pandas'; } 2>/dev/null || missing="$$missing, tables in pandas (install python3-pandas)"; \
	node -e 'require("@duckdb/node-api")' 2>/dev/null || missing="$$missing, tables in DuckDB (npm install @duckdb/node-api, in NODE_PATH)"; \
	if [ -n "$$missing" ]; then echo "not run:$${missing#,}"; else echo "all tests ran"; fi

verify: export WINDFALL_VERIFY = 1
verify: ## the long versions of the tests, the digest at full size, SmallCrush
	$(GO) test -timeout 120m ./...
	$(MAKE) digest
	@sh model/rng/smallcrush/run.sh; status=$$?; \
	if [ $$status -eq 3 ]; then echo "not run: SmallCrush (install libtestu01-0-dev)"; else exit $$status; fi

# All that is recorded and compared: after a change that is meant to move numbers
# or texts, look at the difference and say in the changelog what moved.
record: export WINDFALL_RECORD = 1
record: ## all recorded files anew: digests, lessons, pictures, transcripts, tables
	$(GO) test -count=1 ./model/rng -run '^TestKnownAnswers$$'
	$(GO) test -count=1 ./scenarios ./sim/digest
	$(GO) test -count=1 ./docs -run '^TestColumnsOfThePage$$'
	$(GO) test -count=1 ./sim/export -run '^TestThePageHasEveryColumn$$'
	$(GO) run ./scenarios/calibrate -evidence
	$(GO) test -count=1 ./plots -run '^TestGoldenPictures$$'
	$(GO) test -count=1 -timeout 120m ./sim/study -run '^TestLessons$$'
	$(GO) test -count=1 ./sim/study -run '^TestLessonsPage$$'
	$(GO) test -count=1 ./bench/pause -run '^TestThePageIsThatOfTheRelease$$'
	$(GO) test -count=1 -timeout 120m ./sim -run '^(TestIntervalsOfDecisionsCover|TestPairsOfAPauseSaveVarianceAtFullSize)$$'
	$(GO) test -count=1 -timeout 120m ./sim/fit/folder -run '^(TestPublicSeries|TestRetentionOfCohorts)$$'
	$(GO) test -count=1 -timeout 120m ./cmd/windfall -run '^TestPagesShowWhatTheirCommandsPrint$$'

bench: ## what a replication costs, in hashes and as ratios measured in one run
	$(GO) run ./bench

generate: ## the key reference, the editor schema
	$(GO) generate ./...

clean: ## what builds and runs leave behind
	rm -rf windfall results dist
