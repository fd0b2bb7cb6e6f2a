import BenchmarkHarness
import MaterialsCore
import Storage

extension Benchmark {
    /// A candidate store to batches of candidates.
    static let store = Benchmark(
        name: "store", unit: "rows", summary: "reads a candidate store (HDF5) into batches of candidates", optionNames: ["input"]
    ) { context in
        let table = try TableText(context)
        let folder = try TemporaryFolder()
        let path = folder.path + "/candidates.h5"
        try write(table.source(), to: path)
        let source = try CandidateStoreSource(path: path)
        let threads = context.threads
        var sum = Double.nan
        return BenchmarkWork(
            rows: source.positionCount(),
            run: { sum = try readThrough(source, threads: threads) { $0.checksum } },
            checksum: { sum },
            // The folder stays as long as the work.
            finish: { ["bytes": Double(try FileByteStream(path: folder.path + "/candidates.h5").byteCount())] })
    }

    private static func write(_ source: any CandidateSource, to path: String) throws {
        let writer = try CandidateStoreWriter(path: path, schema: source.schema, description: StoreDescription(createdBy: "matsieve-bench"))
        let reader = try source.reader(positions: 0..<1 << 48)
        while let piece = try reader.next() { for batch in try piece.decode() { try writer.append(batch) } }
        try writer.finish()
    }
}

extension FileByteStream {
    /// Bytes from here to the end.
    fileprivate func byteCount() throws -> Int {
        var count = 0
        while case let bytes = try read(1 << 20), !bytes.isEmpty { count += bytes.count }
        return count
    }
}
