#!/bin/bash
# The tests one by one, then the most telling cases of the matrix; and that the
# mutations are of the code as it is.
here=$(dirname "$0")
/usr/bin/python3 "$here/faults.py" "$@"
status=$?
[ -n "${TESTS:-}" ] || /usr/bin/python3 "$here/matrix.py" "${1:-build}" --check || status=1
if [ -z "${TESTS:-}" ]; then
	if /usr/bin/python3 "$here/mutations/run.py" --list >/dev/null; then
		echo "ok mutations-apply"
	else
		echo "not ok mutations-apply (regress/faults/mutations/rules.py)"
		status=1
	fi
fi
exit $status
