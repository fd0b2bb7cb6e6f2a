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
        let rows: [[Double]] = try isPerSite ? (one.rows ?? Array(0..<sites.rows)).map { Array(sites.row($0)) } : [row(soap, one.crystal)]
        #expect(rows.count == one.values.count)
        for (row, expected) in zip(rows, one.values) {
            let worst = Self.difference(row, expected)
            #expect(worst < Self.tolerance, "\(one.name): \(worst)")
        }
    }

    /// One atom alone and one radial function: p = π√8 c² with c = (π/η)^(3/2) (1 + α/η)^(-3/2) β Y_00.
    @Test func atomAlone() throws {
        let sigma = 0.7
        let soap = try Self.soap(["n_max": setting(1), "l_max": setting(2), "sigma": setting(sigma), "species": setting("He")])
        let cell = Lattice(a: CartesianVector(20, 0, 0), b: CartesianVector(0, 20, 0), c: CartesianVector(0, 0, 20))
        let helium = CrystalStructure(lattice: cell, atomicNumbers: [2], positions: [FractionalPosition(0.4, 0.1, 0.9)])
        let (alpha, eta) = (PortableMath.log(1000), 1 / (2 * sigma * sigma))
        let beta = PortableMath.pow(0.5 * (Double.pi.squareRoot() / 2) * PortableMath.pow(2 * alpha, -1.5), -0.5)
        let c = PortableMath.pow(.pi / eta, 1.5) * PortableMath.pow(1 + alpha / eta, -1.5) * beta / (4 * Double.pi).squareRoot()
        let values = try row(soap, helium)
        #expect(soap.featureNames == ["soap He-He n1 n'1 l0", "soap He-He n1 n'1 l1", "soap He-He n1 n'1 l2"])
        #expect((values[0] / (.pi * 8.0.squareRoot() * c * c) - 1).magnitude < 1e-14)
        #expect(values[1] == 0 && values[2] == 0)
    }

    @Test func labelsFollowTheOrder() throws {
        let soap = try Self.soap(["n_max": setting(2), "l_max": setting(1), "species": setting(["Cl", "Na", "Cl"])])
        let names = soap.featureNames
        #expect(names.count == 2 * (3 + 4 + 3))
        #expect(names[0...3] == ["soap Na-Na n1 n'1 l0", "soap Na-Na n1 n'2 l0", "soap Na-Na n2 n'2 l0", "soap Na-Na n1 n'1 l1"])
        #expect(names[6...9] == ["soap Na-Cl n1 n'1 l0", "soap Na-Cl n1 n'2 l0", "soap Na-Cl n2 n'1 l0", "soap Na-Cl n2 n'2 l0"])
        #expect(try Self.soap([:]).featureNames.first == "soap any-any n1 n'1 l0")
        let mixed = try Self.soap(["compression": setting("mu1nu1"), "species": setting(["Na", "Cl"])]).featureNames
        #expect(mixed.first == "soap Na-any n1 n'1 l0" && mixed.last == "soap Cl-any n8 n'8 l6")
    }

    @Test func averageIsTheMeanOfTheSites() throws {
        var random = RandomCrystals(seed: 6)
        let crystal = random.crystal(atoms: 7)
        let soap = try Self.soap(["r_cut": setting(3), "n_max": setting(4)])
        let (sites, mean) = (try soap.siteFeatures(of: crystal), try row(soap, crystal))
        let expected = (0..<sites.columns).map { column in sites.column(column).reduce(0, +) / 7 }
        #expect(Self.difference(mean, expected) < 1e-14)
    }

    /// High degrees, whose recurrence is the longest, must turn with the crystal as well.
    @Test(arguments: ["inner", "outer"]) func staysUnderRotation(_ average: String) throws {
        var random = RandomCrystals(seed: 12)
        random.elements = [6, 8]
        let soap = try Self.soap([
            "species": setting(["C", "O"]), "l_max": setting(20), "n_max": setting(3), "r_cut": setting(4), "sigma": setting(0.4),
            "average": setting(average),
        ])
        for periodicity in [Periodicity.full, Periodicity(true, false, true), .none] {
            let crystal = random.crystal(atoms: 5, periodicity: periodicity)
            let turned = crystal.transformed(by: random.rotation())
            #expect(Self.difference(try row(soap, turned), try row(soap, crystal)) < 1e-11)
        }
    }

    /// An element that is listed but absent changes no other value.
    @Test func absentElementsAreZero() throws {
        let nacl = Self.reference.structures["NaCl"]!
        let narrow = try Self.soap(["species": setting(["Na", "Cl"]), "n_max": setting(3), "l_max": setting(2)])
        let wide = try Self.soap(["species": setting(["Na", "Cl", "Ar"]), "n_max": setting(3), "l_max": setting(2)])
        let (a, b) = (try row(narrow, nacl), try row(wide, nacl))
        let values = Dictionary(uniqueKeysWithValues: zip(wide.featureNames, b))
        for (name, value) in zip(narrow.featureNames, a) { #expect(values[name]?.bitPattern == value.bitPattern, "\(name)") }
        for (name, value) in values where name.contains("Ar") { #expect(value == 0, "\(name)") }
    }

    @Test func foreignElementIsADefect() throws {
        let soap = try Self.soap(["species": setting(["Na", "O"])])
        let defect = #expect(throws: CandidateDefect.self) { try row(soap, Self.reference.structures["NaCl"]!) }
        #expect(defect?.reason == "unknown-species" && defect?.detail.contains("Cl") == true)
    }

    @Test(arguments: [
        (["species": setting("Nax")], "Nax"), (["species": setting([String]())], "species"), (["r_cut": setting(0.9)], "r_cut"),
        (["r_cut": setting(40)], "r_cut"), (["n_max": setting(0)], "n_max"), (["n_max": setting(24), "r_cut": setting(2)], "n_max"),
        (["l_max": setting(21)], "l_max"), (["sigma": setting(0)], "sigma"), (["average": setting("off")], "average"),
        (["compression": setting("off")], "species"), (["compression": setting("nu2")], "mu2"), (["rcut": setting(4)], "r_cut"),
        (["weighting": setting(["function": "poly"] as [String: Any])], "r0"),
        (["weighting": setting(["function": "pow", "r0": 2.0] as [String: Any])], "w0"),
        (["weighting": setting(["function": "cubic", "r0": 2.0] as [String: Any])], "function"),
        (["weighting": setting(["function": "poly", "r0": 2.0, "d": 1.0] as [String: Any])], "'d'"),
        (["weighting": setting(["function": "exp", "r0": 0.1, "d": 1.0] as [String: Any])], "weighting"),
        (["species": setting(["Na", "Cl"]), "species_weighting": setting(["Na": 1.0] as [String: Any])], "Cl"),
        (["species": setting(["Na"]), "species_weighting": setting(["Na": 1.0, "K": 2.0] as [String: Any])], "K"),
    ] as [([String: Setting], String)]) func refuses(_ values: [String: Setting], _ word: String) {
        let error = #expect(throws: MatSieveError.self) { try Self.soap(values) }
        #expect(error?.kind == .usage && error?.message.contains(word) == true, "\(error?.message ?? "accepted")")
    }
}

/// One row of a structure.
func row(_ descriptor: some StructureDescriptor, _ crystal: CrystalStructure) throws -> [Double] {
    var matrix = FeatureMatrix(rows: 1, columns: descriptor.featureNames.count)
    try matrix.withRow(0, first: 0, width: matrix.columns) { (out: inout MutableSpan<Double>) throws(CandidateDefect) in
        try descriptor.describe(crystal, into: &out)
    }
    return matrix.values
}
