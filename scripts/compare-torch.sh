#!/usr/bin/env bash
# Times the operators on tensors beside plain libtorch operations, in one process and in turn:
#     scripts/compare-torch.sh [cases] [--device cuda]
# What it needs is what scripts/test-torch.sh needs.
exec bash "$(dirname "$0")/test-torch.sh" --run compare-torch "$@"
