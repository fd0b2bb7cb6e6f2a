import LinearAlgebra
import MaterialsCore

/// L of ΦΦᵀ + σ² = LLᵀ and F = L⁻¹Φ, for rows of features Φ; a row can be added behind.
struct FeatureFactor: Sendable {
    let width: Int
    private(set) var rows: Int
    private let noise: Double
    /// Rows of L, each up to its diagonal.
    private var lower: [Double]
    /// rows × width.
    private var combined: [Double]
    /// F in panels of 32 rows as columns, in single precision, for quadratic forms.
    private var panels: [Float]

    /// - Throws: `.input` where the matrix cannot be factorised.
    init(_ phi: Matrix, noise: Double) throws {
        (width, rows, self.noise) = (phi.columns, phi.rows, noise)
        var gram = phi.gramOfRows()
        for i in 0..<rows { gram[i, i] += noise + 1e-10 }
        try gram.factorizeCholesky()
        lower = (0..<phi.rows).flatMap { i in gram.values[i * phi.rows...i * phi.rows + i] }
        var transposed = phi.transposed
        gram.solveLowerTriangle(&transposed)
        combined = transposed.transposed.values
        panels = []
        for i in 0..<rows { appendPanelRow(i) }
    }

    private mutating func appendPanelRow(_ i: Int) {
        if i % kernelPanelWidth == 0 { panels.append(contentsOf: repeatElement(0, count: kernelPanelWidth * width)) }
        let start = i / kernelPanelWidth * kernelPanelWidth * width + i % kernelPanelWidth
        for j in 0..<width { panels[start + j * kernelPanelWidth] = Float(combined[i * width + j]) }
    }

    /// L⁻¹v.
    func projected(_ v: [Double]) -> [Double] {
        var result = v
        let (l, n) = (lower.span, rows)
        var start = 0
        for i in 0..<n {
            var sum = result[i]
            for j in 0..<i { sum -= l[start + j] * result[j] }
            result[i] = sum / l[start + i]
            start += i + 1
        }
        return result
    }

    /// F·v.
    func product(_ v: [Double]) -> [Double] {
        combined.withUnsafeBufferPointer { f in (0..<rows).map { blasDot(f.baseAddress! + $0 * width, v, count: width) } }
    }

    /// Fᵀ·v.
    func combination(_ v: [Double]) -> [Double] {
        var result = [Double](repeating: 0, count: width)
        combined.withUnsafeBufferPointer { f in
            for i in 0..<rows { blasAdd(f.baseAddress! + i * width, times: v[i], to: &result, count: width) }
        }
        return result
    }

    /// Adds factor times the last row of F.
    func addLastRow(times factor: Double, to target: inout [Double]) {
        combined.withUnsafeBufferPointer { f in
            blasAdd(f.baseAddress! + (rows - 1) * width, times: factor, to: &target, count: width)
        }
    }

    /// Adds a row of features; gives the new row of L.
    mutating func append(_ phi: [Double]) -> (coefficients: [Double], pivot: Double) {
        let known = product(phi)
        let rest = phi.reduce(0) { $0 + $1 * $1 } - known.reduce(0) { $0 + $1 * $1 }
        let pivot = (max(rest, 0) + noise + 1e-10).squareRoot()
        let explained = combination(known)
        lower += known
        lower.append(pivot)
        combined.append(contentsOf: (0..<width).map { (phi[$0] - explained[$0]) / pivot })
        rows += 1
        appendPanelRow(rows - 1)
        return (known, pivot)
    }

    /// |Fφ(x)|² of standardised rows.
    func explained(_ basis: FourierBasis, _ z: [Float], count: Int, amplitude: Double) -> [Double] {
        var result = [Double](repeating: 0, count: count)
        let tiles = SharedBuffer<Float>(count: kernelBlockRows * width, repeating: 0)
        let lanes = SharedBuffer<Double>(count: kernelBlockRows * kernelPanelWidth, repeating: 0)
        let squares = SharedBuffer<Double>(count: kernelBlockRows, repeating: 0)
        for first in stride(from: 0, to: count, by: kernelBlockRows) {
            let block = min(kernelBlockRows, count - first)
            let features = basis.features(Array(z[first * basis.columns..<(first + block) * basis.columns]), count: block)
            panels.withUnsafeBufferPointer { p in
                Float.rowSquares(
                    features, width, block, p.baseAddress!, rows, width, isTriangular: false, tiles.pointer, lanes.pointer,
                    squares.pointer)
            }
            for r in 0..<block { result[first + r] = squares.pointer[r] * amplitude * amplitude }
        }
        return result
    }
}
