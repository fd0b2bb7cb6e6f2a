import MaterialsCore

/// Atoms of a structure moved into one cell, in the search's frame.
struct PlacedAtoms {
    /// Coordinates as given.
    var positions: [SIMD3<Double>] = []
    /// Places in the frame, Å.
    var places: [SIMD3<Double>] = []
    /// Whole lattice vectors that were taken off: position = place + cells.
    var cells: [SIMD3<Int>] = []
    /// How far rounding may put a place from where it is, Å.
    var slack = 0.0

    var count: Int { positions.count }

    /// Takes over the atoms of a structure.
    mutating func load(_ crystal: CrystalStructure, _ frame: SearchFrame) throws(CandidateDefect) {
        positions.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
        cells.removeAll(keepingCapacity: true)
        let lattice = crystal.lattice
        let periodic = frame.periodic
        var farthest = 1.0
        for position in crystal.positions {
            let f = position.coordinates
            let magnitude = max(abs(f.x), max(abs(f.y), abs(f.z)))
            guard magnitude < Double(NeighborList.maximumCells), f.x == f.x, f.y == f.y, f.z == f.z else { throw Self.badPosition }
            farthest = max(farthest, magnitude)
            var cell = SIMD3<Int>(
                periodic.x == 0 ? 0 : floorInt(f.x), periodic.y == 0 ? 0 : floorInt(f.y), periodic.z == 0 ? 0 : floorInt(f.z))
            let inside = f - SIMD3(Double(cell.x), Double(cell.y), Double(cell.z))
            var place = frame.rotated(lattice.cartesian(FractionalPosition(inside)))
            if frame.isSkewedToCell {
                let g = frame.fractional(place)
                let m = SIMD3<Int>(
                    periodic.x == 0 ? 0 : floorInt(g.x), periodic.y == 0 ? 0 : floorInt(g.y), periodic.z == 0 ? 0 : floorInt(g.z))
                place -= frame.translation(m)
                cell = cell &+ frame.offset(m)
            }
            positions.append(f)
            places.append(place)
            cells.append(cell)
        }
        let size = (lattice.a.length + lattice.b.length) + lattice.c.length
        slack = 0x1p-48 * farthest * size
    }

    private static var badPosition: CandidateDefect {
        CandidateDefect("bad-position", "a position is not a number or more than \(NeighborList.maximumCells) cells away")
    }
}
