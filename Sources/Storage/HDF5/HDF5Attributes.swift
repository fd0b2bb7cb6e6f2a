import CHDF5
import MaterialsCore

/// Attributes of a group or dataset: strings and numbers.
package struct HDF5Attributes: Sendable {
    let owner: HDF5Handle
    let path: String
    let name: String

    /// True where an attribute of that name exists.
    package func contains(_ attribute: String) -> Bool { HDF5Library.locked { H5Aexists(owner.id, attribute) > 0 } }

    private func opened(_ attribute: String) -> HDF5Handle? {
        guard H5Aexists(owner.id, attribute) > 0 else { return nil }
        let id = H5Aopen(owner.id, attribute, ms_h5_default())
        return id < 0 ? nil : HDF5Handle(id) { H5Aclose($0) }
    }

    /// A string, of fixed or variable length; nil where there is none.
    package func string(_ attribute: String) -> String? {
        HDF5Library.locked {
            guard let handle = opened(attribute) else { return nil }
            let type = HDF5Handle(H5Aget_type(handle.id)) { H5Tclose($0) }
            let space = HDF5Handle(H5Aget_space(handle.id)) { H5Sclose($0) }
            guard H5Tget_class(type.id) == H5T_STRING, H5Sget_simple_extent_npoints(space.id) == 1 else { return nil }
            if H5Tis_variable_str(type.id) > 0 {
                return try? HDF5Text.readVariable(count: 1, type: type, path: path) { H5Aread(handle.id, $0, $1) }.first
            }
            let size = H5Tget_size(type.id)
            guard size > 0, size < 1 << 28 else { return nil }
            var bytes = [UInt8](repeating: 0, count: size)
            return H5Aread(handle.id, type.id, &bytes) >= 0 ? HDF5Text.split(bytes, type: type).first : nil
        }
    }

    /// A whole number; nil where there is none.
    package func integer(_ attribute: String) -> Int? {
        HDF5Library.locked {
            guard let handle = opened(attribute) else { return nil }
            let type = HDF5Handle(H5Aget_type(handle.id)) { H5Tclose($0) }
            let space = HDF5Handle(H5Aget_space(handle.id)) { H5Sclose($0) }
            guard H5Tget_class(type.id) == H5T_INTEGER, H5Sget_simple_extent_npoints(space.id) == 1 else { return nil }
            var value: Int64 = 0
            return H5Aread(handle.id, ElementType.i64.memoryType, &value) >= 0 ? Int(value) : nil
        }
    }

    /// Names of all attributes, sorted.
    package func names() -> [String] {
        HDF5Library.locked {
            var result: [String] = []
            var i: hsize_t = 0
            while result.count < 1 << 16 {
                let size = H5Aget_name_by_idx(owner.id, ".", H5_INDEX_NAME, H5_ITER_INC, i, nil, 0, ms_h5_default())
                guard size >= 0, size < 1 << 16 else { break }
                var buffer = [CChar](repeating: 0, count: size + 1)
                H5Aget_name_by_idx(owner.id, ".", H5_INDEX_NAME, H5_ITER_INC, i, &buffer, size + 1, ms_h5_default())
                result.append(String(decoding: buffer.prefix(size).map { UInt8(bitPattern: $0) }, as: UTF8.self))
                i += 1
            }
            H5Eclear2(ms_h5_error_stack())
            return result.sorted()
        }
    }

    /// Writes a string of fixed length; what follows a NUL is lost.
    package func set(_ attribute: String, _ value: String) throws {
        try HDF5Library.locked {
            let width = HDF5Text.width(of: [value])
            let type = HDF5Text.fixedType(width)
            try write(attribute, type: type.id) { H5Awrite($0, type.id, HDF5Text.padded([value], width: width)) }
        }
    }

    /// Writes a whole number.
    package func set(_ attribute: String, _ value: Int) throws {
        try HDF5Library.locked {
            var number = Int64(value)
            try write(attribute, type: ElementType.i64.fileType) { H5Awrite($0, ElementType.i64.memoryType, &number) }
        }
    }

    /// Writes a number.
    package func set(_ attribute: String, _ value: Double) throws {
        try HDF5Library.locked {
            var number = value
            try write(attribute, type: ElementType.f64.fileType) { H5Awrite($0, ElementType.f64.memoryType, &number) }
        }
    }

    private func write(_ attribute: String, type: hid_t, _ body: (hid_t) -> herr_t) throws {
        let space = HDF5Handle(H5Screate(H5S_SCALAR)) { H5Sclose($0) }
        let handle = HDF5Handle(H5Acreate2(owner.id, attribute, type, space.id, ms_h5_default(), ms_h5_default())) { H5Aclose($0) }
        guard handle.id >= 0, body(handle.id) >= 0 else { throw HDF5Library.writeError(path, "writing attribute \(attribute) of \(name)") }
    }
}
