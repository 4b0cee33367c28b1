#!/bin/bash
# check-defects.sh BUILD_DIR [DEFECT...]: does the test of each defect see it?
#
# include/defects.h names the defects, each with its test.  A test must pass
# with the build of BUILD_DIR and fail with the defect built in.  A build with a
# defect begins with the objects of BUILD_DIR, so that only what mentions the
# defect is compiled.  Prints a table, and as its last line "N of N caught"; the
# exit status is 0 only if all were.
#
# DEFECT is a name as the makefile takes it (area-size-wraps); all if none is.

set -u
cd "$(dirname "$0")/../.."
build=${1:-build}
shift
log=$(mktemp -d "${TMPDIR:-/tmp}/tusk-defects.XXXXXX")
trap 'rm -rf "$log"' EXIT
# With the defect some tests wait for what never comes.
export WATCHDOG=${WATCHDOG:-20}
caught=0
total=0

# "macro: suite/test", one per line
listed()
{
	sed -n 's/^ \* TUSK_DEFECT_\([A-Z0-9_]*\): \([a-z0-9_/-]*\)$/\1 \2/p' \
		include/defects.h
}

# run_test BUILD_DIR suite/test: its exit status; what it says is in $log/test
run_test()
{
	local suite=${2%%/*} name=${2#*/}

	if [ "$suite" = unit ] || [ "$suite" = litmus ]; then
		timeout -k 5 120 "$1/$2" >"$log/test" 2>&1
		return
	fi
	TESTS="$name" timeout -k 5 300 "regress/$suite/run.sh" "$1" \
		>"$log/test" 2>&1
	local status=$?
	if ! grep -q "^\(not \)\?ok $name\b" "$log/test"; then
		echo "there is no test $2" >>"$log/test"
		return 2
	fi
	grep -q "^ok $name .*passed over" "$log/test" && return 3
	return $status
}

# What the failed test complained of, in one line.
complaint()
{
	grep -m 1 -E '^(not ok .*: |AssertionError|psycopg\.|  +[0-9]+\. |[A-Za-z.]+Error)' \
		"$log/test" | sed 's/^ *//; s/\[.*//' | cut -c 1-90
}

build_defect()
{
	local name=$1 dir=build-defect-$1

	rm -rf "$dir"
	mkdir -p "$dir"
	cp -al "$build/obj" "$dir/obj"
	[ ! -d "$build/stepped" ] || cp -al "$build/stepped" "$dir/stepped"
	grep -lrw --include='*.c' "$2" utils storage postmaster parallel access \
		sql contrib | sed 's|\.c$|.o|' | while read -r object; do
		rm -f "$dir/obj/$object" "$dir/stepped/$object"
	done
	rm -f "$dir/obj/postmaster/postmaster.o"
	case $3 in
		unit/* | litmus/*) set -- "$dir/$3" ;;
		*) set -- all ;;
	esac
	make --no-print-directory TUSK_DEFECT="$name" "$@" >"$log/make" 2>&1 ||
		{ cat "$log/make"; return 1; }
}

printf '%-30s %-34s %-8s %s\n' defect test result "what the test said"
while read -r macro story; do
	name=$(echo "$macro" | tr 'A-Z_' 'a-z-')
	[ $# -gt 0 ] && [[ " $* " != *" $name "* ]] && continue
	total=$((total + 1))
	case $story in
		unit/* | litmus/*) make --no-print-directory "$build/$story" >"$log/make" 2>&1 ;;
	esac
	run_test "$build" "$story"
	case $? in
		0) ;;
		3)
			total=$((total - 1))
			printf '%-30s %-34s %s\n' "$name" "$story" "not possible here"
			continue
			;;
		*)
			printf '%-30s %-34s %s\n' "$name" "$story" "fails without it"
			cat "$log/test"
			continue
			;;
	esac
	build_defect "$name" "TUSK_DEFECT_$macro" "$story" || continue
	if run_test "build-defect-$name" "$story"; then
		printf '%-30s %-34s %s\n' "$name" "$story" "MISSED"
	else
		caught=$((caught + 1))
		printf '%-30s %-34s %-8s %s\n' "$name" "$story" caught "$(complaint)"
	fi
	rm -rf "build-defect-$name"
done < <(listed)
echo "$caught of $total caught"
[ "$caught" -eq "$total" ] && [ "$total" -gt 0 ]
