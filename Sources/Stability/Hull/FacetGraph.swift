/// The facets of a system's hull that were met so far, each with its neighbours: a walk over them finds the facet of a composition.
///
/// Facets are made when a walk first reaches them and kept. Each is inverted from its sorted columns, and every walk starts at
/// the same one, so what was met before never shows in a result.
///
/// - Numerics: a walk is the dual simplex method; as ties are decided, each step lowers the energy, so it ends.
/// - Source: the visibility walk in a regular triangulation, O. Devillers, S. Pion, M. Teillaud, Int. J. Found. Comput. Sci. 13, 181 (2002),
///   doi:10.1142/S0129054102001047.
struct FacetGraph: Sendable {
    let phases: CompetingPhases
    /// Columns of facet f at `f * dimension`, ascending.
    private(set) var columns: [Int32] = []
    /// Inverse of facet f at `f * dimension²`.
    private(set) var inverses: [Double] = []
    /// Formation energies of the columns, beside `columns`.
    private var energies: [Double] = []
    /// Facet across from each column, beside `columns`; −1 where the hull ends, −2 where nobody went yet.
    private var neighbors: [Int32] = []
    private var known: [[Int32]: Int32] = [:]
    private var reduced: [Double]
    /// Amounts of the last composition looked for.
    private(set) var amounts: [Double]

    /// Numbers held at most: eight or nine elements can have millions of facets.
    private static let capacity = 1 << 23
    private static let unseen: Int32 = -2
    private static let outside: Int32 = -1

    init(_ phases: CompetingPhases) {
        self.phases = phases
        reduced = [Double](repeating: 0, count: phases.count)
        amounts = [Double](repeating: 0, count: phases.dimension)
        // An inner composition without symmetry, so that it lies on no border.
        let weights = (0..<phases.dimension).map { (i: Int) -> Double in 1 + 0.137 * Double(i) + 0.0131 * Double(i * i) }
        let total = weights.reduce(0, +)
        let middle = weights.map { $0 / total }
        _ = insert(phases.facet(at: middle.span))
    }

    /// Number of facets met.
    var count: Int { columns.count / phases.dimension }
    /// About how many numbers it holds.
    var size: Int { inverses.count + 4 * columns.count + phases.fractions.count }

    /// Columns of a facet.
    func columns(of facet: Int) -> ArraySlice<Int32> { columns[facet * phases.dimension..<(facet + 1) * phases.dimension] }

    /// Finds the facet of `x`; its amounts are in `amounts` then. Facets found before may be forgotten.
    mutating func locate(_ x: Span<Double>) -> Int {
        if inverses.count > Self.capacity { forget() }
        var facet = 0
        for _ in 0..<10_000 {
            let place = mostNegative(facet, x)
            if amounts[place] >= -amountTolerance { return facet }
            guard let next = neighbor(of: facet, across: place) else { break }
            facet = next
        }
        facet = insert(phases.facet(at: x))
        _ = mostNegative(facet, x)
        return facet
    }

    /// The facet across from a column; nil where the hull ends.
    mutating func neighbor(of facet: Int, across place: Int) -> Int? {
        let slot = facet * phases.dimension + place
        if neighbors[slot] == Self.unseen { neighbors[slot] = Int32(pivot(facet, place)) }
        return neighbors[slot] == Self.outside ? nil : Int(neighbors[slot])
    }

    /// Energy above `amounts` of a facet, eV/atom; columns ascending.
    func energy(of facet: Int) -> Double {
        var sum = 0.0
        let first = facet * phases.dimension
        for k in 0..<phases.dimension { sum += amounts[k] * energies[first + k] }
        return sum
    }

    /// Back to the first facet, at which every walk starts.
    private mutating func forget() {
        let n = phases.dimension
        let first = basis(0)
        (columns, inverses, energies, neighbors, known) = ([], [], [], [], [:])
        inverses.reserveCapacity(n * n)
        _ = insert(first)
    }

    private mutating func mostNegative(_ facet: Int, _ x: Span<Double>) -> Int {
        let n = phases.dimension
        var (row, lowest, place) = (facet * n * n, Double.infinity, 0)
        for k in 0..<n {
            var sum = 0.0
            for i in 0..<n { sum += inverses[row + i] * x[i] }
            amounts[k] = sum
            if sum < lowest { (lowest, place) = (sum, k) }
            row += n
        }
        return place
    }

    func basis(_ facet: Int) -> SimplexBasis {
        let n = phases.dimension
        var basis = SimplexBasis(elements: n)
        basis.columns = columns(of: facet).map(Int.init)
        basis.inverse = Array(inverses[facet * n * n..<(facet + 1) * n * n])
        return basis
    }

    /// Goes over the ridge across from `place` to the column that lies deepest beyond it.
    private mutating func pivot(_ facet: Int, _ place: Int) -> Int {
        let n = phases.dimension
        var basis = basis(facet)
        phases.priceColumns(basis, &reduced)
        var (best, entering) = (Double.infinity, -1)
        let leastPivot = basis.leastPivot(place)
        for j in 0..<phases.count {
            var along = 0.0
            for i in 0..<n { along += basis.inverse[place * n + i] * phases.fractions[i * phases.count + j] }
            if along < -leastPivot, max(0, reduced[j]) < best * -along { (best, entering) = (max(0, reduced[j]) / -along, j) }
        }
        if entering < 0 { return Int(Self.outside) }
        basis.columns[place] = entering
        basis.canonicalize(phases)
        return insert(basis)
    }

    private mutating func insert(_ basis: SimplexBasis) -> Int {
        let key = basis.columns.map { Int32($0) }
        if let facet = known[key] { return Int(facet) }
        let facet = count
        known[key] = Int32(facet)
        columns += key
        inverses += basis.inverse
        energies += basis.columns.map { phases.energies[$0] }
        neighbors += [Int32](repeating: Self.unseen, count: phases.dimension)
        return facet
    }
}

/// Amounts above minus this count as inside.
let amountTolerance = 1e-10
