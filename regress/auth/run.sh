#!/bin/bash
status=0
for test in rules passwords tcp roles steps; do
	/usr/bin/python3 "$(dirname "$0")/$test.py" "$@" || status=1
done
exit $status
