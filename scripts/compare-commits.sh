#!/usr/bin/env bash
# Times this checkout's operators and solvers beside those of another commit: fresh processes that take turns.
#     scripts/compare-commits.sh COMMIT [rounds] [operators|compare|solves ...]
# Needs python3 and an idle machine. Build first: dotnet build -c Release Perturbed.Functional.sln
set -eu
cd "$(dirname "$0")/.."
commit=${1:?"names the commit to compare with"}
rounds=${2:-15}
shift
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- operators compare
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
program=tests/Perturbed.Functional.Benchmarks/bin/Release/net10.0/Perturbed.Functional.Benchmarks.dll
git clone -q . "$work/before"
git -C "$work/before" checkout -q "$commit"
(cd "$work/before" && dotnet build -c Release tests/Perturbed.Functional.Benchmarks >"$work/build" 2>&1) ||
    { tail -n 20 "$work/build"; exit 1; }
python3 scripts/compare_commits.py "$work/before/$program" "$program" "$rounds" "$@"
