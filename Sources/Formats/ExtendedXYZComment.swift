import MaterialsCore

/// The `key=value` pairs of a frame's comment.
///
/// Quotes, brackets and braces group; `\` takes the next byte literally; a key alone has the value `T`.
struct ExtendedXYZComment {
    /// In the order of the comment; of two of one key the last counts.
    private(set) var pairs: [(key: String, value: String)] = []

    /// Takes a comment apart.
    init(_ line: ArraySlice<UInt8>) {
        var splitter = Splitter()
        for byte in line { splitter.add(byte) }
        splitter.endPair()
        var places: [String: Int] = [:]
        for pair in splitter.pairs {
            let key = String(decoding: pair.key, as: UTF8.self)
            let value = pair.value.map { String(decoding: $0, as: UTF8.self) } ?? "T"
            if let place = places[key] {
                pairs[place].value = value
            } else {
                places[key] = pairs.count
                pairs.append((key, value))
            }
        }
    }

    /// False for the free text of plain XYZ.
    var isExtended: Bool { pairs.contains { $0.key == "Properties" || $0.key == "Lattice" || $0.key == "pbc" } }

    /// The value of a key.
    subscript(key: String) -> String? { pairs.first { $0.key == key }?.value }

    /// Parts between spaces and commas.
    static func parts(_ value: String) -> [Substring] { value.split { $0.isWhitespace || $0 == "," } }

    /// A number as ASE reads it.
    static func number(_ part: some StringProtocol) -> Double? {
        let bytes = Array(part.utf8)
        switch DecimalNumber.read(bytes.span) {
        case .number(let number): return number
        case .missing: return part.lowercased() == "nan" ? .nan : nil
        case .invalid: return nil
        }
    }

    /// A truth value.
    static func flag(_ part: some StringProtocol) -> Bool? {
        switch String(part) {
        case "T", "true", "True", "TRUE": true
        case "F", "false", "False", "FALSE": false
        default: nil
        }
    }

    /// What a value becomes in a column; nil for vectors and JSON.
    static func columnValue(_ value: String) -> DecodedStructure.Value? {
        // Of nested lists an inner bracket is left.
        if value.hasPrefix("_JSON ") || value.hasPrefix("[") || value.hasPrefix("{") { return nil }
        let parts = parts(value)
        if parts.count == 1 {
            if let number = number(parts[0]) { return .number(number) }
            if let flag = flag(parts[0]) { return .text(flag ? "true" : "false") }
        } else if parts.count > 1, parts.allSatisfy({ number($0) != nil }) || parts.allSatisfy({ flag($0) != nil }) {
            return nil
        }
        return .text(value)
    }
}

/// Splits byte by byte.
private struct Splitter {
    /// Pairs found; no value where there was no `=`.
    private(set) var pairs: [(key: [UInt8], value: [UInt8]?)] = []
    private var key: [UInt8] = []
    private var value: [UInt8]?
    private var isEscaped = false
    /// What closes the group that is open.
    private var closer: UInt8?

    mutating func add(_ c: UInt8) {
        if isEscaped {
            isEscaped = false
            append(c)
        } else if c == UInt8(ascii: "\\") {
            isEscaped = true
        } else if let end = closer {
            if c == end { closer = nil } else { append(c) }
        } else if let end = Self.closer(of: c) {
            closer = end
        } else if c <= 32 {
            endPair()
        } else if c == UInt8(ascii: "="), value == nil {
            // A key that stands apart from its `=` was taken for one alone.
            if key.isEmpty, let last = pairs.popLast() { key = last.key }
            value = []
        } else {
            append(c)
        }
    }

    mutating func endPair() {
        // The value may stand apart from the `=`.
        if let value, value.isEmpty, closer == nil { return }
        if key.isEmpty, value == nil { return }
        pairs.append((key, value))
        (key, value) = ([], nil)
    }

    private mutating func append(_ c: UInt8) {
        if value == nil { key.append(c) } else { value!.append(c) }
    }

    private static func closer(of c: UInt8) -> UInt8? {
        switch c {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): c
        case UInt8(ascii: "{"): UInt8(ascii: "}")
        case UInt8(ascii: "["): UInt8(ascii: "]")
        default: nil
        }
    }
}
