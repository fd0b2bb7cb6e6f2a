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

    /// The stored bytes of the chunk of a one-dimensional dataset that starts at `row`, at most `limit`; nil where none was written.
    func readChunk(at row: Int, limit: Int) throws -> (bytes: [UInt8], skipped: UInt32)? {
        try HDF5Library.locked {
            let start = [hsize_t(row)]
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
    private var hash = SHA256()

    /// Appends to a new, growing dataset.
    init(_ dataset: HDF5Dataset) {
        self.dataset = dataset
        let size = dataset.elementType!.size
        codec = ChunkCodec(elementSize: size)
        rowBytes = size * dataset.shape.dropFirst().reduce(1, *)
        chunkBytes = rowBytes * dataset.chunkRows
        pending.reserveCapacity(chunkBytes)
    }

    /// Rows so far.
    var rows: Int { written + pending.count / rowBytes }

    /// Path, type, length and SHA-256 of what was appended.
    var digest: String { "\(dataset.name) \(dataset.elementType!.rawValue) \(rows) \(hash.finalize())" }

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

    /// Writes the last, partial chunk.
    func finish() throws { if !pending.isEmpty { try writePending() } }

    private func writePending() throws {
        hash.update(pending)
        let total = rows
        pending.append(contentsOf: repeatElement(0, count: chunkBytes - pending.count))
        try dataset.writeChunk(codec.encode(pending), at: written, growingTo: total)
        written = total
        pending.removeAll(keepingCapacity: true)
    }
}
