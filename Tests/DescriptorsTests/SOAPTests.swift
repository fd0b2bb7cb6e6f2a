import MaterialsCore
import TestSupport
import Testing

@testable import Descriptors

@Suite struct SOAPTests {
    static let reference = try! DScribeReference("references/dscribe_soap/soap.json.gz")
    /// DScribe orthonormalises in double precision: up to 9 functions its error stays below this, of the largest value.
    static let tolerance = 1e-8

    static func soap(_ values: [String: Setting]) throws -> SOAPDescriptor {
        var own = try settings(values, of: "soap")
        return try SOAPDescriptor(settings: &own)
    }

    /// Largest difference, of the largest value.
    static func difference(_ a: some Collection<Double>, _ b: some Collection<Double>) -> Double {
        let largest = b.map(\.magnitude).max()!
        return zip(a, b).map { ($0 - $1).magnitude / largest }.map { $0.isNaN ? .infinity : $0 }.max()!
    }

    @Test(arguments: 0..<reference.cases.count) func equalsDScribe(_ index: Int) throws {
        let one = Self.reference.cases[index]
        var values = one.settings
        let isPerSite = values["average"]?.source == "off"
        if isPerSite { values["average"] = nil }
        let soap = try Self.soap(values)
        #expect(Set(soap.featureNames).count == one.values[0].count, "\(one.name)")
        let sites = try soap.siteFeatures(of: one.crystal)
        let rows: [[Double]] =
            try isPerSite ? (one.rows ?? Array(0..<sites.rows)).map { Array(sites.row($0)) } : [describedRow(one.crystal, by: soap)]
        #expect(rows.count == one.values.count)
        for (row, expected) in zip(rows, one.values) {
            let worst = Self.difference(row, expected)
            #expect(worst < Self.tolerance, "\(one.name): \(worst)")
        }
    }

    /// One atom alone and one radial function: p = π√8 c² with c = (π/η)^(3/2) (1 + α/η)^(-3/2) β Y_00.
    @Test func atomAlone() throws {
        let sigma = 0.7
        let soap = try Self.soap([
            "n_max": Setting(json: 1), "l_max": Setting(json: 2), "sigma": Setting(json: sigma), "species": Setting(json: "He"),
        ])
        let cell = Lattice(a: CartesianVector(20, 0, 0), b: CartesianVector(0, 20, 0), c: CartesianVector(0, 0, 20))
        let helium = CrystalStructure(lattice: cell, atomicNumbers: [2], positions: [FractionalPosition(0.4, 0.1, 0.9)])
        let (alpha, eta) = (PortableMath.log(1000), 1 / (2 * sigma * sigma))
        let beta = PortableMath.pow(0.5 * (Double.pi.squareRoot() / 2) * PortableMath.pow(2 * alpha, -1.5), -0.5)
        let c = PortableMath.pow(.pi / eta, 1.5) * PortableMath.pow(1 + alpha / eta, -1.5) * beta / (4 * Double.pi).squareRoot()
        let values = try describedRow(helium, by: soap)
        #expect(soap.featureNames == ["soap He-He n1 n'1 l0", "soap He-He n1 n'1 l1", "soap He-He n1 n'1 l2"])
        #expect((values[0] / (.pi * 8.0.squareRoot() * c * c) - 1).magnitude < 1e-14)
        #expect(values[1] == 0 && values[2] == 0)
    }

    @Test func labelsFollowTheOrder() throws {
        let soap = try Self.soap(["n_max": Setting(json: 2), "l_max": Setting(json: 1), "species": Setting(json: ["Cl", "Na", "Cl"])])
        let names = soap.featureNames
        #expect(names.count == 2 * (3 + 4 + 3))
        #expect(names[0...3] == ["soap Na-Na n1 n'1 l0", "soap Na-Na n1 n'2 l0", "soap Na-Na n2 n'2 l0", "soap Na-Na n1 n'1 l1"])
        #expect(names[6...9] == ["soap Na-Cl n1 n'1 l0", "soap Na-Cl n1 n'2 l0", "soap Na-Cl n2 n'1 l0", "soap Na-Cl n2 n'2 l0"])
        #expect(try Self.soap([:]).featureNames.first == "soap any-any n1 n'1 l0")
        let mixed = try Self.soap(["compression": Setting(json: "mu1nu1"), "species": Setting(json: ["Na", "Cl"])]).featureNames
        #expect(mixed.first == "soap Na-any n1 n'1 l0" && mixed.last == "soap Cl-any n8 n'8 l6")
    }

    @Test func averageIsTheMeanOfTheSites() throws {
        var random = RandomCrystals(seed: 6)
        let crystal = random.crystal(atoms: 7)
        let soap = try Self.soap(["r_cut": Setting(json: 3), "n_max": Setting(json: 4)])
        let (sites, mean) = (try soap.siteFeatures(of: crystal), try describedRow(crystal, by: soap))
        let expected = (0..<sites.columns).map { column in sites.column(column).reduce(0, +) / 7 }
        #expect(Self.difference(mean, expected) < 1e-14)
    }

    /// High degrees, whose recurrence is the longest, must turn with the crystal as well.
    @Test(arguments: ["inner", "outer"]) func staysUnderRotation(_ average: String) throws {
        var random = RandomCrystals(seed: 12)
        random.elements = [6, 8]
        let soap = try Self.soap([
            "species": Setting(json: ["C", "O"]), "l_max": Setting(json: 20), "n_max": Setting(json: 3), "r_cut": Setting(json: 4),
            "sigma": Setting(json: 0.4),
            "average": Setting(json: average),
        ])
        for periodicity in [Periodicity.full, Periodicity(true, false, true), .none] {
            let crystal = random.crystal(atoms: 5, periodicity: periodicity)
            let turned = crystal.transformed(by: random.rotation())
            #expect(Self.difference(try describedRow(turned, by: soap), try describedRow(crystal, by: soap)) < 1e-11)
        }
    }

    /// An element that is listed but absent changes no other value.
    @Test func absentElementsAreZero() throws {
        let nacl = Self.reference.structures["NaCl"]!
        let narrow = try Self.soap(["species": Setting(json: ["Na", "Cl"]), "n_max": Setting(json: 3), "l_max": Setting(json: 2)])
        let wide = try Self.soap(["species": Setting(json: ["Na", "Cl", "Ar"]), "n_max": Setting(json: 3), "l_max": Setting(json: 2)])
        let (a, b) = (try describedRow(nacl, by: narrow), try describedRow(nacl, by: wide))
        let values = Dictionary(uniqueKeysWithValues: zip(wide.featureNames, b))
        for (name, value) in zip(narrow.featureNames, a) { #expect(values[name]?.bitPattern == value.bitPattern, "\(name)") }
        for (name, value) in values where name.contains("Ar") { #expect(value == 0, "\(name)") }
    }

    @Test func foreignElementIsADefect() throws {
        let soap = try Self.soap(["species": Setting(json: ["Na", "O"])])
        let defect = #expect(throws: CandidateDefect.self) { try describedRow(Self.reference.structures["NaCl"]!, by: soap) }
        #expect(defect?.reason == "unknown-species" && defect?.detail.contains("Cl") == true)
    }

    @Test(
        arguments: [
            (["species": Setting(json: "Nax")], "Nax"), (["species": Setting(json: [String]())], "species"),
            (["r_cut": Setting(json: 0.9)], "r_cut"),
            (["r_cut": Setting(json: 40)], "r_cut"), (["n_max": Setting(json: 0)], "n_max"),
            (["n_max": Setting(json: 24), "r_cut": Setting(json: 2)], "n_max"),
            (["l_max": Setting(json: 21)], "l_max"), (["sigma": Setting(json: 0)], "sigma"), (["average": Setting(json: "off")], "average"),
            (["compression": Setting(json: "off")], "species"), (["compression": Setting(json: "nu2")], "mu2"),
            (["rcut": Setting(json: 4)], "r_cut"),
            (["weighting": Setting(json: ["function": "poly"] as [String: Any])], "r0"),
            (["weighting": Setting(json: ["function": "pow", "r0": 2.0] as [String: Any])], "w0"),
            (["weighting": Setting(json: ["function": "cubic", "r0": 2.0] as [String: Any])], "function"),
            (["weighting": Setting(json: ["function": "poly", "r0": 2.0, "d": 1.0] as [String: Any])], "'d'"),
            (["weighting": Setting(json: ["function": "exp", "r0": 0.1, "d": 1.0] as [String: Any])], "weighting"),
            (["species": Setting(json: ["Na", "Cl"]), "species_weighting": Setting(json: ["Na": 1.0])], "Cl"),
            (["species": Setting(json: ["Na"]), "species_weighting": Setting(json: ["Na": 1.0, "K": 2.0])], "K"),
        ] as [([String: Setting], String)]) func refuses(_ values: [String: Setting], _ word: String)
    {
        let error = #expect(throws: MatSieveError.self) { try Self.soap(values) }
        #expect(error?.kind == .usage && error?.message.contains(word) == true, "\(error?.message ?? "accepted")")
    }
}
