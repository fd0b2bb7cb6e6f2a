import CKernels
import MaterialsCore

/// Search for small cells: every pair of atoms, and for each a block of images around the sphere, eight at a time.
///
/// Where a block begins and which of eight shapes it has follows from the pair; the shapes are listed once and serve all structures
/// whose cells reach as far. Listed in the order of the offsets, the pairs of an atom need no sorting, reduced lattice or not.
struct ImageBlocks: Sendable {
    /// Images of a block, and candidates of an atom, that memory is kept for; beyond it `ImageLoop` looks at lines instead.
    private static let (longestBlock, mostCandidates) = (4096.0, Double(1 << 18))

    /// What the shapes were listed for.
    private var shorter = SIMD3<Int>(-1, -1, -1)
    private var turns = SIMD16<Int>()
    private var lengths = [Int](repeating: 0, count: 8)
    private var room = 0
    private var steps: [Double] = []
    private var stepWords: [Int32] = []
    // Positions, places and cells, three numbers an atom each; then three numbers an atom for where blocks begin.
    private var atomNumbers: [Double] = []
    private var shapes: [Int32] = []
    // Of the candidates: vectors and squares, words, hits.
    private var numbers: [Double] = []
    private var words: [Int32] = []

    /// Cells that a block is long along each search vector at least, or nil where blocks would be too large.
    static func shorterSides(_ frame: SearchFrame, atoms: Int, reach: SIMD3<Double>) -> SIMD3<Int>? {
        let longer = SIMD3((2 * reach.x).rounded(.down), (2 * reach.y).rounded(.down), (2 * reach.z).rounded(.down))
        let block = (longer.x + 1) * (longer.y + 1) * (longer.z + 1)
        guard block <= longestBlock, block * Double(atoms) <= mostCandidates else { return nil }
        return SIMD3(Int(longer.x), Int(longer.y), Int(longer.z))
    }

    /// Finds all pairs of the atoms and writes them in order.
    mutating func run(
        _ frame: SearchFrame, _ lattice: Lattice, _ atoms: PlacedAtoms, reach: SIMD3<Double>, shorter: SIMD3<Int>,
        _ list: inout NeighborList
    ) throws(CandidateDefect) {
        if atoms.count == 0 { return }
        listShapes(frame, shorter)
        place(frame, atoms)
        let n = atoms.count
        let candidates = n * (shorter.x + 1) * (shorter.y + 1) * (shorter.z + 1) + 8
        grow(&shapes, to: n)
        grow(&numbers, to: 4 * candidates)
        grow(&words, to: 5 * candidates)
        var images = matsieve_images()
        images.lattice = Self.numbers(lattice)
        images.turns = (
            Double(frame.t1.x), Double(frame.t1.y), Double(frame.t1.z), Double(frame.t2.x), Double(frame.t2.y), Double(frame.t2.z),
            Double(frame.t3.x), Double(frame.t3.y), Double(frame.t3.z)
        )
        images.reach = (reach.x, reach.y, reach.z)
        images.shorter = (Double(shorter.x), Double(shorter.y), Double(shorter.z))
        images.limit = Self.largestSquare(list.cutoff)
        images.atoms = n
        images.lengths = (lengths[0], lengths[1], lengths[2], lengths[3], lengths[4], lengths[5], lengths[6], lengths[7])
        images.room = room
        var isTooLong = false
        steps.withUnsafeBufferPointer { steps in
            stepWords.withUnsafeBufferPointer { stepWords in
                atomNumbers.withUnsafeMutableBufferPointer { atomNumbers in
                    shapes.withUnsafeMutableBufferPointer { shapes in
                        numbers.withUnsafeMutableBufferPointer { numbers in
                            words.withUnsafeMutableBufferPointer { words in
                                images.steps = steps.baseAddress
                                images.stepWords = stepWords.baseAddress
                                images.positions = UnsafePointer(atomNumbers.baseAddress!)
                                images.places = UnsafePointer(atomNumbers.baseAddress! + 3 * n)
                                images.cells = UnsafePointer(atomNumbers.baseAddress! + 6 * n)
                                images.begins = atomNumbers.baseAddress! + 9 * n
                                images.shapes = shapes.baseAddress
                                images.x = numbers.baseAddress
                                images.y = numbers.baseAddress! + candidates
                                images.z = numbers.baseAddress! + 2 * candidates
                                images.squares = numbers.baseAddress! + 3 * candidates
                                images.words = words.baseAddress
                                images.hits = words.baseAddress! + 4 * candidates
                                for i in 0..<n {
                                    let count = matsieve_find_images(&images, i)
                                    if list.pairCount + count > NeighborList.maximumPairs { isTooLong = true; return }
                                    list.append(count, images)
                                }
                            }
                        }
                    }
                }
            }
        }
        if isTooLong { throw NeighborList.tooMany(list.cutoff) }
    }

    /// The eight shapes, each in the order of the offsets.
    private mutating func listShapes(_ frame: SearchFrame, _ shorter: SIMD3<Int>) {
        let turns = SIMD16<Int>(
            frame.t1.x, frame.t1.y, frame.t1.z, frame.t2.x, frame.t2.y, frame.t2.z, frame.t3.x, frame.t3.y, frame.t3.z, 0, 0, 0, 0, 0, 0, 0)
        if shorter == self.shorter, turns == self.turns { return }
        (self.shorter, self.turns) = (shorter, turns)
        room = (shorter.x + 1) * (shorter.y + 1) * (shorter.z + 1) + 8
        grow(&steps, to: 24 * room)
        grow(&stepWords, to: 32 * room)
        var cells: [CellOffset] = []
        for shape in 0..<8 {
            cells.removeAll(keepingCapacity: true)
            for a in 0..<shorter.x + (shape >> 2) {
                for b in 0..<shorter.y + (shape >> 1 & 1) {
                    for c in 0..<shorter.z + (shape & 1) {
                        let m = frame.offset(SIMD3(a, b, c))
                        cells.append(CellOffset(SIMD3<Int32>(truncatingIfNeeded: m)))
                    }
                }
            }
            if frame.isReduced { cells.sort { $0 < $1 } }
            lengths[shape] = cells.count
            for (k, cell) in cells.enumerated() {
                for axis in 0..<3 {
                    steps[(3 * shape + axis) * room + k] = Double(cell.cells[axis])
                    stepWords[4 * (shape * room + k) + axis] = cell.cells[axis]
                }
            }
        }
    }

    private mutating func place(_ frame: SearchFrame, _ atoms: PlacedAtoms) {
        let n = atoms.count
        grow(&atomNumbers, to: 12 * n)
        for i in 0..<n {
            let g = frame.fractional(atoms.places[i])
            for axis in 0..<3 {
                atomNumbers[axis * n + i] = atoms.positions[i][axis]
                // Where nothing repeats, every block is the one cell.
                atomNumbers[(3 + axis) * n + i] = frame.periodic[axis] == 0 ? 0 : g[axis]
                atomNumbers[(6 + axis) * n + i] = Double(atoms.cells[i][axis])
            }
        }
    }

    /// The largest number whose root is at most the cutoff.
    private static func largestSquare(_ cutoff: Double) -> Double {
        var square = min(cutoff * cutoff, .greatestFiniteMagnitude)
        while square.squareRoot() > cutoff { square = square.nextDown }
        while square.nextUp.squareRoot() <= cutoff { square = square.nextUp }
        return square
    }

    private static func numbers(_ lattice: Lattice) -> (Double, Double, Double, Double, Double, Double, Double, Double, Double) {
        let (a, b, c) = (lattice.a.angstroms, lattice.b.angstroms, lattice.c.angstroms)
        return (a.x, a.y, a.z, b.x, b.y, b.z, c.x, c.y, c.z)
    }
}

@inline(__always) private func grow<T: Numeric>(_ array: inout [T], to count: Int) {
    if array.count < count { array.append(contentsOf: repeatElement(0, count: count - array.count)) }
}

extension NeighborList {
    /// Adds an atom with the neighbours found last.
    fileprivate mutating func append(_ count: Int, _ images: matsieve_images) {
        reserve(count)
        neighbors.append(addingCapacity: count) { neighbors in
            self.images.append(addingCapacity: count) { offsets in
                vectors.append(addingCapacity: count) { vectors in
                    distances.append(addingCapacity: count) { distances in
                        neighbors.withUnsafeMutableBufferPointer { neighbors, neighborCount in
                            offsets.withUnsafeMutableBufferPointer { offsets, offsetCount in
                                vectors.withUnsafeMutableBufferPointer { vectors, vectorCount in
                                    distances.withUnsafeMutableBufferPointer { distances, distanceCount in
                                        withUnsafePointer(to: images) { images in
                                            if count > 0 {
                                                matsieve_write_images(
                                                    images, count, neighbors.baseAddress,
                                                    UnsafeMutableRawPointer(offsets.baseAddress!).assumingMemoryBound(to: Int32.self),
                                                    UnsafeMutableRawPointer(vectors.baseAddress!).assumingMemoryBound(to: Double.self),
                                                    distances.baseAddress)
                                            }
                                        }
                                        (neighborCount, offsetCount, vectorCount, distanceCount) = (count, count, count, count)
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        offsets.append(pairCount)
    }

    /// Room for so many more, doubled where there is none.
    private mutating func reserve(_ count: Int) {
        if neighbors.capacity >= pairCount + count, distances.capacity >= pairCount + count { return }
        let capacity = max(2 * pairCount, pairCount + count)
        neighbors.reserveCapacity(capacity)
        images.reserveCapacity(capacity)
        vectors.reserveCapacity(capacity)
        distances.reserveCapacity(capacity)
    }
}
