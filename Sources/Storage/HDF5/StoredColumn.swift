import MaterialsCore
import Synchronization

/// A dataset that is fetched chunk by chunk by one thread and decoded by any; what is counted are its rows (first axis).
///
/// Chunks of the asked type come as stored bytes; all else is read and converted at once, window by window.
struct StoredColumn: Sendable {
    private static let windowLength = 1 << 15

    let dataset: HDF5Dataset
    /// Type it is read as.
    let type: ElementType
    /// Rows a chunk.
    let chunkLength: Int
    private let isDirect: Bool

    /// Number of rows.
    var count: Int { dataset.shape[0] }
    /// Bytes of a row as it is read.
    var rowBytes: Int { type.size * dataset.rowLength }

    /// Reads `dataset` as `type`; its axes after the first have the lengths `row`.
    ///
    /// - Errors: `.input` where it has another shape or does not hold numbers of that kind.
    init(_ dataset: HDF5Dataset, as type: ElementType, row: [Int] = []) throws {
        guard dataset.shape.count == 1 + row.count, Array(dataset.shape.dropFirst()) == row else {
            throw dataset.damaged(row.isEmpty ? "is not a simple list" : "has rows of another shape than \(row)")
        }
        let fits =
            type == .f64 || type == .f32
            ? dataset.kind != .string && dataset.kind != .other : dataset.kind == .unsigned || dataset.kind == .signed
        guard fits else { throw dataset.damaged("does not hold \(type == .f64 ? "numbers" : "whole numbers")") }
        (self.dataset, self.type) = (dataset, type)
        isDirect = dataset.elementType == type && dataset.codec != nil && dataset.chunk.map { Array($0.dropFirst()) } == row
        chunkLength = isDirect ? dataset.chunkRows : Self.windowLength
    }

    /// Fetches chunk `index`; what it returns is decoded later.
    func fetch(_ index: Int) throws -> StoredChunk {
        let start = index * chunkLength
        let size = chunkLength * rowBytes
        let corner = [start] + [Int](repeating: 0, count: dataset.shape.count - 1)
        if isDirect, let codec = dataset.codec, let (bytes, skipped) = try dataset.readChunk(at: corner, limit: 2 * size + 1024) {
            let dataset = dataset
            return StoredChunk {
                guard let decoded = codec.decode(bytes, size: size, skipped: skipped) else {
                    throw dataset.damaged("has a corrupt chunk at \(start)")
                }
                return decoded
            }
        }
        let bytes = try converted(start..<min(start + chunkLength, count))
        return StoredChunk { bytes }
    }

    private func converted(_ range: Range<Int>) throws -> [UInt8] {
        switch type {
        case .f64: try rawBytes(dataset.read(Double.self, rows: range))
        case .f32: try rawBytes(dataset.read(Float.self, rows: range))
        case .u64: try rawBytes(dataset.read(UInt64.self, rows: range))
        case .u32: try rawBytes(dataset.read(UInt32.self, rows: range))
        case .u8: try dataset.read(UInt8.self, rows: range)
        case .i64: try rawBytes(dataset.read(Int64.self, rows: range))
        case .i32: try rawBytes(dataset.read(Int32.self, rows: range))
        }
    }
}

private func rawBytes(_ values: [some BitwiseCopyable]) -> [UInt8] { values.withUnsafeBytes { Array($0) } }

/// A chunk that is decoded once, by whoever needs it first; neighbours on both sides of a block's border share it.
final class StoredChunk: Sendable {
    private enum State: Sendable {
        case stored(@Sendable () throws -> [UInt8])
        case decoded([UInt8])
    }
    private let state: Mutex<State>

    init(decode: @escaping @Sendable () throws -> [UInt8]) { state = Mutex(.stored(decode)) }

    /// Its elements as bytes.
    func bytes() throws -> [UInt8] {
        try state.withLock { state in
            switch state {
            case .decoded(let bytes): return bytes
            case .stored(let decode):
                let bytes = try decode()
                state = .decoded(bytes)
                return bytes
            }
        }
    }
}

/// A range of rows of a column as chunks not yet decoded.
struct ColumnSlice: Sendable {
    let column: StoredColumn
    let range: Range<Int>
    let chunks: [StoredChunk]

    /// Decodes it.
    func values<T: HDF5Element>(_ type: T.Type = T.self) throws -> [T] {
        precondition(T.elementType == column.type)
        let (size, length) = (column.rowBytes, column.chunkLength)
        let first = range.lowerBound / max(length, 1)
        let parts = try chunks.map { try $0.bytes() }
        for (k, part) in parts.enumerated()
        where part.count < (min((first + k + 1) * length, range.upperBound) - (first + k) * length) * size {
            throw column.dataset.damaged("has a chunk that is too short")
        }
        let elements = range.count * column.dataset.rowLength
        return [T](unsafeUninitializedCapacity: elements) { output, count in
            let target = UnsafeMutableRawBufferPointer(output)
            for (k, part) in parts.enumerated() {
                let start = (first + k) * length
                let wanted = range.clamped(to: start..<start + length)
                part.withUnsafeBytes { bytes in
                    let source = bytes[(wanted.lowerBound - start) * size..<(wanted.upperBound - start) * size]
                    target[(wanted.lowerBound - range.lowerBound) * size..<(wanted.upperBound - range.lowerBound) * size]
                        .copyBytes(from: source)
                }
            }
            count = elements
        }
    }
}

/// Goes through a column once, from any start; the last chunks are kept for the next range.
struct ColumnCursor {
    /// Bytes that may be fetched without a look at what the file holds.
    private static let unquestioned = 1 << 24

    let column: StoredColumn
    private var recent: [(index: Int, chunk: StoredChunk)] = []

    init(_ column: StoredColumn) { self.column = column }

    /// Fetches a range, which lies in the column.
    ///
    /// - Errors: `.input` where the range is more than the stored bytes can give, as one damaged offset can claim.
    mutating func fetch(_ range: Range<Int>) throws -> ColumnSlice {
        if range.isEmpty {
            return ColumnSlice(column: column, range: range, chunks: [])
        }
        // Summing up the stored bytes takes a walk through all chunks, so it is done only where much would be taken.
        if range.count > Self.unquestioned / max(column.rowBytes, 1) {
            try column.dataset.checkSize(range.count, elementSize: column.rowBytes)
        }
        let needed = range.lowerBound / column.chunkLength...(range.upperBound - 1) / column.chunkLength
        recent = try needed.map { index in
            (index, try recent.first { $0.index == index }?.chunk ?? column.fetch(index))
        }
        return ColumnSlice(column: column, range: range, chunks: recent.map(\.chunk))
    }
}
