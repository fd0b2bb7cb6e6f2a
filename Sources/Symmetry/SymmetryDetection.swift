import CSpglib
import MaterialsCore

/// The symmetry of a crystal, found by spglib.
///
/// - Input:    a structure that repeats along all axes; positions that several species share count as one atom of a kind of its own
/// - Output:   space group, operations of the cell as it stands, and what each position is in the conventional cell
/// - Scope:    rejects (`no-symmetry`) singular lattices, coordinates that are not finite, atoms nearer to each other than the
///   tolerance, and crystals for which the search fails; rejects more than 5,000 positions (`too-many-atoms`)
/// - Numerics: atoms are brought into an order of their own first, so the order of the input changes nothing. spglib takes its angles from
///   the system's mathematics library: a crystal at the very edge of the tolerance may differ between machines
/// - Cost:     about 5 ms for 10 atoms (all of it in spglib), growing with the square to the cube of their number. Safe on several threads: the only state that
///   spglib 2.0 shares is its error code, which is not read
/// - Source:   A. Togo, K. Shinohara, I. Tanaka, Sci. Technol. Adv. Mater. Methods 4, 2384822 (2024), doi:10.1080/27660400.2024.2384822
public struct DetectedSymmetry: Sendable {
    /// Space group in the setting of the conventional cell.
    public let spaceGroup: SpaceGroup
    /// Point group in international notation.
    public let pointGroup: String
    /// Rotations of the cell as it stands: nine numbers each, row by row, of fractional coordinates.
    public let rotations: [Int32]
    /// Their translations, fractional.
    public let translations: [FractionalPosition]
    /// Wyckoff letter of each position of the structure: 0 is a, 25 is z, 26 is A.
    public let wyckoffLetters: [Int]
    /// Site symmetry of each position, oriented.
    public let siteSymmetries: [String]
    /// First position that the operations of the cell as it stands bring onto each.
    public let equivalentSites: [Int]
    /// First position that the space group brings onto each; it also joins what the shape of a supercell keeps apart.
    public let orbits: [Int]
    /// Multiplicity in the conventional cell of each position.
    public let multiplicities: [Int]
    /// Positions in the primitive cell.
    public let primitiveSiteCount: Int
    /// Positions in the conventional cell.
    public let standardSiteCount: Int

    /// Number of operations of the cell as it stands.
    public var operationCount: Int { translations.count }
    /// Crystal system.
    public var crystalSystem: CrystalSystem { CrystalSystem(spaceGroupNumber: spaceGroup.number) }
    /// True where the inversion is among the operations.
    public var isCentrosymmetric: Bool {
        stride(from: 0, to: rotations.count, by: 9).contains { rotations[$0..<($0 + 9)].elementsEqual([-1, 0, 0, 0, -1, 0, 0, 0, -1]) }
    }
    /// Number of rotations and reflections of the point group.
    public var pointGroupOrder: Int { Self.orders[pointGroup] ?? 1 }
    /// Lattice points of the conventional cell: 1, 2, 3 or 4.
    public var latticePoints: Int { standardSiteCount / primitiveSiteCount }

    /// Finds the symmetry.
    public init(_ crystal: CrystalStructure, tolerance: SymmetryTolerance = SymmetryTolerance()) throws(CandidateDefect) {
        let found = try SymmetrySearch(crystal, tolerance)
        let set = found.dataset.pointee
        let (cell, count) = (found.cell, found.cell.kinds.count)
        guard let group = SpaceGroup(hallNumber: Int(set.hall_number)) else { throw SymmetrySearch.failure(tolerance) }
        spaceGroup = group
        pointGroup = withUnsafeBytes(of: set.pointgroup_symbol) { Self.text($0) }
        let operations = Int(set.n_operations)
        rotations = Array(
            UnsafeRawBufferPointer(start: set.rotations, count: 36 * operations).bindMemory(to: Int32.self))
        translations = (0..<operations).map { FractionalPosition(set.translations[$0].0, set.translations[$0].1, set.translations[$0].2) }
        wyckoffLetters = cell.bySite((0..<count).map { Int(set.wyckoffs[$0]) })
        siteSymmetries = cell.bySite((0..<count).map { atom in withUnsafeBytes(of: set.site_symmetry_symbols[atom]) { Self.text($0) } })
        equivalentSites = Self.firsts(cell.bySite((0..<count).map { Int(set.equivalent_atoms[$0]) }))
        orbits = Self.firsts(cell.bySite((0..<count).map { Int(set.crystallographic_orbits[$0]) }))
        primitiveSiteCount = (0..<count).reduce(0) { max($0, Int(set.mapping_to_primitive[$1]) + 1) }
        standardSiteCount = Int(set.n_std_atoms)
        var sizes = [Int](repeating: 0, count: count)
        for orbit in orbits { sizes[orbit] += 1 }
        let standard = standardSiteCount
        multiplicities = orbits.map { sizes[$0] * standard / count }
    }

    /// Names each class by its first member.
    private static func firsts(_ classes: [Int]) -> [Int] {
        var first = [Int](repeating: -1, count: classes.count)
        for (site, name) in classes.enumerated() where first[name] < 0 { first[name] = site }
        return classes.map { first[$0] }
    }

    private static func text(_ bytes: UnsafeRawBufferPointer) -> String {
        let text = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        return String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    private static let orders: [String: Int] = [
        "1": 1, "-1": 2, "2": 2, "m": 2, "2/m": 4, "222": 4, "mm2": 4, "mmm": 8, "4": 4, "-4": 4, "4/m": 8, "422": 8, "4mm": 8, "-42m": 8,
        "4/mmm": 16, "3": 3, "-3": 6, "32": 6, "3m": 6, "-3m": 12, "6": 6, "-6": 6, "6/m": 12, "622": 12, "6mm": 12, "-62m": 12,
        "-6m2": 12, "-4m2": 8, "6/mmm": 24, "23": 12, "m-3": 24, "432": 24, "-43m": 24, "m-3m": 48,
    ]
}

extension SymmetryCell {
    /// Values of the atoms in the order of the structure's positions.
    func bySite<T>(_ values: [T]) -> [T] {
        var result = values
        for (atom, site) in siteOfAtom.enumerated() { result[site] = values[atom] }
        return result
    }
}

/// A finished search of spglib; frees its memory when it goes.
struct SymmetrySearch: ~Copyable {
    let cell: SymmetryCell
    let dataset: UnsafeMutablePointer<SpglibDataset>

    /// Positions that are searched at most: 2,000 without symmetry take two seconds, twice as many four times as long.
    static let mostSites = 5000

    init(_ crystal: CrystalStructure, _ tolerance: SymmetryTolerance) throws(CandidateDefect) {
        guard crystal.siteCount <= Self.mostSites else {
            throw CandidateDefect("too-many-atoms", "symmetry is not searched among more than \(Self.mostSites) positions")
        }
        guard crystal.periodicity == .full, var cell = SymmetryCell(crystal) else { throw Self.failure(tolerance) }
        let count = Int32(cell.kinds.count)
        let found = spgat_get_dataset(
            &cell.lattice, &cell.positions, cell.kinds, count, tolerance.distanceAngstrom, tolerance.angleDegrees ?? -1)
        guard let found else { throw Self.failure(tolerance) }
        guard found.pointee.spacegroup_number > 0 else {
            spg_free_dataset(found)
            throw Self.failure(tolerance)
        }
        (self.cell, dataset) = (cell, found)
    }

    deinit { spg_free_dataset(dataset) }

    static func failure(_ tolerance: SymmetryTolerance) -> CandidateDefect {
        CandidateDefect(
            "no-symmetry",
            "no symmetry found within \(tolerance.distanceAngstrom) Å: atoms on top of each other, a cell without volume, or no crystal")
    }
}
