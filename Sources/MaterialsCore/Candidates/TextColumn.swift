/// A column of UTF-8 strings as offsets and bytes: one allocation for a whole batch.
public struct TextColumn: Equatable, Sendable {
    /// `count + 1` offsets into `bytes`.
    public private(set) var offsets: [Int]
    /// All strings, one after the other.
    public private(set) var bytes: [UInt8]

    /// An empty column.
    public init() {
        offsets = [0]
        bytes = []
    }

    /// Takes over offsets (ascending, first 0, last `bytes.count`) and bytes.
    public init(offsets: [Int], bytes: [UInt8]) {
        precondition(offsets.first == 0 && offsets.last == bytes.count)
        self.offsets = offsets
        self.bytes = bytes
    }

    /// A column of the given strings.
    public init(_ strings: some Sequence<String>) {
        self.init()
        for s in strings { append(s) }
    }

    /// Number of strings.
    public var count: Int { offsets.count - 1 }

    /// Reserves room for `rows` strings of `bytes` bytes in all.
    public mutating func reserveCapacity(rows: Int, bytes: Int) {
        offsets.reserveCapacity(rows + 1)
        self.bytes.reserveCapacity(bytes)
    }

    /// Adds a string.
    public mutating func append(_ string: String) {
        bytes.append(contentsOf: string.utf8)
        offsets.append(bytes.count)
    }

    /// Adds a string given as UTF-8.
    public mutating func append(utf8 text: Span<UInt8>) {
        for i in text.indices { bytes.append(text[i]) }
        offsets.append(bytes.count)
    }

    /// Adds a string given as UTF-8.
    public mutating func append(utf8 text: some Collection<UInt8>) {
        bytes.append(contentsOf: text)
        offsets.append(bytes.count)
    }

    /// The string at `row`; ill-formed UTF-8 is repaired.
    public subscript(row: Int) -> String { String(decoding: utf8(row), as: UTF8.self) }

    /// The bytes of the string at `row`.
    public func utf8(_ row: Int) -> ArraySlice<UInt8> { bytes[offsets[row]..<offsets[row + 1]] }

    /// Only the rows in `rows`, in that order.
    public func selecting(_ rows: [Int]) -> TextColumn {
        var result = TextColumn()
        result.reserveCapacity(rows: rows.count, bytes: bytes.count)
        for r in rows { result.append(utf8: utf8(r)) }
        return result
    }
}
