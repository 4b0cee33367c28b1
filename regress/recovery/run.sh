#!/bin/bash
# run.sh BUILD_DIR: builds the layer below the file accesses, then the tests.
# POINTS, LOAD_SECONDS, SEED, JOBS, TESTS, KEEP: see README.md.
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/tusk-recovery.XXXXXX")
trap 'rm -rf "$work"' EXIT
gcc -O1 -Wall -Wextra -fPIC -shared -o "$work/faultio.so" "$here/faultio.c" ||
	exit 1
FAULTIO=$work/faultio.so WORK=$work /usr/bin/python3 "$here/recovery.py" "$@"
