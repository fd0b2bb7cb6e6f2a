import MaterialsCore

/// The lattice as a search walks it: reduced vectors in a frame in which they are triangular.
///
///     u₁ = (xx, xy, xz),  u₂ = (0, yy, yz),  u₃ = (0, 0, zz),  xx, yy, zz > 0
///
/// So a range of whole numbers along u₁ follows from x alone, then one along u₂ from y, then one along u₃ from z (the enumeration of
/// Fincke and Pohst, Math. Comp. 44, 463 (1985), doi:10.1090/S0025-5718-1985-0777278-8). An axis without periodicity has a unit vector
/// perpendicular to the periodic ones.
struct SearchFrame {
    var (xx, xy, xz, yy, yz, zz) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    /// Directions of the frame.
    var (q1, q2, q3) = (CartesianVector(1, 0, 0), CartesianVector(0, 1, 0), CartesianVector(0, 0, 1))
    /// Which search vectors repeat.
    let periodic: SIMD3<UInt8>
    /// Whole numbers of a, b, c in each search vector.
    var (t1, t2, t3) = (SIMD3<Int>(1, 0, 0), SIMD3<Int>(0, 1, 0), SIMD3<Int>(0, 0, 1))
    /// True where the search vectors are not the lattice vectors, so that the order of the walk is not that of the offsets.
    var isReduced = false
    /// True where a position inside the given cell may lie outside the search's: a reduced lattice, or an open axis that leans.
    var isSkewedToCell = false
    /// Length of the shortest periodic search vector, Å; infinity where there is none.
    var shortest = Double.infinity

    init(_ lattice: Lattice, _ periodicity: Periodicity) {
        // Most crystals need neither of what follows, nor the arrays for it.
        let (a, b, c) = (lattice.a.length, lattice.b.length, lattice.c.length)
        if periodicity == .full, lattice.volume >= Self.leastVolume * a * b * c {
            periodic = SIMD3(1, 1, 1)
            shortest = min(a, min(b, c))
            makeTriangular(lattice.a, lattice.b, lattice.c)
            return
        }
        var vectors = [lattice.a, lattice.b, lattice.c]
        let axes = [0, 1, 2].filter { periodicity[$0] }
        periodic = SIMD3(periodicity.a ? 1 : 0, periodicity.b ? 1 : 0, periodicity.c ? 1 : 0)
        if Self.isSkewed(axes.map { vectors[$0] }) { reduce(&vectors, axes) }
        Self.replaceOpen(&vectors, periodicity)
        for axis in axes { shortest = min(shortest, vectors[axis].length) }
        makeTriangular(vectors[0], vectors[1], vectors[2])
        isSkewedToCell = isReduced || periodicity != .full
    }

    /// Volume of a lattice that is not skewed, over the product of its lengths.
    private static let leastVolume = 0.3

    /// Reduction pays, in spite of the sorting it costs, where the walk would meet many empty lines.
    private static func isSkewed(_ v: [CartesianVector]) -> Bool {
        switch v.count {
        case 3: abs(v[0].dot(v[1].cross(v[2]))) < Self.leastVolume * v[0].length * v[1].length * v[2].length
        case 2: v[0].cross(v[1]).length < 0.4 * v[0].length * v[1].length
        default: false
        }
    }

    private mutating func reduce(_ vectors: inout [CartesianVector], _ axes: [Int]) {
        let reduction = LatticeReduction(axes.map { vectors[$0] }, axes: axes)
        for (k, axis) in axes.enumerated() {
            vectors[axis] = reduction.vectors[k]
            switch axis {
            case 0: t1 = reduction.rows[k]
            case 1: t2 = reduction.rows[k]
            default: t3 = reduction.rows[k]
            }
        }
        isReduced = !(t1 == SIMD3(1, 0, 0) && t2 == SIMD3(0, 1, 0) && t3 == SIMD3(0, 0, 1))
    }

    /// Puts unit vectors perpendicular to the periodic ones where the structure does not repeat.
    private static func replaceOpen(_ vectors: inout [CartesianVector], _ periodicity: Periodicity) {
        func unit(_ v: CartesianVector) -> CartesianVector { (1 / v.length) * v }
        let open = [0, 1, 2].filter { !periodicity[$0] }
        switch open.count {
        case 1:
            let k = open[0]
            vectors[k] = unit(vectors[(k + 1) % 3].cross(vectors[(k + 2) % 3]))
        case 2:
            let kept = unit(vectors[3 - open[0] - open[1]])
            let c = kept.angstroms
            let helper = abs(c.x) < 0.6 ? CartesianVector(1, 0, 0) : CartesianVector(0, 1, 0)
            vectors[open[0]] = unit(kept.cross(helper))
            vectors[open[1]] = kept.cross(vectors[open[0]])
        case 3: vectors = [CartesianVector(1, 0, 0), CartesianVector(0, 1, 0), CartesianVector(0, 0, 1)]
        default: break
        }
    }

    /// Gram–Schmidt from the innermost vector outwards.
    private mutating func makeTriangular(_ u1: CartesianVector, _ u2: CartesianVector, _ u3: CartesianVector) {
        zz = u3.length
        q3 = (1 / zz) * u3
        yz = u2.dot(q3)
        let v2 = u2 - yz * q3
        yy = v2.length
        q2 = (1 / yy) * v2
        let normal = q2.cross(q3)
        xx = u1.dot(normal)
        q1 = normal
        if xx < 0 { (xx, q1) = (-xx, -1 * normal) }
        xy = u1.dot(q2)
        xz = u1.dot(q3)
    }

    /// A Cartesian vector in the frame.
    @inline(__always) func rotated(_ v: CartesianVector) -> SIMD3<Double> { SIMD3(v.dot(q1), v.dot(q2), v.dot(q3)) }

    /// Coordinates of a point of the frame in units of the search vectors.
    @inline(__always) func fractional(_ p: SIMD3<Double>) -> SIMD3<Double> {
        let g1 = p.x / xx
        let g2 = (p.y - g1 * xy) / yy
        return SIMD3(g1, g2, ((p.z - g1 * xz) - g2 * yz) / zz)
    }

    /// A whole number of search vectors, in the frame.
    @inline(__always) func translation(_ m: SIMD3<Int>) -> SIMD3<Double> {
        let (a, b, c) = (Double(m.x), Double(m.y), Double(m.z))
        return SIMD3(a * xx, a * xy + b * yy, (a * xz + b * yz) + c * zz)
    }

    /// A whole number of search vectors, in units of the lattice vectors.
    @inline(__always) func offset(_ m: SIMD3<Int>) -> SIMD3<Int> {
        isReduced ? m.x &* t1 &+ m.y &* t2 &+ m.z &* t3 : m
    }

    /// Cells along each search vector that a radius reaches; none where nothing repeats.
    func reach(_ radius: Double) -> SIMD3<Double> {
        let s = spacings
        return SIMD3(periodic.x == 0 ? 0 : radius / s.x, periodic.y == 0 ? 0 : radius / s.y, periodic.z == 0 ? 0 : radius / s.z)
    }

    /// Distances between the planes that bound the search cell, Å.
    var spacings: SIMD3<Double> {
        let volume = xx * yy * zz
        let (u1, u2, u3) = (CartesianVector(xx, xy, xz), CartesianVector(0, yy, yz), CartesianVector(0, 0, zz))
        return SIMD3(volume / u2.cross(u3).length, volume / u3.cross(u1).length, volume / u1.cross(u2).length)
    }
}

/// Largest whole number that is not above `x`, for |x| < 2⁵¹.
///
/// Adding 1.5·2⁵² puts the nearest whole number into the last bits; `rounded(.down)` is a library call at the baseline, and a checked
/// conversion costs three comparisons.
@inline(__always) func floorInt(_ x: Double) -> Int {
    let shifted = x + 0x1.8p52
    let nearest = Int(truncatingIfNeeded: shifted.bitPattern) &- 0x4338_0000_0000_0000
    return shifted - 0x1.8p52 > x ? nearest &- 1 : nearest
}

/// Smallest whole number that is not below `x`.
@inline(__always) func ceilInt(_ x: Double) -> Int { 0 &- floorInt(-x) }
