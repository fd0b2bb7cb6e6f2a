import CHDF5
import Foundation
import MaterialsCore

/// Strings between Swift and the library; called inside `HDF5Library.locked`.
///
/// What MatSieve reads back it writes with a fixed length: strings of variable length lie in a global heap that has no checksum,
/// and library 1.10 can end the process where that heap is damaged.
enum HDF5Text {
    /// UTF-8 of a fixed number of bytes, padded with NUL.
    static func fixedType(_ width: Int) -> HDF5Handle {
        let type = HDF5Handle(H5Tcopy(ms_h5_c_string())) { H5Tclose($0) }
        H5Tset_size(type.id, width)
        H5Tset_strpad(type.id, H5T_STR_NULLPAD)
        H5Tset_cset(type.id, H5T_CSET_UTF8)
        return type
    }

    /// Bytes of the longest, at least one.
    static func width(of strings: [String]) -> Int { strings.reduce(1) { max($0, $1.utf8.count) } }

    /// The strings, each padded to `width`.
    static func padded(_ strings: [String], width: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(strings.count * width)
        for string in strings {
            bytes.append(contentsOf: string.utf8)
            bytes.append(contentsOf: repeatElement(0, count: width - string.utf8.count))
        }
        return bytes
    }

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

    /// Reads `count` strings of variable length by `read(memory type, buffer)`.
    static func readVariable(
        count: Int, type: HDF5Handle, path: String, _ read: (hid_t, UnsafeMutableRawPointer) -> herr_t
    ) throws -> [String] {
        if count == 0 { return [] }
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

    /// Cuts bytes into strings of the length that `type` has.
    static func split(_ bytes: [UInt8], type: HDF5Handle) -> [String] {
        let size = max(H5Tget_size(type.id), 1)
        let isSpacePadded = H5Tget_strpad(type.id) == H5T_STR_SPACEPAD
        return (0..<bytes.count / size).map { i in
            var slice = bytes[i * size..<(i + 1) * size].prefix { $0 != 0 }
            while isSpacePadded, slice.last == 0x20 { slice.removeLast() }
            return String(decoding: slice, as: UTF8.self)
        }
    }
}
