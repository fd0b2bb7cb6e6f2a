import Formats
import MaterialsCore
import Storage

/// Opens what a command or plan names as INPUT or TABLE: a candidate store, a table or structures in a registered format, a folder or
/// an archive of structure files.
public enum CandidateInput {
    /// Opens an input for reading.
    /// - Parameters:
    ///   - path: a file or folder; what it is goes by its content for stores and archives, by its name for all else
    ///   - format: registry name of a format, where the name does not say
    ///   - request: columns to read
    public static func open(_ path: String, format: String? = nil, request: TableRequest) throws -> any CandidateSource {
        switch try kind(of: path, format: format) {
        case .store: try CandidateStoreSource(path: path, columns: request.columns, structures: request.readsStructures)
        case .table(let entry): try entry.open(try openByteInput(path: path), request)
        case .structures(let files): try StructureSource.open(files, format: format, request: request)
        }
    }

    /// Names of the columns of an input, numeric and text, in its order.
    static func columnNames(_ path: String, format: String?) throws -> [String] {
        switch try kind(of: path, format: format) {
        case .store: try CandidateStore(path: path).schema.names
        case .table(let entry): try entry.columnNames(try openByteInput(path: path))
        case .structures(let files): try StructureSource.columnNames(files, format: format)
        }
    }

    /// Kind of a column of a store; nil for all other inputs, whose columns can be read either way.
    static func storedKind(ofColumn name: String, in path: String, format: String?) throws -> ColumnKind? {
        guard case .store = try kind(of: path, format: format) else { return nil }
        let schema = try CandidateStore(path: path).schema
        return (schema.numeric + schema.text).first { $0.name == name }?.kind
    }

    private enum Kind {
        case store
        case table(TableFormatEntry)
        case structures(FileCollection)
    }

    private static func kind(of path: String, format: String?) throws -> Kind {
        let files = try openFileCollection(path: path)
        if files.holdsMany { return .structures(files) }
        if let format {
            return try FormatRegistry.isTable(named: format) ? .table(FormatRegistry.table(named: format)) : .structures(files)
        }
        switch try FileKind.detect(path) {
        case .candidateStore: return .store
        case .notHDF5: break
        case .model: throw MatSieveError.input("\(path): is a model, not candidates")
        case .table, .otherHDF5: throw MatSieveError.input("\(path): is HDF5, but not a candidate store (matsieve import makes one)")
        }
        if path.hasSuffix(".h5") || path.hasSuffix(".hdf5") {
            throw MatSieveError.input("\(path): is not HDF5, though its name says so; it is no candidate store")
        }
        return FormatRegistry.structure(forFile: path) != nil ? .structures(files) : .table(try FormatRegistry.table(forFile: path))
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
