#!/bin/bash
# run.sh [BUILD_DIR]: verify the models with spin.
#
# cases says what is verified and what must be found when a rule is broken.
# Without more those of size "small"; MODELS=all verifies all (about four
# minutes).  CASES="name ..." chooses.  A verification that did not go through
# all states (no memory, too deep) is a failure, whatever it has found.

set -u
cd "$(dirname "$0")" || exit 1
models=$PWD
work=$(mktemp -d "${TMPDIR:-/tmp}/tusk-models.XXXXXX")
trap 'rm -rf "$work"' EXIT

if ! command -v spin >/dev/null; then
	echo "not ok spin (not installed: tools/deps.sh)"
	exit 1
fi

wanted()
{
	if [ -n "${CASES:-}" ]; then
		[[ " $CASES " == *" $2 "* ]]
	else
		[ "$1" = small ] || [ "${MODELS:-}" = all ]
	fi
}

# What spin's verifier found, in one word.
verdict()
{
	if grep -qE 'max search depth too small|out of memory|Search not completed' out &&
		grep -q 'errors: 0' out; then
		echo "incomplete"
	elif grep -q 'errors: 0' out; then
		echo "holds"
	elif grep -q 'invalid end state' <(grep '^pan:1' out); then
		echo "hangs"
	elif grep -q 'assertion violated' out; then
		echo "asserts"
	elif grep -q 'acceptance cycle' out; then
		echo "cycles"
	else
		echo "unclear"
	fi
}

verify()
{
	local name=$1 model=$2 expected=$3 defines=$4 what=$5
	local compile="-DSAFETY -DCOLLAPSE" run="" found figures

	case $model in
		"ltl "*) compile="-DNFAIR=5" run="-a -f" model=${model#ltl } ;;
		"noend "*) run="-E" model=${model#noend } ;;
	esac
	rm -rf "$work/one"
	mkdir "$work/one"
	cd "$work/one" || exit 1
	cp "$models"/*.pml .
	# shellcheck disable=SC2086
	if ! spin -a $(printf -- '-D%s ' $defines) "$model.pml" >spin.out 2>&1 ||
		grep -q Error spin.out ||
		! gcc -O1 -w $compile -DMEMLIM=900 -o pan pan.c >gcc.out 2>&1; then
		echo "not ok $name (does not compile)"
		cat spin.out gcc.out 2>/dev/null
		return
	fi
	# shellcheck disable=SC2086
	./pan $run -m200000 >out 2>&1
	found=$(verdict)
	figures=$(awk '/states, stored/ { n = $1 } /elapsed time/ { t = $4 }
		/total actual memory/ { m = $1 }
		END { printf "%d states, %s s, %.0f MB", n, t, m }' out)
	if [ "$found" = "$expected" ]; then
		[ "$expected" = holds ] || figures="caught: $what; $figures"
		echo "ok $name ($figures)"
	else
		echo "not ok $name ($found instead of $expected; $figures)"
		spin -t -p -g -l $(printf -- '-D%s ' $defines) "$model.pml" 2>&1 | tail -60
	fi
}

trim()
{
	local text=$1

	text=${text#"${text%%[![:space:]]*}"}
	echo "${text%"${text##*[![:space:]]}"}"
}

while IFS='|' read -r size name model expected defines what; do
	size=$(trim "$size")
	case $size in ''|'#'*) continue ;; esac
	name=$(trim "$name")
	wanted "$size" "$name" || continue
	verify "$name" "$(trim "$model")" "$(trim "$expected")" \
		"$(trim "$defines")" "$(trim "$what")"
done <cases
