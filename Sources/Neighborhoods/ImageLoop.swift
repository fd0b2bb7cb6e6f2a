import MaterialsCore

/// Search for small cells: every pair of atoms, and for each the images within a sphere, line by line.
struct ImageLoop {
    let frame: SearchFrame
    /// Cutoff with a margin for rounding, and its square.
    let (radius, squaredRadius): (Double, Double)

    init(_ frame: SearchFrame, cutoff: Double, slack: Double) {
        self.frame = frame
        radius = cutoff * (1 + 1e-8) + slack
        squaredRadius = radius * radius
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
        let difference = atoms.positions[j] - atoms.positions[i]
        let cells = atoms.cells[i] &- atoms.cells[j]
        let (first, last) = range(place.x, radius, frame.xx, frame.periodic.x)
        var a = first
        while a <= last {
            let x = place.x + Double(a) * frame.xx
            let left = squaredRadius - x * x
            if left >= 0 {
                let (y, z) = (place.y + Double(a) * frame.xy, place.z + Double(a) * frame.xz)
                let (low, high) = range(y, left.squareRoot(), frame.yy, frame.periodic.y)
                var b = low
                while b <= high {
                    let yb = y + Double(b) * frame.yy
                    let rest = left - yb * yb
                    if rest >= 0 {
                        let (from, to) = range(z + Double(b) * frame.yz, rest.squareRoot(), frame.zz, frame.periodic.z)
                        var c = from
                        while c <= to {
                            if i != j || a != 0 || b != 0 || c != 0 {
                                let m = frame.offset(SIMD3(a, b, c))
                                try writer.add(Int32(truncatingIfNeeded: j), difference, SIMD3(truncatingIfNeeded: m) &+ cells, &list)
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

    /// Whole numbers n with |start + n · step| ≤ radius; only 0 on an open axis.
    @inline(__always)
    private func range(_ start: Double, _ radius: Double, _ step: Double, _ periodic: UInt8) -> (Int, Int) {
        if periodic == 0 { return abs(start) <= radius ? (0, 0) : (0, -1) }
        return (ceilInt((-radius - start) / step), floorInt((radius - start) / step))
    }
}
