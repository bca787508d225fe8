#!/usr/bin/env bash
# The check of a GPU, at most ten minutes on the machine that has it.
#     scripts/test-gpu.sh prepare FOLDER             here: the programs with their .NET runtime, without libtorch
#     FOLDER/test-gpu.sh run [DEVICE] [LIBTORCH]     there; DEVICE is cuda, or cpu for a rehearsal
# Needs there: Linux x64, and libtorch 2.10 in the folder LIBTORCH (by default that of python3's torch, which a CUDA build
# of PyTorch 2.10 has). No .NET, no network. Prints, in this order, and stops at the first that fails:
#     1. that TorchSharp's native library loads beside that libtorch, and the device it finds;
#     2. the tests of operators on the device (those of the list Device);
#     3. compare-torch: the operators' times beside libtorch's own operations on the same device;
#     4. operator-share: the operator's part of a training step of warcraft-network;
#     5. two epochs each of warcraft-network and, where CIFAR10 names its folder, class-network.
# For a rehearsal on a CPU: CASES (of compare-torch), MAPS and IMAGES (training sets) make it smaller, PATIENCE multiplies
# the time limits.
set -u
cd "$(dirname "$0")" || exit 1

prepare() {
    local folder
    mkdir -p "$1" && folder=$(cd "$1" && pwd) && cd .. || exit 1
    for project in src/Perturbed.Experiments.Torch tests/Perturbed.Functional.Torch.Tests; do
        dotnet publish -c Release -r linux-x64 --self-contained -p:SelfContained=true --artifacts-path "$folder/build" \
            -o "$folder/programs" "$project" || exit 1
    done
    # TorchSharp's own library stays; libtorch is that of the other machine, or of the rehearsal.
    mkdir -p "$folder/libtorch"
    for library in "$folder"/programs/lib*.so*; do
        case ${library##*/} in
        libLibTorchSharp.so | libSystem.* | libcoreclr* | libclr* | libhost* | libmscordac* | libmscordbi*) ;;
        *) mv "$library" "$folder/libtorch/" ;;
        esac
    done
    cp scripts/test-gpu.sh "$folder/"
    rm -rf "$folder/build"
    du -sh "$folder/programs"
}

part() { # a name, seconds, a command
    local name=$1 seconds=$2 start=$SECONDS
    shift 2
    echo "== $name"
    timeout $((seconds * ${PATIENCE:-1})) "$@"
    local status=$?
    echo "== $name: $([ $status -eq 0 ] && echo ok || echo "FAILED ($status)") in $((SECONDS - start)) s"
    return $status
}

run() {
    local device=${1:-cuda} libtorch=${2:-} out
    out=${OUT:-$(mktemp -d)}
    [ -n "$libtorch" ] ||
        libtorch=$(python3 -c 'import os, torch; print(os.path.join(os.path.dirname(torch.__file__), "lib"))' 2>/dev/null) ||
        libtorch=$PWD/libtorch
    echo "libtorch: $libtorch"
    export LD_LIBRARY_PATH="$libtorch${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
    export TORCH_DEVICE=$device DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
    ldd programs/libLibTorchSharp.so | grep -E "not found" && echo "TorchSharp's library needs these." && exit 1

    part "native library" 120 programs/Perturbed.Experiments.Torch compare-torch ranking-step --device "$device" || exit 1
    part "device tests" 180 programs/Perturbed.Functional.Torch.Tests --colours 0 --filter-test-list Device || exit 1
    part "operators" 150 programs/Perturbed.Experiments.Torch compare-torch ${CASES:-} --device "$device" || exit 1
    part "operator share" 60 programs/Perturbed.Experiments.Torch operator-share --device "$device" || exit 1
    part "warcraft-network" 90 programs/Perturbed.Experiments.Torch warcraft-network --device "$device" --epochs 2 \
        --train "${MAPS:-2100}" --test 210 --restart --output "$out/warcraft-network" || exit 1
    if [ -n "${CIFAR10:-}" ]; then
        part "class-network" 90 programs/Perturbed.Experiments.Torch class-network --device "$device" --epochs 2 \
            --train "${IMAGES:-3200}" --only cross-entropy --only 'M 1, epsilon 1' --data "$CIFAR10" --restart \
            --output "$out/class-network" || exit 1
    else
        echo "SKIPPED class-network: CIFAR10 names no folder"
    fi
}

case ${1:-} in
prepare) prepare "${2:?a folder}" ;;
run) run "${@:2}" ;;
*) sed -n '2,15s/^# \?//p' "$0" && exit 2 ;;
esac
