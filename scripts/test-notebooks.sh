#!/usr/bin/env bash
# Runs docs/notebooks headless against the Release build and compares what each cell prints and draws with what the
# notebook stores. `bash scripts/test-notebooks.sh store` keeps the new outputs instead.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
mode=${1:-compare}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd docs/notebooks
for notebook in *.ipynb; do
    status=0
    dotnet dotnet-repl --run "$notebook" --exit-after-run --output-path "$work/$notebook" >"$work/log" 2>&1 || status=$?
    [ -f "$work/$notebook" ] || { tail -n 40 "$work/log"; exit 1; }
    # Names the cell that failed.
    dotnet fsi ../../scripts/notebooks.fsx "$mode" "$notebook" "$work/$notebook"
    [ $status -eq 0 ] || { echo "$notebook ended with exit code $status"; exit 1; }
done
