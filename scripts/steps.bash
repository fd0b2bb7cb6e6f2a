# Sourced by the other scripts: named steps with their time.
# shellcheck shell=bash

# Milliseconds since 1970.
now_ms() { local t=${EPOCHREALTIME/[.,]/}; echo $((t / 1000)); }

# seconds_since START_MS: seconds with one decimal.
seconds_since() { local d=$(($(now_ms) - $1)); printf '%d.%d' $((d / 1000)) $((d % 1000 / 100)); }

# run_step NAME COMMAND...: runs the command, says how long it took; ends the script where it fails.
run_step() {
    local name=$1 start status=0
    shift
    start=$(now_ms)
    echo "== $name"
    "$@" || status=$?
    if [[ $status != 0 ]]; then
        echo "== $name: FAILED after $(seconds_since "$start") s (exit $status)" >&2
        exit "$status"
    fi
    echo "== $name: done in $(seconds_since "$start") s"
}
