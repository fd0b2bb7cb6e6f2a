import MaterialsCore
import TestSupport
import Testing

@testable import Descriptors

/// Every value of matminer 0.10.1's composition features on 1,500 formulas.
@Suite struct CompositionReferenceTests {
    /// A descriptor with its table and how closely it must agree: |a − b| ≤ 10⁻¹⁰ max(|a|, |b|), and an absolute floor in some columns.
    struct Case: CustomTestStringConvertible, Sendable {
        var descriptor: String
        var table: String
        var settings: [(String, String)] = []
        /// For columns whose labels hold one of `floored`: differences of equal values, which are 0 up to rounding.
        var absolute = 0.0
        var floored: [String] = []
        /// Rows that must be compared at least.
        var rows: Int
        var testDescription: String { table }
    }

    static let cases = [
        Case(descriptor: "magpie", table: "magpie", absolute: 1e-14, floored: ["avg_dev"], rows: 1_480),
        Case(descriptor: "magpie", table: "magpie_no_impute", settings: [("missing", "nan")], rows: 30),
        Case(descriptor: "stoichiometry", table: "stoichiometry", rows: 1_480),
        Case(descriptor: "element-fraction", table: "element_fraction", rows: 1_480),
        Case(descriptor: "transition-metal-fraction", table: "transition_metal_fraction", rows: 1_480),
        Case(descriptor: "valence-orbital", table: "valence_orbital", rows: 1_480),
        Case(descriptor: "band-center", table: "band_center", rows: 1_480),
        Case(descriptor: "yang-solid-solution", table: "yang", absolute: 1e-14, floored: ["delta"], rows: 1_480),
        Case(descriptor: "miedema", table: "miedema", rows: 1_480),
        Case(descriptor: "wen-alloys", table: "wen_alloys", absolute: 1e-14, floored: ["delta", "strength"], rows: 1_480),
        Case(
            descriptor: "atomic-packing-efficiency", table: "atomic_packing_efficiency", absolute: 1e-7, floored: ["dist from"], rows: 1_000
        ),
        Case(descriptor: "ion-property", table: "ion_property", rows: 1_000),
        Case(descriptor: "ion-property", table: "ion_property_fast", settings: [("single_states", "true")], rows: 1_480),
        Case(descriptor: "oxidation-states", table: "oxidation_states", rows: 1_050),
        Case(descriptor: "electronegativity-difference", table: "electronegativity_difference", rows: 700),
        Case(descriptor: "electron-affinity", table: "electron_affinity", rows: 700),
        Case(descriptor: "meredig", table: "meredig", rows: 1_480),
        Case(descriptor: "cation-property", table: "cation_property", rows: 700),
    ]

    @Test(arguments: cases) func equalsMatminer(_ c: Case) throws {
        let reference = try ReferenceTable("references/composition_features/\(c.table).csv.gz")
        let descriptor = try c.make()
        #expect(descriptor.featureNames == reference.labels)
        var kept: [(row: Int, composition: Composition)] = []
        for (row, formula) in reference.formulas.enumerated() {
            // Deuterium is hydrogen here; matminer differs in its mass.
            if formula.contains("D2O") || formula.contains("HDO") { continue }
            if let composition = try? Composition(formula: formula) { kept.append((row, composition)) }
        }
        let result = describe(descriptor, batch(kept.map(\.composition)))
        let rejected = Set(result.defects.map(\.row))
        #expect(rejected.allSatisfy { kept[$0].composition.atomicNumbers.last! > 112 })
        #expect(kept.count - rejected.count >= c.rows)
        let floors = reference.labels.map { label in c.floored.contains { label.contains($0) } ? c.absolute : 0 }
        for row in kept.indices where !rejected.contains(row) {
            for (column, expected) in reference.values[kept[row].row].enumerated() {
                let value = result.matrix[row, column]
                let tolerance = 1e-10 * max(abs(value), abs(expected)) + floors[column]
                let agrees = value.isNaN || expected.isNaN ? value.isNaN == expected.isNaN : abs(value - expected) <= tolerance
                #expect(agrees, "\(reference.formulas[kept[row].row]): \(reference.labels[column]) \(value), matminer \(expected)")
            }
        }
    }
}

extension CompositionReferenceTests.Case {
    func make() throws -> any Descriptor {
        let mapping = settings.map { key, text in
            let value: Setting.Value = text == "true" ? .boolean(true) : .text(text)
            return (key: key, line: 1, value: Setting(value, line: 1, source: text))
        }
        return try DescriptorRegistry.make(descriptor, settings: Settings(Setting(.mapping(mapping), line: 1), subject: descriptor))
    }
}
