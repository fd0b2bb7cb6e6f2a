# code(line): the line without comments, string contents and interpolations. Swift, and C where `language` is "c".
# State runs from line to line; a file begins with start_file().

function start_file() {
    level = 0
    kind[0] = "code"
    language = FILENAME ~ /\.(c|h)$/ ? "c" : "swift"
}

function push(k) { kind[++level] = k; parentheses[level] = 0 }

function code(line,   i, n, c, out) {
    if (level == 0 && line !~ /["'\/]/) return line
    n = length(line)
    out = ""
    for (i = 1; i <= n; i++) {
        c = substr(line, i, 1)
        if (kind[level] == "comment") {
            if (substr(line, i, 2) == "*/") { level--; i++ }
            else if (substr(line, i, 2) == "/*" && language == "swift") { push("comment"); i++ }
        } else if (kind[level] == "string" || kind[level] == "text") {
            if (c == "\\") {
                if (substr(line, i + 1, 1) == "(") push("interpolation")
                i++
            } else if (kind[level] == "string" && c == "\"") level--
            else if (kind[level] == "text" && substr(line, i, 3) == "\"\"\"") { level--; i += 2 }
        } else if (kind[level] == "raw") {
            if (substr(line, i, 2) == "\"#") { level--; i++ }
        } else if (substr(line, i, 2) == "//") break
        else if (substr(line, i, 2) == "/*") { push("comment"); i++ }
        else if (language == "swift" && substr(line, i, 3) == "\"\"\"") { push("text"); out = out "\"\""; i += 2 }
        else if (language == "swift" && substr(line, i, 2) == "#\"") { push("raw"); out = out "\"\""; i++ }
        else if (c == "\"") { push("string"); out = out "\"\"" }
        else if (language == "c" && c == "'") { i += substr(line, i + 1, 1) == "\\" ? 3 : 2 }
        else if (kind[level] == "interpolation") {
            if (c == "(") parentheses[level]++
            else if (c == ")" && parentheses[level]-- == 0) level--
        } else out = out c
    }
    while (kind[level] == "string" || (kind[level] == "interpolation" && kind[level - 1] == "string")) level--
    return out
}
