import MaterialsCore

/// Pairs on their way into a list: decided and computed by the documented formula, handed over in blocks.
///
/// Pointers, because four appends with their checks cost more than the arithmetic of a pair.
struct PairWriter: ~Copyable {
    private static let capacity = 1024
    private let neighbors = UnsafeMutablePointer<Int32>.allocate(capacity: Self.capacity)
    private let images = UnsafeMutablePointer<CellOffset>.allocate(capacity: Self.capacity)
    private let vectors = UnsafeMutablePointer<CartesianVector>.allocate(capacity: Self.capacity)
    private let distances = UnsafeMutablePointer<Double>.allocate(capacity: Self.capacity)
    private var count = 0
    private var written = 0
    private let (a, b, c): ((Double, Double, Double), (Double, Double, Double), (Double, Double, Double))
    private let cutoff: Double

    init(_ lattice: Lattice, cutoff: Double) {
        func numbers(_ v: CartesianVector) -> (Double, Double, Double) { (v.angstroms.x, v.angstroms.y, v.angstroms.z) }
        (a, b, c) = (numbers(lattice.a), numbers(lattice.b), numbers(lattice.c))
        self.cutoff = cutoff
    }

    deinit {
        neighbors.deallocate()
        images.deallocate()
        vectors.deallocate()
        distances.deallocate()
    }

    /// Pairs decided on so far.
    var total: Int { written + count }

    /// Adds the pair of atoms `i` and `j` where it is within the cutoff; `na`, `nb`, `nc` are the cells by which j is moved.
    ///
    /// Number by number: vectors of three are slow to take apart at the baseline.
    @inline(__always)
    mutating func add(
        _ j: Int32, _ from: SIMD3<Double>, _ to: SIMD3<Double>, _ na: Int, _ nb: Int, _ nc: Int, _ list: inout NeighborList
    ) throws(CandidateDefect) {
        let fa = (to.x - from.x) + Double(na)
        let fb = (to.y - from.y) + Double(nb)
        let fc = (to.z - from.z) + Double(nc)
        let x = (fa * a.0 + fb * b.0) + fc * c.0
        let y = (fa * a.1 + fb * b.1) + fc * c.1
        let z = (fa * a.2 + fb * b.2) + fc * c.2
        let length = ((x * x + y * y) + z * z).squareRoot()
        if length > cutoff { return }
        if count == Self.capacity { try flush(&list) }
        neighbors[count] = j
        images[count] = CellOffset(Int32(truncatingIfNeeded: na), Int32(truncatingIfNeeded: nb), Int32(truncatingIfNeeded: nc))
        vectors[count] = CartesianVector(x, y, z)
        distances[count] = length
        count &+= 1
    }

    /// Hands over what is left.
    mutating func flush(_ list: inout NeighborList) throws(CandidateDefect) {
        written += count
        guard written <= NeighborList.maximumPairs else { throw NeighborList.tooMany(cutoff) }
        list.neighbors.append(contentsOf: UnsafeBufferPointer(start: neighbors, count: count))
        list.images.append(contentsOf: UnsafeBufferPointer(start: images, count: count))
        list.vectors.append(contentsOf: UnsafeBufferPointer(start: vectors, count: count))
        list.distances.append(contentsOf: UnsafeBufferPointer(start: distances, count: count))
        count = 0
    }

    /// Puts the pairs from `start` on (counted as `total` does) in the order of their offsets; they have one neighbour in common.
    mutating func sortImages(from start: Int, _ list: inout NeighborList) throws(CandidateDefect) {
        if total - start < 2 { return }
        try flush(&list)
        let range = start..<written
        let order = range.sorted { list.images[$0] < list.images[$1] }
        let (images, vectors, distances) = (Array(list.images[range]), Array(list.vectors[range]), Array(list.distances[range]))
        for (place, k) in zip(range, order) {
            list.images[place] = images[k - start]
            list.vectors[place] = vectors[k - start]
            list.distances[place] = distances[k - start]
        }
    }
}
