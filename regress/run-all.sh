#!/bin/bash
# run-all.sh BUILD_DIR: run every suite and count.
#
# A suite is the unit tests (each executable is one test) and each
# regress/*/run.sh, which prints one line "ok NAME" or "not ok NAME" per test
# and is given the build directory.  A suite that prints neither counts as one
# test by its exit status.  The last line is "N passed, N failed"; the exit
# status is 0 only if nothing failed.  SUITES="unit sql" chooses.

set -u
cd "$(dirname "$0")/.."
build=${1:-build}
passed=0
failed=0
slower=1 # with sanitizers
[ "$(basename "$build")" = build-asan ] && slower=3
# Seconds, against hangs only: a suite takes two minutes at most where it has two
# CPUs for itself, and several times that beside others.  What waits for a state
# that does not come gives up after three minutes by itself (harness.py).
unit_limit=${TEST_TIMEOUT:-$((300 * slower))}
suite_limit=${SUITE_TIMEOUT:-$((1200 * slower))}
log_dir=$(mktemp -d "${TMPDIR:-/tmp}/tusk-check.XXXXXX")
trap 'rm -rf "$log_dir"' EXIT

for suite in ${SUITES:-}; do
	[ "$suite" = unit ] || [ -x "regress/$suite/run.sh" ] || {
		echo "run-all.sh: there is no suite \"$suite\": unit, or a folder of regress/ with a run.sh" >&2
		exit 2
	}
done

wanted()
{
	[ -z "${SUITES:-}" ] || [[ " $SUITES " == *" $1 "* ]]
}

report()
{
	local status=$1 name=$2 log=$3

	if [ "$status" -eq 0 ]; then
		passed=$((passed + 1))
		echo "ok      $name"
	else
		failed=$((failed + 1))
		echo "not ok  $name (status $status)"
		sed 's/^/        /' "$log" | tail -40
	fi
}

if wanted unit; then
	for source in regress/unit/test_*.c; do
		[ -e "$source" ] || continue
		name=$(basename "$source" .c)
		log=$log_dir/$name
		if [ ! -x "$build/unit/$name" ]; then
			echo "$build/unit/$name was not built" >"$log"
			report 127 "unit/$name" "$log"
			continue
		fi
		timeout -k 5 "$unit_limit" "$build/unit/$name" >"$log" 2>&1
		report $? "unit/$name" "$log"
	done
fi

for runner in regress/*/run.sh; do
	[ -x "$runner" ] || continue
	suite=$(basename "$(dirname "$runner")")
	wanted "$suite" || continue
	log=$log_dir/$suite
	timeout -k 5 "$suite_limit" "$runner" "$build" >"$log" 2>&1
	status=$?
	good=$(grep -c '^ok ' "$log")
	bad=$(grep -c '^not ok ' "$log")
	if [ $((good + bad)) -eq 0 ]; then
		report $status "$suite" "$log"
		continue
	fi
	grep -E '^(not )?ok ' "$log" | sed "s|ok |ok  $suite/|"
	passed=$((passed + good))
	failed=$((failed + bad))
	if [ $status -ne 0 ] && [ "$bad" -eq 0 ]; then
		report $status "$suite (the suite itself)" "$log"
	elif [ "$bad" -gt 0 ]; then
		# what each failed test said
		awk '/^(not )?ok / { said = /^not/ } said { print "        " $0 }' \
			"$log" | head -300
	fi
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
