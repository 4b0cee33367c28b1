#!/bin/bash
exec /usr/bin/python3 "$(dirname "$0")/copy_tests.py" "$@"
