#!/bin/bash
# run.sh BUILD_DIR: the corpora of the fuzz targets once more (`make fuzz` makes
# new inputs), then damaged messages to a server (fuzz.py).
here=$(realpath "$(dirname "$0")")
build=$(realpath "${1:-build}")
status=0
for target in ring messages; do
	if out=$(timeout 300 "$build/fuzz/replay_$target" \
		"$here/corpus/$target/"* 2>&1); then
		echo "ok replay_$target ($out)"
	else
		echo "not ok replay_$target"
		echo "$out" | tail -40
		status=1
	fi
done
/usr/bin/python3 "$here/fuzz.py" "$@" || status=1
exit $status
