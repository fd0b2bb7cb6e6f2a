import MaterialsCore
import Symmetry

/// The atoms of a cell: every row of the list under every operator, equal positions taken once.
///
/// Positions closer than 10⁻⁴ along each axis (modulo 1) are one; the first found stands. Images of one whole atom are one up to 10⁻³, so that
/// coordinates near a mirror plane (`0.1264 0.2527 z` on x, 2x, z) may be rounded to four digits. Rows at one position, or at equivalent
/// ones, share it: their species and occupancies are added up.
///
/// - Errors: `bad-occupancy`, `overlapping-sites` (whole atoms on one point), `too-many-atoms`
/// - Numerics: the first image of a row is where the file has it, the others are wrapped into the cell
/// - Cost:   linear in rows × operators
struct CIFSites {
    /// Positions that are the same, in units of the lattice vectors.
    private static let tolerance = 1e-4
    /// Images of one whole atom that are the same.
    private static let imageTolerance = 1e-3
    /// Excess of an occupancy that is taken for rounding: sums up to 1.001 are scaled to 1.
    static let occupancyTolerance = 1e-3 + 1e-9
    /// Most positions in a cell.
    static let mostSites = 1_000_000
    /// Most products of rows and operators.
    private static let mostImages = 20_000_000

    /// A species on an orbit: the next one of the same orbit follows by number, -1 ends.
    private struct Species {
        var atomicNumber: UInt8
        var occupancy: Double
        var offset: Int
        var next: Int
    }

    private var index = PositionIndex()
    private var positions: [FractionalPosition] = []
    /// Orbit of each position; orbits are numbered as they come, their positions follow each other.
    private var orbits: [Int] = []
    private var species: [Species] = []
    /// First species of each orbit.
    private var heads: [Int] = []

    init(_ atoms: CIFAtoms, _ operations: [SymmetryOperation]) throws(CIFDefect) {
        guard atoms.count <= Self.mostImages / operations.count else {
            throw CIFDefect("too-many-atoms", "\(atoms.count) atoms times \(operations.count) operators", at: 0)
        }
        positions.reserveCapacity(atoms.count)
        for row in 0..<atoms.count {
            let source = FractionalPosition(atoms.positions[row])
            guard source.isWithinLimits else {
                throw CIFDefect("bad-position", "an atom is over 10⁶ cells away", at: atoms.offsets[row])
            }
            let wrapped = Self.wrapped(source)
            if let found = index.find(wrapped, PositionIndex.Tolerance(Self.tolerance)) {
                share(orbits[found], with: atoms, row)
                continue
            }
            let orbit = heads.count
            heads.append(species.count)
            species.append(
                Species(atomicNumber: atoms.atomicNumbers[row], occupancy: atoms.occupancies[row], offset: atoms.offsets[row], next: -1))
            try add(wrapped, as: source, orbit, atoms.offsets[row])
            let own = atoms.occupancies[row] == 1 ? Self.imageTolerance : Self.tolerance
            let same = PositionIndex.Tolerance(Self.tolerance, own: own, from: index.count - 1)
            for operation in operations.dropFirst() {
                let image = Self.wrapped(operation.apply(source))
                if index.find(image, same) == nil { try add(image, as: image, orbit, atoms.offsets[row]) }
            }
        }
        try settleOccupancies()
    }

    /// Each coordinate in [0, 1); much faster than `FractionalPosition.wrapped`, for coordinates below 10⁹.
    @inline(__always) private static func wrapped(_ p: FractionalPosition) -> FractionalPosition {
        @inline(__always) func wrap(_ x: Double) -> Double {
            let whole = Double(Int(x))
            let y = x - (whole > x ? whole - 1 : whole)
            return y < 1 ? y : 0
        }
        return FractionalPosition(wrap(p.coordinates.x), wrap(p.coordinates.y), wrap(p.coordinates.z))
    }

    private mutating func add(_ wrapped: FractionalPosition, as position: FractionalPosition, _ orbit: Int, _ offset: Int) throws(CIFDefect)
    {
        if positions.count == Self.mostSites {
            throw CIFDefect("too-many-atoms", "more than \(Self.mostSites) positions in the cell", at: offset)
        }
        guard index.insert(wrapped) else { throw CIFDefect("too-many-atoms", "too many positions lie close together", at: offset) }
        positions.append(position)
        orbits.append(orbit)
    }

    /// Adds a row to an orbit; the same element twice is one species.
    private mutating func share(_ orbit: Int, with atoms: CIFAtoms, _ row: Int) {
        var last = heads[orbit]
        while true {
            if species[last].atomicNumber == atoms.atomicNumbers[row] {
                species[last].occupancy += atoms.occupancies[row]
                return
            }
            if species[last].next < 0 { break }
            last = species[last].next
        }
        species[last].next = species.count
        species.append(
            Species(atomicNumber: atoms.atomicNumbers[row], occupancy: atoms.occupancies[row], offset: atoms.offsets[row], next: -1))
    }

    /// Sums above 1 are scaled or refused.
    private mutating func settleOccupancies() throws(CIFDefect) {
        for head in heads {
            var (sum, entry) = (0.0, head)
            while entry >= 0 {
                sum += species[entry].occupancy
                entry = species[entry].next
            }
            if sum <= 1 { continue }
            guard sum <= 1 + Self.occupancyTolerance else { throw excess(head, sum) }
            entry = head
            while entry >= 0 {
                species[entry].occupancy /= sum
                entry = species[entry].next
            }
        }
    }

    private func excess(_ head: Int, _ sum: Double) -> CIFDefect {
        var (areWhole, entry) = (sum == sum.rounded(), head)
        while entry >= 0 {
            areWhole = areWhole && species[entry].occupancy == species[entry].occupancy.rounded()
            entry = species[entry].next
        }
        if areWhole { return CIFDefect("overlapping-sites", "\(Int(sum)) whole atoms are on one point", at: species[head].offset) }
        return CIFDefect("bad-occupancy", "occupancies at one position add up to \(sum)", at: species[head].offset)
    }

    /// The crystal.
    func structure(_ lattice: Lattice) -> CrystalStructure {
        let isOrdered = species.count == heads.count && species.allSatisfy { $0.occupancy == 1 }
        if isOrdered {
            return CrystalStructure(lattice: lattice, atomicNumbers: orbits.map { species[heads[$0]].atomicNumber }, positions: positions)
        }
        var crystal = CrystalStructure(lattice: lattice, atomicNumbers: [], positions: [])
        for site in positions.indices {
            var entry = heads[orbits[site]]
            while entry >= 0 {
                crystal.atomicNumbers.append(species[entry].atomicNumber)
                crystal.positions.append(positions[site])
                crystal.occupancies.append(species[entry].occupancy)
                crystal.sites.append(UInt32(site))
                entry = species[entry].next
            }
        }
        return crystal
    }

    /// Number of different images of a position.
    static func orbitSize(of position: SIMD3<Double>, _ operations: [SymmetryOperation]) -> Int {
        var index = PositionIndex()
        for operation in operations {
            let image = wrapped(operation.apply(FractionalPosition(position)))
            if index.find(image, PositionIndex.Tolerance(imageTolerance)) == nil { _ = index.insert(image) }
        }
        return index.count
    }
}
