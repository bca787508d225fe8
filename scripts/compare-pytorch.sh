#!/usr/bin/env bash
# Measures the operators beside plain PyTorch, case by case in turn, and prints the ratios; the records go to a file of
# JSON lines.
#     scripts/compare-pytorch.sh [seconds a measurement] [output file]
# Needs python3 with torch. Build first: dotnet build -c Release Perturbed.Functional.sln
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-2}
output=${2:-}
python=$(for p in python3 /usr/bin/python3; do "$p" -c 'import torch' 2>/dev/null && echo "$p" && break; done) || true
if [ -z "$python" ]; then
    echo "python3 with torch is not here: nothing to compare with." >&2
    exit 2
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ours=tests/Perturbed.Functional.Benchmarks/bin/Release/net10.0/Perturbed.Functional.Benchmarks.dll
for case in argmax argmax-wide ranking ranking-step top-10 grid-1 grid-16; do
    dotnet "$ours" compare "$seconds" "$case" >>"$work/ours"
    "$python" scripts/compare_pytorch.py "$seconds" "$case" >>"$work/torch"
done
"$python" - "$work/ours" "$work/torch" ${output:+"$output"} <<'PY'
import json
import sys

ours = [json.loads(line) for line in open(sys.argv[1])]
torch = [json.loads(line) for line in open(sys.argv[2])]
print(
    f"{'case':<13}{'B':>5}{'d':>6}{'M':>6}   {'forward: ours':>14}{'PyTorch':>12}{'ratio':>8}   "
    f"{'with VJP: ours':>14}{'PyTorch':>12}{'ratio':>8}"
)
records = []
for a, b in zip(ours, torch):
    row = {**{k: a[k] for k in ("case", "rows", "dimension", "samples", "threads")}}
    cells = []
    for key in ("forward", "both"):
        row[key] = {"ours": a[key], "pytorch": b[key], "ratio": b[key] / a[key]}
        cells.append(f"{1e3 * a[key]:>11.3f} ms{1e3 * b[key]:>9.2f} ms{b[key] / a[key]:>7.1f}×")
    records.append(row)
    print(f"{a['case']:<13}{a['rows']:>5}{a['dimension']:>6}{a['samples']:>6}   " + "   ".join(cells))
if len(sys.argv) > 3:
    with open(sys.argv[3], "w") as file:
        file.writelines(json.dumps(row) + "\n" for row in records)
PY
