import CHDF5
import Foundation
import MaterialsCore

/// Strings between Swift and the library; called inside `HDF5Library.locked`.
enum HDF5Text {
    /// UTF-8 of variable length.
    static func variableType() -> HDF5Handle {
        let type = HDF5Handle(H5Tcopy(ms_h5_c_string())) { H5Tclose($0) }
        H5Tset_size(type.id, ms_h5_variable())
        H5Tset_cset(type.id, H5T_CSET_UTF8)
        return type
    }

    /// Lends the strings as C strings; NUL, which would end them, becomes U+FFFD.
    static func withPointers<R>(_ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) throws -> R) rethrows -> R {
        var bytes: [UInt8] = []
        var starts: [Int] = []
        for string in strings {
            starts.append(bytes.count)
            bytes.append(contentsOf: string.utf8.contains(0) ? Array(string.replacing("\0", with: "\u{FFFD}").utf8) : Array(string.utf8))
            bytes.append(0)
        }
        return try bytes.withUnsafeBytes { all in
            let base = all.baseAddress?.assumingMemoryBound(to: CChar.self)
            let pointers = starts.map { start in base.map { $0 + start } }
            return try pointers.withUnsafeBufferPointer { try body($0.baseAddress!) }
        }
    }

    /// Reads `count` strings of fixed or variable length by `read(memory type, buffer)`.
    static func read(
        count: Int, type: HDF5Handle, space: HDF5Handle, path: String, _ read: (hid_t, UnsafeMutableRawPointer) -> herr_t
    ) throws -> [String] {
        if count == 0 { return [] }
        return H5Tis_variable_str(type.id) > 0
            ? try readVariable(count, type, space, path, read) : try readFixed(count, type, path, read)
    }

    private static func readVariable(
        _ count: Int, _ type: HDF5Handle, _ space: HDF5Handle, _ path: String, _ read: (hid_t, UnsafeMutableRawPointer) -> herr_t
    ) throws -> [String] {
        let memory = variableType()
        H5Tset_cset(memory.id, H5Tget_cset(type.id))
        var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
        return try pointers.withUnsafeMutableBytes { buffer in
            guard read(memory.id, buffer.baseAddress!) >= 0 else { throw HDF5Library.readError(path, "reading strings") }
            let strings = buffer.bindMemory(to: UnsafeMutablePointer<CChar>?.self)
            defer { for p in strings { H5free_memory(p) } }
            return strings.map { $0.map { String(cString: $0) } ?? "" }
        }
    }

    private static func readFixed(
        _ count: Int, _ type: HDF5Handle, _ path: String, _ read: (hid_t, UnsafeMutableRawPointer) -> herr_t
    ) throws -> [String] {
        let size = H5Tget_size(type.id)
        guard size > 0, size.multipliedReportingOverflow(by: count).overflow == false, size * count < 1 << 31 else {
            throw MatSieveError.input("\(path): holds strings of \(size) bytes; it is damaged, copy or make it again")
        }
        var bytes = [UInt8](repeating: 0, count: size * count)
        guard read(type.id, &bytes) >= 0 else { throw HDF5Library.readError(path, "reading strings") }
        let isSpacePadded = H5Tget_strpad(type.id) == H5T_STR_SPACEPAD
        return (0..<count).map { i in
            var slice = bytes[i * size..<(i + 1) * size]
            slice = slice.prefix { $0 != 0 }
            while isSpacePadded, slice.last == 0x20 { slice.removeLast() }
            return String(decoding: slice, as: UTF8.self)
        }
    }
}
