#!/bin/bash
# run.sh BUILD_DIR
status=0
for test in ivfflat codes watch; do
	/usr/bin/python3 "$(dirname "$0")/$test.py" "$@" || status=1
done
exit $status
