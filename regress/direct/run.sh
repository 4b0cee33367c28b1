#!/bin/bash
status=0
for transport in socket rings; do
	for test in answers conflicts faults short; do
		DIRECT_TRANSPORT=$transport /usr/bin/python3 \
			"$(dirname "$0")/$test.py" "$@" || status=1
	done
done
exit $status
