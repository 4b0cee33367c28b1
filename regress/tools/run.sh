#!/bin/bash
# run.sh BUILD_DIR: PostgreSQL's own tools read what a stopped server left.
exec /usr/bin/python3 "$(dirname "$0")/tools.py" "${1:-build}"
