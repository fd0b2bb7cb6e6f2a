import Descriptors
import MaterialsCore
import TestSupport
import Testing

@Suite struct MBTRTests {
    /// Angles of atoms in a line are known to DScribe to about 10⁻⁶ degrees.
    static func tolerance(_ one: DScribeCase) -> Double { one.label.contains("angle") ? 1e-6 : 1e-8 }

    @Test func agreesWithDScribe() throws {
        let cases = try DScribeCase.all("dscribe_mbtr").filter { $0.descriptor == "mbtr" }
        #expect(cases.count > 35)
        var worst = (angle: 0.0, other: 0.0)
        for one in cases {
            let difference = one.difference(try one.computed())
            if Self.tolerance(one) > 1e-8 { worst.angle = max(worst.angle, difference) } else { worst.other = max(worst.other, difference) }
            #expect(difference < Self.tolerance(one), "\(one.label): \(difference)")
        }
        print("largest difference of mbtr: \(worst)")
    }

    @Test func rowsOfAtomsAgreeWithDScribe() throws {
        let cases = try DScribeCase.all("dscribe_mbtr").filter { $0.descriptor == "local-mbtr" }
        #expect(cases.count > 10)
        for one in cases {
            var settings = try Settings(one.settings, subject: "local-mbtr")
            let descriptor = try LocalMBTRDescriptor(settings: &settings)
            let rows = try descriptor.siteRows(one.crystal)
            #expect(rows.columns == descriptor.featureNames.count)
            #expect(one.difference(rows.values) < Self.tolerance(one), "\(one.label): \(one.difference(rows.values))")
            let mean = (0..<rows.columns).map { k in (0..<rows.rows).reduce(0) { $0 + rows[$1, k] } / Double(rows.rows) }
            #expect(try one.computed() == mean)
        }
    }

    /// Two atoms: a single Gaussian, from its closed form.
    @Test(arguments: [0.05, 0.3, 1.0, 4.0]) func oneDistanceIsOneGaussian(_ sigma: Double) throws {
        let lattice = Lattice(a: CartesianVector(20, 0, 0), b: CartesianVector(0, 20, 0), c: CartesianVector(0, 0, 20))
        let pair = CrystalStructure(
            lattice: lattice, periodicity: .none, atomicNumbers: [1, 9],
            positions: [FractionalPosition(0, 0, 0), FractionalPosition(0.1, 0, 0)])
        let settings = """
            {"geometry": "distance", "periodic": false, "weighting": {"function": "unity"}, "normalization": "none", "species": ["H", "F"],
             "grid": {"min": 0, "max": 4, "n": 41, "sigma": \(sigma)}}
            """
        let row = try describedRow(pair, by: descriptor("mbtr", settings))
        for k in 0..<41 {
            func phi(_ edge: Double) -> Double { 0.5 * PortableMath.erf((edge - 2) / (sigma * 2.squareRoot())) }
            let value = (phi(0.1 * Double(k) + 0.05) - phi(0.1 * Double(k) - 0.05)) / 0.1
            #expect(abs(row[41 + k] - value) < 1e-12 / sigma)
            #expect(row[k] == 0 && row[82 + k] == 0)
        }
    }

    @Test func labelsNameElementsAndValues() throws {
        let grid = #""grid": {"min": 0, "max": 180, "n": 3, "sigma": 5}"#
        let angles = try descriptor("mbtr", #"{"geometry": "angle", "species": ["Cl", "Na"], \#(grid)}"#).featureNames
        #expect(angles.count == 18 && angles[0] == "mbtr angle Na-Na-Na 0" && angles[4] == "mbtr angle Na-Na-Cl 90")
        #expect(angles[17] == "mbtr angle Cl-Cl-Cl 180")
        let local = try descriptor("local-mbtr", #"{"geometry": {"function": "angle"}, \#(grid)}"#).featureNames
        #expect(local.count == 15 && local[0] == "local-mbtr angle X-X-X 0" && local.last == "local-mbtr angle X-any-any 180")
        #expect(try descriptor("mbtr", "{}").featureNames[1] == "mbtr inverse_distance any-any 0.01")
        for step in [1e-7, 1.0 / 3, 1234.5] {
            let labels = try descriptor("mbtr", #"{"geometry": "distance", "grid": {"min": 1, "max": \#(1 + 99 * step), "n": 100}}"#)
                .featureNames
            #expect(Set(labels).count == 100)
        }
    }

    @Test func refusals() throws {
        for bad in [
            #"{"geometry": "volume"}"#, #"{"geometry": "distance", "weighting": {"function": "unity"}}"#,
            #"{"geometry": "distance", "weighting": {"function": "smooth_cutoff", "r_cut": 3}}"#,
            #"{"geometry": "angle", "weighting": {"function": "inverse_square", "r_cut": 3}}"#,
            #"{"weighting": {"function": "exp"}}"#, #"{"weighting": {"function": "exp", "scale": 1, "r_cut": 2}}"#,
            #"{"grid": {"min": 2, "max": 1}}"#, #"{"grid": {"n": 1}}"#, #"{"grid": {"sigma": 0}}"#, #"{"grid": {"step": 1}}"#,
            #"{"species": ["Xx"]}"#, #"{"normalization": "l1"}"#, #"{"geometry": "atomic_number", "normalization": "valle_oganov"}"#,
            #"{"periodic": false, "normalization": "valle_oganov"}"#,
        ] { #expect(throws: MatSieveError.self, "\(bad)") { try descriptor("mbtr", bad) } }
        for bad in [
            #"{"geometry": "atomic_number"}"#, #"{"normalization": "n_atoms"}"#,
            #"{"geometry": "distance", "weighting": {"function": "inverse_square", "r_cut": 3}}"#,
        ] { #expect(throws: MatSieveError.self, "\(bad)") { try descriptor("local-mbtr", bad) } }
        var random = RandomCrystals(seed: 9)
        random.elements = [8]
        var crystal = random.crystal(atoms: 3)
        let oxygen = try descriptor("mbtr", #"{"species": ["O"]}"#)
        #expect(try describedRow(crystal, by: oxygen).contains { $0 > 0 })
        crystal.atomicNumbers[1] = 26
        #expect { try describedRow(crystal, by: oxygen) } throws: { ($0 as? CandidateDefect)?.reason == "unknown-species" }
        crystal.atomicNumbers[1] = 8
        crystal.positions[2] = crystal.positions[0]
        #expect { try describedRow(crystal, by: oxygen) } throws: { ($0 as? CandidateDefect)?.reason == "coincident-atoms" }
    }

    /// Same values in a supercell and a sheared cell, for every geometry.
    @Test(arguments: ["atomic_number", "distance", "inverse_distance", "angle", "cosine"]) func cellsAgree(_ geometry: String) throws {
        var random = RandomCrystals(seed: 10)
        random.elements = [8, 14]
        let crystal = random.crystal(atoms: 4)
        for name in geometry == "atomic_number" ? ["mbtr"] : ["mbtr", "local-mbtr"] {
            let descriptor = try descriptor(name, #"{"geometry": "\#(geometry)", "species": ["Si", "O"]}"#)
            let row = try describedRow(crystal, by: descriptor)
            let scale = row.map(abs).max()!
            #expect(scale > 0)
            for other in [crystal.supercell(2, 1, 1), crystal.sheared(), crystal.shifted(by: SIMD3(0.3, -1.2, 7))] {
                let difference = zip(row, try describedRow(other, by: descriptor)).map { abs($0 - $1) }.max()!
                #expect(difference < 1e-9 * scale, "\(name): \(difference / scale)")
            }
        }
    }
}
