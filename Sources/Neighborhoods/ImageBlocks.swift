import CKernels
import MaterialsCore

/// Search for small cells: every pair of atoms, and for each a block of images around the sphere, eight at a time.
///
/// Where a block begins and which of eight shapes it has follows from the pair; the shapes are listed once and serve all structures
/// whose cells reach as far. Listed in the order of the offsets, the pairs of an atom need no sorting, reduced lattice or not.
struct ImageBlocks: Sendable {
    /// Images of a block, and candidates of an atom, that memory is kept for; beyond it `ImageLoop` looks at lines instead.
    private static let (longestBlock, mostCandidates) = (4096.0, Double(1 << 18))
    /// Atoms are searched together until they have about so many candidates, which stay in the first cache.
    private static let candidatesTogether = 512

    private var tables = BlockShapes()
    // Positions, places and cells, three numbers an atom each; then three numbers an atom for where blocks begin.
    private var atomNumbers: [Double] = []
    private var shapeOfAtom: [Int64] = []
    private var counts: [Int] = []
    // Of the candidates: vectors, squares, squares again; words, hits.
    private var numbers: [Double] = []
    private var words: [Int32] = []

    /// Cells that a block is long along each search vector at least, or nil where blocks would be too large.
    static func shorterSides(atoms: Int, reach: SIMD3<Double>) -> SIMD3<Int>? {
        let (a, b, c) = (2 * reach.x, 2 * reach.y, 2 * reach.z)
        let block = (a + 1) * (b + 1) * (c + 1)
        guard block <= longestBlock, block * Double(atoms) <= mostCandidates else { return nil }
        return SIMD3(Int(a), Int(b), Int(c))
    }

    /// Finds all pairs of the atoms and writes them in order.
    /// - Returns: false where the nearest of an atom may be farther away than the cutoff.
    mutating func run(_ search: ImageSearch, _ list: inout NeighborList) throws(CandidateDefect) -> Bool {
        let n = search.atoms.count
        if n == 0 { return true }
        let stride = search.stride
        tables.list(search.frame, search.shorter)
        place(search)
        let ofAtom = n * (search.shorter.x + 1) * (search.shorter.y + 1) * (search.shorter.z + 1)
        let together = max(1, min(n, Self.candidatesTogether / max(1, ofAtom)))
        let room = ofAtom * together + 8
        grow(&shapeOfAtom, to: search.stride)
        grow(&counts, to: together)
        grow(&numbers, to: 5 * room)
        grow(&words, to: 5 * room)
        var images = search.images(list.cutoff)
        tables.describe(&images)
        return try atomNumbers.withUnsafeMutableBufferPointer { atoms throws(CandidateDefect) in
            images.positions = UnsafePointer(atoms.baseAddress!)
            images.places = UnsafePointer(atoms.baseAddress! + 3 * stride)
            images.cells = UnsafePointer(atoms.baseAddress! + 6 * stride)
            images.begins = atoms.baseAddress! + 9 * stride
            return try shapeOfAtom.withUnsafeMutableBufferPointer { shapes throws(CandidateDefect) in
                images.shapes = shapes.baseAddress
                return try numbers.withUnsafeMutableBufferPointer { numbers throws(CandidateDefect) in
                    images.x = numbers.baseAddress
                    images.y = numbers.baseAddress! + room
                    images.z = numbers.baseAddress! + 2 * room
                    images.squares = numbers.baseAddress! + 3 * room
                    images.nearSquares = numbers.baseAddress! + 4 * room
                    return try words.withUnsafeMutableBufferPointer { words throws(CandidateDefect) in
                        images.words = words.baseAddress
                        images.hits = words.baseAddress! + 4 * room
                        return try counts.withUnsafeMutableBufferPointer { counts throws(CandidateDefect) in
                            try tables.withTables { (steps, stepWords) throws(CandidateDefect) in
                                (images.steps, images.stepWords) = (steps, stepWords)
                                return try Self.search(images, together, counts, &list)
                            }
                        }
                    }
                }
            }
        }
    }

    private static func search(
        _ images: matsieve_images, _ together: Int, _ counts: UnsafeMutableBufferPointer<Int>, _ list: inout NeighborList
    ) throws(CandidateDefect) -> Bool {
        var images = images
        var isComplete: Int32 = 1
        var first = 0
        let most = list.pairCount + NeighborList.maximumPairs
        while first < images.atoms {
            let end = min(first + together, images.atoms)
            let count = matsieve_find_images(&images, first, end, counts.baseAddress, &isComplete)
            if list.pairCount + count > most { throw NeighborList.tooMany(list.cutoff) }
            for i in 0..<end - first { list.offsets.append(list.offsets[list.offsets.count - 1] + counts[i]) }
            if count > 0 { list.append(count, &images) }
            first = end
        }
        return isComplete != 0
    }

    private mutating func place(_ search: ImageSearch) {
        let (n, frame, atoms) = (search.stride, search.frame, search.atoms)
        grow(&atomNumbers, to: 12 * n)
        atomNumbers.withUnsafeMutableBufferPointer { numbers in
            for i in 0..<atoms.count {
                let (f, g, m) = (atoms.positions[i], frame.fractional(atoms.places[i]), atoms.cells[i])
                (numbers[i], numbers[n + i], numbers[2 * n + i]) = (f.x, f.y, f.z)
                // Where nothing repeats, every block is the one cell.
                numbers[3 * n + i] = frame.periodic.x == 0 ? 0 : g.x
                numbers[4 * n + i] = frame.periodic.y == 0 ? 0 : g.y
                numbers[5 * n + i] = frame.periodic.z == 0 ? 0 : g.z
                (numbers[6 * n + i], numbers[7 * n + i], numbers[8 * n + i]) = (Double(m.x), Double(m.y), Double(m.z))
            }
        }
    }
}

/// What a search by blocks of images is about.
struct ImageSearch {
    let frame: SearchFrame
    let lattice: Lattice
    let atoms: PlacedAtoms
    /// Cells along each search vector that the ball reaches.
    let reach: SIMD3<Double>
    /// The shorter sides of blocks.
    let shorter: SIMD3<Int>
    /// How many of its nearest neighbours an atom keeps, and the difference in distance of ties; 0 keeps all.
    let (nearest, tolerance): (Int, Double)

    /// Atoms, and as many as fill the last vector.
    var stride: Int { (atoms.count + 7) / 8 * 8 }

    /// As the kernel wants it, without its memory.
    fileprivate func images(_ cutoff: Double) -> matsieve_images {
        var images = matsieve_images()
        let (a, b, c) = (lattice.a.angstroms, lattice.b.angstroms, lattice.c.angstroms)
        images.lattice = (a.x, a.y, a.z, b.x, b.y, b.z, c.x, c.y, c.z)
        let (t1, t2, t3) = (SIMD3<Double>(frame.t1), SIMD3<Double>(frame.t2), SIMD3<Double>(frame.t3))
        images.turns = (t1.x, t1.y, t1.z, t2.x, t2.y, t2.z, t3.x, t3.y, t3.z)
        images.reach = (reach.x, reach.y, reach.z)
        images.shorter = (Double(shorter.x), Double(shorter.y), Double(shorter.z))
        images.limit = Self.largestSquare(cutoff)
        (images.atoms, images.stride) = (atoms.count, stride)
        (images.nearest, images.tolerance, images.cutoff) = (nearest, tolerance, cutoff)
        images.others = frame.periodic == SIMD3(0, 0, 0) ? atoms.count - 1 : .max
        return images
    }

    /// The largest number whose root is at most the cutoff.
    private static func largestSquare(_ cutoff: Double) -> Double {
        var square = min(cutoff * cutoff, .greatestFiniteMagnitude)
        while square.squareRoot() > cutoff { square = square.nextDown }
        while square.nextUp.squareRoot() <= cutoff { square = square.nextUp }
        return square
    }
}

/// Makes an array no shorter than `count`; memory is kept from structure to structure.
@inline(__always) func grow<T: Numeric>(_ array: inout [T], to count: Int) {
    if array.count < count { array.append(contentsOf: repeatElement(0, count: count - array.count)) }
}

extension NeighborList {
    /// Adds the neighbours found last, where they belong at once: their memory is not touched twice.
    fileprivate mutating func append(_ count: Int, _ found: inout matsieve_images) {
        reserve(count)
        neighbors.append(addingCapacity: count) { neighbors in
            images.append(addingCapacity: count) { images in
                vectors.append(addingCapacity: count) { vectors in
                    distances.append(addingCapacity: count) { distances in
                        neighbors.withUnsafeMutableBufferPointer { neighbors, neighborCount in
                            images.withUnsafeMutableBufferPointer { images, imageCount in
                                vectors.withUnsafeMutableBufferPointer { vectors, vectorCount in
                                    distances.withUnsafeMutableBufferPointer { distances, distanceCount in
                                        matsieve_write_images(
                                            &found, count, neighbors.baseAddress,
                                            UnsafeMutableRawPointer(images.baseAddress!).assumingMemoryBound(to: Int32.self),
                                            UnsafeMutableRawPointer(vectors.baseAddress!).assumingMemoryBound(to: Double.self),
                                            distances.baseAddress)
                                        (neighborCount, imageCount, vectorCount, distanceCount) = (count, count, count, count)
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
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
