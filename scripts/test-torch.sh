#!/usr/bin/env bash
# Runs the tests of Perturbed.Functional.Torch.sln where TorchSharp and libtorch restore and load; says so and ends with 0 where they do not.
# TorchSharpVersion=0.99.6 (or later) in the environment chooses the version, LibTorch=TorchSharp-cuda-linux the native package.
set -u
cd "$(dirname "$0")/.." || exit 1
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

skip() {
    echo "SKIPPED the tests of Perturbed.Functional.Torch.sln: $1"
    exit 0
}

fail() {
    echo "FAILED $1:"
    grep -vE ' -> |^ *at ' "$2" | tail -n 80
    exit 1
}

# Beside the build of the main solution, so that neither disturbs the other.
artifacts=${TORCH_ARTIFACTS:-$work/artifacts}

# A package or a version that no feed has, or a feed out of reach or too slow for a gigabyte: any other error is one of ours.
timeout 300 dotnet restore Perturbed.Functional.Torch.sln --artifacts-path "$artifacts" >"$work/restore" 2>&1
status=$?
[ $status -eq 124 ] && skip "the packages, more than a gigabyte, did not arrive within five minutes."
if [ $status -ne 0 ]; then
    missing=$(grep -oE '(NU1101|NU1102|NU1103|NU1301|NU1603): .*' "$work/restore" | grep -iE 'torch|NU1301' | head -n 1)
    [ -n "$missing" ] && skip "TorchSharp does not restore here (${missing%% [\[]*})."
    fail "dotnet restore" "$work/restore"
fi

dotnet build -c Release --no-restore Perturbed.Functional.Torch.sln --artifacts-path "$artifacts" >"$work/build" 2>&1 || fail "dotnet build" "$work/build"

# The sample is the smallest program that needs the native library.
sample="$artifacts/bin/Perturbed.Functional.Torch.Sample/release/Perturbed.Functional.Torch.Sample.dll"
# In a shell of its own, which keeps a crash of the native library to itself.
if ! (dotnet "$sample" >"$work/sample" 2>&1 || exit 1) 2>/dev/null; then
    if grep -qE "LoadNativeBackend|DllNotFoundException|NotSupportedException" "$work/sample"; then
        skip "everything builds, but libtorch does not load here ($(grep -oE "version .GLIBC[A-Z]*_[0-9.]*' not found" "$work/sample" | head -n 1 | grep . || echo 'TorchSharp finds no native library that this system can load'))."
    fi
    fail "the C# sample" "$work/sample"
fi
cat "$work/sample"

dotnet test -c Release --no-build Perturbed.Functional.Torch.sln --artifacts-path "$artifacts" --logger "console;verbosity=minimal" >"$work/tests" 2>&1 || fail "dotnet test" "$work/tests"
grep -E 'Passed!' "$work/tests"
