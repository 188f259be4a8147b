#!/usr/bin/env bash
# Sets up everything, builds the release preset and runs every test. Safe to repeat.
#   ./test.sh            all tests
#   ./test.sh -L unit    what ctest selects: labels unit, sim, interop
set -euo pipefail
cd "$(dirname "$0")"
. .ci/setup

install $packages_build $packages_test $packages_demo
build release
say "running the tests"
ctest --test-dir build/release --output-on-failure "$@"
