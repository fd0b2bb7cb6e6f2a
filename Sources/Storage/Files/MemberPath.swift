import MaterialsCore

/// Path of a member inside its collection.
enum MemberPath {
    /// What becomes of a member of that path.
    enum Verdict: Equatable { case read, leaveOut, refuse }

    /// Refuses paths that are absolute or climb out; leaves out hidden files, folders of hidden files and archives.
    ///
    /// Backslashes separate too, as some programs write them.
    static func verdict(_ path: String) -> Verdict {
        let separators: Set<UInt8> = [UInt8(ascii: "/"), UInt8(ascii: "\\")]
        let bytes = Array(path.utf8)
        if let first = bytes.first, separators.contains(first) { return .refuse }
        if bytes.count >= 2, bytes[1] == UInt8(ascii: ":"), bytes[0] | 32 >= UInt8(ascii: "a"), bytes[0] | 32 <= UInt8(ascii: "z") {
            return .refuse
        }
        let parts = bytes.split { separators.contains($0) }.filter { Array($0) != Array(".".utf8) }
        if parts.contains(where: { Array($0) == Array("..".utf8) }) { return .refuse }
        if parts.isEmpty || parts.contains(where: { $0.first == UInt8(ascii: ".") || Array($0) == Array("__MACOSX".utf8) }) {
            return .leaveOut
        }
        return ArchiveKind.isName(path) ? .leaveOut : .read
    }

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
