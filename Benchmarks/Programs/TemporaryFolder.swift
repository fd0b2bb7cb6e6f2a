import Foundation
import MaterialsCore

/// A folder that goes with the last one who holds it.
final class TemporaryFolder {
    /// Its path.
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "matsieve-bench-" + UUID().uuidString
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch { throw MatSieveError.input("\(path): cannot be made; set TMPDIR to a writable folder") }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
