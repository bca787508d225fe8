#!/usr/bin/env bash
# Packs the packages into a folder, installs them as a user would (an F# script, a C# console project, a tool) and runs
# README's examples against them. Needs the .NET SDK; other packages come by the user's own configuration.
set -eu
cd "$(dirname "$0")/.."
root=$PWD
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
packages=$work/packages

fail() {
    echo "FAILED: $1"
    [ $# -lt 2 ] || tail -n 60 "$2"
    exit 1
}

for solution in Perturbed.Functional.sln Perturbed.Functional.OrTools.sln Perturbed.Functional.Cluster.sln; do
    dotnet pack -c Release $solution -o "$packages" >"$work/pack" 2>&1 || fail "dotnet pack $solution" "$work/pack"
done

# What a package holds. Its dependencies are those of its code, no more.
version=$(dotnet msbuild Directory.Build.props -getProperty:Version)
extract() {
    if type unzip >/dev/null 2>&1; then unzip -q "$1" -d "$2"; else python3 -m zipfile -e "$1" "$2"; fi
}
expect() {
    local name=$1 folder=$work/$1
    shift
    [ -f "$packages/$name.$version.nupkg" ] || fail "no package $name $version"
    mkdir "$folder"
    extract "$packages/$name.$version.nupkg" "$folder"
    for file in README.md icon.png THIRD-PARTY-NOTICES.txt; do
        [ -s "$folder/$file" ] || fail "$name has no $file"
    done
    # Without its zeros a text of 16 bits a character is one of 8.
    find "$folder" -type f | while read -r file; do
        ! tr -d '\000' <"$file" | grep -aqF -e "$root/" -e "$HOME/" || fail "$file holds a path of this machine"
    done
    diff <(grep -o '<dependency id="[^"]*"' "$folder/$name.nuspec" | cut -d'"' -f2 | sort) <(printf '%s\n' "$@" | sed '/^$/d' | sort) ||
        fail "the dependencies of $name are others than expected (right)"
}
library() {
    expect "$@"
    [ -s "$work/$1/lib/net10.0/$1.xml" ] || fail "$1 has no documentation"
}
library Perturbed.Kernels MathNet.Numerics System.Numerics.Tensors
library Perturbed.Functional FSharp.Core MathNet.Numerics Perturbed.Kernels
library Perturbed.Functional.Learning FSharp.Core Perturbed.Functional System.Numerics.Tensors
library Perturbed.Functional.Charts FSharp.Core Perturbed.Functional Perturbed.Functional.Learning
library Perturbed.Functional.CSharp FSharp.Core Perturbed.Functional Perturbed.Functional.Charts Perturbed.Functional.Learning
library Perturbed.Functional.OrTools FSharp.Core Google.OrTools Google.Protobuf Perturbed.Functional Perturbed.Functional.CSharp
expect Perturbed.Functional.Tool ""
echo "ok      packages hold what they should"

# Installed into a cache of their own: the user's may hold other bytes of the same version.
export NUGET_PACKAGES=$work/cache

{
    echo "#i \"nuget: $packages\""
    echo "#r \"nuget: Perturbed.Functional, $version\""
    sed '/^#load/d' scripts/quickstart.fsx
} >"$work/quickstart.fsx"
sed -n 's/^    \(theta  .*\|smoothed ranks.*\|perturbed maximum .*\|row 3 of J.*\|pullback of ranks.*\|loss  .*\|gradient  .*\)$/\1/p' README.md >"$work/expected"
dotnet fsi "$work/quickstart.fsx" >"$work/script" 2>&1 || fail "the F# script" "$work/script"
diff "$work/script" "$work/expected" || fail "the F# script prints other numbers than README shows (right)"
echo "ok      F# script"

mkdir "$work/console"
cat >"$work/console/console.csproj" <<PROJECT
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <Nullable>enable</Nullable>
  </PropertyGroup>
$(awk '/^  ```xml/ { inside = 1; next } /^  ```/ { inside = 0 } inside' README.md | sed "s|/full/path/of/packages|$packages|")
</Project>
PROJECT
grep -q "Version=\"$version\"" "$work/console/console.csproj" || fail "README's project fragment has another version than $version"
{
    awk '/^```csharp/ { inside = 1; next } /^```/ { inside = 0 } inside' README.md
    echo 'System.Console.WriteLine(string.Join(" ", System.Array.ConvertAll(mean, x => x.ToString("F3"))));'
} >"$work/console/Program.cs"
DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 dotnet run -c Release --project "$work/console" >"$work/csharp" 2>&1 || fail "the C# console project" "$work/csharp"
tail -n 1 "$work/csharp" | tr -s ' ' >"$work/mean"
sed -n 's/^smoothed ranks *//p' "$work/expected" | tr -s ' ' | diff "$work/mean" - || fail "the C# console project prints other ranks than README shows (right)"
echo "ok      C# console project"

dotnet tool install Perturbed.Functional.Tool --version "$version" --tool-path "$work/tool" --add-source "$packages" >"$work/install" 2>&1 ||
    fail "dotnet tool install" "$work/install"
cd "$work"
eval "tool/perturbed $(sed -n 's/^    perturbed \(eval .*\)$/\1/p' "$root/README.md")" >"$work/eval" 2>&1 || fail "perturbed eval" "$work/eval"
grep -q 'y\*' "$work/eval" || fail "perturbed eval prints no maximizer" "$work/eval"
tool/perturbed ranking >"$work/ranking" 2>&1 || fail "perturbed ranking" "$work/ranking"
grep -q Spearman "$work/ranking" || fail "perturbed ranking prints no correlation" "$work/ranking"
! tool/perturbed none >/dev/null 2>"$work/error" || fail "perturbed none ends with 0"
grep -q '^perturbed: ' "$work/error" || fail "an error does not begin with the command's name" "$work/error"
echo "ok      tool"
