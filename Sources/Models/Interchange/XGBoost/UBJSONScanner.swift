import MaterialsCore

/// Reads Universal Binary JSON (draft 12, with typed arrays) from bytes.
///
/// - Source: https://ubjson.org, the types that XGBoost writes: integers, float32, float64, texts, typed and counted arrays.
struct UBJSONScanner {
    private let bytes: [UInt8]
    private let subject: String
    private var position = 0

    /// The document of a whole file.
    static func read(_ bytes: [UInt8], subject: String) throws -> StructuredDocument {
        var scanner = UBJSONScanner(bytes: bytes, subject: subject)
        return try scanner.element(try scanner.byte(), depth: 0)
    }

    private init(bytes: [UInt8], subject: String) { (self.bytes, self.subject) = (bytes, subject) }

    private var damaged: MatSieveError { .input("\(subject): unexpected bytes at \(position); the UBJSON is damaged, write it again") }

    private mutating func byte() throws -> UInt8 {
        guard position < bytes.count else { throw damaged }
        position += 1
        return bytes[position - 1]
    }

    private mutating func peek(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func bigEndian<T: FixedWidthInteger>(_ type: T.Type) throws -> T {
        guard bytes.count - position >= MemoryLayout<T>.size else { throw damaged }
        var value: T = 0
        for _ in 0..<MemoryLayout<T>.size { value = value << 8 | T(truncatingIfNeeded: try byte()) }
        return value
    }

    /// A number of a type; nil where the type is none.
    private mutating func number(_ type: UInt8) throws -> Double? {
        switch type {
        case UInt8(ascii: "i"): return Double(Int8(bitPattern: try byte()))
        case UInt8(ascii: "U"): return Double(try byte())
        case UInt8(ascii: "I"): return Double(Int16(bitPattern: try bigEndian(UInt16.self)))
        case UInt8(ascii: "l"): return Double(Int32(bitPattern: try bigEndian(UInt32.self)))
        case UInt8(ascii: "L"): return Double(Int64(bitPattern: try bigEndian(UInt64.self)))
        case UInt8(ascii: "d"): return Double(Float(bitPattern: try bigEndian(UInt32.self)))
        case UInt8(ascii: "D"): return Double(bitPattern: try bigEndian(UInt64.self))
        default: return nil
        }
    }

    /// A count of things that take at least a byte each, but for empty types.
    private mutating func count() throws -> Int {
        let type = try byte()
        guard let value = try number(type), let count = Int(exactly: value), count >= 0, count <= bytes.count - position else {
            throw damaged
        }
        return count
    }

    private mutating func text() throws -> String {
        let length = try count()
        defer { position += length }
        return String(decoding: bytes[position..<position + length], as: UTF8.self)
    }

    private mutating func element(_ type: UInt8, depth: Int) throws -> StructuredDocument {
        guard depth < StructuredDocument.deepest else { throw damaged }
        switch type {
        case UInt8(ascii: "{"): return try mapping(depth: depth)
        case UInt8(ascii: "["): return try list(depth: depth)
        case UInt8(ascii: "S"), UInt8(ascii: "H"): return .text(try text())
        case UInt8(ascii: "C"): return .text(String(decoding: [try byte()], as: UTF8.self))
        case UInt8(ascii: "T"): return .boolean(true)
        case UInt8(ascii: "F"): return .boolean(false)
        case UInt8(ascii: "Z"): return .null
        default:
            guard let number = try number(type) else { throw damaged }
            return .number(number)
        }
    }

    private mutating func mapping(depth: Int) throws -> StructuredDocument {
        var members: [String: StructuredDocument] = [:]
        let (type, size) = try header()
        if let size {
            for _ in 0..<size {
                let key = try text()
                members[key] = try element(try type ?? byte(), depth: depth + 1)
            }
            return .mapping(members)
        }
        while !peek("}") {
            let key = try text()
            members[key] = try element(try byte(), depth: depth + 1)
        }
        return .mapping(members)
    }

    /// `$type` and `#count` behind an opening bracket.
    private mutating func header() throws -> (type: UInt8?, count: Int?) {
        let type = peek("$") ? try byte() : nil
        guard peek("#") else {
            if type != nil { throw damaged }
            return (nil, nil)
        }
        return (type, try count())
    }

    private mutating func list(depth: Int) throws -> StructuredDocument {
        let (type, size) = try header()
        var elements: [StructuredDocument] = []
        if let size, let type, "iUIlLdD".utf8.contains(type) {
            var numbers: [Double] = []
            for _ in 0..<size { numbers.append(try number(type)!) }
            return .numbers(numbers)
        }
        if let size {
            for _ in 0..<size { elements.append(try element(try type ?? byte(), depth: depth + 1)) }
            return .list(elements)
        }
        while !peek("]") { elements.append(try element(try byte(), depth: depth + 1)) }
        return .list(elements)
    }
}
