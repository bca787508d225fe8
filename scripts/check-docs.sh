#!/usr/bin/env bash
# Runs every F# block of README.md and docs/*.md as a script, each page's blocks in one, after the Release build. Each line
# of a page's text blocks has to be a line of what its script prints.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for page in ${@:-README.md docs/*.md}; do
    script="$work/$(basename "$page" .md).fsx"
    {
        echo "#load \"$PWD/scripts/references.fsx\""
        echo "open Perturbed.Functional"
        # What a page may take for granted.
        echo "let theta = [| 2.0; -1.0; 0.3; 4.1; 0.9 |]"
        echo "let target = [| 4.0; 1.0; 2.0; 5.0; 3.0 |]"
        echo "let lossGradient = [| 1.0; 0.0; 0.0; 0.0; -1.0 |]"
        # Each block in a module of its own, so that two may use one name, and later ones see those before.
        awk '/^```fsharp/ { inside = 1; print "[<AutoOpen>]\nmodule Block" ++n " ="; next } /^```/ { inside = 0 } inside { print "    " $0 }' "$page"
    } >"$script"
    if [ "$(awk '/^```fsharp/' "$page" | wc -l)" -gt 0 ]; then
        echo "$page"
        # Blocks may save files.
        (cd "$work" && dotnet fsi --nologo "$script") | tee "$work/output"
        awk '/^```text/ { inside = 1; next } /^```/ { inside = 0 } inside' "$page" | while IFS= read -r line; do
            grep -qxF -- "$line" "$work/output" || { echo "$page shows a line that its blocks do not print: $line"; exit 1; }
        done
    fi
done
