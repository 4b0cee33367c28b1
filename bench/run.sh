#!/bin/bash
# run.sh [BUILD_DIR]: Tusk against hnswlib on the vectors of the demo's words.
#
# TUSK_BENCH_DATA=NAME takes NAME.base.bvecs, NAME.query.bvecs and NAME.gt.ivecs
# instead.
#
# Starts a private server in a temporary directory and prints one table: build
# seconds, recall@10 and queries per second (one session, one thread) of Tusk
# with 1 and 2 participants and of hnswlib with 1 and 2 threads, at several ef;
# then how they compare.  They take turns, ROUNDS (3) times, and the medians
# count: compare ratios, not days.
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:-build}
ef=40,80,160,200
dir=$(mktemp -d "${TMPDIR:-/tmp}/tusk-bench-XXXXXX")
finish() {
	"$build/bin/tusk" status -D "$dir/data" >/dev/null 2>&1 && "$build/bin/tusk" stop -D "$dir/data" -m fast >/dev/null
	rm -rf "$dir"
}
trap finish EXIT
if [ -n "${TUSK_BENCH_DATA:-}" ]; then
	base=$TUSK_BENCH_DATA.base.bvecs
	query=$TUSK_BENCH_DATA.query.bvecs
	gt=$TUSK_BENCH_DATA.gt.ivecs
else
	base=$dir/words.fvecs
	query=$dir/queries.fvecs
	gt=$dir/queries.gt.ivecs
	"$build/bin/tusk" demo --vectors-only "$dir" >/dev/null
fi
for f in "$base" "$query" "$gt"; do
	[ -r "$f" ] || { echo "run.sh: $f is missing (TUSK_BENCH_DATA)" >&2; exit 1; }
done
"$build/bin/tusk" init -D "$dir/data" >/dev/null
"$build/bin/tusk" start -D "$dir/data" -o shared_buffers=256MB -o maintenance_work_mem=512MB >/dev/null
for _ in $(seq "${ROUNDS:-3}"); do
	"$build/bin/tusk" bench -D "$dir/data" --base "$base" --query "$query" --gt "$gt" --workers 0,1 --ef $ef
	"$build/bin/hnswlib_bench" "$base" "$query" --gt "$gt" --threads 1,2 --ef $ef
done >"$dir/table"
bench/medians.py <"$dir/table"
