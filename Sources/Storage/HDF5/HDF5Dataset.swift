import CHDF5
import MaterialsCore

/// An open dataset of an HDF5 file.
package final class HDF5Dataset: Sendable {
    /// Path of the file, for messages.
    package let path: String
    /// Where it stands in the file.
    package let name: String
    /// Lengths along each axis when it was opened; empty for a single value.
    package let shape: [Int]
    /// What it holds.
    package let kind: StoredKind
    /// The type in the file, where it is one of ours.
    package let elementType: ElementType?
    /// Lengths of a chunk; nil where it is not chunked.
    package let chunk: [Int]?
    /// Bytes of an element in the file.
    let elementSize: Int
    /// How chunks are stored; nil where there are none, or with a filter that is not known here.
    let codec: ChunkCodec?
    let handle: HDF5Handle

    init(_ id: hid_t, path: String, name: String) throws {
        handle = HDF5Handle(id) { H5Dclose($0) }
        (self.path, self.name) = (path, name)
        let failure = { HDF5Library.readError(path, "describing dataset \(name)") }
        let space = HDF5Handle(H5Dget_space(id)) { H5Sclose($0) }
        let type = HDF5Handle(H5Dget_type(id)) { H5Tclose($0) }
        let creation = HDF5Handle(H5Dget_create_plist(id)) { H5Pclose($0) }
        guard space.id >= 0, type.id >= 0, creation.id >= 0 else { throw failure() }
        guard let shape = Self.shape(of: space.id) else { throw failure() }
        self.shape = shape
        kind = Self.kind(of: type.id)
        let element = ElementType.allCases.first { H5Tequal(type.id, $0.fileType) > 0 }
        elementType = element
        chunk = Self.chunk(of: creation.id, rank: shape.count)
        elementSize = H5Tget_size(type.id)
        codec = chunk == nil ? nil : ChunkCodec(filtersOf: creation.id, elementSize: elementSize)
    }

    /// Attributes of the dataset.
    package var attributes: HDF5Attributes { HDF5Attributes(owner: handle, path: path, name: name) }
    /// Number of elements.
    package var count: Int { shape.reduce(1, *) }

    private static func shape(of space: hid_t) -> [Int]? {
        let rank = H5Sget_simple_extent_ndims(space)
        guard rank >= 0, rank <= 32, H5Sget_simple_extent_type(space) != H5S_NULL else { return nil }
        var lengths = [hsize_t](repeating: 0, count: Int(rank))
        guard H5Sget_simple_extent_dims(space, &lengths, nil) >= 0 else { return nil }
        var total: hsize_t = 1
        for n in lengths {
            let (product, overflow) = total.multipliedReportingOverflow(by: max(n, 1))
            guard !overflow, product < 1 << 48 else { return nil }
            total = product
        }
        return lengths.map { Int($0) }
    }

    private static func kind(of type: hid_t) -> StoredKind {
        switch H5Tget_class(type) {
        case H5T_FLOAT: .float
        case H5T_INTEGER: H5Tget_sign(type) == H5T_SGN_NONE ? .unsigned : .signed
        case H5T_STRING: .string
        default: .other
        }
    }

    private static func chunk(of creation: hid_t, rank: Int) -> [Int]? {
        guard H5Pget_layout(creation) == H5D_CHUNKED else { return nil }
        var lengths = [hsize_t](repeating: 0, count: 32)
        guard H5Pget_chunk(creation, 32, &lengths) == Int32(rank) else { return nil }
        return lengths.prefix(rank).map { Int($0) }
    }

    /// An error about its content.
    func damaged(_ what: String) -> MatSieveError {
        .input("\(path): dataset \(name) \(what); it is damaged, copy or make it again")
    }
}

// MARK: - Whole values

extension HDF5Dataset {
    /// Writes all elements, row-major.
    package func write<T: HDF5Element>(_ values: [T]) throws {
        if values.isEmpty { return }
        try HDF5Library.locked {
            guard H5Dwrite(handle.id, T.elementType.memoryType, 0, 0, ms_h5_default(), values) >= 0 else {
                throw HDF5Library.writeError(path, "writing dataset \(name)")
            }
            try flush()
        }
    }

    /// Writes out what the library holds back; without it a full disk shows only when the dataset is closed, where nobody can be told.
    package func flush() throws {
        try HDF5Library.locked {
            guard H5Dflush(handle.id) >= 0 else { throw HDF5Library.writeError(path, "flushing dataset \(name)") }
        }
    }

    /// Reads all elements, row-major, converted to `T`.
    package func read<T: HDF5Element>(_ type: T.Type = T.self) throws -> [T] {
        try read(rows: 0..<(shape.first ?? 1))
    }

    /// Reads the given rows (first axis), converted to `T`.
    package func read<T: HDF5Element>(_ type: T.Type = T.self, rows: Range<Int>) throws -> [T] {
        try checkNumeric()
        let count = rows.count * rowLength
        try checkSize(count, elementSize: max(T.elementType.size, elementSize))
        var bytes = try readBytes(rows: rows)
        if elementType != T.elementType { try convert(&bytes, count: count, to: T.elementType) }
        return [T](unsafeUninitializedCapacity: count) { output, filled in
            bytes.withUnsafeBytes {
                UnsafeMutableRawBufferPointer(output).copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: $0[..<(count * T.elementType.size)]))
            }
            filled = count
        }
    }

    /// Elements of a row.
    var rowLength: Int { shape.dropFirst().reduce(1, *) }

    private func convert(_ bytes: inout [UInt8], count: Int, to type: ElementType) throws {
        let missing = count * type.size - bytes.count
        if missing > 0 { bytes.append(contentsOf: repeatElement(0, count: missing)) }
        try HDF5Library.locked {
            let stored = HDF5Handle(H5Dget_type(handle.id)) { H5Tclose($0) }
            guard H5Tconvert(stored.id, type.memoryType, count, &bytes, nil, ms_h5_default()) >= 0 else {
                throw HDF5Library.readError(path, "converting dataset \(name)")
            }
        }
    }

    /// Rows as the library reads them, in the type of the file.
    func readPlain(rows: Range<Int>) throws -> [UInt8] {
        let size = rows.count * rowLength * elementSize
        if size == 0 { return [] }
        return try HDF5Library.locked {
            let (memory, file) = selection(rows)
            let stored = HDF5Handle(H5Dget_type(handle.id)) { H5Tclose($0) }
            var bytes = [UInt8](repeating: 0, count: size)
            guard H5Dread(handle.id, stored.id, memory?.id ?? 0, file?.id ?? 0, ms_h5_default(), &bytes) >= 0 else {
                throw HDF5Library.readError(path, "reading dataset \(name)")
            }
            return bytes
        }
    }

    /// Spaces that select rows; nil stands for all.
    private func selection(_ rows: Range<Int>) -> (memory: HDF5Handle?, file: HDF5Handle?) {
        if shape.isEmpty || rows == 0..<shape[0] { return (nil, nil) }
        let file = HDF5Handle(H5Dget_space(handle.id)) { H5Sclose($0) }
        var start = [hsize_t](repeating: 0, count: shape.count)
        var lengths = shape.map { hsize_t($0) }
        (start[0], lengths[0]) = (hsize_t(rows.lowerBound), hsize_t(rows.count))
        H5Sselect_hyperslab(file.id, H5S_SELECT_SET, start, nil, lengths, nil)
        return (HDF5Handle(H5Screate_simple(Int32(shape.count), lengths, nil)) { H5Sclose($0) }, file)
    }

    private func checkNumeric() throws {
        guard kind != .string, kind != .other else { throw damaged("does not hold numbers") }
    }

    /// Refuses sizes that the stored bytes cannot give, before memory is taken for them.
    func checkSize(_ count: Int, elementSize: Int) throws {
        let (bytes, overflow) = count.multipliedReportingOverflow(by: elementSize)
        let stored = HDF5Library.locked { H5Dget_storage_size(handle.id) }
        // Deflate cannot expand by more than 1032; 16 MiB more allow for fill values.
        let (limit, isUnlimited) = stored.multipliedReportingOverflow(by: 1100)
        guard !overflow, isUnlimited || bytes <= Int(clamping: limit) + 1 << 24 else {
            throw damaged("claims \(count) values in \(stored) bytes")
        }
    }

    /// Reads all strings.
    package func readStrings() throws -> [String] {
        guard kind == .string else { throw damaged("does not hold strings") }
        try checkSize(count, elementSize: elementSize)
        return try HDF5Library.locked {
            let type = HDF5Handle(H5Dget_type(handle.id)) { H5Tclose($0) }
            if H5Tis_variable_str(type.id) <= 0 {
                return HDF5Text.split(try readBytes(rows: 0..<(shape.first ?? 1)), type: type)
            }
            return try HDF5Text.readVariable(count: count, type: type, path: path) { H5Dread(handle.id, $0, 0, 0, ms_h5_default(), $1) }
        }
    }

    /// Adds strings to a growing list of them, from row `first`.
    package func append(strings: [String], first: Int) throws {
        if strings.isEmpty { return }
        try HDF5Library.locked {
            try extend(to: first + strings.count)
            let type = HDF5Text.variableType()
            let space = HDF5Handle(H5Dget_space(handle.id)) { H5Sclose($0) }
            let memory = HDF5Handle(H5Screate_simple(1, [hsize_t(strings.count)], nil)) { H5Sclose($0) }
            H5Sselect_hyperslab(space.id, H5S_SELECT_SET, [hsize_t(first)], nil, [hsize_t(strings.count)], nil)
            let done = HDF5Text.withPointers(strings) { H5Dwrite(handle.id, type.id, memory.id, space.id, ms_h5_default(), $0) }
            guard done >= 0 else { throw HDF5Library.writeError(path, "writing dataset \(name)") }
        }
    }

    /// Grows the first axis.
    func extend(to rows: Int) throws {
        var lengths = shape.map { hsize_t($0) }
        lengths[0] = hsize_t(rows)
        guard H5Dset_extent(handle.id, lengths) >= 0 else { throw HDF5Library.writeError(path, "growing dataset \(name)") }
    }
}
