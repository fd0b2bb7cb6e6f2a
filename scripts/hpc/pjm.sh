#!/usr/bin/env bash
# Runs a plan as prepare -> bulk job -> merge under Fujitsu's PJM, one step a call; start each when the one before has ended.
# Usage, on a login node: scripts/hpc/pjm.sh prepare|shards|merge PLAN.yaml DIR SHARDS [pjsub options, such as -g group -L rscgrp=short]
# Call `shards` again for those that met their time limit: finished ones end at once, the others resume.
#
# Resources of every job; options on the command line win.
#PJM -N matsieve
#PJM -L node=1
#PJM -L elapse=02:00:00
#PJM -j
set -euo pipefail

# Stop five minutes before the time limit above, so that the checkpoint is written in peace.
seconds=${MATSIEVE_SECONDS:-6900}

submit() {
    [[ $# -ge 4 && " prepare shards merge " == *" $1 "* ]] || { sed -n '2,4s/^# //p' "$0" >&2; exit 2; }
    local here plan folder bulk=()
    here=$(cd "$(dirname "$0")" && pwd)
    mkdir -p "$3/logs"
    plan=$(realpath "$2")
    folder=$(realpath "$3")
    [[ $1 != shards ]] || bulk=(--bulk --sparam "1-$4")
    pjsub "${bulk[@]}" "${@:5}" -o "$folder/logs/$1-%j.txt" \
        -x "MATSIEVE_STEP=$1,MATSIEVE_PLAN=$plan,MATSIEVE_FOLDER=$folder,MATSIEVE_SHARDS=$4,MATSIEVE_SCRIPTS=$here" \
        -x "MATSIEVE_SECONDS=$seconds,MATSIEVE=${MATSIEVE:-$(command -v matsieve || echo matsieve)}" "$here/pjm.sh"
}

if [[ -z ${MATSIEVE_STEP:-} ]]; then
    submit "$@"
    exit
fi
source "$MATSIEVE_SCRIPTS/shard.bash"
plan=$MATSIEVE_PLAN folder=$MATSIEVE_FOLDER shards=$MATSIEVE_SHARDS
matsieve=(timeout --foreground --preserve-status --signal=USR1 "$seconds" "$MATSIEVE")
case $MATSIEVE_STEP in
    prepare) prepare_models ;;
    shards) run_shard "$PJM_BULKNUM" ;;
    merge) merge_shards ;;
esac
