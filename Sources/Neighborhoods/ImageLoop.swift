import MaterialsCore

/// Search for cutoffs of so many cells that blocks would be too large: every pair of atoms, and for each the images within a sphere,
/// line by line.
struct ImageLoop {
    let frame: SearchFrame
    /// Cutoff with a margin for rounding, and its square.
    let (radius, squaredRadius): (Double, Double)
    private let inverse: SIMD3<Double>

    init(_ frame: SearchFrame, radius: Double) {
        self.frame = frame
        self.radius = radius
        squaredRadius = radius * radius
        inverse = SIMD3(1 / frame.xx, 1 / frame.yy, 1 / frame.zz)
    }

    func run(_ atoms: PlacedAtoms, _ writer: inout PairWriter, _ list: inout NeighborList) throws(CandidateDefect) {
        for i in 0..<atoms.count {
            for j in 0..<atoms.count {
                let start = writer.total
                try findImages(atoms, i, j, &writer, &list)
                if frame.isReduced { try writer.sortImages(from: start, &list) }
            }
            list.offsets.append(writer.total)
        }
    }

    @inline(__always)
    private func findImages(
        _ atoms: PlacedAtoms, _ i: Int, _ j: Int, _ writer: inout PairWriter, _ list: inout NeighborList
    ) throws(CandidateDefect) {
        let place = atoms.places[j] - atoms.places[i]
        let (from, to) = (atoms.positions[i], atoms.positions[j])
        let cells = atoms.cells[i] &- atoms.cells[j]
        let (first, last) = range(place.x, radius, inverse.x, frame.periodic.x)
        var a = first
        while a <= last {
            let x = place.x + Double(a) * frame.xx
            let left = squaredRadius - x * x
            if left >= 0 {
                let (y, z) = (place.y + Double(a) * frame.xy, place.z + Double(a) * frame.xz)
                let (low, high) = range(y, left.squareRoot(), inverse.y, frame.periodic.y)
                var b = low
                while b <= high {
                    let yb = y + Double(b) * frame.yy
                    let rest = left - yb * yb
                    if rest >= 0 {
                        let (c0, c1) = range(z + Double(b) * frame.yz, rest.squareRoot(), inverse.z, frame.periodic.z)
                        var c = c0
                        while c <= c1 {
                            if i != j || a != 0 || b != 0 || c != 0 {
                                let m = frame.offset(SIMD3(a, b, c))
                                try writer.add(
                                    Int32(truncatingIfNeeded: j), from, to, m.x &+ cells.x, m.y &+ cells.y, m.z &+ cells.z, &list)
                            }
                            c &+= 1
                        }
                    }
                    b &+= 1
                }
            }
            a &+= 1
        }
    }

    /// Whole numbers n with |start + n / inverse| ≤ radius; only 0 on an open axis.
    @inline(__always)
    private func range(_ start: Double, _ radius: Double, _ inverse: Double, _ periodic: UInt8) -> (Int, Int) {
        if periodic == 0 { return abs(start) <= radius ? (0, 0) : (0, -1) }
        return (ceilInt((-radius - start) * inverse), floorInt((radius - start) * inverse))
    }
}
