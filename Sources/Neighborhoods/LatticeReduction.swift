import MaterialsCore

/// Shorter vectors of the same lattice, and how they are made of the given ones.
///
///     u_k = Σ T_kl v_l,  T whole, det T = ±1
///
/// - Numerics: T is exact; the vectors are made anew from T at the end, so that rounding does not add up
/// - Source:   I. Semaev, CaLC 2001, doi:10.1007/3-540-44670-2_13: each vector is shortened by the others until none gets shorter.
///   Differences: whole steps by rounding, and an end after 200 rounds
struct LatticeReduction {
    /// The vectors, Å.
    var vectors: [CartesianVector]
    /// Rows: how much of each given vector is in it.
    var rows: [SIMD3<Int>]

    /// Reduces one to three vectors; `axes` are the axes they belong to.
    init(_ given: [CartesianVector], axes: [Int]) {
        vectors = given
        rows = axes.map { axis in SIMD3(axis == 0 ? 1 : 0, axis == 1 ? 1 : 0, axis == 2 ? 1 : 0) }
        for _ in 0..<200 {
            var shortened = false
            for k in vectors.indices {
                for l in vectors.indices where k != l { if shorten(k, by: l, given, axes) { shortened = true } }
                if vectors.count == 3, shortenByBoth(k, given, axes) { shortened = true }
            }
            if !shortened { return }
        }
    }

    private mutating func shorten(_ k: Int, by l: Int, _ given: [CartesianVector], _ axes: [Int]) -> Bool {
        let steps = (vectors[k].dot(vectors[l]) / vectors[l].squaredLength).rounded()
        guard steps != 0, abs(steps) < 0x1p40 else { return false }
        return replace(k, with: rows[k] &- Int(steps) &* rows[l], given, axes)
    }

    /// The sum or difference of two others may shorten where neither does alone.
    private mutating func shortenByBoth(_ k: Int, _ given: [CartesianVector], _ axes: [Int]) -> Bool {
        let (l, m) = ((k + 1) % 3, (k + 2) % 3)
        var shortened = false
        for (p, q) in [(1, 1), (1, -1), (-1, 1), (-1, -1)] {
            if replace(k, with: rows[k] &+ p &* rows[l] &+ q &* rows[m], given, axes) { shortened = true }
        }
        return shortened
    }

    private mutating func replace(_ k: Int, with row: SIMD3<Int>, _ given: [CartesianVector], _ axes: [Int]) -> Bool {
        var v = CartesianVector(0, 0, 0)
        for (g, axis) in zip(given, axes) { v = v + Double(row[axis]) * g }
        // A gain of rounding only would go on for ever.
        guard v.squaredLength < vectors[k].squaredLength * (1 - 1e-9) else { return false }
        (vectors[k], rows[k]) = (v, row)
        return true
    }
}
