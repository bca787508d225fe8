#!/usr/bin/env bash
# For distributions whose C++ library is that of GCC 12, such as Debian 12: TorchSharp's native library is linked against
# GCC 13's for one function, by which a program asks that std::cout and its like exist.
#     scripts/newer-libstdcxx.sh FOLDER [the system's libstdc++.so.6]
# makes a library of that name in FOLDER, which has the function and hands on all others of the system's own. Programs
# find it by LD_LIBRARY_PATH=FOLDER. Needs gcc and readelf.
set -eu
folder=${1:?a folder for the library}
system=${2:-$(ldconfig -p | sed -n 's/.*libstdc++\.so\.6 (.*x86-64.*=> //p' | head -n 1)}
system=$(readlink -f "$system")
[ -f "$system" ] || { echo "The system's libstdc++.so.6 was not found; name it as the second argument." >&2; exit 1; }
mkdir -p "$folder"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

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

# The system's library is needed by its full path, since its name is taken: an empty stand-in has that path for a name
# when the linker looks.
gcc -shared -nostdlib -Wl,-soname,"$system" -o "$work/system.so" -x c /dev/null
gcc -shared -fPIC -nostdlib -Wl,-soname,libstdc++.so.6 -Wl,--version-script="$work/versions" \
    -o "$folder/libstdc++.so.6" "$work/streams.c" -Wl,--no-as-needed "$work/system.so"
