import MaterialsCore

/// A structure as spglib takes it: one atom a position, a kind instead of an element, in an order that does not depend on the input's.
struct SymmetryCell {
    /// Lattice vectors as columns, row by row.
    var lattice: [(Double, Double, Double)]
    /// Fractional positions in [0, 1).
    var positions: [(Double, Double, Double)]
    /// What sits on each position: the atomic number, or a number above 118 for each mixture.
    var kinds: [Int32]
    /// Position number in the structure of each of them.
    var siteOfAtom: [Int]
    /// Entries of each position of the structure.
    var entriesOfSite: [Range<Int>]

    /// Positions by kind, then by coordinates; nil where the lattice is singular or a coordinate is not finite.
    init?(_ crystal: CrystalStructure) {
        guard crystal.count > 0, !crystal.lattice.isSingular else { return nil }
        guard crystal.positions.allSatisfy({ $0.coordinates.x.isFinite && $0.coordinates.y.isFinite && $0.coordinates.z.isFinite }) else {
            return nil
        }
        let ranges = Self.entryRanges(crystal)
        let kindOfSite = Self.kinds(crystal, ranges)
        let wrapped = ranges.map { crystal.positions[$0.lowerBound].wrapped.coordinates }
        siteOfAtom = ranges.indices.sorted { u, v in
            if kindOfSite[u] != kindOfSite[v] { return kindOfSite[u] < kindOfSite[v] }
            let (p, q) = (wrapped[u], wrapped[v])
            return (p.x, p.y, p.z, u) < (q.x, q.y, q.z, v)
        }
        entriesOfSite = ranges
        lattice = Self.columns(crystal.lattice)
        positions = siteOfAtom.map { (wrapped[$0].x, wrapped[$0].y, wrapped[$0].z) }
        kinds = siteOfAtom.map { kindOfSite[$0] }
    }

    /// True where no lattice translation can lie within the cell: it would have to divide the number of atoms of every kind.
    var isPlainlyPrimitive: Bool {
        var (divisor, run) = (0, 0)
        for atom in kinds.indices {
            run += 1
            guard atom + 1 == kinds.count || kinds[atom + 1] != kinds[atom] else { continue }
            while run != 0 { (divisor, run) = (run, divisor % run) }
        }
        return divisor == 1
    }

    /// Lattice vectors as the columns of a matrix, its rows in order.
    static func columns(_ lattice: Lattice) -> [(Double, Double, Double)] {
        let (a, b, c) = (lattice.a.angstroms, lattice.b.angstroms, lattice.c.angstroms)
        return [(a.x, b.x, c.x), (a.y, b.y, c.y), (a.z, b.z, c.z)]
    }

    /// The lattice whose vectors are the columns of a matrix of three rows.
    static func lattice(columns m: [(Double, Double, Double)]) -> Lattice {
        Lattice(
            a: CartesianVector(m[0].0, m[1].0, m[2].0), b: CartesianVector(m[0].1, m[1].1, m[2].1),
            c: CartesianVector(m[0].2, m[1].2, m[2].2))
    }

    private static func entryRanges(_ crystal: CrystalStructure) -> [Range<Int>] {
        guard crystal.isDisordered else { return (0..<crystal.count).map { $0..<($0 + 1) } }
        var ranges: [Range<Int>] = []
        var start = 0
        for entry in 1...crystal.count where entry == crystal.count || crystal.sites[entry] != crystal.sites[start] {
            ranges.append(start..<entry)
            start = entry
        }
        return ranges
    }

    /// Positions are of one kind where they hold the same species in the same amounts, to 10⁻⁶.
    private static func kinds(_ crystal: CrystalStructure, _ ranges: [Range<Int>]) -> [Int32] {
        guard crystal.isDisordered else { return crystal.atomicNumbers.map { Int32($0) } }
        let mixtures = ranges.map { range in
            range.map { [Int32(crystal.atomicNumbers[$0]), Int32((crystal.occupancies[$0] * 1e6).rounded())] }
                .sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }.flatMap { $0 }
        }
        let isPure = { (mixture: [Int32]) in mixture.count == 2 && mixture[1] == 1_000_000 }
        let mixed = Set(mixtures.filter { !isPure($0) }).sorted { $0.lexicographicallyPrecedes($1) }
        let rank = Dictionary(uniqueKeysWithValues: mixed.enumerated().map { ($1, Int32(119 + $0)) })
        return mixtures.map { isPure($0) ? $0[0] : rank[$0]! }
    }
}
