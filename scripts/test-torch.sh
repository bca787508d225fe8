#!/usr/bin/env bash
# Runs the tests of Perturbed.Functional.Torch.sln, and its experiments in minutes, where TorchSharp and libtorch restore
# and load; says so and ends with 0 where they do not.
#     scripts/test-torch.sh --run COMMAND …    runs a command of Perturbed.Experiments.Torch in place of the tests
# Where the system's C++ library is older than TorchSharp's by one version, gcc makes up for it in a temporary folder.
# LibTorch=libtorch-cuda-12.8-linux-x64 in the environment chooses the native package.
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

# A package or a version that no feed has, or a feed out of reach or too slow for them: any other error is one of
# ours.
timeout 300 dotnet restore Perturbed.Functional.Torch.sln --artifacts-path "$artifacts" >"$work/restore" 2>&1
status=$?
[ $status -eq 124 ] && skip "the packages did not arrive within five minutes."
if [ $status -ne 0 ]; then
    missing=$(grep -oE '(NU1101|NU1102|NU1103|NU1301|NU1603): .*' "$work/restore" | grep -iE 'torch|NU1301' | head -n 1)
    [ -n "$missing" ] && skip "TorchSharp does not restore here (${missing%% [\[]*})."
    fail "dotnet restore" "$work/restore"
fi

dotnet build -c Release --no-restore Perturbed.Functional.Torch.sln --artifacts-path "$artifacts" >"$work/build" 2>&1 ||
    fail "dotnet build" "$work/build"

# The sample is the smallest program that needs the native library.
sample="$artifacts/bin/Perturbed.Functional.Torch.Sample/release/Perturbed.Functional.Torch.Sample.dll"
native=$(find "${sample%/*}" -name libLibTorchSharp.so 2>/dev/null | head -n 1)
missing=$([ -n "$native" ] && ldd "$native" 2>&1 | grep -oE "[^ ]+: version .[A-Z]+_[0-9.]+' not found" | sort -u)

if echo "$missing" | grep -qx "[^ ]*/libstdc++\.so\.6: version .GLIBCXX_3\.4\.32' not found"; then
    [ "$(echo "$missing" | wc -l)" -eq 1 ] ||
        skip "everything builds, but the system's libraries are too old for libtorch ($(echo $missing))."
    type gcc readelf >/dev/null 2>&1 ||
        skip "everything builds, but the C++ library lacks GLIBCXX_3.4.32, and there is no gcc to add it."
    bash scripts/newer-libstdcxx.sh "$work/libstdc++" "$(readlink -f "${missing%%: version*}")" >"$work/streams" 2>&1 ||
        fail "adding GLIBCXX_3.4.32 to the C++ library" "$work/streams"
    export LD_LIBRARY_PATH="$work/libstdc++${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
    echo "The C++ library lacks GLIBCXX_3.4.32: the tests run with a library in a temporary folder that adds it."
fi

program="$artifacts/bin/Perturbed.Experiments.Torch/release/Perturbed.Experiments.Torch.dll"
if [ "${1:-}" = --run ]; then
    shift
    dotnet "$program" "$@"
    exit
fi

# In a shell of its own, which keeps a crash of the native library to itself.
if ! (dotnet "$sample" >"$work/sample" 2>&1 || exit 1) 2>/dev/null; then
    if grep -qE "LoadNativeBackend|DllNotFoundException|NotSupportedException" "$work/sample"; then
        [ -n "$missing" ] || missing="TorchSharp finds no native library that this system can load"
        skip "everything builds, but libtorch does not load here ($(echo "$missing" | head -n 1))."
    fi
    fail "the C# sample" "$work/sample"
fi
cat "$work/sample"

dotnet test -c Release --no-build Perturbed.Functional.Torch.sln --artifacts-path "$artifacts" \
    --logger "console;verbosity=minimal" >"$work/tests" 2>&1 ||
    fail "dotnet test" "$work/tests"
grep -oE 'Failed: 0, Passed: .*' "$work/tests" >"$work/summary" || fail "dotnet test" "$work/tests"

# The experiments with networks, each to its end; CIFAR-10 is not everywhere.
experiment() {
    local start=$SECONDS
    timeout 600 dotnet "$program" "$@" --quick --restart --output "$work/$1" >"$work/experiment" 2>&1 || fail "$1 --quick" "$work/experiment"
    echo "ok: $1 --quick ($((SECONDS - start)) s)"
}
experiment warcraft-network
images=${CIFAR10:-../shared/data/cifar10}
if [ -d "$images" ]; then
    experiment class-network --data "$images" --train 640 --test 200 --epochs 1
else
    echo "SKIPPED class-network --quick: CIFAR-10 is not here (CIFAR10=FOLDER names it)"
fi
cat "$work/summary"
