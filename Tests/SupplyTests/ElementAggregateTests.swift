import MaterialsCore
import Supply
import TestSupport
import Testing

@Suite struct ElementAggregateTests {
    private func value(_ formula: String, _ table: String, _ combination: ElementCombination, _ missing: MissingElements = .unknown) throws
        -> Double
    {
        let property = try ElementAggregate(
            table: try ElementTableRegistry.table(named: table), combination: combination, missing: missing)
        return property.values(for: try batch([formula]))[0]
    }

    @Test func meansByHand() throws {
        // GaAs: 69.723 u of Ga at 5500, 74.9216 u of As at 3300.
        let expected = (69.723 * 5500 + 74.9216 * 3300) / (69.723 + 74.9216)
        #expect(try value("GaAs", "hhi_production", .massWeightedMean) == expected)
        #expect(try value("GaAs", "hhi_production", .moleWeightedMean) == 4400)
        #expect(try value("GaAs", "hhi_production", .maximum) == 5500)
        #expect(try value("GaAs", "hhi_production", .minimum) == 3300)
        #expect(try value("GaAs2", "hhi_production", .moleWeightedMean) == (5500.0 + 2 * 3300) / 3)
    }

    @Test func sharesByHand() throws {
        let lithium = 6.941 / (6.941 + 55.845 + 30.973762 + 4 * 15.9994)
        #expect(abs(try value("LiFePO4", "eu_strategic_2024", .massFraction) - lithium) < 1e-15)
        #expect(abs(try value("LiFePO4", "eu_strategic_2024", .maximumMassFraction) - lithium) < 1e-15)
        #expect(try value("LiFePO4", "eu_strategic_2024", .any) == 1)
        #expect(try value("Fe3C", "eu_critical_2024", .any) == 0)
        #expect(try value("Fe3C", "us_critical_2025", .massFraction) == 0)
        #expect(try value("SiC", "eu_strategic_2024", .reviewMassFraction) == 28.0855 / (28.0855 + 12.0107))
        #expect(try value("K2CrO4", "rohs", .any) == 0)
        #expect(try value("K2CrO4", "rohs", .reviewMassFraction) > 0.26)
        let ratio = try value("PbTiO3", "rohs", .maximumLimitRatio)
        #expect(abs(ratio - 1000 * 207.2 / (207.2 + 47.867 + 3 * 15.9994)) < 1e-9)
    }

    /// Weight and atomic fractions and the Herfindahl–Hirschman indices of pymatgen.
    @Test func agreesWithPymatgen() throws {
        let reference = try ReferenceTable("references/supply/supply.csv")
        let candidates = try batch(reference.formulas)
        let asked: [(String, ElementCombination)] = [
            ("hhi_production", .massWeightedMean), ("hhi_reserves", .massWeightedMean), ("crustal_abundance", .moleWeightedMean),
            ("crustal_abundance", .minimum), ("eu_strategic_2024", .massFraction), ("eu_strategic_2024", .maximumMassFraction),
            ("rohs", .maximumLimitRatio),
        ]
        for (column, (table, combination)) in asked.enumerated() {
            let property = try ElementAggregate(table: try ElementTableRegistry.table(named: table), combination: combination)
            for (row, value) in property.values(for: candidates).enumerated() {
                let expected = reference.values[row][column]
                let isEqual = expected.isNaN ? value.isNaN : abs(value - expected) <= 1e-12 * max(1, abs(expected))
                #expect(isEqual, "\(reference.formulas[row]) \(table): \(value), pymatgen \(expected)")
            }
        }
    }

    @Test func missingValuesAreUnknownOrSkippedNeverZero() throws {
        #expect(try value("H2O", "hhi_production", .massWeightedMean).isNaN)
        #expect(try value("H2O", "hhi_production", .massWeightedMean, .skip) == 500)
        #expect(try value("Fe2O3", "embodied_co2", .massWeightedMean).isNaN)
        #expect(try value("Fe2O3", "embodied_co2", .massWeightedMean, .skip) == 1.5)
        #expect(try value("Fe2O3", "embodied_co2", .maximum).isNaN)
        #expect(try value("Fe2O3", "embodied_co2", .maximum, .skip) == 1.5)
        #expect(try value("N2O", "embodied_co2", .massWeightedMean, .skip).isNaN)
        #expect(try value("N2O", "embodied_co2", .minimum, .skip).isNaN)
        let known = 2 * 55.845 / (2 * 55.845 + 3 * 15.9994)
        #expect(abs(try value("Fe2O3", "embodied_co2", .knownMassFraction) - known) < 1e-15)
        let property = try ElementAggregate(
            table: try ElementTableRegistry.table(named: "embodied_co2"), combination: .massWeightedMean)
        #expect(property.incompleteRows(of: try batch(["Fe2O3", "NiAl", "H2O", "Cu"])) == 2)
    }

    @Test func rowsDoNotKnowTheirCompany() throws {
        let reference = try ReferenceTable("references/supply/supply.csv")
        let whole = try batch(reference.formulas)
        for table in ElementTableRegistry.entries {
            for combination in ElementCombination.allCases {
                guard let p = try? ElementAggregate(table: table, combination: combination, missing: .skip) else { continue }
                let all = p.values(for: whole)
                let alone = p.values(for: whole.selecting([7, 133, 391]))
                #expect(alone.map(\.bitPattern) == [7, 133, 391].map { all[$0].bitPattern }, "\(table.name) \(combination)")
            }
        }
    }

    @Test func combinationsThatDoNotFit() throws {
        func refused(_ table: String, _ combination: ElementCombination) throws -> String {
            let table = try ElementTableRegistry.table(named: table)
            return message { _ = try ElementAggregate(table: table, combination: combination) }
        }
        #expect(
            try refused("rohs", .massWeightedMean)
                == "element table 'rohs' is a list: 'mass_weighted_mean' does not go with it; use any, maximum_limit_ratio, maximum_mass_fraction, mass_fraction, review_mass_fraction"
        )
        #expect(try refused("hhi_production", .any).contains("holds numbers: 'any' does not go with it"))
        #expect(try refused("eu_critical_2024", .maximumLimitRatio).contains("sets no limits"))
    }
}
