#!/usr/bin/env bash
# Builds the documentation as a site: bash scripts/build-site.sh [FOLDER], `output` where none is named. The site needs
# nothing from elsewhere and opens from a folder or any server. Needs the Release build, node and npm (formulas).
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
output=$(realpath -m "${1:-output}")
stage=$PWD/tmp/site
rm -rf "$stage" "$output"
mkdir -p "$stage/csharp" "$output"

type node npm >/dev/null 2>&1 || { echo "build-site.sh needs node and npm, which turn the formulas into MathML."; exit 1; }
npm install --prefix scripts/site --no-package-lock --no-audit --no-fund --loglevel=error
dotnet tool restore >/dev/null

# What fsdocs reads: the pages, the template, the changelog, and a page for each type of C#.
cp -r docs/*.md docs/*.html docs/site docs/charts docs/results docs/notebooks "$stage"
rm -rf "$stage/results/records"
cp packaging/icon.png "$stage/site"
# A page made of two sections of README.
{
    printf -- '---\ntitle: Install, and the command line\ncategory: Start\ncategoryindex: 1\nindex: 2\n---\n# Install, and the command line\n\n'
    awk '/^## / { inside = /^## (Install|Commands)$/ } inside' README.md | sed 's|(docs/|(|g'
} >"$stage/install.md"
# fsdocs takes indented blocks for F#; here they are commands and output.
for page in "$stage"/*.md; do
    awk '/^```/ { fenced = !fenced }
        !fenced && !block && blank && !list && /^    / { print "```console"; block = 1 }
        block && /^[^ ]/ { print "```\n"; block = 0 }
        { if (/^[-*0-9]/) list = 1; else if (/^[^ ]/) list = 0; blank = /^$/; print block ? substr($0, 5) : $0 }
        END { if (block) print "```" }' "$page" >"$stage/page" && mv "$stage/page" "$page"
done
sed -i 's|(\.\./CHANGELOG\.md)|(changelog.md)|; s|(\.\./README\.md#[a-z]*)|(install.md)|g' "$stage"/*.md
{ printf -- '---\ntitle: Changelog\ncategory: Project\ncategoryindex: 6\nindex: 9\n---\n'; cat CHANGELOG.md; } >"$stage/changelog.md"
dotnet docfx metadata scripts/site/docfx.json --output "$stage/csharp" --warningsAsErrors
rm -f "$stage/csharp/toc.yml" "$stage/csharp/.manifest"
node scripts/site/csharp-pages.mjs "$stage/csharp"

dotnet fsdocs build --input "$stage" --output "$output" --nodefaultcontent --ignoreuncategorized --clean \
    --projects "$PWD"/src/Perturbed.Functional{,.Learning,.Charts}/*.fsproj --properties Configuration=Release \
    --parameters root @root@/ fsdocs-collection-name Perturbed.Functional

node scripts/site/finish.mjs "$output"
