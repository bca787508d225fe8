#!/usr/bin/env bash
# The paper's networks at the paper's size: days on a CPU, hours on a GPU. Interrupted, it goes on from its checkpoints when
# it is started again.
#     scripts/networks.sh choice OUTPUT [options]    settings on validation data: the winners are in the reports
#     scripts/networks.sh runs OUTPUT [options]      three keys of each experiment, methods paired within a key
# Options go to every command, such as --device cuda and, for smaller runs, --epochs, --train and --test. CIFAR10 names the
# folder of CIFAR-10's binary files, by default ../shared/data/cifar10. What was chosen goes into PathNetworkSettings,
# PathNetworkExperiment and ClassNetworkExperiment before the runs, or on their command line by --learning-rate.
set -eu
what=${1:-}
output=$(realpath -m "${2:?a folder for the records}")
options=("${@:3}")
images=$(realpath -m "${CIFAR10:-../shared/data/cifar10}")
export TORCH_ARTIFACTS=${TORCH_ARTIFACTS:-$output/build}
run() { bash "$(dirname "$0")/test-torch.sh" --run "$@" "${options[@]}"; }

case $what in
choice)
    run warcraft-network-choice --output "$output/warcraft-network-choice"
    run class-network-choice --data "$images" --output "$output/class-network-choice"
    ;;
runs)
    for key in 0 1 2; do
        run warcraft-network --key $key --output "$output/$key/warcraft-network"
        # As many epochs as in the paper.
        run class-network --key $key --epochs 600 --data "$images" --output "$output/$key/class-network"
    done
    ;;
*)
    sed -n '2,9s/^# \?//p' "$0"
    exit 2
    ;;
esac
