import LinearAlgebra
import MaterialsCore

/// Reciprocal lattice vectors up to a length, one of each pair ±G, with their weights in an Ewald sum.
struct ReciprocalVectors {
    /// Vectors that a sum may have.
    static let maximumCount = 1 << 20

    /// Indices h, k, l, ascending, the first that is not 0 positive.
    private(set) var indices: [SIMD3<Int32>] = []
    /// `exp(-G²/4α²) / G²`
    private(set) var factors: [Double] = []

    /// Number of vectors.
    var count: Int { indices.count }

    /// - Throws: `cell-too-large` for more than `maximumCount` vectors
    init(_ lattice: Lattice, screening: Double, cutoff: Double) throws(CandidateDefect) {
        let turn = 2 * Double.pi
        // The index along an axis is G·a / 2π.
        let reach = lattice.lengths * (cutoff / turn)
        guard reach.max() < 1e4 else { throw Self.tooMany }
        let (h, k) = (Int32(reach.x.rounded(.down)), Int32(reach.y.rounded(.down)))
        let c = turn * lattice.reciprocalC
        for i in 0...h {
            for j in (i == 0 ? 0 : -k)...k {
                let base = Double(i) * (turn * lattice.reciprocalA) + Double(j) * (turn * lattice.reciprocalB)
                // |base + l c*| ≤ cutoff between the roots of a quadratic equation; a little more, and each length is tested.
                let middle = -base.dot(c) / c.squaredLength
                let square = middle * middle + (cutoff * cutoff - base.squaredLength) / c.squaredLength
                if square < -1e-9 { continue }
                let half = max(0, square).squareRoot() + 1e-6
                let low = max((middle - half).rounded(.up), i == 0 && j == 0 ? 1 : -1e6)
                for l in stride(from: low, through: (middle + half).rounded(.down), by: 1) {
                    let g = base + l * c
                    let length = g.squaredLength
                    if length.squareRoot() > cutoff { continue }
                    guard count < Self.maximumCount else { throw Self.tooMany }
                    indices.append(SIMD3(i, j, Int32(l)))
                    factors.append(PortableMath.exp(-length / (4 * (screening * screening))) / length)
                }
            }
        }
    }

    private static var tooMany: CandidateDefect {
        CandidateDefect("cell-too-large", "the Ewald sum needs more than \(maximumCount) reciprocal vectors")
    }

    /// cos G·r and sin G·r, one row a position.
    func phases(_ positions: [FractionalPosition]) -> (cosines: [Double], sines: [Double]) {
        var (cosines, sines): ([Double], [Double]) = ([], [])
        cosines.reserveCapacity(positions.count * count)
        sines.reserveCapacity(positions.count * count)
        var reach = SIMD3<Int32>(repeating: 0)
        for index in indices {
            let size = SIMD3(abs(index.x), abs(index.y), abs(index.z))
            reach.replace(with: size, where: size .> reach)
        }
        for position in positions {
            let turns = position.wrapped.coordinates
            let (x, y, z) = (AxisPhases(turns.x, reach.x), AxisPhases(turns.y, reach.y), AxisPhases(turns.z, reach.z))
            for index in indices {
                let value = x[index.x].times(y[index.y]).times(z[index.z])
                cosines.append(value.real)
                sines.append(value.imaginary)
            }
        }
        return (cosines, sines)
    }

    /// Σ_G factor · cos G·(r_i - r_j) for all pairs, row-major.
    func pairSums(_ positions: [FractionalPosition]) -> [Double] {
        let n = positions.count
        guard count > 0 else { return [Double](repeating: 0, count: n * n) }
        let phases = phases(positions)
        let roots = factors.map { $0.squareRoot() }
        // cos(a - b) = cos a cos b + sin a sin b: a product of matrices.
        var waves = Matrix(rows: n, columns: 2 * count)
        for i in 0..<n {
            for g in 0..<count {
                waves[i, g] = roots[g] * phases.cosines[i * count + g]
                waves[i, count + g] = roots[g] * phases.sines[i * count + g]
            }
        }
        return waves.rowInvariantProduct(waves.transposed).values
    }
}

/// `exp(2πi n x)` for n = -reach … reach.
private struct AxisPhases {
    struct Phase {
        var real, imaginary: Double

        @inline(__always)
        func times(_ other: Phase) -> Phase {
            Phase(
                real: real * other.real - imaginary * other.imaginary, imaginary: real * other.imaginary + imaginary * other.real)
        }
    }

    private let values: [Phase]
    private let reach: Int

    init(_ turns: Double, _ reach: Int32) {
        self.reach = Int(reach)
        var values: [Phase] = []
        for n in -self.reach...self.reach {
            let product = turns * Double(n)
            let angle = 2 * Double.pi * (product - product.rounded(.down))
            values.append(Phase(real: PortableMath.cos(angle), imaginary: PortableMath.sin(angle)))
        }
        self.values = values
    }

    subscript(_ n: Int32) -> Phase { values[Int(n) + reach] }
}
