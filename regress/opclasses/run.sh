#!/bin/bash
# run.sh BUILD_DIR
status=0
for file in opclasses.py equal_rows.py plans.py; do
	/usr/bin/python3 "$(dirname "$0")/$file" "$@" || status=1
done
exit $status
