import CKernels
import MaterialsCore
import TestSupport
import Testing

@testable import Descriptors

@Suite struct ACSFTests {
    static let reference = try! DScribeReference("references/dscribe_acsf/acsf.json.gz")

    static func acsf(_ values: [String: Setting]) throws -> ACSFDescriptor {
        var own = try settings(values, of: "acsf")
        return try ACSFDescriptor(settings: &own)
    }

    @Test(arguments: 0..<reference.cases.count) func equalsDScribe(_ index: Int) throws {
        let one = Self.reference.cases[index]
        let acsf = try Self.acsf(one.settings)
        let sites = try acsf.siteFeatures(of: one.crystal)
        #expect(acsf.siteFeatureNames.count == one.values[0].count && sites.rows == one.values.count)
        for (site, expected) in one.values.enumerated() {
            let worst = SOAPTests.difference(sites.row(site), expected)
            #expect(worst < 1e-12, "\(one.name), atom \(site): \(worst)")
        }
    }

    /// The definition, pair by pair, with functions of the library.
    private func naive(_ crystal: CrystalStructure, _ cutoff: Double, shell: ACSFShell, closed: ACSFTriple, open: ACSFTriple) -> [Double] {
        let vectors = crystal.positions.dropFirst().map { crystal.lattice.cartesian($0) - crystal.cartesian(0) }
        func fc(_ r: Double) -> Double { r > cutoff ? 0 : 0.5 * (PortableMath.cos(r * .pi / cutoff) + 1) }
        var values = [0.0, 0, 0, 0]
        for (j, v) in vectors.enumerated() where v.length <= cutoff {
            let r = v.length
            values[0] += fc(r)
            values[1] += PortableMath.exp(-shell.eta * (r - shell.shift) * (r - shell.shift)) * fc(r)
            for w in vectors[..<j] where w.length <= cutoff {
                let (s, t) = (w.length, (v - w).length)
                let cosine = v.dot(w) / (r * s)
                func part(_ f: ACSFTriple, _ third: Double) -> Double {
                    2 * PortableMath.pow(max(0, 0.5 * (1 + f.lambda * cosine)), f.zeta)
                        * PortableMath.exp(-f.eta * (r * r + s * s + third)) * fc(r) * fc(s)
                }
                values[2] += part(closed, t * t) * fc(t)
                values[3] += part(open, 0)
            }
        }
        return values
    }

    @Test func equalsDefinition() throws {
        var random = RandomCrystals(seed: 91)
        for (zeta, lambda) in [(1.0, 1.0), (3, -1), (0, 1), (2.5, -0.3), (0.01, -1), (64, 1), (900, 1)] {
            let cluster = random.crystal(atoms: 20, periodicity: .none)
            let shell = ACSFShell(eta: 0.8, shift: 2)
            let (closed, open) = (ACSFTriple(eta: 0.03, zeta: zeta, lambda: lambda), ACSFTriple(eta: 0.1, zeta: zeta, lambda: lambda))
            let acsf = try Self.acsf([
                "r_cut": Setting(json: 5), "g2_params": Setting(json: [[0.8, 2.0]]), "g4_params": Setting(json: [[0.03, zeta, lambda]]),
                "g5_params": Setting(json: [[0.1, zeta, lambda]]),
            ])
            let row = try acsf.siteFeatures(of: cluster).row(0)
            let expected = naive(cluster, 5, shell: shell, closed: closed, open: open)
            for (a, b) in zip(row, expected) { #expect((a - b).magnitude <= 1e-12 * max(1e-3, b.magnitude), "\(zeta) \(lambda)") }
        }
    }

    /// Atoms in a row, where (1 + λ cos θ) is 0 up to rounding and ζ is broken: finite.
    @Test func straightAngles() throws {
        let cell = Lattice(a: CartesianVector(0.9, 0.3, 0.2), b: CartesianVector(-9, 30, 0), c: CartesianVector(0, 3, 30))
        let row = CrystalStructure(lattice: cell, atomicNumbers: [6], positions: [FractionalPosition(0.1, 0.2, 0.3)])
        let acsf = try Self.acsf(["g4_params": Setting(json: [[0.01, 0.5, 1.0], [0.01, 0.5, -1.0]])])
        let sites = try acsf.siteFeatures(of: row)
        #expect(sites.values.allSatisfy { $0.isFinite && $0 > 0 })
    }

    @Test func statisticsOverAtoms() throws {
        let crystal = Self.reference.structures["perovskite"]!
        let acsf = try Self.acsf(["statistics": Setting(json: ["std", "mean", "min", "max"])])
        let (sites, values) = (try acsf.siteFeatures(of: crystal), try describedRow(crystal, by: acsf))
        #expect(acsf.featureNames[0...1] == ["acsf any G1 std", "acsf any G1 mean"] && values.count == acsf.featureNames.count)
        for column in 0..<sites.columns {
            let all = sites.column(column)
            let mean = all.reduce(0, +) / Double(all.count)
            let deviation = (all.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(all.count)).squareRoot()
            #expect(Array(values[4 * column..<4 * column + 4]) == [deviation, mean, all.min()!, all.max()!])
        }
    }

    @Test func labelsFollowTheOrder() throws {
        let names = try Self.acsf([
            "species": Setting(json: ["Na", "Cl"]), "g2_params": Setting(json: [[2.0, 1.5]]), "g3_params": Setting(json: [0.5]),
            "g5_params": Setting(json: [[0.01, 1.0, -1.0]]),
        ]).featureNames
        #expect(
            names == [
                "acsf Na G1 mean", "acsf Na G2 eta=2 Rs=1.5 mean", "acsf Na G3 kappa=0.5 mean", "acsf Cl G1 mean",
                "acsf Cl G2 eta=2 Rs=1.5 mean", "acsf Cl G3 kappa=0.5 mean", "acsf Na-Na G5 eta=0.01 zeta=1 lambda=-1 mean",
                "acsf Na-Cl G5 eta=0.01 zeta=1 lambda=-1 mean", "acsf Cl-Cl G5 eta=0.01 zeta=1 lambda=-1 mean",
            ])
    }

    @Test func coincidentAtomsAreADefect() throws {
        var crystal = Self.reference.structures["NaCl"]!
        crystal.positions[1] = crystal.positions[0]
        let defect = #expect(throws: CandidateDefect.self) { try describedRow(crystal, by: Self.acsf([:])) }
        #expect(defect?.reason == "coincident-atoms")
        let unknown = #expect(throws: CandidateDefect.self) { try describedRow(crystal, by: Self.acsf(["species": Setting(json: "Na")])) }
        #expect(unknown?.reason == "unknown-species")
    }

    @Test(
        arguments: [
            (["r_cut": Setting(json: 0)], "r_cut"), (["g2_params": Setting(json: [[1.0]])], "[eta, Rs]"),
            (["g2_params": Setting(json: [[0.0, 1.0]])], "eta"),
            (["g2_params": Setting(json: [1.0, 2.0])], "[eta, Rs]"), (["g3_params": Setting(json: ["x"])], "numbers"),
            (["g4_params": Setting(json: [[1.0, 1.0, 2.0]])], "lambda"), (["g4_params": Setting(json: [[1.0, -1.0, 1.0]])], "zeta"),
            (["g5_params": Setting(json: [[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]])], "twice"),
            (["statistics": Setting(json: "median")], "median"),
            (["statistics": Setting(json: ["mean", "mean"])], "once"), (["g6_params": Setting(json: [1.0])], "g6_params"),
        ] as [([String: Setting], String)]) func refuses(_ values: [String: Setting], _ word: String)
    {
        let error = #expect(throws: MatSieveError.self) { try Self.acsf(values) }
        #expect(error?.kind == .usage && error?.message.contains(word) == true, "\(error?.message ?? "accepted")")
    }
}
