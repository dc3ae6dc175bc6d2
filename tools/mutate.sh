#!/bin/sh
# Mutation score of one room or module under its own tests.
#
#   tools/mutate.sh src/trialwright/terms tests/terms
#   tools/mutate.sh src/trialwright/visits/cycles.py tests/visits/test_cycles.py
#
# Works on a copy in a temporary folder, which is removed at the end (KEEP=1 keeps it); the
# checkout is never touched. JOBS sets the number of processes (default 2).
# Exit status: 0 when mutmut ran, whatever the score; 2 for wrong arguments.
set -eu

if [ "$#" -lt 2 ]; then
    echo "usage: tools/mutate.sh ROOM_OR_MODULE TESTS..." >&2
    exit 2
fi
root=$(cd "$(dirname "$0")/.." && pwd)
room=${1%/}
shift
for path in "$room" "$@"; do
    if [ ! -e "$root/$path" ]; then
        echo "tools/mutate.sh: $path is not in $root" >&2
        exit 2
    fi
done
bin=$root/.venv/bin
[ -x "$bin/mutmut" ] || bin=$(dirname "$(command -v mutmut)")
shared=${TRIALWRIGHT_SHARED:-$root/../shared}
if [ -d "$shared" ]; then
    TRIALWRIGHT_SHARED=$(cd "$shared" && pwd)
    export TRIALWRIGHT_SHARED
fi

copy=$(mktemp -d "${TMPDIR:-/tmp}/trialwright-mutate.XXXXXX")
if [ -n "${KEEP:-}" ]; then
    echo "copy kept in $copy"
else
    trap 'rm -rf "$copy"' EXIT
    trap 'exit 130' INT TERM
fi
(cd "$root" && tar -cf - --exclude=__pycache__ src tests pyproject.toml) | tar -xf - -C "$copy"
cd "$copy"

pattern=$room
[ -d "$room" ] && pattern=$room/*
tests=
for path in "$@"; do
    tests="$tests\"${path%/}\", "
done
cat >>pyproject.toml <<EOF

[tool.mutmut]
source_paths = ["src"]
only_mutate = ["$pattern"]
pytest_add_cli_args = ["-p", "no:cacheprovider", "--hypothesis-seed=0"]
pytest_add_cli_args_test_selection = [$tests]
EOF

"$bin/mutmut" run --max-children "${JOBS:-2}" >mutmut.log 2>&1 || {
    tail -n 40 mutmut.log >&2
    exit 1
}
"$bin/mutmut" export-cicd-stats >/dev/null
"$bin/python" - <<'EOF'
import json

counts = json.load(open("mutants/mutmut-cicd-stats.json"))
total, killed = counts["total"], counts["killed"] + counts["timeout"]
others = {name: count for name, count in counts.items() if count and name not in {"total", "score"}}
print(f"{killed} of {total} mutants killed ({100 * killed / total:.1f} %):", others)
EOF
"$bin/mutmut" results | sed -n 's/^ *\([^ ]*\): .*/\1/p' | while read -r mutant; do
    "$bin/mutmut" show "$mutant"
done
