# Sourced by the checks; they run in the root of the repository.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck disable=SC2034
checks=scripts/checks

# project_files PATHSPEC...: files that git has or would take, one a line.
project_files() {
    local file
    git -c core.quotePath=off ls-files --cached --others --exclude-standard --deduplicate -- "$@" |
        while IFS= read -r file; do if [[ -f $file ]]; then printf '%s\n' "$file"; fi; done
}

# each_file COMMAND...: runs the command with the files named on standard input.
each_file() { xargs -r -d '\n' "$@"; }
