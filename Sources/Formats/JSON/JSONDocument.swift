import MaterialsCore

/// A JSON text taken apart: nodes in the order of the text, each with its place and the number of nodes that it spans.
///
/// Read as Python writes it: `NaN`, `Infinity` and `-Infinity` are numbers, control characters may stand in strings.
///
/// - Errors: `bad-json` where the text breaks the rules, ends early or holds more; `json-too-deep` past 128 levels.
/// - Cost: one pass; 16 bytes a node.
struct JSONDocument {
    /// What a node is.
    enum Kind: UInt8 { case null, no, yes, number, string, array, object }

    /// A value, or the name of a member: its value is the node behind it.
    struct Node {
        /// What it is.
        var kind: Kind
        /// False for strings with escapes.
        var isPlain: Bool
        /// First byte; of strings the one behind the quote.
        var start: UInt32
        /// Behind the last byte; of strings the closing quote.
        var end: UInt32
        /// Index of the node behind it and all that it holds.
        var next: UInt32
    }

    /// Levels that values may be nested.
    static let maximumDepth = 128

    /// The text.
    let bytes: [UInt8]
    /// All nodes; the first is the whole.
    private(set) var nodes: [Node] = []

    /// Takes a whole text apart.
    init(_ bytes: [UInt8]) throws(CandidateDefect) {
        self.bytes = bytes
        guard bytes.count < 1 << 31 else { throw CandidateDefect("record-too-large", "a JSON text of \(bytes.count) bytes") }
        nodes.reserveCapacity(bytes.count / 12 + 8)
        var parser = JSONParser()
        try parser.parse(bytes.span, into: &nodes)
    }
}

/// The state of taking a text apart.
private struct JSONParser {
    private var at = 0
    /// Indices of the arrays and objects that are open.
    private var open: [Int] = []
    /// True for those of them that are objects.
    private var isInObject = false

    mutating func parse(_ text: Span<UInt8>, into nodes: inout [JSONDocument.Node]) throws(CandidateDefect) {
        skipSpace(text)
        while true {
            // A value stands here.
            let opened = try value(text, &nodes)
            if opened {
                if try !closesAtOnce(text, &nodes) {
                    if isInObject { try name(text, &nodes) }
                    continue
                }
            }
            if try !goesOn(text, &nodes) { break }
        }
        if at < text.count { throw broken(text, "more text behind the value") }
    }

    /// After a value: passes a comma and a name, or closes what ends here; false at the end of the whole.
    private mutating func goesOn(_ text: Span<UInt8>, _ nodes: inout [JSONDocument.Node]) throws(CandidateDefect) -> Bool {
        while true {
            skipSpace(text)
            guard let container = open.last else { return false }
            guard at < text.count else { throw broken(text, "the text ends too early") }
            let byte = text[at]
            at += 1
            if byte == UInt8(ascii: ",") {
                skipSpace(text)
                if isInObject { try name(text, &nodes) }
                return true
            }
            guard byte == (isInObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else { throw broken(text, "a comma or an end is missing") }
            close(container, &nodes)
        }
    }

    private mutating func closesAtOnce(_ text: Span<UInt8>, _ nodes: inout [JSONDocument.Node]) throws(CandidateDefect) -> Bool {
        skipSpace(text)
        guard at < text.count, text[at] == (isInObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else { return false }
        at += 1
        close(open[open.count - 1], &nodes)
        return true
    }

    private mutating func close(_ container: Int, _ nodes: inout [JSONDocument.Node]) {
        nodes[container].end = UInt32(at)
        nodes[container].next = UInt32(nodes.count)
        open.removeLast()
        isInObject = open.last.map { nodes[$0].kind == .object } ?? false
    }

    private mutating func name(_ text: Span<UInt8>, _ nodes: inout [JSONDocument.Node]) throws(CandidateDefect) {
        guard at < text.count, text[at] == UInt8(ascii: "\"") else { throw broken(text, "a name in quotes is missing") }
        try string(text, &nodes)
        skipSpace(text)
        guard at < text.count, text[at] == UInt8(ascii: ":") else { throw broken(text, "a colon is missing") }
        at += 1
        skipSpace(text)
    }

    /// Adds the value that stands here; true where it is an array or object, of which only the begin is passed.
    private mutating func value(_ text: Span<UInt8>, _ nodes: inout [JSONDocument.Node]) throws(CandidateDefect) -> Bool {
        guard at < text.count else { throw broken(text, "the text ends too early") }
        switch text[at] {
        case UInt8(ascii: "\""): try string(text, &nodes)
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            guard open.count < JSONDocument.maximumDepth else {
                throw CandidateDefect("json-too-deep", "values are nested more than \(JSONDocument.maximumDepth) levels deep")
            }
            isInObject = text[at] == UInt8(ascii: "{")
            open.append(nodes.count)
            add(isInObject ? .object : .array, at, at, &nodes)
            at += 1
            return true
        case UInt8(ascii: "t"): try word("true", .yes, text, &nodes)
        case UInt8(ascii: "f"): try word("false", .no, text, &nodes)
        case UInt8(ascii: "n"): try word("null", .null, text, &nodes)
        case UInt8(ascii: "N"): try word("NaN", .number, text, &nodes)
        case UInt8(ascii: "I"): try word("Infinity", .number, text, &nodes)
        default: try number(text, &nodes)
        }
        return false
    }

    private mutating func string(_ text: Span<UInt8>, _ nodes: inout [JSONDocument.Node]) throws(CandidateDefect) {
        let start = at + 1
        var i = JSONBytes.passPlain(text, from: start)
        var isPlain = true
        while i < text.count, text[i] == UInt8(ascii: "\\") {
            isPlain = false
            i = JSONBytes.passPlain(text, from: min(i + 2, text.count))
        }
        guard i < text.count else { throw broken(text, "a string does not end") }
        nodes.append(.init(kind: .string, isPlain: isPlain, start: UInt32(start), end: UInt32(i), next: UInt32(nodes.count + 1)))
        at = i + 1
    }

    private mutating func number(_ text: Span<UInt8>, _ nodes: inout [JSONDocument.Node]) throws(CandidateDefect) {
        let start = at
        var i = at
        if text[i] == UInt8(ascii: "-") {
            i += 1
            if i < text.count, text[i] == UInt8(ascii: "I") {
                at = i
                try word("Infinity", .number, text, &nodes)
                nodes[nodes.count - 1].start = UInt32(start)
                return
            }
        }
        guard i < text.count, text[i] &- UInt8(ascii: "0") < 10 else { throw broken(text, "no value") }
        while i < text.count, JSONBytes.isInNumber(text[i]) { i += 1 }
        add(.number, start, i, &nodes)
        at = i
    }

    private mutating func word(
        _ word: StaticString, _ kind: JSONDocument.Kind, _ text: Span<UInt8>, _ nodes: inout [JSONDocument.Node]
    ) throws(CandidateDefect) {
        let start = at
        let count = word.utf8CodeUnitCount
        guard start + count <= text.count, JSONBytes.equal(text, start..<start + count, word) else { throw broken(text, "no value") }
        add(kind, start, start + count, &nodes)
        at = start + count
    }

    private func add(_ kind: JSONDocument.Kind, _ start: Int, _ end: Int, _ nodes: inout [JSONDocument.Node]) {
        nodes.append(.init(kind: kind, isPlain: true, start: UInt32(start), end: UInt32(end), next: UInt32(nodes.count + 1)))
    }

    private mutating func skipSpace(_ text: Span<UInt8>) {
        while at < text.count, JSONBytes.isSpace(text[at]) { at += 1 }
    }

    private func broken(_ text: Span<UInt8>, _ what: String) -> CandidateDefect {
        CandidateDefect("bad-json", "no sound JSON: \(what) (byte \(min(at, text.count) + 1) of the record)")
    }
}
