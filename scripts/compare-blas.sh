#!/usr/bin/env bash
# Measures the blocked product beside OpenBLAS through numpy, double precision, two threads each, in turns, and checks
# that the results agree.
#     scripts/compare-blas.sh [seconds a measurement] [turns]
# Needs python3 with a numpy that uses OpenBLAS. Build first: dotnet build -c Release Perturbed.Functional.sln
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-0.3}
turns=${2:-3}
python=$(for p in python3 /usr/bin/python3; do "$p" -c 'import numpy' 2>/dev/null && echo "$p" && break; done) || true
if [ -z "$python" ]; then
    echo "python3 with numpy is not here: nothing to compare with." >&2
    exit 2
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OPENBLAS_NUM_THREADS=2
for turn in $(seq "$turns"); do
    dotnet tests/Perturbed.Functional.Benchmarks/bin/Release/net10.0/Perturbed.Functional.Benchmarks.dll blas "$seconds" "$work" >"$work/now"
    cat "$work/now" >>"$work/ours"
    "$python" scripts/compare_blas.py "$seconds" "$work" <"$work/now" >>"$work/blas"
done
"$python" - "$work/ours" "$work/blas" <<'PY'
import json
import sys


def best(path):
    found = {}
    for case in map(json.loads, open(path)):
        if case["case"] not in found or case["seconds"] < found[case["case"]]["seconds"]:
            found[case["case"]] = case
    return found


ours, blas = best(sys.argv[1]), best(sys.argv[2])
print(f"{'product (m x k x n)':<22}{'ours':>16}{'OpenBLAS':>16}{'speed of OpenBLAS':>20}")
for name, a in ours.items():
    b = blas[name]
    if abs(a["value"] - b["value"]) > 1e-12 * b["value"]:
        sys.exit(f"{name}: the norms differ, {a['value']} and {b['value']}.")
    flops = 2e-9 * a["m"] * a["k"] * a["n"]
    print(f"{name:<22}{flops / a['seconds']:>9.1f} GFLOPS{flops / b['seconds']:>9.1f} GFLOPS{b['seconds'] / a['seconds']:>19.2f}×")
PY
