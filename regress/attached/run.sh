#!/bin/bash
# run.sh BUILD_DIR: the programs are compiled as a user would, with nothing but
# the header and the library.
build=$(cd "${1:-build}" && pwd)
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d "${TMPDIR:-/tmp}/tusk-attached.XXXXXX")
trap 'rm -rf "$work"' EXIT
make -s $([ "$(basename "$build")" = build-asan ] && echo SANITIZE=1) \
	"$(basename "$build")/bin/stepped_client" || exit 1
sanitize=
[ "$(basename "$build")" = build-asan ] && sanitize=-fsanitize=address,undefined
for program in victims segment lives; do
	${CC:-gcc} -std=gnu11 -Wall -Wextra -Werror -O1 -g $sanitize -Iinclude \
		-o "$work/$program" regress/attached/$program.c \
		"$build/lib/libtusk.a" -lcrypto -lurcu-bp -lurcu-cds -lpthread -lm || exit 1
done
PROGRAMS=$work /usr/bin/python3 regress/attached/attached.py "$build"
