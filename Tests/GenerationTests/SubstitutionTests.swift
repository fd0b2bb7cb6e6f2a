import MaterialsCore
import TestSupport
import Testing

@testable import Generation

private func perovskite(_ a: String, _ b: String, _ x: String, edge: Double) -> CrystalStructure {
    let z = [a, b, x, x, x].map { Element(symbol: $0)!.atomicNumber }
    let at = [(0.0, 0.0, 0.0), (0.5, 0.5, 0.5), (0.5, 0.5, 0), (0.5, 0, 0.5), (0, 0.5, 0.5)]
    return CrystalStructure(
        lattice: Lattice(lengths: SIMD3(repeating: edge), degrees: SIMD3(repeating: 90))!, atomicNumbers: z,
        positions: at.map { FractionalPosition($0.0, $0.1, $0.2) })
}

private func ion(_ text: String) -> SubstitutionRules.Ion { try! SubstitutionRules.Ion(text, line: 0, subject: "a test") }

private func listed(_ lists: KeyValuePairs<String, String>, atOnce: Int = 8) -> SubstitutionRules {
    let parts = lists.map { (ion: ion($0.key), by: $0.value.split(separator: " ").map { ion(String($0)) }) }
    return SubstitutionRules(choice: .listed(parts), atOnce: atOnce, oxidationStates: OxidationStateList(named: "icsd24")!)
}

private let allColumns = CandidateSchema(
    [
        CandidateColumn(name: "prototype", kind: .text), CandidateColumn(name: "replaced", kind: .text),
        CandidateColumn(name: "volume_ratio", kind: .numeric),
    ], hasStructures: true)

private func source(_ structures: [CrystalStructure?], _ rules: SubstitutionRules) throws -> SubstitutionSource {
    try SubstitutionSource(prototypes: Prototypes(structures: structures), rules: rules, schema: allColumns)
}

private func lines(_ source: SubstitutionSource, _ range: Range<Int>? = nil) throws -> [String] {
    try allBatches(source, range).flatMap { b in
        (0..<b.count).map { "\(b.indices[$0].position) \(b.ids[$0]) \(b.composition($0).formula) \(b.numericColumns[0][$0])" }
            + b.rejections.map { "\($0.index.position) \($0.id) \($0.defect.reason)" }
    }
}

@Suite struct SubstitutionTests {
    @Test func cellsFollowTheRadii() throws {
        let found = try allBatches(source([perovskite("Sr", "Ti", "O", edge: 3.905)], listed(["Sr2+": "Ba2+ Ca2+"])))
        let barium = try #require(found[0].structures?[0])
        // Contacts of the ideal perovskite: 12 Sr–O at a/√2 and 6 Ti–O at a/2; Shannon's crystal radii of Sr and Ba (12) are 1.58 and 1.75.
        let contacts: Double = 12 * 3.905 / 2.0.squareRoot() + 6 * 3.905 / 2
        let scale: Double = 1 + 12 * (1.75 - 1.58) / contacts
        #expect(abs(barium.lattice.a.length - 3.905 * scale) < 1e-12)
        #expect(abs(found[0].numericColumns[0][0] - scale * scale * scale) < 1e-12)
        #expect(barium.composition.reducedFormula == "BaTiO3" && found[0].ids[0] == "p0:Sr2+=Ba2+")
        #expect(found[0].textColumns[0][1] == "p0" && found[0].textColumns[1][1] == "Sr2+=Ca2+")
        #expect(barium.positions == perovskite("Sr", "Ti", "O", edge: 1).positions)
    }

    @Test func wholeListsAreCombined() throws {
        let rules = listed(["Pb": "Sn Ge", "I-": "Br- Cl-"])
        let found = try lines(source([perovskite("Cs", "Pb", "I", edge: 6.29)], rules))
        #expect(found.count == 8)
        #expect(
            found.map { $0.split(separator: " ")[2] }.sorted() == [
                "CsGeBr3", "CsGeCl3", "CsGeI3", "CsPbBr3", "CsPbCl3", "CsSnBr3", "CsSnCl3", "CsSnI3",
            ])
        #expect(
            try lines(source([perovskite("Cs", "Pb", "I", edge: 6.29)], listed(["Pb": "Sn Ge", "I-": "Br- Cl-"], atOnce: 1))).count == 4)
    }

    @Test func onlyTheSameChargeStandsIn() throws {
        // Lead is 2+ here: the lists ask for 4+, or name what has no 2+; both leave nothing.
        let prototype = perovskite("Cs", "Pb", "I", edge: 6.29)
        #expect(try lines(source([prototype], listed(["Pb4+": "Sn4+"]))).isEmpty)
        #expect(try lines(source([prototype], listed(["Pb": "Na Al Sn"]))).map { $0.split(separator: " ")[2] } == ["CsSnI3"])
        var any = listed(["Pb": "Na Al"])
        (any.keepsCharge, any.rescalesVolume) = (false, false)
        #expect(try lines(source([prototype], any)).count == 2)
        // What is on another site already does not stand in, unless it leaves that site.
        let stannate = try lines(source([perovskite("Ca", "Sn", "O", edge: 4)], listed(["Sn": "Ti", "Ca": "Ba Sn"])))
        #expect(stannate.map { $0.split(separator: " ")[2] } == ["CaTiO3", "BaSnO3", "BaTiO3", "TiSnO3"])
    }

    @Test func similarIonsByRadiusAndElectronegativity() throws {
        let similar = SubstitutionRules.Similarity(
            radius: 0.15, electronegativity: 0.35, elements: ["Ba", "Ca", "Zr", "Ge", "Mg", "S", "Fe"].map { Element(symbol: $0)! })
        var rules = SubstitutionRules(choice: .similar(similar), atOnce: 1, oxidationStates: OxidationStateList(named: "icsd24")!)
        func formulas(_ rules: SubstitutionRules) throws -> [Substring] {
            try lines(source([perovskite("Sr", "Ti", "O", edge: 3.905)], rules)).map { $0.split(separator: " ")[2] }.sorted()
        }
        // Sr 1.58 (12): Ca 1.48, Ba 1.75. Ti 0.745 (6): Zr 0.86 is 15.4 % larger, Ge 0.67 too electronegative, Fe4+ 0.725.
        #expect(try formulas(rules) == ["BaTiO3", "CaTiO3", "SrFeO3"])
        rules.atOnce = 2
        #expect(try formulas(rules) == ["BaFeO3", "BaTiO3", "CaFeO3", "CaTiO3", "SrFeO3"])
        if case .similar(var s) = rules.choice {
            s.replaced = [Element(symbol: "Sr")!]
            rules.choice = .similar(s)
        }
        #expect(try formulas(rules) == ["BaTiO3", "CaTiO3"])
    }

    @Test func piecesOfAnyCutAreTheWhole() throws {
        let (a, b) = (["Na", "K", "Ca", "Sr", "Ba", "La"], ["Ti", "Zr", "Nb", "Al", "Fe", "Pb"])
        var structures: [CrystalStructure?] = []
        for i in 0..<1_100 {
            let edge = 3.8 + 0.001 * Double(i)
            structures.append(i % 97 == 5 ? nil : perovskite(a[i % 6], b[(i / 6) % 6], i % 3 == 0 ? "F" : "O", edge: edge))
        }
        let rules = listed(["Ti": "Zr Hf", "Ca": "Sr", "O": "S"])
        let whole = try source(structures, rules)
        let n = try whole.positionCount()
        #expect(n == 1_100 * (3 * 2 * 2 - 1))
        let all = try lines(whole).sorted()
        let reasons = Set(all.compactMap { $0.split(separator: " ").last })
        #expect(reasons.contains("no-charges") && reasons.contains("no-structure"))
        var random = SplitMix64(seed: 5)
        var (start, parts) = (0, [String]())
        while start < n {
            let end = min(start + CandidateGrid.batchSize * (1 + random.nextInt(below: 20)), n)
            parts += try lines(whole, start..<end)
            start = end
        }
        let different = zip(parts.sorted(), all).first { $0 != $1 }
        #expect(different == nil && parts.count == all.count)
        let indices = try allBatches(whole).flatMap(\.indices)
        #expect(zip(indices, indices.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test func prototypesMayComeAlong() throws {
        var rules = listed(["Sr": "Ba"])
        rules.includesPrototypes = true
        #expect(
            try lines(source([perovskite("Sr", "Ti", "O", edge: 3.905)], rules)).map { $0.split(separator: " ")[1] } == [
                "p0", "p0:Sr2+=Ba2+",
            ])
    }

    @Test func ionsWithoutRadiusAreNamed() throws {
        // Krypton has a state in the user's list, but no radius.
        var rules = listed(["Sr": "Kr"])
        var states = OxidationStateList(named: "icsd24")!.states
        states[36] = [2]
        rules.oxidationStates = OxidationStateList((1...118).map { (Element(atomicNumber: $0)!, states[$0]) })
        let found = try allBatches(source([perovskite("Sr", "Ti", "O", edge: 3.905)], rules))
        #expect(found[0].rejections.map(\.defect.reason) == ["no-radius"])
        #expect(found[0].rejections[0].defect.detail.hasPrefix("Kr2+ has no radius"))
    }

    @Test(arguments: [
        ("SrTiO3", [-2, 4, 2]), ("LaAlO3", [-2, 3, 3]), ("LiFePO4", [1, -2, 5, 2]), ("Fe2O3", [-2, 3]), ("NaCl", [1, -1]),
        ("CsPbI3", [-1, 1, 2]),
    ]) func chargesAreTheCommonOnes(_ formula: String, _ expected: [Int]) throws {
        let assignment = ChargeAssignment(OxidationStateList(named: "icsd24")!, test: ElectronegativityTest())
        #expect(assignment.charges(of: try Composition(formula: formula)) == expected)
        #expect(assignment.charges(of: try Composition(formula: "AlNi")) == nil)
    }

    @Test func coordinationIsThatOfTheContacts() throws {
        let salt = CrystalStructure(
            lattice: Lattice(lengths: SIMD3(repeating: 5.64 / 2.0.squareRoot()), degrees: SIMD3(repeating: 60))!, atomicNumbers: [11, 17],
            positions: [FractionalPosition(0, 0, 0), FractionalPosition(0.5, 0.5, 0.5)])
        let contacts = IonContacts(salt, placeOf: [0, 1], charges: [1, -1])
        #expect(contacts.coordination == [6, 6] && contacts.counts == [0, 6, 0, 0])
        let oxide = IonContacts(perovskite("Sr", "Ti", "O", edge: 3.905), placeOf: [2, 1, 0, 0, 0], charges: [-2, 4, 2])
        #expect(oxide.coordination == [2, 6, 12] && oxide.counts == [0, 0, 0, 6, 0, 0, 12, 0, 0])
    }
}
