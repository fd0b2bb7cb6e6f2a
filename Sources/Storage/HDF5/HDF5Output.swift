import MaterialsCore

/// An HDF5 file in the making: written beside its name, synced and renamed by `commit`.
final class HDF5Output {
    private(set) var file: HDF5File
    private let pending: PendingFile

    /// Starts a file.
    ///
    /// - Errors: as `PendingFile`; `.usage` for standard output, which HDF5 cannot be written to.
    init(path: String) throws {
        if path == "-" { throw MatSieveError.usage("HDF5 cannot be written to standard output; give a file name") }
        pending = try PendingFile(path: path)
        file = try HDF5File.create(pending.temporaryPath, path: path)
    }

    /// Closes the file, whose datasets must have been let go, and brings it under its name, with a seal where asked for.
    func commit(sealed: Bool = false) throws {
        try file.close()
        if sealed { try FileSeal.append(to: pending.temporaryPath, path: pending.path) }
        try pending.commit()
    }
}
