#!/usr/bin/env bash
# Writes paket.lock, after a package or a version was added or changed in paket.dependencies.
# NuGet resolves each group and downloads it by the user's own configuration; Paket locks what it finds in the folder.
set -eu
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
rm -rf .paket/packages
for group in Main $(sed -n 's/^group //p' paket.dependencies | tr -d '\r'); do
    dotnet restore .paket/download.csproj -p:Group="$group" -p:Lock=true
done
dotnet tool restore
dotnet paket update --no-install
