#!/bin/bash
# The stories, then whether the page of injection points is what was compiled.
here=$(dirname "$0")
build=${1:-build}
/usr/bin/python3 "$here/stories.py" "$build"
status=$?
if [ -z "${TESTS:-}" ] || [[ " $TESTS " == *" injection_points_page "* ]]; then
	page=$here/../../doc/injection-points.md
	names='`[a-z0-9-]*`'
	if compiled=$("$here/../../tools/points.py" "$build") &&
		diff -q "$page" <(echo "$compiled") >/dev/null; then
		echo "ok injection_points_page"
	else
		echo "not ok injection_points_page"
		echo "doc/injection-points.md is not what was compiled; \"make points\" writes it:"
		diff <(grep -o "$names" "$page" | sort) \
			<(echo "$compiled" | grep -o "$names" | sort) | grep '^[<>]'
		status=1
	fi
fi
exit $status
