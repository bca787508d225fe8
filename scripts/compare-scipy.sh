#!/usr/bin/env bash
# Measures assignment, linear program, spanning tree and shortest path beside scipy, and grid paths beside plain
# Python, on the same instances, one thread each, and checks that the values agree.
#     scripts/compare-scipy.sh [seconds a measurement]
# Needs python3 with scipy. Build first: dotnet build -c Release Perturbed.Functional.sln
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-1}
python=$(for p in python3 /usr/bin/python3; do "$p" -c 'import scipy' 2>/dev/null && echo "$p" && break; done) || true
if [ -z "$python" ]; then
    echo "python3 with scipy is not here: nothing to compare with." >&2
    exit 2
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet tests/Perturbed.Functional.Benchmarks/bin/Release/net10.0/Perturbed.Functional.Benchmarks.dll scipy "$seconds" "$work" >"$work/ours"
"$python" scripts/compare_scipy.py "$seconds" "$work" >"$work/scipy"
"$python" - "$work/ours" "$work/scipy" <<'PY'
import json
import sys

ours, scipy = ([json.loads(line) for line in open(path)] for path in sys.argv[1:3])
print(f"{'case':<28}{'ours':>12}{'scipy':>12}{'ours/scipy':>13}")
for a, b in zip(ours, scipy):
    if abs(a["value"] - b["value"]) > 1e-9 * abs(b["value"]):
        sys.exit(f"{a['case']}: the values differ, {a['value']} and {b['value']}.")
    print(f"{a['case']:<28}{1e6 * a['seconds']:>9.2f} µs{1e6 * b['seconds']:>9.1f} µs{a['seconds'] / b['seconds']:>12.4f}×")
PY
