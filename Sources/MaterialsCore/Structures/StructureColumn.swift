/// Structures of a batch as flat arrays; a row without one has no entries.
public struct StructureColumn: Equatable, Sendable {
    /// Nine numbers a row: a, b, c in Å; zeros where there is no structure.
    public private(set) var lattices: [Double]
    /// Three a row: 1 where the axis repeats.
    public private(set) var periodic: [UInt8]
    /// `count + 1` offsets into the arrays below.
    public private(set) var offsets: [Int]
    /// Atomic number of each entry.
    public private(set) var atomicNumbers: [UInt8]
    /// Three fractional coordinates an entry.
    public private(set) var fractional: [Double]
    /// Occupancy of each entry; empty where all structures are ordered.
    public private(set) var occupancies: [Double]
    /// Position number of each entry within its structure; empty where `occupancies` is.
    public private(set) var sites: [UInt32]

    /// An empty column.
    public init() {
        (lattices, periodic, offsets, atomicNumbers) = ([], [], [0], [])
        (fractional, occupancies, sites) = ([], [], [])
    }

    /// A column of rows without structures.
    public init(empty rows: Int) {
        self.init()
        for _ in 0..<rows { append(nil) }
    }

    /// Takes over whole columns (from a store); lengths must agree.
    public init(
        lattices: [Double], periodic: [UInt8], offsets: [Int], atomicNumbers: [UInt8], fractional: [Double], occupancies: [Double],
        sites: [UInt32]
    ) {
        let (rows, entries) = (offsets.count - 1, atomicNumbers.count)
        precondition(lattices.count == 9 * rows && periodic.count == 3 * rows && offsets.last == entries)
        precondition(fractional.count == 3 * entries && occupancies.count == sites.count)
        precondition(occupancies.isEmpty || occupancies.count == entries)
        (self.lattices, self.periodic, self.offsets, self.atomicNumbers) = (lattices, periodic, offsets, atomicNumbers)
        (self.fractional, self.occupancies, self.sites) = (fractional, occupancies, sites)
    }

    /// Number of rows.
    public var count: Int { offsets.count - 1 }

    /// True where the row has a structure.
    public func hasStructure(_ row: Int) -> Bool { offsets[row] < offsets[row + 1] }

    /// The structure of a row, or nil. Occupancies and sites are left out where the structure is ordered.
    public subscript(row: Int) -> CrystalStructure? {
        let range = offsets[row]..<offsets[row + 1]
        if range.isEmpty { return nil }
        var positions: [FractionalPosition] = []
        positions.reserveCapacity(range.count)
        for i in range { positions.append(FractionalPosition(fractional[3 * i], fractional[3 * i + 1], fractional[3 * i + 2])) }
        let isOrdered = occupancies.isEmpty || range.allSatisfy { occupancies[$0] == 1 }
        return CrystalStructure(
            lattice: lattice(row), periodicity: Periodicity(periodic[3 * row] != 0, periodic[3 * row + 1] != 0, periodic[3 * row + 2] != 0),
            atomicNumbers: Array(atomicNumbers[range]), positions: positions, occupancies: isOrdered ? [] : Array(occupancies[range]),
            sites: isOrdered ? [] : Array(sites[range]))
    }

    private func lattice(_ row: Int) -> Lattice {
        func vector(_ k: Int) -> CartesianVector {
            CartesianVector(lattices[9 * row + k], lattices[9 * row + k + 1], lattices[9 * row + k + 2])
        }
        return Lattice(a: vector(0), b: vector(3), c: vector(6))
    }

    /// Adds a row.
    public mutating func append(_ structure: CrystalStructure?) {
        guard let structure else {
            lattices.append(contentsOf: repeatElement(0, count: 9))
            periodic.append(contentsOf: repeatElement(0, count: 3))
            offsets.append(atomicNumbers.count)
            return
        }
        for axis in 0..<3 {
            let v = structure.lattice[axis].angstroms
            lattices.append(v.x)
            lattices.append(v.y)
            lattices.append(v.z)
            periodic.append(structure.periodicity[axis] ? 1 : 0)
        }
        appendOccupancies(of: structure)
        atomicNumbers.append(contentsOf: structure.atomicNumbers)
        for p in structure.positions {
            fractional.append(p.coordinates.x)
            fractional.append(p.coordinates.y)
            fractional.append(p.coordinates.z)
        }
        offsets.append(atomicNumbers.count)
    }

    /// The first disordered structure brings the two arrays in for all entries before it.
    private mutating func appendOccupancies(of structure: CrystalStructure) {
        if occupancies.isEmpty {
            guard structure.isDisordered else { return }
            occupancies = [Double](repeating: 1, count: atomicNumbers.count)
            for row in 0..<count { sites.append(contentsOf: (0..<UInt32(offsets[row + 1] - offsets[row]))) }
        }
        let isOrdered = !structure.isDisordered
        occupancies.append(contentsOf: isOrdered ? [Double](repeating: 1, count: structure.count) : structure.occupancies)
        sites.append(contentsOf: isOrdered ? Array(0..<UInt32(structure.count)) : structure.sites)
    }

    /// Only the given rows, in that order.
    public func selecting(_ rows: [Int]) -> StructureColumn {
        var result = StructureColumn()
        for row in rows {
            let range = offsets[row]..<offsets[row + 1]
            result.lattices += lattices[9 * row..<9 * row + 9]
            result.periodic += periodic[3 * row..<3 * row + 3]
            result.atomicNumbers += atomicNumbers[range]
            result.fractional += fractional[3 * range.lowerBound..<3 * range.upperBound]
            result.offsets.append(result.atomicNumbers.count)
            if !occupancies.isEmpty {
                result.occupancies += occupancies[range]
                result.sites += sites[range]
            }
        }
        if result.occupancies.allSatisfy({ $0 == 1 }) { (result.occupancies, result.sites) = ([], []) }
        return result
    }
}
