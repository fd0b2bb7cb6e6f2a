import COpenBLAS
import Foundation
import MaterialsCore

/// Sets OpenBLAS up once: one thread, and kernels that fit the CPU.
///
/// Older OpenBLAS falls back to its SSE3 kernels ("Prescott") on CPUs that it does not know, and runs five times slower.
/// Where the CPU has AVX2 or AVX-512 nonetheless, the kernels are chosen anew. An `OPENBLAS_CORETYPE` of the user's is kept.
public enum OpenBLAS {
    /// Which kernels run, and which would have run.
    public struct Kernels: Equatable, Sendable {
        /// Core name that OpenBLAS chose by itself.
        public let detected: String
        /// Core name in use: the class that fitted results depend on (`blas_kernels` of the manifest).
        public let used: String
    }

    /// The kernels in use; the first access sets OpenBLAS up.
    public static let kernels: Kernels = setUp()

    /// Sets OpenBLAS up; call it before any other thread runs. All routines of this module do so by themselves.
    @discardableResult
    public static func prepare() -> Kernels { kernels }

    private static var coreName: String { String(cString: openblas_get_corename()) }

    private static func setUp() -> Kernels {
        let detected = coreName
        if let better = replacement(of: detected, vectorLevel: Int(matsieve_cpu_vector_level())), getenv("OPENBLAS_CORETYPE") == nil {
            setenv("OPENBLAS_CORETYPE", better, 1)
            _ = matsieve_blas_choose_kernels()
        }
        openblas_set_num_threads(1)
        return Kernels(detected: detected, used: coreName)
    }

    /// The core type to ask for instead of a fallback; nil where the choice was right.
    static func replacement(of coreName: String, vectorLevel: Int) -> String? {
        guard coreName == "Prescott", vectorLevel > 0 else { return nil }
        return vectorLevel == 2 ? "SkylakeX" : "Haswell"
    }
}

/// Turns LAPACK's `info` into an error.
func checkLAPACK(_ info: Int32, _ routine: String, _ meaning: String) throws {
    guard info != 0 else { return }
    throw MatSieveError.input("\(routine): \(meaning) (code \(info)); check the values for huge, equal or missing ones")
}
