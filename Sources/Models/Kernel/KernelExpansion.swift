import CKernels

/// Weighted sums of covariances with training rows, and how much of a row's variance they explain.
///
///     mean(x) = Σ_j w_j k(x, x_j)      explained(x) = |F·k(x)|²,   k(x)_j = k(x, x_j)
///
/// - Numerics: sums over training rows in double, in 32 lanes; the bits of a row depend on nothing but the row
/// - Cost:     memory of 48 × training rows beside the packed rows and F
struct KernelExpansion<Scalar: KernelScalar>: Sendable {
    let rows: KernelRows<Scalar>
    let outputs: Int
    /// Outputs × `rows.width`.
    let weights: SharedBuffer<Double>
    /// Of all training rows, or of the first ones.
    let factor: KernelFactor<Scalar>?

    /// Training rows whose covariances stay in the cache.
    private static var chunk: Int { 512 }

    /// Weights hold outputs × rows.
    init(rows: KernelRows<Scalar>, outputs: Int, weights: [Double], factor: KernelFactor<Scalar>?) {
        precondition(weights.count == outputs * rows.count && (factor.map { $0.size <= rows.count } ?? true))
        (self.rows, self.outputs, self.factor) = (rows, outputs, factor)
        self.weights = SharedBuffer(count: outputs * rows.width, repeating: 0)
        for o in 0..<outputs { for j in 0..<rows.count { self.weights.pointer[o * rows.width + j] = weights[o * rows.count + j] } }
    }

    /// Fills means (rows × outputs) and, where asked for, explained variances of standardised rows.
    func evaluate(_ z: [Double], count: Int, means: inout [Double], explained: inout [Double], wantsExplained: Bool) {
        let work = KernelRows<Scalar>.Workspace(columns: rows.columns, terms: rows.terms.count)
        let lanes = SharedBuffer<Double>(count: kernelBlockRows * kernelPanelWidth * max(outputs, 1), repeating: 0)
        let factor = wantsExplained ? factor : nil
        let stride = factor == nil ? Self.chunk : max(rows.width, Self.chunk)
        let values = SharedBuffer<Scalar>(count: kernelBlockRows * stride, repeating: 0)
        let tiles = SharedBuffer<Scalar>(count: kernelBlockRows * (factor?.size ?? 0), repeating: 0)
        let squares = SharedBuffer<Double>(count: kernelBlockRows, repeating: 0)
        z.withUnsafeBufferPointer { z in
            guard count > 0 else { return }
            // Empty where no feature varies.
            let nothing = work.rowHalfSquares.pointer
            for first in Swift.stride(from: 0, to: count, by: kernelBlockRows) {
                let block = min(kernelBlockRows, count - first)
                let start =
                    z.baseAddress.map { $0 + first * rows.columns } ?? UnsafeRawPointer(nothing).assumingMemoryBound(to: Double.self)
                rows.load(start, block, work)
                addLanes(work, block, values, stride: stride, isWhole: factor != nil, lanes)
                for r in 0..<block {
                    for o in 0..<outputs {
                        means[(first + r) * outputs + o] = matsieve_fold_lanes(
                            lanes.pointer + (o * kernelBlockRows + r) * kernelPanelWidth)
                    }
                }
                guard let factor else { continue }
                Scalar.rowSquares(
                    values.pointer, stride, block, factor.panels.pointer, factor.size, factor.size, isTriangular: factor.isTriangular,
                    tiles.pointer, lanes.pointer, squares.pointer)
                for r in 0..<block { explained[first + r] = squares.pointer[r] }
            }
        }
    }

    private func addLanes(
        _ work: KernelRows<Scalar>.Workspace, _ block: Int, _ values: SharedBuffer<Scalar>, stride: Int, isWhole: Bool,
        _ lanes: SharedBuffer<Double>
    ) {
        lanes.pointer.update(repeating: 0, count: lanes.count)
        for first in Swift.stride(from: 0, to: rows.width, by: Self.chunk) {
            let span = min(Self.chunk, rows.width - first)
            let target = values.pointer + (isWhole ? first : 0)
            rows.values(work, rows: block, first: first, span: span, into: target, stride: stride)
            for o in 0..<outputs {
                Scalar.weightedLanes(
                    target, stride, block, span, weights.pointer + o * rows.width + first,
                    lanes.pointer + o * kernelBlockRows * kernelPanelWidth)
            }
        }
    }
}
