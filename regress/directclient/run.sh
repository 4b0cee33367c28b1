#!/bin/bash
# run.sh BUILD_DIR
build=$(cd "${1:-build}" && pwd)
make -s $([ "$(basename "$build")" = build-asan ] && echo SANITIZE=1) \
	"$(basename "$build")/bin/direct_client" || exit 1
exec /usr/bin/python3 "$(dirname "$0")/direct_client.py" "$build"
