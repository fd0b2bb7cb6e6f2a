import MaterialsCore

/// What a file is, told by its content and not its name.
public enum FileKind: String, Sendable, CaseIterable {
    case candidateStore, model, table, otherHDF5, notHDF5

    /// Looks at the first bytes and the attributes of the root.
    ///
    /// - Errors: `.input` where the file is missing or unreadable, or an HDF5 file that is truncated or damaged.
    public static func detect(_ path: String) throws -> FileKind {
        guard try isHDF5(path) else { return .notHDF5 }
        let root = try HDF5File.open(path).root
        if root.attributes.contains(CandidateStoreSchema.versionAttribute) { return .candidateStore }
        if root.attributes.contains(ModelFile.versionAttribute) { return .model }
        return root.attributes.contains(TableFileWriter.versionAttribute) || root.isGroup("features") == false ? .table : .otherHDF5
    }

    /// The signature stands at the start.
    private static func isHDF5(_ path: String) throws -> Bool {
        let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]
        return try FileByteStream(path: path).read(signature.count) == signature
    }
}
