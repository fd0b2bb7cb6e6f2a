import CHDF5
import MaterialsCore

/// An open HDF5 file.
///
/// Files are written without times and with one fixed library format, so equal content gives equal bytes.
package final class HDF5File: Sendable {
    /// Path as given, for messages.
    package let path: String
    /// The root group.
    package let root: HDF5Group
    /// Whether a seal stands behind it, and fits.
    let isSealed: Bool
    private let handle: HDF5Handle

    private init(_ id: hid_t, path: String, isSealed: Bool = false) throws {
        handle = HDF5Handle(id) { H5Fclose($0) }
        (self.path, self.isSealed) = (path, isSealed)
        let rootID = H5Gopen2(id, "/", ms_h5_default())
        guard rootID >= 0 else { throw HDF5Library.readError(path, "opening the root group") }
        root = HDF5Group(rootID, path: path, name: "")
    }

    /// Opens a file for reading.
    ///
    /// - Errors: `.input` where it is missing, not HDF5, truncated or damaged.
    package static func open(_ path: String) throws -> HDF5File {
        let isSealed = try FileSeal.check(path)
        return try HDF5Library.locked {
            let access = accessList()
            let id = H5Fopen(path, ms_h5_read_only(), access.id)
            guard id >= 0 else { throw HDF5Library.readError(path, "opening it") }
            return try HDF5File(id, path: path, isSealed: isSealed)
        }
    }

    /// Makes a file at `temporaryPath`; messages name `path`.
    package static func create(_ temporaryPath: String, path: String) throws -> HDF5File {
        try HDF5Library.locked {
            let access = accessList()
            let creation = HDF5Handle(H5Pcreate(ms_h5_file_create())) { H5Pclose($0) }
            H5Pset_obj_track_times(creation.id, false)
            // The newest of library 1.10: its metadata carry checksums.
            H5Pset_libver_bounds(access.id, H5F_LIBVER_V110, H5F_LIBVER_V110)
            let id = H5Fcreate(temporaryPath, ms_h5_truncate(), creation.id, access.id)
            guard id >= 0 else { throw HDF5Library.writeError(path, "creating it") }
            return try HDF5File(id, path: path)
        }
    }

    private static func accessList() -> HDF5Handle {
        let access = HDF5Handle(H5Pcreate(ms_h5_file_access())) { H5Pclose($0) }
        ms_h5_disable_locking(access.id)
        return access
    }

    /// Writes everything out and closes; datasets and groups of it must have been let go.
    package func close() throws {
        try HDF5Library.locked {
            let flushed = H5Fflush(handle.id, H5F_SCOPE_LOCAL) >= 0
            if !flushed { throw HDF5Library.writeError(path, "flushing it") }
            guard root.close(), handle.close() else { throw HDF5Library.writeError(path, "closing it") }
        }
    }
}
