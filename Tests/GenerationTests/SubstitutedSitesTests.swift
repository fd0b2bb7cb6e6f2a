import MaterialsCore
import TestSupport
import Testing

@testable import Generation

/// Sites told apart by what sits around them: given by hand for the crystals below.
private struct GivenSites: SitePartition {
    var byCount: [Int: CrystalSites]

    func sites(of structure: CrystalStructure, toleranceAngstrom: Double) throws(CandidateDefect) -> CrystalSites {
        guard let sites = byCount[structure.siteCount] else { throw CandidateDefect("no-symmetry", "not given") }
        return sites
    }
}

private let sites = GivenSites(byCount: [
    // Spinel: 2 tetrahedral, 4 octahedral cations, 8 anions.
    14: CrystalSites(
        firsts: [0, 0] + [Int](repeating: 2, count: 4) + [Int](repeating: 6, count: 8),
        names: ["8a", "8a"] + [String](repeating: "16d", count: 4) + [String](repeating: "32e", count: 8)),
    // Layered oxyhalide: two metals on two sites of one name, two anions each.
    6: CrystalSites(firsts: [0, 1, 2, 2, 4, 4], names: ["2c", "2c", "2a", "2a", "2b", "2b"]),
])

/// The primitive cell of a spinel AB₂X₄ with the anions at u = 3/8: 4 contacts of A at √3 a/8, 6 of B at a/4.
private func spinel(_ a: String, _ b: String, _ x: String, edge: Double) -> CrystalStructure {
    let h = edge / 2
    let lattice = Lattice(a: CartesianVector(0, h, h), b: CartesianVector(h, 0, h), c: CartesianVector(h, h, 0))
    func z(_ s: String, _ n: Int) -> [UInt8] { [UInt8](repeating: Element(symbol: s)!.atomicNumber, count: n) }
    let tetrahedral = [(0.125, 0.125, 0.125), (0.875, 0.875, 0.875)]
    let octahedral = [(0.5, 0.5, 0.5), (0.0, 0.5, 0.5), (0.5, 0.0, 0.5), (0.5, 0.5, 0.0)]
    // Of the 4 neighbours of each tetrahedral position.
    let anions = [
        (0.25, 0.25, 0.25), (0.25, 0.25, -0.25), (0.25, -0.25, 0.25), (-0.25, 0.25, 0.25), (0.75, 0.75, 0.75), (0.75, 0.75, 1.25),
        (0.75, 1.25, 0.75), (1.25, 0.75, 0.75),
    ]
    return CrystalStructure(
        lattice: lattice, atomicNumbers: z(a, 2) + z(b, 4) + z(x, 8),
        positions: (tetrahedral + octahedral + anions).map { FractionalPosition($0.0, $0.1, $0.2) })
}

/// Six atoms in a row of layers.
private func layers(_ symbols: [String]) -> CrystalStructure {
    CrystalStructure(
        lattice: Lattice(lengths: SIMD3(4, 4, 9), degrees: SIMD3(repeating: 90))!,
        atomicNumbers: symbols.map { Element(symbol: $0)!.atomicNumber },
        positions: [(0.25, 0.25, 0.2), (0.75, 0.75, 0.8), (0.75, 0.25, 0.0), (0.25, 0.75, 0.0), (0.25, 0.25, 0.6), (0.75, 0.75, 0.4)].map {
            FractionalPosition($0.0, $0.1, $0.2)
        })
}

private func listed(_ lists: KeyValuePairs<String, String>, most: Int = 2, atOnce: Int = 8) throws -> SubstitutionRules {
    let parts = try lists.map { key, by in
        (
            ion: try SubstitutionRules.Ion(key, line: 0, subject: "a test"),
            by: try by.split(separator: " ").map { try SubstitutionRules.Ion(String($0), line: 0, subject: "a test") }
        )
    }
    var rules = SubstitutionRules(choice: .listed(parts), atOnce: atOnce, oxidationStates: OxidationStateList(named: "icsd24")!)
    rules.sites = .inequivalent(most: most, toleranceAngstrom: 0.01)
    return rules
}

private func source(_ structures: [CrystalStructure?], _ rules: SubstitutionRules) throws -> SubstitutionSource {
    let schema = CandidateSchema([CandidateColumn(name: "replaced", kind: .text)], hasStructures: true)
    return try SubstitutionSource(prototypes: Prototypes(structures: structures), rules: rules, sites: sites, schema: schema)
}

/// Position, formula and what was replaced of each candidate.
private func lines(_ source: SubstitutionSource, _ range: Range<Int>? = nil) throws -> [String] {
    try allBatches(source, range).flatMap { b in
        (0..<b.count).map { "\(b.indices[$0].position) \(b.composition($0).reducedFormula) \(b.textColumns[0][$0])" }
            + b.rejections.map { "\($0.index.position) \($0.id) \($0.defect.reason)" }
    }
}

@Suite struct SubstitutedSitesTests {
    @Test func sitesOfMagnetiteAreReplacedOneByOne() throws {
        let magnetite = spinel("Fe", "Fe", "O", edge: 8.396)
        // Tetrahedral 2+ and octahedral 3+ together are neutral; one state for all iron is not.
        let found = try lines(source([magnetite], try listed(["Fe": "Mg Co Al"])))
        #expect(
            found == [
                "0 Mg(FeO2)2 Fe2+(8a)=Mg2+", "1 Fe2CoO4 Fe2+(8a)=Co2+", "4 Fe(CoO2)2 Fe3+(16d)=Co3+", "5 Al2FeO4 Fe3+(16d)=Al3+",
                "7 Mg(CoO2)2 Fe2+(8a)=Mg2+ Fe3+(16d)=Co3+", "8 MgAl2O4 Fe2+(8a)=Mg2+ Fe3+(16d)=Al3+",
                "10 Co3O4 Fe2+(8a)=Co2+ Fe3+(16d)=Co3+", "11 Al2CoO4 Fe2+(8a)=Co2+ Fe3+(16d)=Al3+",
            ])
        // An ion names its site by its charge; one at a time leaves out those of both.
        #expect(try lines(source([magnetite], try listed(["Fe2+": "Mg Co Al"]))).count == 2)
        #expect(try lines(source([magnetite], try listed(["Fe": "Mg Co Al"], atOnce: 1))).count == 4)
        // As a whole it has no charges, so that nothing is replaced.
        var whole = try listed(["Fe": "Mg Co Al"])
        whole.sites = .all
        #expect(try lines(source([magnetite], whole)) == ["0 p0 no-charges"])
    }

    @Test func cellsFollowTheRadiiOfTheSite() throws {
        let edge = 8.4
        let found = try allBatches(source([spinel("Fe", "Fe", "O", edge: edge)], try listed(["Fe3+": "Al3+"])))
        let hercynite = try #require(found[0].structures?[0])
        // 4 contacts of each A at √3 a/8 and 6 of each B at a/4.
        let radii = try #require(IonicRadius.pair(Element(symbol: "Fe")!, Element(symbol: "Al")!, charge: 3, coordination: 6))
        let contacts = 2 * 4 * 3.0.squareRoot() * edge / 8 + 4 * 6 * edge / 4
        let scale = 1 + 24 * (radii.new - radii.old) / contacts
        #expect(abs(hercynite.lattice.a.length - edge / 2.0.squareRoot() * scale) < 1e-12)
    }

    @Test func anionSitesOfLayersAreIndependent() throws {
        // PbO-like layers with two anion sites of one element, and two metal sites of one name.
        let oxide = layers(["Pb", "Pb", "O", "O", "O", "O"])
        let rules = try listed(["O": "S Se"])
        #expect(try source([oxide], rules).positionCount() == 8)
        #expect(
            try lines(source([oxide], rules)).map { $0.split(separator: " ", maxSplits: 1)[1] } == [
                "PbSO O2-(2a)=S2-", "PbSeO O2-(2a)=Se2-", "PbSO O2-(2b)=S2-", "PbSeO O2-(2b)=Se2-", "PbS2 O2-(2a)=S2- O2-(2b)=S2-",
                "PbSeS O2-(2a)=S2- O2-(2b)=Se2-", "PbSeS O2-(2a)=Se2- O2-(2b)=S2-", "PbSe2 O2-(2a)=Se2- O2-(2b)=Se2-",
            ])
        #expect(try lines(source([oxide], try listed(["Pb4+": "Sn4+"])))[0].hasSuffix("Pb4+(2c.1)=Sn4+"))
        // What a site of another element holds does not stand in, what a site of the same element holds does.
        let mixed = layers(["Pb", "Pb", "O", "O", "S", "S"])
        #expect(try lines(source([mixed], try listed(["O": "S Se"]))).map { $0.split(separator: " ")[1] } == ["PbSeS"])
    }

    @Test func similarIonsStandInSiteBySite() throws {
        let alike = SubstitutionRules.Similarity(
            radius: 0.2, electronegativity: 0.6, elements: [Element(symbol: "Mg")!, Element(symbol: "Ga")!])
        var rules = SubstitutionRules(choice: .similar(alike), atOnce: 1, oxidationStates: OxidationStateList(named: "icsd24")!)
        rules.sites = .inequivalent(most: 2, toleranceAngstrom: 0.01)
        let found = try lines(source([spinel("Fe", "Fe", "O", edge: 8.396)], rules)).map { $0.split(separator: " ", maxSplits: 1)[1] }
        #expect(found == ["Mg(FeO2)2 Fe2+(8a)=Mg2+", "Ga2FeO4 Fe3+(16d)=Ga3+"])
    }

    @Test func manySitesAndNoSymmetryAreRejections() throws {
        let oxide = layers(["Pb", "Pb", "O", "O", "O", "O"])
        let found = try allBatches(source([oxide], try listed(["O": "S"], most: 1)))
        #expect(found[0].rejections.map(\.defect.reason) == ["too-many-sites"])
        #expect(found[0].rejections[0].defect.detail == "O has 2 sites in PbO2; most_sites is 1")
        // Elements that nobody replaces may have any number of sites.
        #expect(try lines(source([layers(["Pb", "Pb", "O", "O", "S", "S"])], try listed(["S": "Se"], most: 1))).count == 1)
        let unknown = CrystalStructure(lattice: oxide.lattice, atomicNumbers: [82, 8], positions: Array(oxide.positions[..<2]))
        #expect(try lines(source([unknown], try listed(["O": "S"]))) == ["0 p0 no-symmetry"])
    }

    @Test func piecesOfAnyCutAreTheWhole() throws {
        let structures = (0..<700).map { i -> CrystalStructure? in
            i % 3 == 0
                ? layers(["Pb", "Pb", "O", "O", "O", "O"]) : spinel(["Fe", "Co", "Mg"][i % 3], "Fe", "O", edge: 8.4 + 0.001 * Double(i))
        }
        let whole = try source(structures, try listed(["Fe": "Al Cr", "O": "S"]))
        let n = try whole.positionCount()
        #expect(n == 700 * (3 * 3 * 2 * 2 - 1))
        let all = try lines(whole).sorted()
        var random = SplitMix64(seed: 11)
        var (start, parts) = (0, [String]())
        while start < n {
            let end = min(start + CandidateGrid.batchSize * (1 + random.nextInt(below: 7)), n)
            parts += try lines(whole, start..<end)
            start = end
        }
        #expect(parts.sorted() == all && all.count > 1_000)
    }

    @Test func theRulesTellSettingsApart() throws {
        let (two, three) = (try listed(["O": "S"]), try listed(["O": "S"], most: 3))
        #expect(two.canonicalText != three.canonicalText)
        #expect(SubstitutionSource.ways(two) == 3 && SubstitutionSource.ways(three) == 7)
        // 16 sites of 8 lists are too many ways to choose places.
        let many = try listed(
            ["O": "S", "N": "P", "F": "Cl", "Ti": "Zr", "Ca": "Sr", "Na": "K", "Al": "Ga", "I": "Br"], most: 16)
        #expect(SubstitutionSource.ways(many) == nil)
    }
}
