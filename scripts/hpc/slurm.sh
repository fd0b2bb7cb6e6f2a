#!/usr/bin/env bash
# Runs a plan as prepare -> job array -> merge under Slurm.
# Usage, on a login node: scripts/hpc/slurm.sh PLAN.yaml DIR SHARDS [sbatch options, such as --partition=short --account=x]
#
# Resources of every job; options on the command line win.
#SBATCH --job-name=matsieve
#SBATCH --cpus-per-task=8
#SBATCH --mem-per-cpu=1G
#SBATCH --time=02:00:00
# Five minutes before the time limit the run is asked to write its checkpoint and stop.
#SBATCH --signal=USR1@300
#SBATCH --requeue
#SBATCH --open-mode=append
set -euo pipefail

submit() {
    [[ $# -ge 3 ]] || { sed -n '2,3s/^# //p' "$0" >&2; exit 2; }
    local here prepared array merged
    here=$(cd "$(dirname "$0")" && pwd)
    mkdir -p "$2/logs"
    MATSIEVE_PLAN=$(realpath "$1")
    MATSIEVE_FOLDER=$(realpath "$2")
    export MATSIEVE_PLAN MATSIEVE_FOLDER MATSIEVE_SHARDS=$3 MATSIEVE_SCRIPTS=$here
    local logs=$MATSIEVE_FOLDER/logs common=(--parsable --export=ALL "${@:4}")
    # sbatch copies this file, so what it needs travels in the environment.
    prepared=$(MATSIEVE_STEP=prepare sbatch "${common[@]}" --output="$logs/prepare.txt" "$here/slurm.sh")
    array=$(MATSIEVE_STEP=shard sbatch "${common[@]}" --output="$logs/shard-%a.txt" --array="1-$3" \
        --dependency="afterok:${prepared%%;*}" "$here/slurm.sh")
    merged=$(MATSIEVE_STEP=merge sbatch "${common[@]}" --output="$logs/merge.txt" --cpus-per-task=1 \
        --dependency="afterok:${array%%;*}" "$here/slurm.sh")
    echo "submitted: prepare $prepared, $3 shards $array, merge $merged; logs in $logs, result in $MATSIEVE_FOLDER/merged"
    echo "again for single shards, say 3 and 7: give --array=3,7 to the second sbatch above; finished shards end at once"
}

# Puts this job back into the queue where the run stopped before its end; its checkpoint stands.
queue_again_if_stopped() {
    [[ $1 == 75 ]] || exit "$1"
    local job=$SLURM_JOB_ID
    [[ -z ${SLURM_ARRAY_JOB_ID:-} ]] || job=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID
    echo "stopped before the end; job $job goes back into the queue"
    scontrol requeue "$job"
}

if [[ -z ${MATSIEVE_STEP:-} ]]; then
    submit "$@"
    exit
fi
source "$MATSIEVE_SCRIPTS/shard.bash"
plan=$MATSIEVE_PLAN folder=$MATSIEVE_FOLDER shards=$MATSIEVE_SHARDS
# srun passes the signal on to the run; it takes its threads from SLURM_CPUS_PER_TASK.
matsieve=(srun --ntasks=1 --cpus-per-task="${SLURM_CPUS_PER_TASK:-1}" "${MATSIEVE:-matsieve}")
status=0
case $MATSIEVE_STEP in
    prepare) prepare_models || status=$? ;;
    shard) run_shard "$SLURM_ARRAY_TASK_ID" || status=$? ;;
    merge) merge_shards || status=$? ;;
esac
[[ $status == 0 ]] || queue_again_if_stopped "$status"
