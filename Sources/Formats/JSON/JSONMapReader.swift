import MaterialsCore

/// Cuts a map into its values; an object whose first value is a text of several lines or a record is a group of values.
final class JSONMapReader: StructureRecordReader {
    /// A group of values.
    struct Group: Sendable {
        /// Names of the groups around a value, joined by a slash.
        let name: String
    }

    private static let deepestGroup = 4
    private var scanner: JSONStreamScanner
    /// Names of the groups that are open.
    private var groups: [String] = []
    private var hasBegun = false
    private var hasEnded = false

    init(_ input: ByteInput) throws {
        scanner = try JSONStreamScanner(input)
        try scanner.passByteOrderMark()
    }

    func next() throws -> StructureRecord? {
        if hasEnded { return nil }
        do { return try cut() } catch {
            hasEnded = true
            throw error
        }
    }

    private func cut() throws -> StructureRecord? {
        if !hasBegun {
            guard try scanner.peek() == UInt8(ascii: "{") else { throw broken("a map begins with a brace") }
            scanner.pass()
            hasBegun = true
        }
        while true {
            scanner.forget()
            let byte = try scanner.require()
            if byte == UInt8(ascii: ",") {
                scanner.pass()
            } else if byte == UInt8(ascii: "}") {
                scanner.pass()
                if groups.popLast() == nil { return try end() }
            } else if let record = try entry() {
                return record
            }
        }
    }

    private func end() throws -> StructureRecord? {
        hasEnded = true
        if try scanner.peek() != nil { throw broken("there is more behind the map") }
        return nil
    }

    /// A name and its value; nil where that is a group, which is open then.
    private func entry() throws -> StructureRecord? {
        let name = try name()
        let first = try scanner.require()
        let label = String(decoding: JSONBytes.unescaped(name.span, name.indices), as: UTF8.self)
        if first == UInt8(ascii: "{"), groups.count < Self.deepestGroup, try isGroup(groups.count) {
            scanner.pass()
            groups.append(label)
            return nil
        }
        let value = scanner.at
        try scanner.passValue()
        let (bytes, line) = scanner.take(from: value)
        let context = groups.isEmpty ? nil : Group(name: groups.joined(separator: "/"))
        return StructureRecord(bytes: bytes, line: line, label: label, context: context)
    }

    /// True where the object that begins here holds records: its first value is a text of several lines, a record, or a group itself.
    private func isGroup(_ level: Int) throws -> Bool {
        let start = scanner.at
        defer { scanner.back(to: start) }
        scanner.pass()
        if try scanner.require() == UInt8(ascii: "}") { return true }
        if isField(try name()) { return false }
        guard try scanner.require() == UInt8(ascii: "{") else { return try isText() }
        return try isRecord() || (level < Self.deepestGroup && isGroup(level + 1))
    }

    /// True where the object that begins here has a member by which records are known.
    private func isRecord() throws -> Bool {
        let start = scanner.at
        defer { scanner.back(to: start) }
        scanner.pass()
        while try scanner.require() == UInt8(ascii: "\"") {
            if isField(try name()) { return true }
            try scanner.passValue()
            if try scanner.require() == UInt8(ascii: ",") { scanner.pass() }
        }
        return false
    }

    private func isField(_ name: [UInt8]) -> Bool {
        JSONContent.recordNames.contains { JSONBytes.equal(name.span, 0..<name.count, $0) }
    }

    /// Passes a name and its colon.
    private func name() throws -> [UInt8] {
        guard try scanner.require() == UInt8(ascii: "\"") else { throw broken("a name in quotes is missing") }
        let start = scanner.at
        try scanner.passValue()
        let name = Array(scanner.bytes(from: start).dropFirst().dropLast())
        guard try scanner.require() == UInt8(ascii: ":") else { throw broken("a colon is missing") }
        scanner.pass()
        return name
    }

    /// True for a text of several lines.
    private func isText() throws -> Bool {
        guard try scanner.require() == UInt8(ascii: "\"") else { return false }
        let start = scanner.at
        try scanner.passValue()
        return scanner.bytes(from: start).span.holdsLineEnd
    }

    private func broken(_ what: String) -> CandidateDefect { CandidateDefect("bad-json", "line \(scanner.line): no sound JSON: \(what)") }
}

extension Span<UInt8> {
    /// True where `\n` stands in two characters.
    fileprivate var holdsLineEnd: Bool {
        var i = 0
        while i + 1 < count {
            if self[i] == UInt8(ascii: "\\"), self[i + 1] == UInt8(ascii: "n") { return true }
            i += 1
        }
        return false
    }
}
