/// Writes values as little-endian bytes; the format of checkpoints and shard summaries.
public struct ByteWriter: Sendable {
    /// What was written so far.
    public private(set) var bytes: [UInt8] = []

    /// An empty writer.
    public init() {}

    /// Writes an integer.
    public mutating func write(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
    /// Writes the bits of a double.
    public mutating func write(_ value: Double) { write(value.bitPattern) }
    /// Writes a count as 64 bits.
    public mutating func write(count: Int) { write(UInt64(count)) }
    /// Writes a length and UTF-8.
    public mutating func write(_ value: String) {
        write(count: value.utf8.count)
        bytes.append(contentsOf: value.utf8)
    }
    /// Writes a length and doubles.
    public mutating func write(_ values: [Double]) {
        write(count: values.count)
        for v in values { write(v) }
    }
    /// Writes a length and bytes.
    public mutating func write(_ values: [UInt8]) {
        write(count: values.count)
        bytes.append(contentsOf: values)
    }
}

/// Reads what `ByteWriter` wrote; damaged input throws and never traps.
public struct ByteReader: Sendable {
    private let bytes: [UInt8]
    private var position = 0
    private let subject: String

    /// A reader of `bytes`; `subject` names the file in errors.
    public init(_ bytes: [UInt8], subject: String) { (self.bytes, self.subject) = (bytes, subject) }

    private var damaged: MatSieveError {
        .input("\(subject) is damaged (unexpected end or value at byte \(position)); remove it and run again")
    }

    /// True at the end.
    public var isAtEnd: Bool { position == bytes.count }

    /// Reads an integer.
    public mutating func read<T: FixedWidthInteger>(_ type: T.Type = T.self) throws -> T {
        let size = MemoryLayout<T>.size
        guard bytes.count - position >= size else { throw damaged }
        var value: T = 0
        for i in 0..<size { value |= T(truncatingIfNeeded: bytes[position + i]) << T(8 * i) }
        position += size
        return value
    }
    /// Reads a double.
    public mutating func readDouble() throws -> Double { Double(bitPattern: try read()) }
    /// Reads a count of things of at least `size` bytes each.
    public mutating func readCount(elementSize: Int = 1) throws -> Int {
        let n: UInt64 = try read()
        guard n <= UInt64((bytes.count - position) / max(elementSize, 1)) else { throw damaged }
        return Int(n)
    }
    /// Reads a string.
    public mutating func readString() throws -> String { String(decoding: try readBytes(), as: UTF8.self) }
    /// Reads bytes.
    public mutating func readBytes() throws -> [UInt8] {
        let n = try readCount()
        defer { position += n }
        return Array(bytes[position..<position + n])
    }
    /// Reads doubles.
    public mutating func readDoubles() throws -> [Double] {
        let n = try readCount(elementSize: 8)
        var result: [Double] = []
        result.reserveCapacity(n)
        for _ in 0..<n { result.append(try readDouble()) }
        return result
    }
}
