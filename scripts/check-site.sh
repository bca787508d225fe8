#!/usr/bin/env bash
# Looks at every page of the built site in headless Chromium: bash scripts/check-site.sh [FOLDER [SCREENSHOTS]].
# No broken link or anchor, no request to another host, no error on the console, formulas and pictures visible, nothing
# wider than a window of 400 pixels, texts that stand out in dark and light, a search that finds. Needs Chromium.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -d scripts/site/node_modules/playwright-core ] || npm install --prefix scripts/site --no-package-lock --no-audit --no-fund
node scripts/site/check.mjs "${1:-output}" ${2:+"$2"}
