import CHDF5
import MaterialsCore

extension HDF5Dataset {
    /// Rows (first axis) of a chunk, and bytes of a whole one.
    var chunkRows: Int { chunk?.first ?? 1 }

    /// Writes an encoded chunk that starts at `row`, after growing the dataset to `rows`.
    func writeChunk(_ encoded: [UInt8], at row: Int, growingTo rows: Int) throws {
        try HDF5Library.locked {
            try extend(to: rows)
            var start = [hsize_t](repeating: 0, count: shape.count)
            start[0] = hsize_t(row)
            guard H5Dwrite_chunk(handle.id, ms_h5_default(), 0, start, encoded.count, encoded) >= 0 else {
                throw HDF5Library.writeError(path, "writing dataset \(name)")
            }
        }
    }

    /// The stored bytes of the chunk that starts at `start`, at most `limit`; nil where none was written.
    func readChunk(at start: [Int], limit: Int) throws -> (bytes: [UInt8], skipped: UInt32)? {
        try HDF5Library.locked {
            let start = start.map { hsize_t($0) }
            var size: hsize_t = 0
            guard H5Dget_chunk_storage_size(handle.id, start, &size) >= 0, size > 0 else { return nil }
            guard size <= hsize_t(limit) else { throw damaged("has a chunk of \(size) bytes") }
            var skipped: UInt32 = 0
            var status: herr_t = -1
            let bytes = [UInt8](unsafeUninitializedCapacity: Int(size)) { buffer, count in
                status = H5Dread_chunk(handle.id, ms_h5_default(), start, &skipped, buffer.baseAddress!)
                count = status >= 0 ? Int(size) : 0
            }
            guard status >= 0 else { throw HDF5Library.readError(path, "reading dataset \(name)") }
            return (bytes, skipped)
        }
    }

    /// Rows (first axis) in the type of the file.
    ///
    /// Chunks are decoded here: the library trusts their lengths.
    func readBytes(rows: Range<Int>) throws -> [UInt8] {
        guard let chunk, rows.count * rowLength > 0 else { return try readPlain(rows: rows) }
        guard let codec else { throw damaged("is compressed in a way that is not known here (write it with gzip)") }
        let size = try chunkSize(chunk)
        var bytes: [UInt8]?
        for start in chunkStarts(chunk, rows: rows) {
            guard let stored = try readChunk(at: start, limit: 2 * size + 1024) else { continue }
            guard let decoded = codec.decode(stored.bytes, size: size, skipped: stored.skipped) else {
                throw damaged("has a corrupt chunk at \(start.map(String.init).joined(separator: ", "))")
            }
            if bytes == nil { bytes = [UInt8](repeating: 0, count: rows.count * rowLength * elementSize) }
            place(decoded, of: chunk, at: start, rows: rows, into: &bytes!)
        }
        // Nothing was ever written: the library knows the fill value.
        return try bytes ?? readPlain(rows: rows)
    }

    private func chunkSize(_ chunk: [Int]) throws -> Int {
        var size = elementSize
        for length in chunk {
            let (product, overflow) = size.multipliedReportingOverflow(by: length)
            guard !overflow, length > 0, product < 1 << 32 else { throw damaged("has chunks of impossible size") }
            size = product
        }
        return size
    }

    /// Where the chunks that hold some of `rows` start.
    private func chunkStarts(_ chunk: [Int], rows: Range<Int>) -> [[Int]] {
        let first = rows.lowerBound / chunk[0] * chunk[0]
        var starts = stride(from: first, to: rows.upperBound, by: chunk[0]).map { [$0] }
        for axis in chunk.indices.dropFirst() {
            starts = starts.flatMap { start in stride(from: 0, to: shape[axis], by: chunk[axis]).map { start + [$0] } }
        }
        return starts
    }

    /// Copies what lies in `rows`, one run along the last axis at a time.
    private func place(_ decoded: [UInt8], of chunk: [Int], at start: [Int], rows: Range<Int>, into bytes: inout [UInt8]) {
        let last = chunk.count - 1
        let wanted = chunk.indices.map { axis in
            (axis == 0 ? rows : 0..<shape[axis]).clamped(to: start[axis]..<start[axis] + chunk[axis])
        }
        var position = wanted.map(\.lowerBound)
        while true {
            var (source, target) = (0, 0)
            for axis in chunk.indices {
                source = source * chunk[axis] + position[axis] - start[axis]
                target = target * (axis == 0 ? rows.count : shape[axis]) + position[axis] - (axis == 0 ? rows.lowerBound : 0)
            }
            let length = wanted[last].count * elementSize
            bytes.replaceSubrange(
                target * elementSize..<target * elementSize + length, with: decoded[source * elementSize..<source * elementSize + length])
            // The next run: count up all axes but the last.
            var axis = last - 1
            while axis >= 0 {
                position[axis] += 1
                if position[axis] < wanted[axis].upperBound { break }
                position[axis] = wanted[axis].lowerBound
                axis -= 1
            }
            if axis < 0 { return }
        }
    }
}

/// Grows a dataset by rows of fixed width; whole chunks are encoded in the calling thread and written as they fill.
///
/// - Cost: memory of one chunk.
final class ChunkAppender {
    private let dataset: HDF5Dataset
    private let codec: ChunkCodec
    private let rowBytes: Int
    private let chunkBytes: Int
    private var pending: [UInt8] = []
    private var written = 0
    private var hash: SHA256?

    /// Appends to a new, growing dataset; `isHashed` keeps a hash of what goes in.
    init(_ dataset: HDF5Dataset, isHashed: Bool = false) {
        self.dataset = dataset
        hash = isHashed ? SHA256() : nil
        let size = dataset.elementType!.size
        codec = ChunkCodec(elementSize: size)
        rowBytes = size * dataset.shape.dropFirst().reduce(1, *)
        chunkBytes = rowBytes * dataset.chunkRows
        pending.reserveCapacity(chunkBytes)
    }

    /// Rows so far.
    var rows: Int { written + pending.count / rowBytes }

    /// Path, type, length and SHA-256 of what was appended.
    var digest: String { "\(dataset.name) \(dataset.elementType!.rawValue) \(rows) \(hash?.finalize() ?? "")" }

    /// Adds whole rows.
    func append<T: HDF5Element>(_ values: [T]) throws {
        precondition(T.elementType == dataset.elementType)
        try values.withUnsafeBytes { bytes in
            var start = 0
            while start < bytes.count {
                let end = min(start + chunkBytes - pending.count, bytes.count)
                pending.append(contentsOf: bytes[start..<end])
                start = end
                if pending.count == chunkBytes { try writePending() }
            }
        }
    }

    /// Goes through all values so far, chunk by chunk.
    func forEachChunk<T: HDF5Element>(_ body: ([T]) throws -> Void) throws {
        for start in stride(from: 0, to: written, by: dataset.chunkRows) {
            try body(dataset.read(rows: start..<min(start + dataset.chunkRows, written)))
        }
        let rest = pending.withUnsafeBytes { Array($0.bindMemory(to: T.self)) }
        if !rest.isEmpty { try body(rest) }
    }

    /// Writes the last, partial chunk.
    func finish() throws { if !pending.isEmpty { try writePending() } }

    private func writePending() throws {
        hash?.update(pending)
        let total = rows
        pending.append(contentsOf: repeatElement(0, count: chunkBytes - pending.count))
        try dataset.writeChunk(codec.encode(pending), at: written, growingTo: total)
        written = total
        pending.removeAll(keepingCapacity: true)
    }
}
