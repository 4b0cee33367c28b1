#!/bin/bash
# run.sh: every source file is as "make format" would leave it; nothing is
# changed.  Other versions of clang-format than Debian 12's lay out some lines
# in another way: with those there is nothing to compare.
set -u
cd "$(dirname "$0")/../.."
wanted=14
version=$(clang-format --version 2>/dev/null | sed -n 's/.*version \([0-9]*\).*/\1/p')
if [ "$version" != "$wanted" ]; then
	echo "ok layout (not compared: needs clang-format $wanted, found ${version:-none})"
	exit 0
fi
# A copy without its history has no list: what is there is looked for.
files=$(git ls-files '*.c' '*.h' 2>/dev/null)
[ -n "$files" ] || files=$(find . -path './build*' -prune -o -name '*.[ch]' -print)
# shellcheck disable=SC2086 # no name has a blank
found=$(clang-format --dry-run $files 2>&1 | sed -n 's/: warning: .*//p' |
	cut -d: -f1,2 | uniq)
if [ -z "$found" ]; then
	echo "ok layout"
else
	echo "not ok layout: make format"
	echo "$found"
	exit 1
fi
