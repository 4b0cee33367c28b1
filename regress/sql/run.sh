#!/bin/bash
# run.sh BUILD_DIR: each *.sql here through psql on a private server; what comes
# out must be expected/*.out, byte for byte.  The expected output of files that
# do not use vectors was written by PostgreSQL 15 itself:
#	psql -X -a -q postgres <FILE.sql >expected/FILE.out 2>&1
set -u
build=$(cd "${1:-build}" && pwd)
cd "$(dirname "$0")"
work=$(mktemp -d "${TMPDIR:-/tmp}/tusk-sql.XXXXXX")
cleanup()
{
	"$build/bin/tusk" stop -D "$work/data" -m immediate >/dev/null 2>&1
	rm -rf "$work"
}
trap cleanup EXIT

"$build/bin/tusk" init -D "$work/data" >"$work/out" 2>&1 &&
	"$build/bin/tusk" start -D "$work/data" -l "$work/log" \
		-o autovacuum=off >>"$work/out" 2>&1 || {
	cat "$work/out" "$work/log" 2>/dev/null
	exit 1
}
status=0
for file in *.sql; do
	name=${file%.sql}
	PGHOST=$work/data PGDATABASE=postgres LC_ALL=C timeout 180 \
		psql -X -a -q <"$file" >"$work/$name.out" 2>&1
	if diff -u "expected/$name.out" "$work/$name.out" >"$work/$name.diff"; then
		echo "ok $name"
	else
		echo "not ok $name"
		cat "$work/$name.diff"
		status=1
	fi
	[ -z "${KEEP_OUTPUT:-}" ] || cp "$work/$name.out" "$KEEP_OUTPUT/"
done
if ! "$build/bin/tusk" stop -D "$work/data" >"$work/out" 2>&1; then
	echo "not ok stop"
	cat "$work/out" "$work/log"
	status=1
fi
if grep -nE -f ../log_faults "$work/log"; then
	echo "not ok server_log"
	status=1
fi
exit $status
