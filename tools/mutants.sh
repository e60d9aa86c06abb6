#!/usr/bin/env bash
# Take each shape's rule out of its policy, or alter it, and count the shapes whose tests notice.
# The mutants are in test/pgtap/mutations.psql; the same is part of make test (test/t/021_mutants.pl).
# Last line: "N of N shapes noticed"; exit status 1 unless all of them are.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
logs=$(mktemp -d /tmp/yibao-mutants.XXXXXX)
trap 'rm -rf "$logs"' EXIT
TESTS=tap ONLY=mutants LOGS=$logs tools/test.sh | sed -u -e '/ passed, /d' -e '/^[0-9]* s; logs/d' -e '/^ /d'
status=$?
sed -n -E 's/^(not )?ok [0-9]+ - (shape [0-9]+: .*)/\2/p; s/^#  ( mutant .*)/\1/p' "$logs/tap-021_mutants.log" 2>/dev/null
sed -n -E 's/^(not )?ok [0-9]+ - ([0-9]+ of [0-9]+ shapes noticed)$/\2/p' "$logs/tap-021_mutants.log" 2>/dev/null | grep . || { tail -n 30 "$logs"/*.log; echo "0 shapes noticed"; }
exit "$status"
