import MaterialsCore

/// Path of a member inside its collection.
enum MemberPath {
    /// What becomes of a member of that path.
    enum Verdict: Equatable { case read, leaveOut, refuse }

    /// Refuses paths that are absolute or climb out; leaves out hidden files, folders of hidden files and archives.
    ///
    /// Backslashes separate too, as some programs write them.
    static func verdict(_ path: String) -> Verdict {
        let bytes = Array(path.utf8)
        if let first = bytes.first, isSeparator(first) { return .refuse }
        if bytes.count >= 2, bytes[1] == UInt8(ascii: ":"), bytes[0] | 32 >= UInt8(ascii: "a"), bytes[0] | 32 <= UInt8(ascii: "z") {
            return .refuse
        }
        var isHidden = false
        var hasName = false
        for part in bytes.split(whereSeparator: isSeparator) where !part.elementsEqual(".".utf8) {
            if part.elementsEqual("..".utf8) { return .refuse }
            if part.first == UInt8(ascii: ".") || part.elementsEqual("__MACOSX".utf8) { isHidden = true }
            hasName = true
        }
        if isHidden || !hasName { return .leaveOut }
        return ArchiveKind.isName(path) ? .leaveOut : .read
    }

    private static func isSeparator(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\") }

    /// Without a leading `./`.
    static func label(_ path: String) -> String {
        var rest = path[...]
        while rest.hasPrefix("./") { rest = rest.dropFirst(2) }
        return String(rest)
    }

    static func unsafe(_ path: String, in collection: String) -> CandidateDefect {
        CandidateDefect("unsafe-path", "\(collection): the path '\(printable(path))' leads out of the archive; the member is not read")
    }

    /// Without control characters, which would break a message's line; cut where it is long.
    static func printable(_ path: String) -> String {
        let shown = path.unicodeScalars.prefix(200).map { $0.value < 32 || $0.value == 127 ? "?" : String($0) }.joined()
        return path.unicodeScalars.count > 200 ? shown + "…" : shown
    }
}
