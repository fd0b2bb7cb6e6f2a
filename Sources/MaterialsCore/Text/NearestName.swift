/// The valid name closest to a mistyped one, for "did you mean".
public func nearestName(to name: String, among names: some Sequence<String>) -> String? {
    let typed = Array(name.lowercased().utf8)
    var best: (distance: Int, name: String)?
    for candidate in names {
        let d = editDistance(typed, Array(candidate.lowercased().utf8))
        if d <= max(2, candidate.utf8.count / 3), d < best?.distance ?? .max { best = (d, candidate) }
    }
    return best?.name
}

/// `: did you mean "…"?` or, where nothing is close, the list of what is valid.
public func suggestion(for name: String, among names: some Sequence<String>) -> String {
    if let near = nearestName(to: name, among: names) { return "; did you mean '\(near)'?" }
    let all = names.sorted()
    return all.isEmpty ? "" : "; valid: \(all.prefix(20).joined(separator: ", "))\(all.count > 20 ? ", …" : "")"
}

private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var row = Array(0...b.count)
    for i in a.indices {
        var diagonal = row[0]
        row[0] = i + 1
        for j in b.indices {
            let substitution = diagonal + (a[i] == b[j] ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(substitution, row[j] + 1, diagonal + 1)
        }
    }
    return row[b.count]
}
