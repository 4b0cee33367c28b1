#!/bin/bash
# run.sh BUILD_DIR
status=0
for file in isolation.py lock_table.py names.py hnsw_scans.py hnsw_races.py; do
	/usr/bin/python3 "$(dirname "$0")/$file" "$@" || status=1
done
exit $status
