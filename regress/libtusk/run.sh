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
compile()
{
	${CC:-gcc} -std="$1" -Wall -Wextra -Werror -g $sanitize -Iinclude \
		-o "$work/$2" "regress/libtusk/$3.c" "$build/lib/libtusk.a" \
		-lcrypto -lurcu-bp -lurcu-cds -lpthread -lm
}
compile c11 test libtusk_test && compile gnu11 api api_test &&
	compile gnu11 trouble trouble_test &&
	"$build/bin/tusk" init -D "$work/data" >"$work/out" 2>&1 || {
	cat "$work/out"
	exit 1
}
printf '%s\n' "local all all trust" \
	"host all all 127.0.0.1/32 scram-sha-256" >"$work/data/pg_hba.conf"
# on a port that is free; somebody may take it first: then another
for try in 1 2 3 4 5 6 7 8 9 10; do
	PGPORT=$(/usr/bin/python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')
	export PGPORT
	"$build/bin/tusk" start -D "$work/data" -l "$work/log" \
		-o listen_addresses=127.0.0.1 -o port="$PGPORT" \
		-o autovacuum=off >"$work/out" 2>&1 &&
		break
done
psql -X -q -h "$work/data" -d postgres -c \
	"ALTER ROLE current_user PASSWORD 'it''s'" >>"$work/out" 2>&1 || {
	cat "$work/out"
	exit 1
}
# over what the server offers, over rings without spinning, over the socket, over
# TCP
status=0
for way in best rings off tcp; do
	spin=50
	[ $way = rings ] && spin=0
	attach=$way
	host=$work/data
	[ $way = tcp ] && attach=best host=127.0.0.1
	for program in test api trouble; do
		TUSK_ATTACH=$attach TUSK_RING_SPIN=$spin TUSK_BINDIR="$build/bin" \
			PGPASSWORD="it's" PGOPTIONS="-c ring_spin=$spin" \
			timeout 300 "$work/$program" "$host" >"$work/$program.out" ||
			status=1
	done
	cat "$work/test.out" "$work/api.out" "$work/trouble.out" >"$work/out"
	sed "s/^\(not ok\|ok\) /&${way}_/" "$work/out"
done
unset PGPORT
# the shared library has what the header declares, and nothing else
exported=$(nm -D --defined-only "$build/lib/libtusk.so" | awk '{print $3}' |
	sed 's/@.*//' | grep -v '^_\|^TUSK_' | sort)
declared=$(tr '\n' ' ' <include/tusk.h | grep -oE 'TUSK_API [^();]*\(' |
	sed -n 's/.*[ *]\(tusk_[a-z0-9_]*\)($/\1/p' | sort)
if [ "$exported" = "$declared" ]; then
	echo "ok exported_names"
else
	echo "not ok exported_names"
	diff <(echo "$exported") <(echo "$declared")
fi
tools/reference.py >"$work/out" && echo "ok reference" || {
	echo "not ok reference"
	cat "$work/out"
	status=1
}
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
# each example, with what pkg-config says of the installed library; restart.c
# over the death of its server
examples()
{
	local dir="dir=$work/own autostart=on"

	cp -r interfaces/libtusk/examples "$work" && cd "$work/examples" &&
		make -s CC="${CC:-gcc}" CFLAGS="-Wall -Wextra -Werror $sanitize" \
			PKG_CONFIG_PATH="$work/inst/lib/pkgconfig" || return 1
	local program
	for program in search build threads restart; do
		! ./$program /nonexistent 2>said && grep -q '"/nonexistent/.s.PGSQL' said ||
			return 1
	done
	./search "$dir" >said || return 1
	[ "$(cat said)" = "$(printf '1 at 2.449\n2 at 5.745')" ] || cat said
	[ "$(cat said)" = "$(printf '1 at 2.449\n2 at 5.745')" ] &&
		./build "$dir" >said && cat said && grep -q '^built in' said &&
		./threads "$dir" >said && cat said &&
		[ "$(grep -c 'searches a second' said)" = 2 ] || return 1
	./restart "$dir" 4 >over &
	local pid=$!
	while [ ! -s over ] && kill -0 $pid; do sleep 0.05; done
	"$work/inst/bin/tusk" stop -D "$work/own" -m immediate
	wait $pid && cat over && grep -q '^lost: 57P0' over
}
if installed >"$work/out" 2>&1; then
	echo "ok installed"
else
	echo "not ok installed"
	cat "$work/out"
	"$build/bin/tusk" stop -D "$work/data2" -m immediate >/dev/null 2>&1
fi
if (examples) >"$work/out" 2>&1; then
	echo "ok examples"
else
	echo "not ok examples"
	cat "$work/out"
	status=1
fi
for dir in own data2; do
	"$build/bin/tusk" stop -D "$work/$dir" -m immediate >"$work/out" 2>&1
done
"$build/bin/tusk" stop -D "$work/data" >"$work/out" 2>&1 || {
	echo "not ok stop"
	cat "$work/out"
}
if grep -nE -f regress/log_faults "$work/log"; then
	echo "not ok server_log"
	status=1
fi
exit $status
