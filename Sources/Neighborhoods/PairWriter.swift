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
    private let lattice: Lattice
    private let cutoff: Double

    init(_ lattice: Lattice, cutoff: Double) { (self.lattice, self.cutoff) = (lattice, cutoff) }

    deinit {
        neighbors.deallocate()
        images.deallocate()
        vectors.deallocate()
        distances.deallocate()
    }

    /// Pairs decided on so far.
    var total: Int { written + count }

    /// Adds the pair to atom `j` where it is within the cutoff; `difference` is f_j - f_i.
    @inline(__always)
    mutating func add(_ j: Int32, _ difference: SIMD3<Double>, _ n: SIMD3<Int32>, _ list: inout NeighborList) throws(CandidateDefect) {
        let f = difference + SIMD3(Double(n.x), Double(n.y), Double(n.z))
        let v = lattice.cartesian(FractionalPosition(f))
        let length = v.length
        if length > cutoff { return }
        if count == Self.capacity { try flush(&list) }
        neighbors[count] = j
        images[count] = CellOffset(n)
        vectors[count] = v
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
