import MaterialsCore

/// A file that exists only in memory; hands out at most `chunk` bytes a read.
public func inMemoryInput(_ bytes: [UInt8], path: String = "memory.csv", chunk: Int = .max) -> ByteInput {
    ByteInput(path: path) { InMemoryStream(bytes, chunk: chunk) }
}

/// A file of text that exists only in memory; hands out at most `chunk` bytes a read.
public func inMemoryInput(_ text: String, path: String = "memory.csv", chunk: Int = .max) -> ByteInput {
    inMemoryInput(Array(text.utf8), path: path, chunk: chunk)
}

private final class InMemoryStream: ByteStream {
    private let bytes: [UInt8]
    private let chunk: Int
    private var position = 0

    init(_ bytes: [UInt8], chunk: Int) { (self.bytes, self.chunk) = (bytes, chunk) }

    func read(_ capacity: Int) -> [UInt8] {
        let end = position + min(capacity, chunk, bytes.count - position)
        defer { position = end }
        return Array(bytes[position..<end])
    }
}

/// All batches of a source, decoded in order.
public func allBatches(_ source: any CandidateSource, _ positions: Range<Int>? = nil) throws -> [CandidateBatch] {
    let reader = try source.reader(positions: positions ?? 0..<source.positionCount())
    var batches: [CandidateBatch] = []
    while let pending = try reader.next() { batches += try pending.decode() }
    return batches
}
