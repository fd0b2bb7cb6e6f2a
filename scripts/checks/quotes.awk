# Compares each quoted block with the file it names.
/^<!-- from [^ ]+ -->$/ { source = $3; sourceLine = NR; next }
source != "" && /^```/ {
    if (!inside) { inside = 1; quoted = ""; next }
    check()
    inside = 0
    source = ""
    next
}
inside { quoted = quoted $0 "\n"; next }
source != "" { complain("no code block follows"); source = "" }
END { exit bad }

function complain(message) { printf "%s:%d: %s (%s)\n", FILENAME, sourceLine, message, source; bad = 1 }

function check(   path, region, line, text, within, found, indent) {
    path = region = source
    sub(/#.*/, "", path)
    if (!sub(/^[^#]*#/, "", region)) region = ""
    within = region == ""
    while ((getline line < path) > 0) {
        found = 1
        if (region != "" && line ~ "^[ \t]*// end " region "$") within = 0
        if (within) text = text substr(line, indent + 1) "\n"
        if (region != "" && line ~ "^[ \t]*// begin " region "$") { within = 1; match(line, /^[ \t]*/); indent = RLENGTH }
    }
    close(path)
    if (!found) complain("there is no such file")
    else if (text == "") complain("there is no such region")
    else if (text != quoted) complain("the quoted code differs; copy it again")
}
