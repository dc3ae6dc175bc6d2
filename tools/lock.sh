#!/bin/sh
# Write the exact versions and hashes of everything that is installed: requirements/*.txt.
#
#   tools/lock.sh              add what is new, keep the versions that are locked
#   tools/lock.sh --upgrade    take the newest versions allowed by pyproject.toml
#
# The files hold names, versions and hashes, and no address: each machine asks the index that its
# own pip is set up for. Extras are kept (`coverage[toml]`): without them pip looks for the newest
# version of what another package asks for with extras, and finds no hash for it.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
cd "$root"
sh setup.sh install dev

lock() {
    name=$1
    shift
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-annotate --no-strip-extras --custom-compile-command 'make lock' \
        --output-file "requirements/$name.txt" "$@" >/dev/null
    if grep -n '://' "requirements/$name.txt"; then
        echo "tools/lock.sh: requirements/$name.txt names an address" >&2
        exit 1
    fi
    echo "requirements/$name.txt: $(grep -c '==' "requirements/$name.txt") packages"
}

# The widest set first; the others may only repeat its versions.
lock dev "$@" pyproject.toml requirements/build.in --extra hospital --extra web --extra spark --extra test --extra docs --extra dev
lock test "$@" pyproject.toml --extra hospital --extra web --extra spark --extra test \
    --constraints requirements/dev.txt
for extra in hospital web docs; do
    lock "$extra" "$@" pyproject.toml --extra "$extra" --constraints requirements/dev.txt
done
lock runtime "$@" pyproject.toml --constraints requirements/dev.txt
lock build "$@" requirements/build.in --constraints requirements/dev.txt
