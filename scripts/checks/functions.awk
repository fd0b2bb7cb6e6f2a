# Lists functions of more than 60 lines and refuses those of more than 80. Needs swift-code.awk.
FNR == 1 { start_file(); depth = open = pending = round = 0; head = ""; headLine = 1 }
{
    text = code($0)
    if (language == "c") { scan_c(text); next }
    at = 1
    if (match(text, /(^|[^A-Za-z0-9_.`])(func[ \t]+[^ \t(<]+|init[?!]?[ \t]*[(<]|deinit[ \t]*[{]|subscript[ \t]*[(<])/)) {
        name = substr(text, RSTART, RLENGTH)
        sub(/^[^a-z]/, "", name)
        sub(/[ \t(<{]+$/, "", name)
        declare(name, RSTART)
    } else if (match(text, /(^|[ \t])var[ \t]+[A-Za-z0-9_`]+[ \t]*:[^={]*[{][ \t]*$/)) {
        name = substr(text, RSTART, RLENGTH)
        sub(/[ \t]*:.*/, "", name)
        sub(/^[ \t]+/, "", name)
        declare(name, RSTART)
    }
    scan(text, at)
}
END { exit bad }

function declare(n, start) {
    scan(substr(text, 1, start - 1), 1)
    at = start
    pending = 1
    pendingName = n
    pendingLine = FNR
    round = 0
}

function scan(s, from,   i, c) {
    for (i = from; i <= length(s); i++) {
        c = substr(s, i, 1)
        if (c == "(") round++
        else if (c == ")") round--
        else if (c == "{") opened(pending && round == 0)
        else if (c == "}") closed()
    }
}

function opened(isFunction) {
    if (isFunction) {
        open++
        openDepth[open] = depth
        openName[open] = pendingName
        openLine[open] = pendingLine
        pending = 0
    }
    depth++
}

function closed(   lines) {
    depth--
    if (round == 0) pending = 0
    if (open == 0 || openDepth[open] != depth) return
    lines = FNR - openLine[open] + 1
    if (lines > 80) {
        printf "%s:%d: %s has %d lines, more than 80; take its steps apart\n", FILENAME, openLine[open], openName[open], lines
        bad = 1
    } else if (lines > 60) printf "%s:%d: note: %s has %d lines\n", FILENAME, openLine[open], openName[open], lines
    open--
}

# C: at the outermost level a brace after a parenthesis opens a function.
function scan_c(s,   i, c) {
    if (s ~ /^[ \t]*#/) return
    for (i = 1; i <= length(s); i++) {
        c = substr(s, i, 1)
        if (c == "{") {
            pendingName = head
            gsub(/__attribute__[ \t]*[(][(].*[)][)]/, "", pendingName)
            sub(/[ \t]*[(].*/, "", pendingName)
            sub(/.*[ \t*]/, "", pendingName)
            pendingLine = headLine
            opened(depth == 0 && head ~ /[)]/)
            head = ""
        } else if (c == "}") { closed(); head = "" }
        else if (c == ";") head = ""
        else if (depth == 0) { if (head ~ /^[ \t]*$/) headLine = FNR; head = head c }
    }
    head = head " "
}
