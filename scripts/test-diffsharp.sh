#!/usr/bin/env bash
# Runs the tests and the training script of Perturbed.Functional.DiffSharp.sln where DiffSharp-lite restores; says so and
# ends with 0 where it does not.
#     scripts/test-diffsharp.sh [folder of packages that has DiffSharp-lite and what it stands on]
set -u
cd "$(dirname "$0")/.." || exit 1
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
solution=Perturbed.Functional.DiffSharp.sln
options=(-c Release)
[ $# -gt 0 ] && options+=("-p:DiffSharpPackages=$(realpath "$1")")

fail() {
    echo "FAILED $1:"
    grep -vE ' -> |^ *at ' "$2" | tail -n 80
    exit 1
}

# A package that no feed has, or a feed out of reach: any other error is one of ours.
if ! timeout 300 dotnet restore $solution "${options[@]:2}" >"$work/restore" 2>&1; then
    missing=$(grep -oE '(NU1101|NU1102|NU1103|NU1301): .*' "$work/restore" | grep -iE 'diffsharp|NU1301' | head -n 1)
    [ -n "$missing" ] || fail "dotnet restore" "$work/restore"
    echo "SKIPPED the tests of $solution: DiffSharp does not restore here (${missing%%:*}); docs/dependencies.md says how to" \
        "run them with packages of your own."
    exit 0
fi

dotnet build --no-restore $solution "${options[@]}" >"$work/build" 2>&1 || fail "dotnet build" "$work/build"
dotnet fsi scripts/diffsharp.fsx >"$work/script" 2>&1 || fail "diffsharp.fsx" "$work/script"
cat "$work/script"
dotnet test --no-build $solution "${options[@]}" --logger "console;verbosity=minimal" >"$work/tests" 2>&1 ||
    fail "dotnet test" "$work/tests"
grep -oE 'Failed: 0, Passed: .*' "$work/tests"
