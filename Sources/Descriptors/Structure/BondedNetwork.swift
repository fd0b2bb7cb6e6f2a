import MaterialsCore
import Neighborhoods

/// Atoms joined by bonds, in connected pieces that go on for ever along 0 to 3 directions.
///
///     bonded:    |r_j - r_i| ≤ R_i + R_j + tolerance
///     dimension: rank of the lattice of cell translations along closed walks of bonds
///
/// - Input:    an ordered structure; R is a radius of the element, Å
/// - Scope:    any periodicity; an element without a radius is `no-element-value`
/// - Numerics: whole numbers throughout, so a piece that passes through itself (interpenetrating networks) is counted right
/// - Cost:     a neighbour list of 2 max R + tolerance, then one walk over the bonds
/// - Source:   P. M. Larsen, M. Pandey, M. Strange, K. W. Jacobsen, Phys. Rev. Materials 3, 034003 (2019),
///   doi:10.1103/PhysRevMaterials.3.034003. Differences: the rank is that of all closed walks, not of the images one search happens to meet
public struct BondedNetwork: Sendable {
    /// A connected piece of the network of one cell.
    public struct Component: Hashable, Sendable {
        /// Its entries in the structure, ascending.
        public let entries: [Int]
        /// Directions along which it goes on: 0 a molecule, 1 a chain, 2 a sheet, 3 a framework.
        public let dimension: Int
        /// Separate copies in the whole crystal that together pass through every cell: above 1 for interpenetrating frameworks; 1 below three
        /// dimensions.
        public let copies: Int
    }

    /// Radii that decide about bonds.
    public enum Radii: String, CaseIterable, Sendable {
        /// Covalent radii of Cordero et al.: salts and metals are bonded too.
        case covalent
        /// Those of Jmol and Open Babel: salts fall apart into ions.
        case jmol

        var table: [Double] { self == .covalent ? BondRadiusTable.covalent : BondRadiusTable.jmol }
    }

    /// Pieces, in the order of their first entries.
    public let components: [Component]

    /// Joins the atoms.
    /// - Parameter tolerance: Å
    public init(_ crystal: CrystalStructure, radii: Radii = .covalent, tolerance: Double = 0.45) throws(CandidateDefect) {
        let radius = try Self.radii(crystal, radii.table)
        let cutoff = 2 * (radius.max() ?? 0) + tolerance
        guard cutoff > 0 else {
            components = crystal.atomicNumbers.indices.map { Component(entries: [$0], dimension: 0, copies: 1) }
            return
        }
        let list = try NeighborList(crystal, cutoff: cutoff)
        var walk = PeriodicWalk(count: crystal.count)
        var components: [Component] = []
        for start in 0..<crystal.count where !walk.hasMet(start) {
            let (entries, translations) = walk.component(from: start) { i, body in
                for pair in list.range(of: i) {
                    let j = Int(list.neighbors[pair])
                    if list.distances[pair] <= radius[i] + radius[j] + tolerance { body(j, list.images[pair].cells) }
                }
            }
            components.append(Component(entries: entries, dimension: translations.rank, copies: translations.index))
        }
        self.components = components
    }

    private static func radii(_ crystal: CrystalStructure, _ table: [Double]) throws(CandidateDefect) -> [Double] {
        var result: [Double] = []
        for z in crystal.atomicNumbers {
            let radius = Int(z) < table.count ? table[Int(z)] : .nan
            guard !radius.isNaN else {
                let symbol = Element(atomicNumber: Int(z))?.symbol ?? "element \(z)"
                throw CandidateDefect("no-element-value", "\(symbol) has no radius that would tell its bonds")
            }
            result.append(radius)
        }
        return result
    }
}
