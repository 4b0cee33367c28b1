#!/bin/bash
# run.sh BUILD_DIR: the C client against a private server.  The program is
# compiled here, with nothing but the header and the library, as a user would;
# the header must please a C++ compiler too.
set -u
build=$(cd "${1:-build}" && pwd)
cd "$(dirname "$0")/../.."
work=$(mktemp -d "${TMPDIR:-/tmp}/tusk-lib.XXXXXX")
cleanup()
{
	"$build/bin/tusk" stop -D "$work/data" -m immediate >/dev/null 2>&1
	rm -rf "$work"
}
trap cleanup EXIT

if echo '#include "tusk.h"' | ${CXX:-g++} -x c++ -Wall -Wextra -Werror \
	-pedantic -fsyntax-only -Iinclude - 2>"$work/out"; then
	echo "ok header_cxx"
else
	echo "not ok header_cxx"
	cat "$work/out"
fi
sanitize=
[ "$(basename "$build")" = build-asan ] && sanitize=-fsanitize=address,undefined
${CC:-gcc} -std=c11 -Wall -Wextra -Werror -g $sanitize -Iinclude \
	-o "$work/test" regress/libtusk/libtusk_test.c "$build/lib/libtusk.a" \
	-lpthread &&
	"$build/bin/tusk" init -D "$work/data" >"$work/out" 2>&1 &&
	"$build/bin/tusk" start -D "$work/data" -l "$work/log" \
		>>"$work/out" 2>&1 || {
	cat "$work/out"
	exit 1
}
timeout 120 "$work/test" "$work/data"
status=$?
# the shared library has what the header declares, and nothing else
exported=$(nm -D --defined-only "$build/lib/libtusk.so" | awk '{print $3}' |
	grep -v '^_' | sort)
declared=$(tr '\n' ' ' <include/tusk.h | grep -oE 'TUSK_API [^();]*\(' |
	sed -n 's/.*[ *]\(tusk_[a-z0-9_]*\)($/\1/p' | sort)
if [ "$exported" = "$declared" ]; then
	echo "ok exported_names"
else
	echo "not ok exported_names"
	diff <(echo "$exported") <(echo "$declared")
fi
# what is installed is enough to build and run a program with -ltusk, and the
# installed server starts
installed()
{
	cat >"$work/program.c" <<-'END'
		#include <stdio.h>
		#include <tusk.h>
		int main(int argc, char **argv)
		{
			tusk_session *s;
			tusk_result *r = NULL;
			int failed = tusk_attach(argv[1], NULL, &s) != TUSK_OK ||
				tusk_exec(s, "SELECT 'it works'", &r) != TUSK_OK;

			puts(failed ? tusk_error_of(s)->message : tusk_result_value(r, 0, 0));
			tusk_result_free(r);
			tusk_detach(s);
			return failed;
		}
	END
	local flags=
	[ -n "$sanitize" ] && flags=SANITIZE=1
	make -s $flags install prefix="$work/inst" &&
		${CC:-gcc} $sanitize -o "$work/program" "$work/program.c" \
			-I"$work/inst/include" -L"$work/inst/lib" -ltusk \
			-Wl,-rpath,"$work/inst/lib" &&
		"$work/inst/bin/tusk" init -D "$work/data2" &&
		"$work/inst/bin/tusk" start -D "$work/data2" &&
		"$work/program" "$work/data2" >"$work/said" &&
		"$work/inst/bin/tusk" stop -D "$work/data2" &&
		[ "$(cat "$work/said")" = "it works" ]
}
if installed >"$work/out" 2>&1; then
	echo "ok installed"
else
	echo "not ok installed"
	cat "$work/out"
	"$build/bin/tusk" stop -D "$work/data2" -m immediate >/dev/null 2>&1
fi
"$build/bin/tusk" stop -D "$work/data" >"$work/out" 2>&1 || {
	echo "not ok stop"
	cat "$work/out"
}
if grep -nE -f regress/log_faults "$work/log"; then
	echo "not ok server_log"
	status=1
fi
exit $status
