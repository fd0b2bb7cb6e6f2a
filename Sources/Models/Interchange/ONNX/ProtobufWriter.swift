/// Writes the wire format of protocol buffers.
///
/// - Source: https://protobuf.dev/programming-guides/encoding
struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    private mutating func variable(_ value: UInt64) {
        var rest = value
        while rest > 127 {
            bytes.append(UInt8(rest & 127) | 128)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// A whole number.
    mutating func integer(_ field: Int, _ value: Int) {
        variable(UInt64(field) << 3)
        variable(UInt64(bitPattern: Int64(value)))
    }

    /// Bytes of a known length.
    mutating func bytes(_ field: Int, _ content: [UInt8]) {
        variable(UInt64(field) << 3 | 2)
        variable(UInt64(content.count))
        bytes += content
    }

    /// Text.
    mutating func text(_ field: Int, _ content: String) { bytes(field, Array(content.utf8)) }

    /// A message of its own.
    mutating func message(_ field: Int, _ body: (inout ProtobufWriter) -> Void) {
        var inner = ProtobufWriter()
        body(&inner)
        bytes(field, inner.bytes)
    }

    /// Whole numbers, packed.
    mutating func integers(_ field: Int, _ values: [Int]) {
        var inner = ProtobufWriter()
        for value in values { inner.variable(UInt64(bitPattern: Int64(value))) }
        bytes(field, inner.bytes)
    }

    /// Whole numbers, one field each.
    mutating func separateIntegers(_ field: Int, _ values: [Int]) { for value in values { integer(field, value) } }
}
