import COpenBLAS

/// Σ a_i·b_i by OpenBLAS. For fitting only: the order of the sum depends on the CPU.
public func blasDot(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, count: Int) -> Double {
    cblas_ddot(blasint(count), a, 1, b, 1)
}

/// `target += factor · a` by OpenBLAS. For fitting only.
public func blasAdd(_ a: UnsafePointer<Double>, times factor: Double, to target: UnsafeMutablePointer<Double>, count: Int) {
    cblas_daxpy(blasint(count), factor, a, 1, target, 1)
}
