import MaterialsCore

/// Search for many atoms: only those in nearby bins are looked at.
///
/// The cell is cut into bins along the search vectors; atoms of a bin lie side by side in memory, as do bins along the third vector.
/// Pairs are first found with the far end known and the near end not yet: every atom k is noted at each neighbour m. Atoms taken in
/// order, the notes of m are then in the order of k, and nothing has to be sorted.
struct CellList: Sendable {
    /// Cutoff in units of the shortest lattice vector at most: images are packed into 10 bits an axis, and planes of a lattice that is
    /// not skewed lie apart by at least 0.3 of its vectors.
    static let maximumCellsReached = 100.0

    // Atoms in the order of the bins.
    private var (x, y, z): ([Double], [Double], [Double]) = ([], [], [])
    private var indices: [Int32] = []
    private var binOfAtom: [SIMD3<Int32>] = []
    private var binStarts: [Int32] = []
    // What was found, atom by atom: the neighbour and the packed image.
    private var found = FoundPairs()
    private var segments: [Segment] = []
    private var foundStarts: [Int] = []
    // The same, neighbour by neighbour.
    private var (sources, codes): ([Int32], [Int32]) = ([], [])
    private var ends: [Int] = []

    /// Atoms side by side in memory, seen from a place that is moved by an image.
    struct Segment {
        var first, last: Int32
        var place: SIMD3<Double>
        var code: Int32
    }
}

/// Pairs as they are found.
struct FoundPairs: Sendable {
    var neighbors: [Int32] = []
    var codes: [Int32] = []
    var count = 0

    /// Makes room for so many more.
    mutating func reserve(_ more: Int) {
        if count + more <= neighbors.count { return }
        let size = max(2 * neighbors.count, count + more)
        neighbors.append(contentsOf: repeatElement(0, count: size - neighbors.count))
        codes.append(contentsOf: repeatElement(0, count: size - codes.count))
    }
}

extension CellList {
    /// Finds all pairs of the atoms and writes them in order.
    mutating func run(
        _ grid: BinGrid, _ atoms: PlacedAtoms, squaredRadius: Double, _ writer: inout PairWriter, _ list: inout NeighborList
    ) throws(CandidateDefect) {
        fillBins(grid, atoms)
        try findPairs(grid, atoms, squaredRadius, cutoff: list.cutoff)
        transpose(atoms.count)
        try write(grid.frame, atoms, &writer, &list)
    }

    /// Counting sort: atoms of a bin stay in order.
    private mutating func fillBins(_ grid: BinGrid, _ atoms: PlacedAtoms) {
        let n = atoms.count
        binOfAtom.removeAll(keepingCapacity: true)
        binStarts.removeAll(keepingCapacity: true)
        binStarts.append(contentsOf: repeatElement(0, count: grid.bins.x * grid.bins.y * grid.bins.z + 1))
        for i in 0..<n {
            let g = grid.frame.fractional(atoms.places[i])
            let b = SIMD3<Int32>(Int32(grid.bin(g.x, 0)), Int32(grid.bin(g.y, 1)), Int32(grid.bin(g.z, 2)))
            binOfAtom.append(b)
            binStarts[flat(b, grid) + 1] += 1
        }
        for b in 1..<binStarts.count { binStarts[b] += binStarts[b - 1] }
        if indices.count < n {
            let more = n - indices.count
            indices.append(contentsOf: repeatElement(0, count: more))
            x.append(contentsOf: repeatElement(0, count: more))
            y.append(contentsOf: repeatElement(0, count: more))
            z.append(contentsOf: repeatElement(0, count: more))
        }
        // Filling from the back leaves each start where it belongs.
        for i in stride(from: n - 1, through: 0, by: -1) {
            let b = flat(binOfAtom[i], grid) + 1
            binStarts[b] -= 1
            let place = Int(binStarts[b])
            indices[place] = Int32(i)
            (x[place], y[place], z[place]) = (atoms.places[i].x, atoms.places[i].y, atoms.places[i].z)
        }
        // Now starts stand one bin late; the last bin ends with the atoms.
        binStarts.removeFirst()
        binStarts.append(Int32(n))
    }

    @inline(__always) private func flat(_ b: SIMD3<Int32>, _ grid: BinGrid) -> Int {
        (Int(b.x) &* grid.bins.y &+ Int(b.y)) &* grid.bins.z &+ Int(b.z)
    }

    private mutating func findPairs(
        _ grid: BinGrid, _ atoms: PlacedAtoms, _ squaredRadius: Double, cutoff: Double
    ) throws(CandidateDefect) {
        let n = atoms.count
        found.count = 0
        foundStarts.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        ends.append(contentsOf: repeatElement(0, count: n + 1))
        for k in 0..<n {
            foundStarts.append(found.count)
            listSegments(grid, atoms.places[k])
            var more = 0
            for s in segments { more &+= Int(s.last &- s.first) }
            found.reserve(more)
            for s in segments { filter(s, squaredRadius) }
            for p in foundStarts[k]..<found.count { ends[Int(found.neighbors[p]) &+ 1] &+= 1 }
            guard found.count <= NeighborList.maximumPairs + n else { throw NeighborList.tooMany(cutoff) }
        }
        foundStarts.append(found.count)
    }

    /// Runs of bins within reach, image by image in ascending order.
    private mutating func listSegments(_ grid: BinGrid, _ place: SIMD3<Double>) {
        segments.removeAll(keepingCapacity: true)
        let g = grid.frame.fractional(place)
        let (lowA, highA) = grid.nearby(g.x, 0)
        let (lowB, highB) = grid.nearby(g.y, 1)
        let (lowC, highC) = grid.nearby(g.z, 2)
        let (countA, countB, countC) = (grid.bins.x, grid.bins.y, grid.bins.z)
        var (a, imageA) = wrapped(lowA, countA)
        for _ in lowA...highA {
            var (b, imageB) = wrapped(lowB, countB)
            for _ in lowB...highB {
                let row = (a &* countB &+ b) &* countC
                var (c, imageC) = wrapped(lowC, countC)
                var left = highC &- lowC &+ 1
                while left > 0 {
                    let run = min(left, countC &- c)
                    let (first, last) = (binStarts[row &+ c], binStarts[row &+ c &+ run])
                    if first < last {
                        let image = SIMD3(imageA, imageB, imageC)
                        segments.append(
                            Segment(first: first, last: last, place: place - grid.frame.translation(image), code: Self.packed(image)))
                    }
                    (c, imageC, left) = (0, imageC &+ 1, left &- run)
                }
                b &+= 1
                if b == countB { (b, imageB) = (0, imageB &+ 1) }
            }
            a &+= 1
            if a == countA { (a, imageA) = (0, imageA &+ 1) }
        }
    }

    @inline(__always) private func wrapped(_ bin: Int, _ count: Int) -> (Int, Int) {
        let image = bin >= 0 ? bin / count : -((count &- 1 &- bin) / count)
        return (bin &- image &* count, image)
    }

    @inline(__always) private static func packed(_ image: SIMD3<Int>) -> Int32 {
        Int32(truncatingIfNeeded: ((image.x &+ 512) << 10 | (image.y &+ 512)) << 10 | (image.z &+ 512))
    }

    @inline(__always) private static func unpacked(_ code: Int32) -> SIMD3<Int> {
        let c = Int(code)
        return SIMD3((c >> 20) &- 512, (c >> 10 & 1023) &- 512, (c & 1023) &- 512)
    }

    /// Notes the atoms of a segment that lie within the radius. Pointers: the loop is all there is to a search.
    @inline(__always) private mutating func filter(_ segment: Segment, _ squaredRadius: Double) {
        let (px, py, pz) = (segment.place.x, segment.place.y, segment.place.z)
        var count = found.count
        found.neighbors.withUnsafeMutableBufferPointer { neighbors in
            found.codes.withUnsafeMutableBufferPointer { codes in
                x.withUnsafeBufferPointer { x in
                    y.withUnsafeBufferPointer { y in
                        z.withUnsafeBufferPointer { z in
                            indices.withUnsafeBufferPointer { indices in
                                for t in Int(segment.first)..<Int(segment.last) {
                                    let (dx, dy, dz) = (x[t] - px, y[t] - py, z[t] - pz)
                                    neighbors[count] = indices[t]
                                    codes[count] = segment.code
                                    count &+= dx * dx + dy * dy + dz * dz <= squaredRadius ? 1 : 0
                                }
                            }
                        }
                    }
                }
            }
        }
        found.count = count
    }

    /// Brings the notes into the order of the neighbour they were made at.
    private mutating func transpose(_ n: Int) {
        for m in 0..<n { ends[m + 1] += ends[m] }
        if sources.count < found.count {
            let more = found.neighbors.count - sources.count
            sources.append(contentsOf: repeatElement(0, count: more))
            codes.append(contentsOf: repeatElement(0, count: more))
        }
        // `ends[m]` is where the next note of m goes; in the end it is where those of m + 1 begin.
        for k in 0..<n {
            // Backwards: the image of k seen from m is the negative one.
            for p in stride(from: foundStarts[k + 1] - 1, through: foundStarts[k], by: -1) {
                let m = Int(found.neighbors[p])
                let place = ends[m]
                sources[place] = Int32(truncatingIfNeeded: k)
                codes[place] = found.codes[p]
                ends[m] = place &+ 1
            }
        }
    }

    private func write(
        _ frame: SearchFrame, _ atoms: PlacedAtoms, _ writer: inout PairWriter, _ list: inout NeighborList
    ) throws(CandidateDefect) {
        var first = 0
        for i in 0..<atoms.count {
            let (position, cell) = (atoms.positions[i], atoms.cells[i])
            var (neighbor, start) = (Int32(-1), writer.total)
            for p in first..<ends[i] {
                let j = sources[p]
                if frame.isReduced, j != neighbor {
                    try writer.sortImages(from: start, &list)
                    (neighbor, start) = (j, writer.total)
                }
                let m = frame.offset(0 &- Self.unpacked(codes[p]))
                if Int(j) == i, m.x == 0, m.y == 0, m.z == 0 { continue }
                let other = atoms.cells[Int(j)]
                try writer.add(
                    j, position, atoms.positions[Int(j)], m.x &+ cell.x &- other.x, m.y &+ cell.y &- other.y, m.z &+ cell.z &- other.z,
                    &list)
            }
            if frame.isReduced { try writer.sortImages(from: start, &list) }
            first = ends[i]
            list.offsets.append(writer.total)
        }
    }
}
