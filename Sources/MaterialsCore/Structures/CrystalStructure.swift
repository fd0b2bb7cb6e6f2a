/// Atoms in a cell that repeats along three, two, one or no axis.
///
/// A position that several species share, or that is partly empty, is disordered: each species on it is an entry of its own with the
/// same `sites` number and its occupancy.
public struct CrystalStructure: Hashable, Sendable {
    /// Lattice vectors, Å.
    public var lattice: Lattice
    /// Which of them repeat.
    public var periodicity: Periodicity
    /// Atomic number of each entry, 1…118.
    public var atomicNumbers: [UInt8]
    /// Position of each entry, as in the source (not wrapped into the cell).
    public var positions: [FractionalPosition]
    /// Occupancy of each entry, above 0, at most 1; empty where all are 1.
    public var occupancies: [Double]
    /// Number of the position each entry sits on, ascending from 0 without gaps; empty where `occupancies` is.
    public var sites: [UInt32]

    /// A structure; the arrays must agree in length.
    public init(
        lattice: Lattice, periodicity: Periodicity = .full, atomicNumbers: [UInt8], positions: [FractionalPosition],
        occupancies: [Double] = [], sites: [UInt32] = []
    ) {
        precondition(atomicNumbers.count == positions.count && occupancies.count == sites.count)
        precondition(occupancies.isEmpty || occupancies.count == positions.count)
        (self.lattice, self.periodicity) = (lattice, periodicity)
        (self.atomicNumbers, self.positions, self.occupancies, self.sites) = (atomicNumbers, positions, occupancies, sites)
    }

    /// Number of entries; of atoms, where nothing is disordered.
    public var count: Int { atomicNumbers.count }
    /// Number of positions.
    public var siteCount: Int { sites.last.map { Int($0) + 1 } ?? count }
    /// True where a position is shared or partly empty.
    public var isDisordered: Bool { !occupancies.isEmpty }
    /// Occupancy of an entry.
    public func occupancy(_ entry: Int) -> Double { occupancies.isEmpty ? 1 : occupancies[entry] }
    /// Cartesian position of an entry, Å.
    public func cartesian(_ entry: Int) -> CartesianVector { lattice.cartesian(positions[entry]) }

    /// Elements and their amounts in the cell: occupancies added up in the order of the entries.
    public var composition: Composition {
        Composition(atomicNumbers.indices.map { (Element(atomicNumber: Int(atomicNumbers[$0]))!, occupancy($0)) })
    }
}
