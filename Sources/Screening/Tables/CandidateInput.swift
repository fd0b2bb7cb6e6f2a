import Formats
import MaterialsCore
import Storage

/// Opens what a command or plan names as INPUT or TABLE: a candidate store, or a table in a registered format.
public enum CandidateInput {
    /// Opens an input for reading.
    /// - Parameters:
    ///   - path: a file; what it is goes by its content for stores and by its ending for tables
    ///   - format: registry name of a table format, where the ending does not say
    ///   - request: columns to read
    public static func open(_ path: String, format: String? = nil, request: TableRequest) throws -> any CandidateSource {
        if format == nil {
            switch try FileKind.detect(path) {
            case .candidateStore: return try CandidateStoreSource(path: path, columns: request.columns, structures: request.readsStructures)
            case .notHDF5: break
            case .model: throw MatSieveError.input("\(path): is a model, not a table or candidate store")
            case .table, .otherHDF5: throw MatSieveError.input("\(path): is HDF5, but not a candidate store (matsieve import makes one)")
            }
        }
        let entry = try tableFormat(path, format: format)
        return try entry.open(try openByteInput(path: path), request)
    }

    /// Names of the columns of an input, numeric and text, in its order.
    static func columnNames(_ path: String, format: String?) throws -> [String] {
        if format == nil, try FileKind.detect(path) == .candidateStore {
            return try CandidateStore(path: path).schema.names
        }
        return try tableFormat(path, format: format).columnNames(try openByteInput(path: path))
    }

    private static func tableFormat(_ path: String, format: String?) throws -> TableFormatEntry {
        if let format { return try FormatRegistry.table(named: format) }
        if path.hasSuffix(".h5") || path.hasSuffix(".hdf5") {
            throw MatSieveError.input("\(path): is not HDF5, though its name says so; it is no candidate store")
        }
        return try FormatRegistry.table(forFile: path)
    }
}

extension CandidateSource {
    /// Reads the whole source in order on one thread.
    func forEachBatch(_ body: (CandidateBatch) throws -> Void) throws {
        let reader = try reader(positions: 0..<1 << 48)
        while let pending = try reader.next() {
            for batch in try pending.decode() { try body(batch) }
        }
    }

    /// Reads the whole source with decoding and `transform` on several threads; `commit` gets results in order.
    ///
    /// - Errors: `.stopped` where the workers are interrupted.
    func forEachBatch<Result: Sendable>(
        _ workers: Workers, transform: @escaping @Sendable (CandidateBatch) throws -> Result, commit: (Result) throws -> Void
    ) throws {
        let reader = try reader(positions: 0..<1 << 48)
        let interruption = workers.interruption
        try BatchScheduler<[Result]>(threads: workers.threads, isCancelled: { interruption.isRequested }).run(
            next: { try reader.next() }, process: { try $0.decode().map(transform) }, commit: { try $0.forEach(commit) })
        if interruption.isRequested { throw MatSieveError.stopped("stopped by \(interruption.cause); no output was written, run it again") }
    }
}
