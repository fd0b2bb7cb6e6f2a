import MaterialsCore
import TestSupport
import Testing

@testable import Descriptors

/// Powder patterns against pymatgen 2026.10.24 and matminer 0.10.1, and known answers.
@Suite struct XRayPowderTests {
    static let folder = "references/structure_features"

    /// Silicon: diamond, 5.431 Å.
    static let silicon = CrystalStructure(
        lattice: Lattice(
            a: CartesianVector(0, 2.7155, 2.7155), b: CartesianVector(2.7155, 0, 2.7155), c: CartesianVector(2.7155, 2.7155, 0)),
        atomicNumbers: [14, 14], positions: [FractionalPosition(0, 0, 0), FractionalPosition(0.25, 0.25, 0.25)])

    @Test func siliconHasItsLines() throws {
        let conventional = try #require(
            CrystalStructure(
                lattice: Lattice(lengths: SIMD3(5.431, 5.431, 5.431), degrees: SIMD3(90, 90, 90))!,
                atomicNumbers: [UInt8](repeating: 14, count: 8),
                positions: [(0, 0, 0), (0, 0.5, 0.5), (0.5, 0, 0.5), (0.5, 0.5, 0)].flatMap { p in
                    [0, 0.25].map { FractionalPosition(p.0 + $0, p.1 + $0, p.2 + $0) }
                }) as CrystalStructure?)
        let peaks = try XRayPowderPattern(conventional, PowderConditions(wavelength: 1.54056)).peaks
        // Powder diffraction file 27-1402: 28.44, 47.30, 56.12, 69.13, 76.38, 88.03°.
        #expect(
            zip(peaks.map(\.twoTheta), [28.44, 47.30, 56.12, 69.13, 76.38, 88.03]).allSatisfy { abs($0 - $1) < 0.01 } && peaks.count == 6)
        let planes = peaks.map { $0.families.map { "\($0.plane.x)\($0.plane.y)\($0.plane.z)×\($0.multiplicity)" } }
        #expect(planes == [["111×8"], ["220×12"], ["311×24"], ["400×6"], ["331×24"], ["422×24"]])
        #expect(peaks[0].intensity == 100 && abs(peaks[0].spacing - 5.431 / 3.0.squareRoot()) < 1e-12)
        let primitive = try XRayPowderPattern(Self.silicon, PowderConditions(wavelength: 1.54056)).peaks
        #expect(zip(peaks, primitive).allSatisfy { abs($0.intensity - $1.intensity) < 1e-9 && abs($0.twoTheta - $1.twoTheta) < 1e-9 })
    }

    /// The same numbers by direct summation over all reflections of a cube of indices.
    @Test func equalsDirectSummation() throws {
        var random = RandomCrystals(seed: 31)
        let crystal = random.crystal(atoms: 6)
        let sums = try StructureFactorSums(crystal, shortest: 0.2, longest: 1.1)
        var known: [SIMD3<Int32>: Int] = [:]
        for (index, plane) in sums.planes.enumerated() { known[plane] = index }
        #expect(known.count == sums.planes.count && sums.elements == Set(crystal.atomicNumbers.map { Int($0) }).sorted())
        var found = 0
        for h in -9...9 {
            for k in -9...9 {
                for l in -9...9 {
                    let g = Double(h) * crystal.lattice.reciprocalA + Double(k) * crystal.lattice.reciprocalB
                    let length = (g + Double(l) * crystal.lattice.reciprocalC).length
                    let isFirst = h > 0 || (h == 0 && (k > 0 || (k == 0 && l > 0)))
                    guard isFirst, length >= 0.2, length <= 1.1 else { continue }
                    found += 1
                    let index = try #require(known[SIMD3(Int32(h), Int32(k), Int32(l))])
                    for (place, z) in sums.elements.enumerated() {
                        var sum = SIMD2<Double>.zero
                        for (atom, p) in zip(crystal.atomicNumbers, crystal.positions) where Int(atom) == z {
                            let f = p.coordinates
                            let angle = 2 * Double.pi * (Double(h) * f.x + Double(k) * f.y + Double(l) * f.z)
                            sum += SIMD2(PortableMath.cos(angle), PortableMath.sin(angle))
                        }
                        let difference = sum - sums.sums[index * sums.elements.count + place]
                        #expect(abs(difference.x) < 1e-12 && abs(difference.y) < 1e-12)
                    }
                }
            }
        }
        #expect(found == sums.planes.count && found > 100)
    }

    @Test func peaksEqualPymatgen() throws {
        let crystals = try StructureFeatureReferenceTests.crystals("crystals")
        let rows = try referenceRows("\(Self.folder)/xray_peaks.csv.gz").dropFirst()
        #expect(rows.count > 20)
        for row in rows {
            let crystal = crystals[row[0]]!
            let peaks = try XRayPowderPattern(crystal, Self.conditions(row[1], crystal)).peaks
            let (angles, intensities, spacings) = (numbers(row[2]), numbers(row[3]), numbers(row[4]))
            #expect(peaks.count == angles.count, "\(row[0])")
            for (index, peak) in peaks.enumerated() where index < angles.count {
                #expect(abs(peak.twoTheta - angles[index]) < 1e-8 && abs(peak.spacing - spacings[index]) < 1e-8, "\(row[0])")
                #expect(abs(peak.intensity - intensities[index]) < 1e-7, "\(row[0]) \(peak.twoTheta)")
            }
            let planes = row[5].split(separator: "|").map { Set($0.split(separator: ";").map(String.init)) }
            let found = peaks.map { peak in
                Set(peak.families.map { "\($0.plane.x) \($0.plane.y) \($0.plane.z) \($0.multiplicity)" })
            }
            // Hexagonal families also hold what four indices tell apart.
            if !Self.isHexagonal(crystal.lattice) { #expect(found == planes, "\(row[0])") }
        }
    }

    private static func isHexagonal(_ lattice: Lattice) -> Bool {
        let d = lattice.degrees
        return (0..<3).contains { abs(d[$0] - 120) < 5 || abs(d[$0] - 60) < 5 }
    }

    /// Copper at rest to 90°, or molybdenum from 5 to 60° with B = 0.3, 0.4, … Å² for the elements in ascending order.
    private static func conditions(_ settings: String, _ crystal: CrystalStructure) -> PowderConditions {
        guard settings == "MoKa" else { return PowderConditions() }
        var factors = [Double](repeating: 0, count: 119)
        for (index, z) in Set(crystal.atomicNumbers).sorted().enumerated() { factors[Int(z)] = 0.3 + 0.1 * Double(index) }
        return PowderConditions(wavelength: PowderConditions.wavelength(of: "MoKa")!, twoTheta: 5...60, debyeWaller: factors)
    }

    @Test func smearedPatternEqualsMatminer() throws {
        let crystals = try StructureFeatureReferenceTests.crystals("crystals")
        let rows = try referenceRows("\(Self.folder)/xray_powder.csv.gz")
        let descriptor = try StructureFeatureReferenceTests.make("xray-powder")
        #expect(Array(rows[0].dropFirst()) == descriptor.featureNames && rows.count > 90)
        for row in rows.dropFirst() {
            let found = try StructureFeatureReferenceTests.values(descriptor, crystals[row[0]]!)
            let worst = zip(found, row.dropFirst()).map { abs($0 - Double($1)!) }.max()!
            #expect(worst < 1e-8, "\(row[0]): \(worst)")
        }
    }

    @Test func halfAnAtomScattersHalf() throws {
        var half = Self.silicon
        (half.occupancies, half.sites) = ([1, 0.5], [0, 1])
        // (200) is absent in diamond for F = f (1 - 1); with half an atom F = f (1 - ½).
        let has200 = { (crystal: CrystalStructure) in
            try XRayPowderPattern(crystal).peaks.contains { abs($0.spacing - 5.431 / 2) < 1e-9 }
        }
        #expect(try !has200(Self.silicon) && has200(half))
    }

    @Test func settingsAndMisuse() throws {
        let make = StructureFeatureReferenceTests.make
        #expect(try make("xray-powder", [("wavelength", .text("MoKa")), ("points", .number(50))]).featureNames.count == 50)
        let wrong: [[(String, Setting.Value)]] = [
            [("wavelength", .text("CuKx"))], [("two_theta_min", .number(100)), ("two_theta_max", .number(50))], [("points", .number(1))],
            [("debye_waller", .number(1))], [("debye_waller", .mapping([(key: "Xx", line: 1, value: Setting(.number(1)))]))],
        ]
        for settings in wrong { #expect(throws: MatSieveError.self) { try make("xray-powder", settings) } }
        var heavy = Self.silicon
        heavy.atomicNumbers = [14, 118]
        let defect = #expect(throws: CandidateDefect.self) { try XRayPowderPattern(heavy) }
        #expect(defect?.reason == "no-element-value")
        let none = #expect(throws: CandidateDefect.self) { try XRayPowderPattern(Self.silicon, PowderConditions(wavelength: 8)) }
        #expect(none?.reason == "no-reflections")
    }
}
