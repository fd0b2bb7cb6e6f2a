import MaterialsCore

/// Lattice vectors for axes that do not repeat.
enum OpenAxes {
    /// Fills in vectors of 1 Å that are perpendicular to those given and to each other.
    static func completed(_ vectors: [CartesianVector?]) -> [CartesianVector] {
        let missing = (0..<3).filter { vectors[$0] == nil }
        switch missing.count {
        case 0: return vectors.map { $0! }
        case 3: return [unitLattice.a, unitLattice.b, unitLattice.c]
        case 1:
            let axis = missing[0]
            var whole = vectors
            whole[axis] = normalized(vectors[(axis + 1) % 3]!.cross(vectors[(axis + 2) % 3]!))
            return whole.map { $0! }
        default:
            let axis = (0..<3).first { vectors[$0] != nil }!
            let given = vectors[axis]!
            // Of the Cartesian axes, the one that is least along the vector.
            let sizes = (0..<3).map { abs(given.angstroms[$0]) }
            let least = sizes.firstIndex(of: sizes.min()!)!
            let first = normalized(given.cross(unitLattice[least]))
            var whole = vectors
            whole[(axis + 1) % 3] = first
            whole[(axis + 2) % 3] = normalized(given.cross(first))
            return whole.map { $0! }
        }
    }

    private static func normalized(_ vector: CartesianVector) -> CartesianVector {
        let length = vector.length
        return length > 0 ? (1 / length) * vector : CartesianVector(0, 0, 1)
    }
}

/// A cell of 1 Å along each axis, for what does not repeat.
let unitLattice = Lattice(a: CartesianVector(1, 0, 0), b: CartesianVector(0, 1, 0), c: CartesianVector(0, 0, 1))
