import MaterialsCore

/// Reads JSON (RFC 8259) from bytes.
struct JSONScanner {
    private let bytes: [UInt8]
    private let subject: String
    private var position = 0

    /// The document of a whole file.
    static func read(_ bytes: [UInt8], subject: String) throws -> StructuredDocument {
        var scanner = JSONScanner(bytes: bytes, subject: subject)
        let document = try scanner.element(depth: 0)
        scanner.skipSpace()
        guard scanner.position == bytes.count else { throw scanner.damaged("something follows the document") }
        return document
    }

    private init(bytes: [UInt8], subject: String) { (self.bytes, self.subject) = (bytes, subject) }

    private func damaged(_ what: String) -> MatSieveError {
        .input("\(subject): \(what) at byte \(position); the JSON is damaged, write it again")
    }

    private var next: UInt8 { position < bytes.count ? bytes[position] : 0 }

    private mutating func skipSpace() {
        while position < bytes.count, [32, 10, 13, 9].contains(bytes[position]) { position += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func takeWord(_ word: StaticString) -> Bool {
        guard bytes[position...].starts(with: UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)) else {
            return false
        }
        position += word.utf8CodeUnitCount
        return true
    }

    private mutating func element(depth: Int) throws -> StructuredDocument {
        guard depth < StructuredDocument.deepest else { throw damaged("nested too deeply") }
        if take("{") { return try mapping(depth: depth) }
        if take("[") { return try list(depth: depth) }
        if next == UInt8(ascii: "\"") { return .text(try text()) }
        if takeWord("true") { return .boolean(true) }
        if takeWord("false") { return .boolean(false) }
        if takeWord("null") { return .null }
        return .number(try number())
    }

    private mutating func mapping(depth: Int) throws -> StructuredDocument {
        var members: [String: StructuredDocument] = [:]
        if take("}") { return .mapping(members) }
        repeat {
            skipSpace()
            let key = try text()
            guard take(":") else { throw damaged("':' expected") }
            members[key] = try element(depth: depth + 1)
        } while take(",")
        guard take("}") else { throw damaged("'}' expected") }
        return .mapping(members)
    }

    private mutating func list(depth: Int) throws -> StructuredDocument {
        if take("]") { return .numbers([]) }
        skipSpace()
        if next == UInt8(ascii: "-") || (48...57).contains(next) { return try listOfNumbers(depth: depth) }
        return try list(after: [], depth: depth)
    }

    private mutating func listOfNumbers(depth: Int) throws -> StructuredDocument {
        var numbers: [Double] = []
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "-") || (48...57).contains(next) else {
                return try list(after: numbers.map { .number($0) }, depth: depth)
            }
            numbers.append(try number())
        } while take(",")
        guard take("]") else { throw damaged("']' expected") }
        return .numbers(numbers)
    }

    private mutating func list(after first: [StructuredDocument], depth: Int) throws -> StructuredDocument {
        var elements = first
        repeat { elements.append(try element(depth: depth + 1)) } while take(",")
        guard take("]") else { throw damaged("']' expected") }
        return .list(elements)
    }

    private mutating func number() throws -> Double {
        let start = position
        while position < bytes.count, "+-.0123456789eEaInNfity".utf8.contains(bytes[position]) { position += 1 }
        let text = bytes[start..<position]
        guard let value = DecimalText.doubleForSingle(text) else {
            position = start
            throw damaged("a number expected")
        }
        return value
    }

    private mutating func text() throws -> String {
        guard next == UInt8(ascii: "\"") else { throw damaged("'\"' expected") }
        position += 1
        var utf8: [UInt8] = []
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            if bytes[position] == UInt8(ascii: "\\") {
                position += 1
                utf8 += Array(String(try escaped()).utf8)
            } else {
                utf8.append(bytes[position])
                position += 1
            }
        }
        guard position < bytes.count else { throw damaged("a text does not end") }
        position += 1
        return String(decoding: utf8, as: UTF8.self)
    }

    private mutating func escaped() throws -> Character {
        let character = next
        position += 1
        switch character {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Character(Unicode.Scalar(character))
        case UInt8(ascii: "u"): return Character(try unicodeEscape())
        default: throw damaged("an unknown escape")
        }
    }

    private mutating func unicodeEscape() throws -> Unicode.Scalar {
        var code = try hexadecimal()
        if (0xd800..<0xdc00).contains(code), bytes[min(position, bytes.count)...].starts(with: "\\u".utf8) {
            position += 2
            code = 0x10000 + (code - 0xd800) << 10 + (try hexadecimal() &- 0xdc00) & 0x3ff
        }
        return Unicode.Scalar(code) ?? "\u{fffd}"
    }

    private mutating func hexadecimal() throws -> UInt32 {
        guard position + 4 <= bytes.count, let code = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else {
            throw damaged("an unknown escape")
        }
        position += 4
        return code
    }
}
