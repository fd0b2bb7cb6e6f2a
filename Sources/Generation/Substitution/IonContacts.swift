import MaterialsCore

/// Which ions of a crystal touch: for every atom those of opposite charge within 1.25 of its shortest such distance.
///
/// - Cost: atoms² × images; made once a prototype.
struct IonContacts {
    /// Mean number of contacts of the atoms of each place, rounded.
    let coordination: [Int]
    /// Contacts from cations to anions, `cation × places + anion`.
    let counts: [Int]
    /// Lengths of all of them added up, Å.
    let totalLength: Double

    /// Contacts further than this times the shortest are not counted.
    static let shell = 1.25

    /// - Parameters:
    ///   - placeOf: for each entry of the structure its place
    ///   - charges: of the places
    init(_ structure: CrystalStructure, placeOf: [Int], charges: [Int]) {
        let search = OppositeIons(structure, charges: placeOf.map { charges[$0] })
        let n = charges.count
        var (sums, atoms) = ([Int](repeating: 0, count: n), [Int](repeating: 0, count: n))
        var counts = [Int](repeating: 0, count: n * n)
        var length = 0.0
        for atom in 0..<structure.count {
            let e = placeOf[atom]
            let found = search.neighbors(of: atom)
            sums[e] += found.count
            atoms[e] += 1
            for contact in found where charges[e] > 0 {
                counts[e * n + placeOf[contact.entry]] += 1
                length += contact.distance.squareRoot()
            }
        }
        coordination = (0..<n).map { (sums[$0] + atoms[$0] / 2) / max(atoms[$0], 1) }
        (self.counts, totalLength) = (counts, length)
    }
}

/// Neighbours of opposite charge in a periodic cell.
private struct OppositeIons {
    private let lattice: Lattice
    private let periodicity: Periodicity
    private let positions: [SIMD3<Double>]
    private let charges: [Int]

    init(_ structure: CrystalStructure, charges: [Int]) {
        (lattice, periodicity, self.charges) = (structure.lattice, structure.periodicity, charges)
        positions = structure.positions.map(\.coordinates)
    }

    /// Entries with their squared distances, one for each image.
    func neighbors(of atom: Int) -> [(entry: Int, distance: Double)] {
        var shortest = Double.infinity
        forEachImage(of: atom, reach: SIMD3(repeating: 1)) { _, d in shortest = min(shortest, d) }
        guard shortest < .infinity else { return [] }
        // Differences lie within half a cell, so this many images reach as far as the shell.
        let far = IonContacts.shell * shortest.squareRoot()
        let reach = SIMD3<Double>(far, far, far) / lattice.planeSpacings + 0.5
        var all: [(entry: Int, distance: Double)] = []
        forEachImage(of: atom, reach: reach.rounded(.down)) { all.append(($0, $1)) }
        let limit = IonContacts.shell * IonContacts.shell * (all.map(\.distance).min() ?? 0)
        return all.filter { $0.distance <= limit }
    }

    /// Calls `body` with each opposite ion and its squared distance.
    private func forEachImage(of atom: Int, reach: SIMD3<Double>, _ body: (Int, Double) -> Void) {
        func images(_ axis: Int) -> ClosedRange<Int> { periodicity[axis] ? -Int(reach[axis])...Int(reach[axis]) : 0...0 }
        for other in positions.indices where charges[other] * charges[atom] < 0 {
            var f = positions[other] - positions[atom]
            for axis in 0..<3 where periodicity[axis] { f[axis] -= f[axis].rounded() }
            for i in images(0) {
                for j in images(1) {
                    for k in images(2) {
                        let shifted = FractionalPosition(f.x + Double(i), f.y + Double(j), f.z + Double(k))
                        body(other, lattice.cartesian(shifted).squaredLength)
                    }
                }
            }
        }
    }
}
