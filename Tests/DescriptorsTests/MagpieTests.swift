import MaterialsCore
import Testing

@testable import Descriptors

@Suite struct MagpieTests {
    /// The definition, one property at a time; must give the kernel's bits.
    private func naive(_ composition: Composition, missing: MissingElementValue) -> [Double] {
        let amounts = composition.amounts
        let sum = amounts.reduce(0, +)
        let largest = amounts.max()!
        return MagpieKernel.properties.flatMap { property -> [Double] in
            let table = missing == .impute ? imputingMean(property.table) : property.table
            let values = composition.atomicNumbers.map { table[Int($0)] }
            let frequent = zip(values, amounts).filter { largest - $0.1 <= 1e-8 + 1e-5 * largest }.map(\.0)
            let mode = frequent.contains { $0.isNaN } ? Double.nan : frequent.min()!
            if values.contains(where: { $0.isNaN }) { return [.nan, .nan, .nan, .nan, .nan, mode] }
            let (low, high) = (values.min()!, values.max()!)
            let mean = zip(values, amounts).map { $0 * $1 }.reduce(0, +) / sum
            let deviation = zip(values, amounts).map { abs($0 - mean) * $1 }.reduce(0, +) / sum
            return [low, high, high - low, mean, deviation, mode]
        }
    }

    @Test(arguments: [MissingElementValue.impute, .nan]) func equalsDefinition(_ missing: MissingElementValue) throws {
        let compositions = randomCompositions(3_000, seed: 11)
        let result = describe(try make("magpie", [("missing", missing.rawValue)]), batch(compositions))
        #expect(result.defects.isEmpty)
        for (row, c) in compositions.enumerated() {
            let expected = naive(c, missing: missing).map { $0.isNaN ? Double.nan.bitPattern : $0.bitPattern }
            #expect(result.bits(row) == expected, "\(c)")
        }
    }

    @Test func labels() throws {
        let names = try make("magpie").featureNames
        #expect(names.count == 132)
        #expect(names[0] == "MagpieData minimum Number" && names[4] == "MagpieData avg_dev Number")
        #expect(names[43] == "MagpieData maximum Electronegativity" && names[131] == "MagpieData mode SpaceGroupNumber")
    }

    @Test func knownValues() throws {
        let row = Array(describe(try make("magpie"), batch([composition("Fe 2 O 3")])).matrix.row(0))
        #expect(row[0...2] == [8, 26, 18] && row[5] == 8)
        #expect(abs(row[3] - 15.2) < 1e-13 && abs(row[4] - 8.64) < 1e-13)
    }

    @Test func modeTakesSmallestOfMostAbundant() throws {
        let d = try make("magpie")
        let modes = describe(d, batch([composition("Na 1 Cl 1"), composition("Na 1 Cl 2"), composition("Na 0.3333333 Cl 0.3333334")]))
            .matrix
        #expect(modes[0, 5] == 11 && modes[1, 5] == 17 && modes[2, 5] == 11)
    }

    @Test(arguments: ["He", "Ne", "Rn", "Bk", "Rf"]) func elementsWithoutValues(_ symbol: String) throws {
        let b = batch([composition("\(symbol) 1 O 3")])
        #expect(!describe(try make("magpie"), b).matrix.values.contains { $0.isNaN })
        let marked = describe(try make("magpie", [("missing", "nan")]), b)
        #expect(marked.matrix.values.contains { $0.isNaN } && !marked.matrix[0, 0].isNaN && marked.defects.isEmpty)
        let rejected = describe(try make("magpie", [("missing", "reject")]), b)
        #expect(rejected.defects.map(\.defect.reason) == ["no-element-value"])
        #expect(rejected.defects[0].defect.detail.contains(symbol))
    }

    @Test func imputesMeanOfPresentValues() throws {
        let b = batch([composition("He 1")])
        let row = describe(try make("magpie"), b).matrix
        let known = MagpieTable.meltingTemperature.filter { !$0.isNaN }
        #expect(row[0, 18] == known.reduce(0, +) / Double(known.count))
    }

    @Test(arguments: ["impute", "nan", "reject"]) func rejectsBeyondCopernicium(_ missing: String) throws {
        let d = try make("magpie", [("missing", missing)])
        let result = describe(d, batch([composition("Nh 1 O 1"), composition("Fe 1"), composition("Og 1"), composition("Cn 1 O 1")]))
        #expect(result.defects.prefix(2).map(\.row) == [0, 2])
        #expect(result.defects.prefix(2).allSatisfy { $0.defect.reason == "unsupported-element" })
    }
}
