#!/bin/bash
# The litmus programs, then whole builds by the stepper: each test prints its
# own line.  LITMUS_ARGS=--more goes one preemption and many orders further.
build=${1:-build}
status=0
for source in "$(dirname "$0")"/*.c; do
	name=$(basename "$source" .c)
	[ "$name" = litmus ] && continue
	if [ ! -x "$build/litmus/$name" ]; then
		echo "not ok $name: $build/litmus/$name was not built"
		status=1
		continue
	fi
	"$build/litmus/$name" $LITMUS_ARGS || status=1
done

# A program that fails, or is interrupted, leaves nothing behind.
left_nothing()
{
	local name=$1 ended=$2
	if [ "$ended" -eq 1 ] && [ -z "$(ls -A "$tmp")" ]; then
		echo "ok $name"
	else
		echo "not ok $name: status $ended, left: $(find "$tmp" -mindepth 1)"
		status=1
	fi
}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
for test in dsm:dsm-three sharedsort:fileset; do
	program=${test%:*}
	run="$build/litmus/$program --test ${test#*:}"
	TMPDIR=$tmp $run --choices 0101017 >/dev/null 2>&1
	left_nothing "$program-fails" $?
	# not by way of timeout, which may end without it before it knows its number
	TMPDIR=$tmp $run --random 100000000 >/dev/null 2>&1 &
	while [ -z "$(ls -A "$tmp")" ] && kill -0 $! 2>/dev/null; do
		sleep 0.1
	done
	kill -TERM $!
	wait $!
	left_nothing "$program-interrupted" $?
done

how=--check
[ "${LITMUS_ARGS:-}" = --more ] && how=--world
"$(dirname "$0")/../faults/stepper.py" "$build" $how || status=1
exit $status
