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
how=--check
[ "${LITMUS_ARGS:-}" = --more ] && how=--world
"$(dirname "$0")/../faults/stepper.py" "$build" $how || status=1
exit $status
