#!/bin/bash
# run.sh BUILD_DIR: the Python package, as it is in the sources and as
# make install puts it.
set -u
build=$(cd "${1:-build}" && pwd)
cd "$(dirname "$0")/../.."
inst=$(mktemp -d "${TMPDIR:-/tmp}/tusk-python.XXXXXX")
trap 'rm -rf "$inst"' EXIT
sanitize=
if [ "$(basename "$build")" = build-asan ]; then
	# the interpreter has no sanitizer, and keeps what it likes
	sanitize=SANITIZE=1
	export LD_PRELOAD=$(${CC:-gcc} -print-file-name=libasan.so)
	export ASAN_OPTIONS=detect_leaks=0:${ASAN_OPTIONS:-}
fi
LD_PRELOAD= make -s $sanitize install prefix="$inst" >"$inst/out" 2>&1 || {
	cat "$inst/out"
	echo "not ok install"
	exit 1
}
export PYTHONDONTWRITEBYTECODE=1
TUSK_INSTALLED="$inst" PYTHONPATH="$PWD/interfaces/python" \
	TUSK_LIBRARY="$build/lib/libtusk.so" TUSK_BINDIR="$build/bin" \
	/usr/bin/python3 regress/python/python_client.py "$build"
