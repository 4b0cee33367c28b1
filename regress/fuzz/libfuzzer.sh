#!/bin/bash
# libfuzzer.sh BUILD_DIR TARGET...: each target for FUZZ_SECONDS, starting from
# its corpus; says how many inputs were run.  New inputs go to BUILD_DIR/corpus,
# findings to BUILD_DIR/findings.  FUZZ_MERGE=1 makes the smallest corpus of both
# and puts it into regress/fuzz/corpus.
set -u
cd "$(dirname "$0")/../.."
# a target may change its directory
build=$(realpath "$1")
shift
failed=0
# what is freed is looked after for a while only, for most inputs allocate anew
export ASAN_OPTIONS=quarantine_size_mb=16:detect_leaks=0:max_allocation_size_mb=64:allocator_may_return_null=1:${ASAN_OPTIONS:-}
# files in memory where there is room for them
if [ "$(df --output=avail -m /dev/shm 2>/dev/null | tail -1)" -ge 512 ] 2>/dev/null; then
	export TMPDIR=/dev/shm
fi
for target in "$@"; do
	kept=$PWD/regress/fuzz/corpus/$target
	found=$build/corpus/$target
	mkdir -p "$kept" "$found" "$build/findings"
	if [ "${FUZZ_MERGE:-0}" = 1 ]; then
		merged=$(mktemp -d)
		"$build/fuzz/fuzz_$target" -merge=1 -use_counters=0 -max_len=600 "$merged" \
			"$kept" "$found" >"$build/fuzz_$target.log" 2>&1 || failed=1
		rm -rf "$kept"
		mv "$merged" "$kept"
		chmod 755 "$kept"
		continue
	fi
	# the entropic schedule costs more than the inputs that it chooses
	nice -n 10 "$build/fuzz/fuzz_$target" -max_total_time="$FUZZ_SECONDS" -entropic=0 \
		-detect_leaks=0 -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 \
		-max_len=300 -artifact_prefix="$build/findings/$target-" \
		"$found" "$kept" >"$build/fuzz_$target.log" 2>&1 || failed=1
	executions=$(sed -n 's/^stat::number_of_executed_units: *//p' \
		"$build/fuzz_$target.log")
	echo "$target: ${executions:-0} executions in $FUZZ_SECONDS s"
	[ $failed -eq 0 ] || tail -40 "$build/fuzz_$target.log"
done
exit $failed
