import MaterialsCore

/// A set of lattice vectors in which a crystal looks like another one's cell.
struct LatticeMapping {
    /// The vectors as whole multiples of the crystal's own, one row each.
    var rows: [SIMD3<Double>]
    /// The vectors.
    var lattice: Lattice
}

/// All triples of lattice vectors with nearly the lengths and angles of a target cell.
///
///     |v_i| = (1 ± length) |t_i|,   ∠(v_i, v_j) = ∠(t_i, t_j) ± angle,   |det| = multiple
///
/// - Cost: grows with the number of lattice vectors up to the target's longest
func latticeMappings(
    of lattice: Lattice, onto target: Lattice, multiple: Int, tolerances: MatchTolerances
) -> [LatticeMapping] {
    let lengths = target.lengths
    let longest = max(lengths.x, max(lengths.y, lengths.z)) * (1 + tolerances.length)
    let vectors = latticeVectors(of: lattice, upTo: longest)
    let candidates = (0..<3).map { axis in vectors.filter { abs($0.length - lengths[axis]) <= tolerances.length * lengths[axis] } }
    let wanted = (0..<3).map { target[$0] }
    // Angles are compared by their cosines: the bounds are those of the angles.
    let gammas = cosineRange(wanted[0], wanted[1], tolerances.angleDegrees)
    let betas = cosineRange(wanted[0], wanted[2], tolerances.angleDegrees)
    let alphas = cosineRange(wanted[1], wanted[2], tolerances.angleDegrees)
    var found: [LatticeMapping] = []
    for u in candidates[0] {
        let seconds = candidates[1].filter { gammas.contains(u.cosine($0)) }
        if seconds.isEmpty { continue }
        let thirds = candidates[2].filter { betas.contains(u.cosine($0)) }
        for v in seconds {
            for w in thirds where alphas.contains(v.cosine(w)) {
                guard abs(abs(determinant(u.cells, v.cells, w.cells)) - Double(multiple)) < 0.5 else { continue }
                found.append(LatticeMapping(rows: [u.cells, v.cells, w.cells], lattice: Lattice(a: u.vector, b: v.vector, c: w.vector)))
            }
        }
    }
    return found
}

private struct LatticeVector {
    var cells: SIMD3<Double>
    var vector: CartesianVector
    var length: Double

    func cosine(_ other: LatticeVector) -> Double { vector.dot(other.vector) / (length * other.length) }
}

private func cosineRange(_ u: CartesianVector, _ v: CartesianVector, _ degrees: Double) -> ClosedRange<Double> {
    let angle = PortableMath.acos(max(-1, min(1, u.dot(v) / (u.length * v.length))))
    let tolerance = degrees * Double.pi / 180
    return PortableMath.cos(min(Double.pi, angle + tolerance))...PortableMath.cos(max(0, angle - tolerance))
}

/// Vectors up to a length, without zero, in the order of their multiples.
private func latticeVectors(of lattice: Lattice, upTo longest: Double) -> [LatticeVector] {
    let spacings = lattice.planeSpacings
    func reach(_ axis: Int) -> Int { Int((longest / spacings[axis]).rounded(.down)) }
    var vectors: [LatticeVector] = []
    for a in -reach(0)...reach(0) {
        for b in -reach(1)...reach(1) {
            for c in -reach(2)...reach(2) where a != 0 || b != 0 || c != 0 {
                let cells = SIMD3(Double(a), Double(b), Double(c))
                let vector = lattice.cartesian(FractionalPosition(cells))
                let length = vector.length
                if length <= longest { vectors.append(LatticeVector(cells: cells, vector: vector, length: length)) }
            }
        }
    }
    return vectors
}

/// Determinant of three rows.
func determinant(_ u: SIMD3<Double>, _ v: SIMD3<Double>, _ w: SIMD3<Double>) -> Double {
    CartesianVector(u).dot(CartesianVector(v).cross(CartesianVector(w)))
}
