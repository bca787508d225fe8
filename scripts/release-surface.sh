#!/usr/bin/env bash
# Keeps the public surface of all packages as that of a release, once: the version of Directory.Build.props. A test
# (Surface.Releases) compares later versions with it. Reads the surface files, which other tests hold to the assemblies.
set -euo pipefail
cd "$(dirname "$0")/.."
files='
tests/Perturbed.Functional.Tests/Surface/core.txt
tests/Perturbed.Functional.Tests/Surface/learning.txt
tests/Perturbed.Functional.Tests/Surface/kernels.txt
tests/Perturbed.Functional.Tests/Surface/csharp.txt
tests/Perturbed.Functional.Charts.Tests/surface.txt
tests/Perturbed.Functional.OrTools.Tests/surface.txt
tests/Perturbed.Functional.Cluster.Tests/surface.txt
tests/Perturbed.Functional.Torch.Tests/surface.txt
'
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
release=tests/Perturbed.Functional.Tests/Surface/released/$version.txt
[ ! -e "$release" ] || { echo "Version $version is released already: $release"; exit 1; }
mkdir -p "$(dirname "$release")"
# shellcheck disable=SC2086
cat $files >"$release"
echo "$release"
