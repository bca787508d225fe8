#!/usr/bin/env bash
# Runs the tests of Perturbed.Functional.Torch.sln where TorchSharp and libtorch restore and load; says so and ends
# with 0 where they do not.
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

# TorchSharp's native library is linked against the C++ library of GCC 13 for one function, by which a program asks
# that std::cout and its like exist. Where the loader misses that version, and nothing else, a library of the same name
# in a temporary folder has the function and hands on all others of the system's own, given as the first argument.
add_stream_init() {
    local system=$1 folder="$work/libstdc++"
    mkdir -p "$folder" || return 1

    cat >"$work/streams.c" <<'SOURCE'
extern void _ZNSt8ios_base4InitC1Ev(void *);
static char init[64];
void _ZSt21ios_base_library_initv(void) {}
__attribute__((constructor)) static void start(void) { _ZNSt8ios_base4InitC1Ev(init); }
SOURCE

    # The loader looks up versions by the name of the library: this one lists those of the system's.
    {
        readelf -V "$system" | grep -oE 'Name: (GLIBCXX|CXXABI)_[A-Z0-9_.]+' | sort -Vu | sed 's/^Name: \(.*\)$/\1 {};/'
        echo 'GLIBCXX_3.4.32 { global: _ZSt21ios_base_library_initv; local: *; };'
    } >"$work/versions"

    # The system's library is needed by its full path, since its name is taken: an empty stand-in has that path for a
    # name when the linker looks.
    gcc -shared -nostdlib -Wl,-soname,"$system" -o "$work/system.so" -x c /dev/null &&
        gcc -shared -fPIC -nostdlib -Wl,-soname,libstdc++.so.6 -Wl,--version-script="$work/versions" \
            -o "$folder/libstdc++.so.6" "$work/streams.c" -Wl,--no-as-needed "$work/system.so" &&
        export LD_LIBRARY_PATH="$folder${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
}

# The sample is the smallest program that needs the native library.
sample="$artifacts/bin/Perturbed.Functional.Torch.Sample/release/Perturbed.Functional.Torch.Sample.dll"
native=$(find "${sample%/*}" -name libLibTorchSharp.so 2>/dev/null | head -n 1)
missing=$([ -n "$native" ] && ldd "$native" 2>&1 | grep -oE "[^ ]+: version .[A-Z]+_[0-9.]+' not found" | sort -u)

if echo "$missing" | grep -qx "[^ ]*/libstdc++\.so\.6: version .GLIBCXX_3\.4\.32' not found"; then
    [ "$(echo "$missing" | wc -l)" -eq 1 ] ||
        skip "everything builds, but the system's libraries are too old for libtorch ($(echo $missing))."
    type gcc readelf >/dev/null 2>&1 ||
        skip "everything builds, but the C++ library lacks GLIBCXX_3.4.32, and there is no gcc to add it."
    add_stream_init "$(readlink -f "${missing%%: version*}")" >"$work/streams" 2>&1 ||
        fail "adding GLIBCXX_3.4.32 to the C++ library" "$work/streams"
    echo "The C++ library lacks GLIBCXX_3.4.32: the tests run with a library in a temporary folder that adds it."
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
grep -oE 'Failed: 0, Passed: .*' "$work/tests"
