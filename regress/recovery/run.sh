#!/bin/bash
# run.sh BUILD_DIR: builds the layer below the file accesses, then the tests.
# POINTS, FAILURES, LOAD_SECONDS, SEED, JOBS, TESTS, KEEP: see README.md.
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/tusk-recovery.XXXXXX")
trap 'rm -rf "$work"' EXIT
gcc -O1 -Wall -Wextra -fPIC -shared -o "$work/faultio.so" "$here/faultio.c" ||
	exit 1
# the runtime of an address sanitizer wants to be loaded before all else
runtime=$(ldd "${1:-build}/bin/postmaster" 2>/dev/null |
	awk '/libasan/ { print $3 ":" }')
FAULTIO=$runtime$work/faultio.so WORK=$work /usr/bin/python3 "$here/recovery.py" "$@"
