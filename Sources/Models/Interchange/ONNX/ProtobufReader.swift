import MaterialsCore

/// Reads the wire format of protocol buffers, field by field.
///
/// - Source: https://protobuf.dev/programming-guides/encoding
struct ProtobufReader {
    /// A field's content.
    enum Content {
        case integer(UInt64)
        case fixed32(UInt32)
        case fixed64(UInt64)
        case bytes(ArraySlice<UInt8>)
    }

    private let bytes: ArraySlice<UInt8>
    private let subject: String
    private var position: Int

    init(_ bytes: ArraySlice<UInt8>, subject: String) {
        (self.bytes, self.subject) = (bytes, subject)
        position = bytes.startIndex
    }

    private var damaged: MatSieveError {
        .input("\(subject): unexpected bytes at \(position); the ONNX file is damaged or cut short, write it again")
    }

    private mutating func variable() throws -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard position < bytes.endIndex else { throw damaged }
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 127) << shift
            if byte < 128 { return value }
        }
        throw damaged
    }

    private mutating func fixed(_ size: Int) throws -> UInt64 {
        guard bytes.endIndex - position >= size else { throw damaged }
        var value: UInt64 = 0
        for i in 0..<size { value |= UInt64(bytes[position + i]) << UInt64(8 * i) }
        position += size
        return value
    }

    /// The next field; nil at the end.
    mutating func next() throws -> (number: Int, content: Content)? {
        guard position < bytes.endIndex else { return nil }
        let tag = try variable()
        guard tag >> 3 > 0, tag >> 3 < 1 << 29 else { throw damaged }
        let number = Int(tag >> 3)
        switch tag & 7 {
        case 0: return (number, .integer(try variable()))
        case 1: return (number, .fixed64(try fixed(8)))
        case 2:
            let length = try variable()
            guard length <= UInt64(bytes.endIndex - position) else { throw damaged }
            defer { position += Int(length) }
            return (number, .bytes(bytes[position..<position + Int(length)]))
        case 5: return (number, .fixed32(UInt32(try fixed(4))))
        default: throw damaged
        }
    }

    /// All fields of a message, one by one.
    static func fields(_ bytes: ArraySlice<UInt8>, subject: String, _ body: (Int, Content) throws -> Void) throws {
        var reader = ProtobufReader(bytes, subject: subject)
        while let (number, content) = try reader.next() { try body(number, content) }
    }
}

extension ProtobufReader.Content {
    /// Content of a length-delimited field; nothing for others.
    var message: ArraySlice<UInt8> {
        if case .bytes(let b) = self { return b }
        return []
    }

    /// Content as UTF-8.
    var text: String { String(decoding: message, as: UTF8.self) }

    /// Content as a signed integer; 0 for others.
    var signed: Int {
        if case .integer(let v) = self { return Int(Int64(bitPattern: v)) }
        return 0
    }

    /// One integer, or many that are packed.
    func integers(_ subject: String) throws -> [Int] {
        guard case .bytes(let packed) = self else { return [signed] }
        var reader = ProtobufReader(packed, subject: subject)
        var result: [Int] = []
        while let value = try reader.packedInteger() { result.append(value) }
        return result
    }

    /// One float32, or many that are packed.
    var floats: [Double] {
        switch self {
        case .fixed32(let v): return [Double(Float(bitPattern: v))]
        case .bytes(let packed): return littleEndian(packed, UInt32.self).map { Double(Float(bitPattern: $0)) }
        default: return []
        }
    }

    /// One float64, or many that are packed.
    var doubles: [Double] {
        switch self {
        case .fixed64(let v): return [Double(bitPattern: v)]
        case .bytes(let packed): return littleEndian(packed, UInt64.self).map { Double(bitPattern: $0) }
        default: return []
        }
    }
}

extension ProtobufReader {
    /// The next integer of a packed field; nil at the end.
    fileprivate mutating func packedInteger() throws -> Int? {
        position < bytes.endIndex ? Int(Int64(bitPattern: try variable())) : nil
    }
}

/// Whole little-endian words of some bytes.
func littleEndian<T: FixedWidthInteger & UnsignedInteger>(_ bytes: ArraySlice<UInt8>, _ type: T.Type) -> [T] {
    let size = MemoryLayout<T>.size
    return (0..<bytes.count / size).map { i in
        (0..<size).reduce(T(0)) { $0 | T(bytes[bytes.startIndex + i * size + $1]) << T(8 * $1) }
    }
}
