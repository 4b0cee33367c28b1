#!/bin/bash
# deps.sh: install what the build, the tests and the demo need, from
# Debian's or Ubuntu's packages.  Says nothing when all is there.
#
#	tools/deps.sh			install what is missing
#	tools/deps.sh --check	only say what is missing; exit 1 if anything is
#	tools/deps.sh --fuzz	install also what "make fuzz" needs
#
# Where it may not install (no root, no sudo, no apt) it prints the command.

set -u

# package | what of it is looked for | what it is for
NEEDED='
gcc|cmd:gcc|compiles the server
make|cmd:make|runs the build
libpg-query-dev|pkg|PostgreSQL'"'"'s SQL grammar
libprotobuf-c-dev|file:/usr/include/protobuf-c/protobuf-c.h|carries the grammar'"'"'s trees
liburcu-dev|pkg|atomics and barriers
libcunit1-dev|file:/usr/include/CUnit/CUnit.h|unit tests
libxxhash-dev|file:/usr/include/xxhash.h|hashing
liblz4-dev|file:/usr/include/lz4.h|compression
libssl-dev|file:/usr/include/openssl/evp.h|random bytes and SCRAM
g++|cmd:g++|compiles the benchmark'"'"'s peer
libhnswlib-dev|file:/usr/include/hnswlib/hnswlib.h|the benchmark'"'"'s peer
libfaiss-dev|file:/usr/include/faiss/IndexIVFFlat.h|its peer for ivfflat
wamerican-large|file:/usr/share/dict/american-english-large|the words of the demo
libpq-dev|file:/usr/include/postgresql/libpq-fe.h|a client of the benchmark
postgresql-client-15|file:/usr/lib/postgresql/15/bin/psql|psql and pgbench as judges
postgresql-15|file:/usr/lib/postgresql/15/bin/pg_checksums|pg_checksums, pg_controldata, pg_waldump as judges
postgresql-filedump|cmd:pg_filedump|reads pages as a judge
python3-psycopg|py:psycopg|a client as a judge
pkg-config|cmd:pkg-config|how programs find libtusk
python3-numpy|py:numpy|what the Python package gives and takes
python3-tqdm|py:tqdm|how it shows progress
python3-pip|py:pip|installs it
python3-setuptools|py:setuptools|builds it for pip
python3-wheel|py:wheel|likewise
clang|cmd:clang|the second compiler
clang-format|cmd:clang-format|make format
spin|cmd:spin|verifies the models of regress/models
'

[ "${1:-}" = "--fuzz" ] && NEEDED+='libclang-rt-dev|pkg|libFuzzer and the sanitizers of clang
'

# True if the package's part that is looked for is there.
present()
{
	case $2 in
		cmd:*) command -v "${2#cmd:}" >/dev/null 2>&1 ;;
		file:*) [ -e "${2#file:}" ] ;;
		py:*) /usr/bin/python3 -c "import ${2#py:}" >/dev/null 2>&1 ;;
		*) dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q '^install ok' ;;
	esac
}

missing=()
while IFS='|' read -r package probe purpose; do
	[ -n "$package" ] || continue
	if ! present "$package" "$probe"; then
		missing+=("$package")
		echo "deps.sh: missing $package: $purpose"
	fi
done <<<"$NEEDED"

[ ${#missing[@]} -eq 0 ] && exit 0
[ "${1:-}" = "--check" ] && exit 1

install_command="apt-get install -y --no-install-recommends ${missing[*]}"
if ! command -v apt-get >/dev/null; then
	echo "deps.sh: no apt-get here; install by your system's means: ${missing[*]}" >&2
	exit 1
fi
if [ "$(id -u)" -eq 0 ]; then
	as_root=()
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
	as_root=(sudo -n)
else
	echo "deps.sh: may not install here; run as root: $install_command" >&2
	exit 1
fi

# The tools of postgresql-15 are wanted, not a cluster that starts by itself.
if [[ " ${missing[*]} " == *" postgresql-15 "* ]] &&
	[ ! -e /etc/postgresql-common/createcluster.conf ]; then
	"${as_root[@]}" mkdir -p /etc/postgresql-common
	echo 'create_main_cluster = false' |
		"${as_root[@]}" tee /etc/postgresql-common/createcluster.conf >/dev/null
fi
echo "deps.sh: $install_command"
"${as_root[@]}" apt-get update -q >/dev/null || true
if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive $install_command >/tmp/tusk-deps.$$ 2>&1; then
	tail -20 /tmp/tusk-deps.$$ >&2
	rm -f /tmp/tusk-deps.$$
	echo "deps.sh: could not install; run as root: $install_command" >&2
	exit 1
fi
rm -f /tmp/tusk-deps.$$
