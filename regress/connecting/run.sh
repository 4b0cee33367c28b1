#!/bin/bash
# run.sh BUILD_DIR: by the Python package, which hands everything to libtusk.
build=$(cd "${1:-build}" && pwd)
cd "$(dirname "$0")/../.." || exit 1
if [ "$(basename "$build")" = build-asan ]; then
	# the interpreter has no sanitizer, and keeps what it likes
	export LD_PRELOAD=$(${CC:-gcc} -print-file-name=libasan.so)
	export ASAN_OPTIONS=detect_leaks=0:${ASAN_OPTIONS:-}
fi
export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$PWD/interfaces/python
export TUSK_LIBRARY=$build/lib/libtusk.so TUSK_BINDIR=$build/bin
status=0
for test in tcp ends; do
	/usr/bin/python3 regress/connecting/$test.py "$build" || status=1
done
exit $status
