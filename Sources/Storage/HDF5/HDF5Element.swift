import CHDF5

/// The number types that MatSieve stores, all little-endian.
package enum ElementType: String, Sendable, CaseIterable {
    case f64, f32, u64, u32, u8, i64, i32

    /// Bytes of one element.
    package var size: Int {
        switch self {
        case .f64, .u64, .i64: 8
        case .f32, .u32, .i32: 4
        case .u8: 1
        }
    }

    /// Type in the file.
    var fileType: hid_t {
        switch self {
        case .f64: ms_h5_f64le()
        case .f32: ms_h5_f32le()
        case .u64: ms_h5_u64le()
        case .u32: ms_h5_u32le()
        case .u8: ms_h5_u8le()
        case .i64: ms_h5_i64le()
        case .i32: ms_h5_i32le()
        }
    }

    /// Type in memory.
    var memoryType: hid_t {
        switch self {
        case .f64: ms_h5_native_double()
        case .f32: ms_h5_native_float()
        case .u64: ms_h5_native_uint64()
        case .u32: ms_h5_native_uint32()
        case .u8: ms_h5_native_uint8()
        case .i64: ms_h5_native_int64()
        case .i32: ms_h5_native_int32()
        }
    }
}

/// A Swift type that can be stored.
package protocol HDF5Element: BitwiseCopyable, Sendable {
    static var elementType: ElementType { get }
    init()
}

extension Double: HDF5Element { package static var elementType: ElementType { .f64 } }
extension Float: HDF5Element { package static var elementType: ElementType { .f32 } }
extension UInt64: HDF5Element { package static var elementType: ElementType { .u64 } }
extension UInt32: HDF5Element { package static var elementType: ElementType { .u32 } }
extension UInt8: HDF5Element { package static var elementType: ElementType { .u8 } }
extension Int64: HDF5Element { package static var elementType: ElementType { .i64 } }
extension Int32: HDF5Element { package static var elementType: ElementType { .i32 } }

/// The kinds of values that a dataset may hold, as far as MatSieve tells them apart.
package enum StoredKind: Sendable, Equatable { case float, signed, unsigned, string, other }
