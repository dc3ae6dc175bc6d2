#!/bin/sh
# Set up Trialwright and run it, on a machine that has Python 3.11 or newer and nothing else.
#
#   sh setup.sh demo [PAGE] [--bundle FILE]   set up, and take one participant all the way
#   sh setup.sh serve [OPTIONS]               set up for the pages, and open a trial in a browser
#   sh setup.sh serve --demo                  the same, on an invented trial in progress
#   sh setup.sh hospital [COMMAND ...]        set up for whole hospitals, and run that command, e.g.
#                                             sh setup.sh hospital screen --help
#   sh setup.sh test [PYTEST ARGUMENTS]       set up, and run the tests
#   sh setup.sh suites [full|tenth] [PYTEST ARGUMENTS]
#                                             set up, and run the suites that take long
#   sh setup.sh install [runtime|web|hospital|test|docs|dev]   only set up (dev: everything)
#
# Works from any folder. What it installs goes into .venv beside this file, at the exact versions
# in requirements/; a second run finds them there. Missing system packages are installed by apt.
#
# PYTHON=/path/to/python   the interpreter to use (default: the first of python3, python3.11 ... )
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
venv=$root/.venv
PIP_DISABLE_PIP_VERSION_CHECK=1
PIP_NO_INPUT=1
export PIP_DISABLE_PIP_VERSION_CHECK PIP_NO_INPUT

say() { printf 'setup: %s\n' "$*" >&2; }
stop() {
    say "$*"
    exit 2
}

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        command -v "$PYTHON" >/dev/null 2>&1 || stop "PYTHON=$PYTHON is no command"
        is_new_enough "$PYTHON" ||
            stop "PYTHON=$PYTHON is $("$PYTHON" --version 2>&1); Python 3.11 or newer is needed"
        python=$PYTHON
        return
    fi
    for python in python3 python3.11 python3.12 python3.13 python3.14 python; do
        is_new_enough "$python" && return
    done
    found=$(python3 --version 2>&1) || found='no python3'
    stop "Python 3.11 or newer is needed and not found ($found); install it," \
        "or name it: PYTHON=/path/to/python sh setup.sh ..."
}

# Install packages by apt; when that cannot be, say why in $why.
apt_install() {
    why="only root can install it: run 'apt-get install $*' as root, then this command again"
    [ "$(id -u)" -eq 0 ] || return 1
    why="there is no apt-get here: install it by this system's own means, then run this command again"
    command -v apt-get >/dev/null 2>&1 || return 1
    say "installing $* by apt"
    if [ -z "${lists_are_new:-}" ]; then
        apt-get update -qq >/dev/null || say 'apt-get update failed; trying with the lists that are here'
        lists_are_new=yes
    fi
    why="apt-get could not install it, for the reason above"
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# System packages: without venv nothing works; make and git are for developers, zzuf is for tests
# that change records at random and strace for those that lose power (both are skipped without),
# chromium for those in a browser.
install_system_packages() {
    if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        package="python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
        apt_install "$package" || stop "$package is missing, and $why"
    fi
    case $1 in runtime | web | hospital) return 0 ;; esac
    for command in make git zzuf strace; do
        command -v "$command" >/dev/null 2>&1 || apt_install "$command" ||
            say "going on without $command, which the tests do not need: $why"
    done
    command -v chromium >/dev/null 2>&1 || apt_install chromium ||
        say "going on without chromium: the tests of the pages in a browser will fail; $why"
}

make_venv() {
    if [ -x "$venv/bin/python" ] && is_new_enough "$venv/bin/python" &&
        "$venv/bin/python" -c 'import pip' >/dev/null 2>&1; then
        return
    fi
    find_python
    install_system_packages "$1"
    say "making .venv with $("$python" --version)"
    "$python" -m venv --clear "$venv"
}

# What the installed packages follow from: one line that changes when they must.
key_of() {
    cat "$root/requirements/build.txt" "$root/requirements/$1.txt" "$root/pyproject.toml" |
        "$venv/bin/python" -c '
import hashlib, sys
print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest(), sys.version.split()[0], sys.argv[1])
' "$root"
}

is_installed() { [ -f "$venv/installed-$1" ] && [ "$(cat "$venv/installed-$1")" = "$(key_of "$1")" ]; }

install() {
    case $1 in
    runtime) wider='web hospital test docs dev' ;; # each lock holds the narrower ones, same versions
    web | hospital) wider='test dev' ;;
    test | docs) wider=dev ;;
    dev) wider= ;;
    *) stop "cannot install '$1': choose runtime, web, hospital, test, docs or dev" ;;
    esac
    make_venv "$1"
    for each in $1 $wider; do
        if is_installed "$each"; then return; fi
    done
    python=$venv/bin/python
    install_system_packages "$1"
    say "installing requirements/$1.txt into .venv (once)"
    "$python" -m pip install -qq --require-hashes \
        -r "$root/requirements/build.txt" -r "$root/requirements/$1.txt" >&2
    "$python" -m pip install -qq --no-deps --no-build-isolation --editable "$root" >&2
    key_of "$1" >"$venv/installed-$1"
}

word=${1:-}
[ "$#" -eq 0 ] || shift
case $word in
demo)
    install runtime
    exec "$venv/bin/python" -P -m trialwright demo "$@"
    ;;
serve)
    install web
    if [ "${1:-}" = --demo ]; then
        shift
        exec "$venv/bin/python" -P -m trialwright demo --serve "$@"
    fi
    exec "$venv/bin/python" -P -m trialwright serve "$@"
    ;;
hospital)
    install hospital
    exec "$venv/bin/python" -P -m trialwright "$@"
    ;;
test)
    install test
    cd "$root"
    exec "$venv/bin/python" -m pytest --numprocesses auto --dist worksteal -m "not long" "$@"
    ;;
suites)
    install test
    cd "$root"
    TRIALWRIGHT_SUITES=${1:-full}
    export TRIALWRIGHT_SUITES
    [ "$#" -eq 0 ] || shift
    exec "$venv/bin/python" -m pytest --numprocesses auto --dist worksteal -m "long or sized" \
        --durations=20 "$@"
    ;;
install)
    install "${1:-dev}"
    ;;
*)
    sed -n '2,/^set -eu/s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
