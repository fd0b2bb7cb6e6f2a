# Needs swift-code.awk; `table` names the protocols and their registry files.
BEGIN {
    while ((getline line < table) > 0) {
        if (line ~ /^#/ || split(line, part, " ") < 2) continue
        protocols[part[1]] = part[1]
        registryName[part[1]] = part[2]
    }
}
FNR == 1 { start_file(); head = ""; previous = ""; base = FILENAME; sub(/.*\//, "", base); hasFile[base] = FILENAME }
{
    text = code($0)
    if (head == "" && match(text, /(^|[ \t])(struct|class|enum|actor|protocol|extension)[ \t]+[A-Z]/)) {
        head = substr(text, RSTART)
        headLine = FNR
    } else if (head != "") head = head " " text
    if (head ~ /[{]/) { declaration(head); head = "" }
    if (text ~ /\.self/ && text ~ /[A-Z][A-Za-z]*Entry\(/) entry(text)
}
END {
    # Protocols that refine a listed one count as it.
    do {
        grown = 0
        for (i = 1; i <= declarations; i++)
            if (isProtocol[i] && !(typeName[i] in protocols) && root(parents[i]) != "") {
                protocols[typeName[i]] = root(parents[i])
                grown = 1
            }
    } while (grown)
    for (i = 1; i <= declarations; i++) {
        if (isProtocol[i] || root(parents[i]) == "") continue
        file = registryName[root(parents[i])]
        if (!(file in hasFile)) problem(place[i] ": there is no registry " file)
        else if (!((file, typeName[i]) in registered)) problem(place[i] ": add " typeName[i] " to " hasFile[file])
    }
    exit bad
}

function problem(message) { print message; bad = 1 }

# The listed protocol that one of the comma-separated names stands for.
function root(names,   n, i, name) {
    n = split(names, each, ",")
    for (i = 1; i <= n; i++) if (each[i] in protocols) return protocols[each[i]]
    return ""
}

function declaration(text,   i, word) {
    sub(/[{].*/, "", text)
    sub(/[ \t]where[ \t].*/, "", text)
    gsub(/<[^<>]*>/, "", text)
    gsub(/@[a-z]+[ \t]/, "", text)
    if (text !~ /:/) return
    i = ++declarations
    word = text
    sub(/^[ \t]+/, "", word)
    isProtocol[i] = word ~ /^protocol/
    sub(/^[a-z]+[ \t]+/, "", word)
    sub(/[ \t]*:.*/, "", word)
    typeName[i] = word
    sub(/^[^:]*:/, "", text)
    gsub(/&/, ",", text)
    gsub(/[ \t]/, "", text)
    parents[i] = text
    place[i] = FILENAME ":" headLine
}

function entry(text,   name, list) {
    name = text
    # A file may hold several lists, each of its own kind of entry.
    list = text
    sub(/Entry\(.*/, "", list)
    if (list != previousList) previous = ""
    previousList = list
    sub(/\.self.*/, "", name)
    sub(/.*[^A-Za-z0-9_]/, "", name)
    registered[base, name] = 1
    if (tolower(name) < tolower(previous)) problem(FILENAME ":" FNR ": " name " is not in alphabetical order (after " previous ")")
    previous = name
}
