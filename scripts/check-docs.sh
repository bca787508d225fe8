#!/usr/bin/env bash
# Runs every F# and C# block of README.md and docs/*.md after the Release build: a page's F# blocks as one script, the C#
# blocks of all pages as one program with a method for each page. Each line of a page's text blocks has to be a line of
# what its blocks print, and a picture that C# saves is the one in docs/charts. Code that is not run (another package, a
# fragment) is marked `fs` or `cs`.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ortools=$root/src/Perturbed.Functional.OrTools/bin/Release/net10.0
pages=(${@:-README.md docs/*.md})

blocks() { # the blocks of a page in one language, and a line before and after each
    awk -v language="$2" -v before="$3" '$0 == "```" language { inside = 1; if (before) print before; next } /^```/ { inside = 0 } inside' "$1"
}

# A page's C# is the body of a method. Blocks that declare a class stand beside it, and no `using` directive is taken:
# those of all pages are at the top of the file.
csharp() { # the C# blocks of a page that declare a class (1), or those that do not (0)
    blocks "$1" csharp "# block" | awk -v wanted="$2" '$0 == "# block" { first = 1; next }
        first { declares = /^(sealed |static )?class /; first = 0 }
        declares == wanted && !/^using [A-Za-z.]*;$/'
}

mkdir "$work/csharp"
cat >"$work/csharp/csharp.csproj" <<PROJECT
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <Nullable>enable</Nullable>
    <InvariantGlobalization>true</InvariantGlobalization>
  </PropertyGroup>
  <ItemGroup>
    <Compile Include="$root/samples/csharp/Output.cs" />
    <Reference Include="$root/samples/csharp/bin/Release/net10.0/*.dll" Exclude="$root/samples/csharp/bin/Release/net10.0/Samples.dll" />
    <Reference Include="$ortools/Google.*.dll;$ortools/Perturbed.Functional.OrTools.dll" />
    <None Include="$ortools/*.so*;$ortools/*.dylib" CopyToOutputDirectory="PreserveNewest" />
  </ItemGroup>
</Project>
PROJECT
{
    echo "using System; using System.Collections.Generic; using System.IO; using System.Linq; using System.Threading;"
    echo "using Perturbed.Functional.CSharp; using Samples;"
    echo "switch (args[0])"
    echo "{"
    for page in "${pages[@]}"; do echo "    case \"$page\": Pages.Page_$(basename "$page" .md | tr - _)(); break;"; done
    echo "}"
    echo "static class Pages"
    echo "{"
    for page in "${pages[@]}"; do
        echo "    public static void Page_$(basename "$page" .md | tr - _)()"
        echo "    {"
        csharp "$page" 0
        echo "    }"
    done
    echo "}"
    for page in "${pages[@]}"; do csharp "$page" 1; done
} >"$work/csharp/Program.cs"
dotnet build -c Release "$work/csharp" >"$work/build" 2>&1 || { cat "$work/build"; exit 1; }

for page in "${pages[@]}"; do
    script="$work/$(basename "$page" .md).fsx"
    {
        # OR-Tools is loaded by the page that is about it alone.
        echo "#load \"$root/scripts/$(case $page in */or-tools.md) echo ortools- ;; esac)references.fsx\""
        echo "open Perturbed.Functional"
        # What a page may take for granted.
        echo "let theta = [| 2.0; -1.0; 0.3; 4.1; 0.9 |]"
        echo "let target = [| 4.0; 1.0; 2.0; 5.0; 3.0 |]"
        echo "let lossGradient = [| 1.0; 0.0; 0.0; 0.0; -1.0 |]"
        # Each block in a module of its own, so that two may use one name, and later ones see those before.
        blocks "$page" fsharp "# block" | awk '/^# block$/ { print "[<AutoOpen>]\nmodule Block" (++n) " ="; next } { print "    " $0 }'
    } >"$script"
    grep -qxE '```(f|c)sharp' "$page" || continue
    : >"$work/output"
    # Blocks may save files.
    if grep -qx '```fsharp' "$page"; then
        echo "$page"
        (cd "$work" && dotnet fsi --nologo "$script") | tee "$work/output"
    fi
    if grep -qx '```csharp' "$page"; then
        echo "$page, C#"
        rm -rf "$work/saved" && mkdir "$work/saved"
        (cd "$work/saved" && dotnet "$work/csharp/bin/Release/net10.0/csharp.dll" "$page") | tee -a "$work/output"
        for picture in "$work"/saved/*.svg; do
            [ ! -e "$picture" ] || cmp "$picture" "docs/charts/$(basename "$picture")"
        done
    fi
    blocks "$page" text "" | while IFS= read -r line; do
        grep -qxF -- "$line" "$work/output" || { echo "$page shows a line that its blocks do not print: $line"; exit 1; }
    done
done
