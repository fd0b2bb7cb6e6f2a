# Sourced by the job scripts: the three steps. Expects plan, folder, shards; `matsieve` is the command that runs the binary.
# shellcheck shell=bash disable=SC2154

prepare_models() { "${matsieve[@]}" run "$plan" -o "$folder/prepare" --prepare; }

# run_shard I: runs shard I, from its checkpoint where it has one. Its status is 75 where it was stopped.
run_shard() {
    local part
    part=$(printf '%s/shards/shard-%06d-of-%06d' "$folder" "$1" "$shards")
    if [[ -f $part/shard.state ]]; then
        echo "shard $1 of $shards is finished already"
        return 0
    fi
    "${matsieve[@]}" run "$plan" -o "$folder/shards" --shard "$1/$shards" --models "$folder/prepare/models" --resume
}

merge_shards() { "${matsieve[@]}" merge "$folder/shards" -o "$folder/merged"; }
