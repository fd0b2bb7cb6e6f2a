import CHDF5
import MaterialsCore

/// An open group of an HDF5 file.
package final class HDF5Group: Sendable {
    /// Path of the file, for messages.
    package let path: String
    /// Where it stands in the file; empty for the root.
    package let name: String
    private let handle: HDF5Handle

    init(_ id: hid_t, path: String, name: String) {
        handle = HDF5Handle(id) { H5Gclose($0) }
        (self.path, self.name) = (path, name)
    }

    /// Attributes of the group.
    package var attributes: HDF5Attributes { HDF5Attributes(owner: handle, path: path, name: name.isEmpty ? "/" : name) }

    func close() -> Bool { handle.close() }

    private func full(_ child: String) -> String { name + "/" + child }

    /// True where something of that name exists.
    package func contains(_ child: String) -> Bool {
        HDF5Library.locked { H5Lexists(handle.id, child, ms_h5_default()) > 0 && H5Oexists_by_name(handle.id, child, ms_h5_default()) > 0 }
    }

    /// What the link leads to: true for a group, false for a dataset, nil for nothing known.
    package func isGroup(_ child: String) -> Bool? {
        guard contains(child) else { return nil }
        return HDF5Library.locked {
            let id = H5Oopen(handle.id, child, ms_h5_default())
            guard id >= 0 else { return nil }
            defer { H5Oclose(id) }
            switch H5Iget_type(id) {
            case H5I_GROUP: return true
            case H5I_DATASET: return false
            default: return nil
            }
        }
    }

    /// Names in the group: in the order of making where the file keeps it, else by name.
    package func childNames() throws -> [String] {
        try HDF5Library.locked {
            var information = H5G_info_t()
            guard H5Gget_info(handle.id, &information) >= 0, information.nlinks < 1 << 24 else {
                throw HDF5Library.readError(path, "listing \(full(""))")
            }
            let count = Int(information.nlinks)
            return try orderedNames(count, by: H5_INDEX_CRT_ORDER) ?? orderedNames(count, by: H5_INDEX_NAME)
                ?? { throw HDF5Library.readError(path, "listing \(full(""))") }()
        }
    }

    private func orderedNames(_ count: Int, by index: H5_index_t) throws -> [String]? {
        var names: [String] = []
        for i in 0..<count {
            let size = H5Lget_name_by_idx(handle.id, ".", index, H5_ITER_INC, hsize_t(i), nil, 0, ms_h5_default())
            guard size >= 0, size < 1 << 16 else { return nil }
            var buffer = [CChar](repeating: 0, count: size + 1)
            guard H5Lget_name_by_idx(handle.id, ".", index, H5_ITER_INC, hsize_t(i), &buffer, size + 1, ms_h5_default()) >= 0 else {
                return nil
            }
            names.append(String(decoding: buffer.prefix(size).map { UInt8(bitPattern: $0) }, as: UTF8.self))
        }
        return names
    }

    /// Opens a group in it.
    package func group(_ child: String) throws -> HDF5Group {
        try HDF5Library.locked {
            let id = H5Gopen2(handle.id, child, ms_h5_default())
            guard id >= 0 else { throw HDF5Library.readError(path, "opening group \(full(child))") }
            return HDF5Group(id, path: path, name: full(child))
        }
    }

    /// Makes a group in it, which keeps the order in which its members are made.
    package func createGroup(_ child: String) throws -> HDF5Group {
        try HDF5Library.locked {
            let creation = HDF5Handle(H5Pcreate(ms_h5_group_create())) { H5Pclose($0) }
            H5Pset_obj_track_times(creation.id, false)
            H5Pset_link_creation_order(creation.id, ms_h5_track_order())
            let id = H5Gcreate2(handle.id, child, ms_h5_default(), creation.id, ms_h5_default())
            guard id >= 0 else { throw HDF5Library.writeError(path, "making group \(full(child))") }
            return HDF5Group(id, path: path, name: full(child))
        }
    }

    /// Opens a dataset in it.
    package func dataset(_ child: String) throws -> HDF5Dataset {
        try HDF5Library.locked {
            guard contains(child) else {
                throw MatSieveError.input("\(path): has no dataset \(full(child)); it is of another kind or version")
            }
            let id = H5Dopen2(handle.id, child, ms_h5_default())
            guard id >= 0 else { throw HDF5Library.readError(path, "opening dataset \(full(child))") }
            return try HDF5Dataset(id, path: path, name: full(child))
        }
    }

    /// Makes a dataset of fixed shape; `chunk` and `deflated` let the library compress what is written whole.
    package func createDataset(_ child: String, type: ElementType, shape: [Int], chunk: [Int]? = nil, growing: Bool = false) throws
        -> HDF5Dataset
    {
        try HDF5Library.locked {
            try makeDataset(child, type: type.fileType, shape: shape, chunk: chunk, growing: growing, deflated: chunk != nil)
        }
    }

    /// Makes a growing list of UTF-8 strings of variable length, the kind that h5py makes of a list of `str`.
    package func createGrowingTextDataset(_ child: String, chunkRows: Int) throws -> HDF5Dataset {
        try HDF5Library.locked {
            let type = HDF5Text.variableType()
            return try makeDataset(child, type: type.id, shape: [0], chunk: [chunkRows], growing: true, deflated: false)
        }
    }

    /// Writes UTF-8 strings of fixed length; `shape` is their count, or empty for a single one.
    package func writeStrings(_ strings: [String], as child: String, shape: [Int]) throws {
        try HDF5Library.locked {
            let width = HDF5Text.width(of: strings)
            let isLarge = strings.count * width > 1 << 16 && !shape.isEmpty
            let type = HDF5Text.fixedType(width)
            let chunk = isLarge ? [min(strings.count, max(1, 1 << 16 / width))] : nil
            let dataset = try makeDataset(child, type: type.id, shape: shape, chunk: chunk, growing: false, deflated: isLarge)
            if strings.isEmpty { return }
            guard H5Dwrite(dataset.handle.id, type.id, 0, 0, ms_h5_default(), HDF5Text.padded(strings, width: width)) >= 0 else {
                throw HDF5Library.writeError(path, "writing dataset \(full(child))")
            }
            try dataset.flush()
        }
    }

    private func makeDataset(_ child: String, type: hid_t, shape: [Int], chunk: [Int]?, growing: Bool, deflated: Bool) throws -> HDF5Dataset
    {
        let creation = HDF5Handle(H5Pcreate(ms_h5_dataset_create())) { H5Pclose($0) }
        H5Pset_obj_track_times(creation.id, false)
        if let chunk {
            H5Pset_chunk(creation.id, Int32(chunk.count), chunk.map { hsize_t($0) })
            if deflated {
                H5Pset_shuffle(creation.id)
                H5Pset_deflate(creation.id, UInt32(ChunkCodec.level))
                H5Pset_fill_time(creation.id, H5D_FILL_TIME_NEVER)
            }
        }
        let space = HDF5Handle(Self.space(shape, growing: growing)) { H5Sclose($0) }
        let id = H5Dcreate2(handle.id, child, type, space.id, ms_h5_default(), creation.id, ms_h5_default())
        guard id >= 0 else { throw HDF5Library.writeError(path, "making dataset \(full(child))") }
        return try HDF5Dataset(id, path: path, name: full(child))
    }

    private static func space(_ shape: [Int], growing: Bool) -> hid_t {
        if shape.isEmpty { return H5Screate(H5S_SCALAR) }
        var limits = shape.map { hsize_t($0) }
        if growing { limits[0] = ms_h5_unlimited() }
        return H5Screate_simple(Int32(shape.count), shape.map { hsize_t($0) }, limits)
    }
}
