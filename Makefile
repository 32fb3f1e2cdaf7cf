# The two commands that a fresh machine with Swift needs: make demo, make test.
.PHONY: demo test setup build test-thread-sanitizer format check-format check-foundation check-allocations check-imports check-texts check-tutorial generate bench fuzz

# How long the demo runs; empty: until q is pressed.
SECONDS =

demo: setup
	@swift build --product thenar 2>&1 | tail -n 1
	@swift build 2>&1 | tail -n 1
	@scripts/demo $(SECONDS)

test: setup
	@scripts/test-venv
	/usr/bin/python3 Tests/MockBus/self_test.py
	swift build --build-tests --explicit-target-dependency-import-check error
	scripts/check-foundation .build/debug
	swift test --skip-build --disable-xctest --skip IntegrationTests
	swift test --skip-build --disable-xctest --no-parallel --filter IntegrationTests

# The hub's tests, each access to memory watched for races between threads.
test-thread-sanitizer: setup
	swift build --build-tests --sanitize=thread --scratch-path .build-thread
	TSAN_OPTIONS="suppressions=$(CURDIR)/scripts/thread-sanitizer.suppressions" swift test --skip-build --sanitize=thread \
	  --scratch-path .build-thread --disable-xctest --filter '^(HubTests|ConsumersTests|StreamTests|SupervisionTests|LoopTests)\.'

setup:
	@scripts/setup

# Release build; the variable is explained in Package.swift.
build:
	THENAR_SMALL_WORKERS=1 swift build -c release

format:
	swift format --in-place --recursive --parallel Sources Plugins Templates Tests Package.swift

check-format:
	swift format lint --strict --recursive --parallel Sources Plugins Templates Tests Package.swift

# Each target imports what it may: the table is in the script.
check-imports:
	scripts/check-imports

# What a reading allocates in the hub.
check-allocations: setup
	scripts/check-allocations

# Whatever the texts cite is in the repository.
check-texts:
	scripts/check-texts

generate:
	scripts/generate

# Does what docs/write-a-driver.md says, outside of the checkout.
check-tutorial: setup
	scripts/check-tutorial

bench: setup build
	Benchmarks/run

# How long each target of Fuzz/ runs, in seconds.
TIME = 60

fuzz:
	scripts/fuzz $(TIME)
