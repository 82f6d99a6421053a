# Targets: make help
GO          ?= go
STATICCHECK ?= honnef.co/go/tools/cmd/staticcheck@v0.8.2
FUZZTIME    ?= 5s

.PHONY: help build test fmt vet lint unit race fuzz digest verify bench generate clean

help: ## list the targets
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 12

build: ## the command, as ./windfall
	$(GO) build -o windfall ./cmd/windfall

test: fmt vet lint unit race fuzz digest ## everything that must hold before a change lands

fmt: ## formatting
	@out=$$(gofmt -l .); if [ -n "$$out" ]; then echo "gofmt: $$out"; exit 1; fi

vet: ## go vet
	$(GO) vet ./...

lint: ## staticcheck, at the pinned version
	$(GO) run $(STATICCHECK) ./...

unit: ## all tests
	$(GO) test -timeout 20m ./...

race: ## the race detector on what runs in parallel
	$(GO) test -race -short -timeout 15m ./sim/... ./scenarios ./plots/gallery

fuzz: ## every fuzz target, for a few seconds each (FUZZTIME)
	@grep -rl --include='*_test.go' '^func Fuzz' . | while read -r file; do \
	  for target in $$(sed -n 's/^func \(Fuzz[A-Za-z0-9]*\).*/\1/p' $$file); do \
	    $(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) "$$(dirname $$file)" || exit 1; \
	  done; \
	done

# The same replications must give the same bits on a laptop, a cluster and in a
# browser. A runner that is not installed is named, not passed over in silence.
digest: ## the golden digest on amd64, arm64 (qemu) and wasm (Node)
	$(GO) test -count=1 ./sim/digest
	@if command -v qemu-aarch64-static >/dev/null; then \
	  CGO_ENABLED=0 GOARCH=arm64 $(GO) test -count=1 -exec qemu-aarch64-static ./sim/digest; \
	else echo "not run: the digest on arm64 (install qemu-user-static)"; fi
	@if command -v node >/dev/null; then \
	  GOOS=js GOARCH=wasm $(GO) test -count=1 -exec "$$($(GO) env GOROOT)/lib/wasm/go_js_wasm_exec" ./sim/digest; \
	else echo "not run: the digest on wasm (install Node.js)"; fi

verify: export WINDFALL_VERIFY = 1
verify: ## the long versions of the tests, the digest at full size, SmallCrush
	$(GO) test -timeout 120m ./...
	$(MAKE) digest
	@sh model/rng/smallcrush/run.sh; status=$$?; \
	if [ $$status -eq 3 ]; then echo "not run: SmallCrush (install libtestu01-0-dev)"; else exit $$status; fi

bench: ## what a replication costs, as ratios measured in one run
	$(GO) run ./bench

generate: ## the key reference, the editor schema
	$(GO) generate ./...

clean: ## what builds and runs leave behind
	rm -rf windfall results
