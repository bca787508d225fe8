#!/usr/bin/env bash
# Runs the thousand pinned calls with vector instructions switched off, one set after another: the bits are the same.
# After `dotnet build -c Release Perturbed.Functional.sln`.
set -u
cd "$(dirname "$0")/.." || exit 1
for off in EnableAVX512 EnableAVX2 EnableHWIntrinsic; do
    env "DOTNET_$off=0" dotnet run -c Release --no-build --project tests/Perturbed.Functional.Tests -- \
        --filter-test-list PinnedBits 2>&1 | grep -E 'Failed:|bits' | sed "s/^/$off off: /"
    [ "${PIPESTATUS[0]}" -eq 0 ] || exit 1
done
