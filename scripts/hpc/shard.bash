# Sourced by the job scripts: the three steps. Expects plan, folder, shards; `matsieve` is the command that runs the binary.
# shellcheck shell=bash disable=SC2154

prepare_models() { "${matsieve[@]}" run "$plan" -o "$folder/prepare" --prepare; }

# run_shard I: runs or resumes shard I; at once done where it is finished. Its status is 75 where it was stopped.
run_shard() {
    local output=$folder/shard-$1 options=()
    if [[ -d $output/checkpoint ]]; then
        options=(--resume)
    elif [[ -f $output/manifest.json ]]; then
        echo "shard $1 of $shards is finished already"
        return 0
    fi
    "${matsieve[@]}" run "$plan" -o "$output" --shard "$1/$shards" --models "$folder/prepare/models" "${options[@]}"
}

merge_shards() {
    local outputs=()
    for ((i = 1; i <= shards; i++)); do outputs+=("$folder/shard-$i"); done
    "${matsieve[@]}" merge "${outputs[@]}" -o "$folder/merged"
}
