#!/usr/bin/env bash
# Runs a plan as prepare -> job array -> merge under PBS Pro or OpenPBS.
# Usage, on a login node: scripts/hpc/pbs.sh PLAN.yaml DIR SHARDS [qsub options, such as -q short -P project]
# Call it again for shards that met their time limit: finished ones end at once, the others resume.
#
# Resources of every job; options on the command line win.
#PBS -N matsieve
#PBS -l select=1:ncpus=8:mem=8gb
#PBS -l walltime=02:00:00
#PBS -j oe
set -euo pipefail

# Stop five minutes before the time limit above, so that the checkpoint is written in peace.
seconds=${MATSIEVE_SECONDS:-6900}

submit() {
    [[ $# -ge 3 ]] || { sed -n '2,4s/^# //p' "$0" >&2; exit 2; }
    [[ $3 -ge 2 ]] || { echo "a PBS array needs at least 2 shards" >&2; exit 2; }
    local here plan folder variables prepared array merged
    here=$(cd "$(dirname "$0")" && pwd)
    mkdir -p "$2/logs"
    plan=$(realpath "$1")
    folder=$(realpath "$2")
    variables="MATSIEVE_PLAN=$plan,MATSIEVE_FOLDER=$folder,MATSIEVE_SHARDS=$3,MATSIEVE_SCRIPTS=$here"
    variables+=",MATSIEVE_SECONDS=$seconds,MATSIEVE=${MATSIEVE:-$(command -v matsieve || echo matsieve)}"
    prepared=$(qsub "${@:4}" -o "$folder/logs/" -v "$variables,MATSIEVE_STEP=prepare" "$here/pbs.sh")
    array=$(qsub "${@:4}" -o "$folder/logs/" -v "$variables,MATSIEVE_STEP=shard" -J "1-$3" -r y -W "depend=afterok:$prepared" "$here/pbs.sh")
    merged=$(qsub "${@:4}" -o "$folder/logs/" -v "$variables,MATSIEVE_STEP=merge" -W "depend=afterok:$array" "$here/pbs.sh")
    echo "submitted: prepare $prepared, $3 shards $array, merge $merged; logs in $folder/logs, result in $folder/merged"
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
    shard) run_shard "$PBS_ARRAY_INDEX" ;;
    merge) merge_shards ;;
esac
