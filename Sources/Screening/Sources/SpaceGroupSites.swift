import Generation
import MaterialsCore
import Symmetry

/// Sites by the space group that spglib finds: positions that its operations bring onto each other are one.
struct SpaceGroupSites: SitePartition {
    func sites(of structure: CrystalStructure, toleranceAngstrom: Double) throws(CandidateDefect) -> CrystalSites {
        let symmetry = try DetectedSymmetry(structure, tolerance: SymmetryTolerance(distanceAngstrom: toleranceAngstrom))
        let names = symmetry.wyckoffLetters.indices.map { "\(symmetry.multiplicities[$0])\(Self.letters[symmetry.wyckoffLetters[$0]])" }
        return CrystalSites(firsts: symmetry.orbits, names: names)
    }

    private static let letters = Array("abcdefghijklmnopqrstuvwxyzA")
}
