import MaterialsCore
import TestSupport
import Testing

@testable import Descriptors

/// The generated tables against the files that they come from, and the imputed values against matminer's.
@Suite struct ElementTableTests {
    private func csv(_ path: String) throws -> [[Substring]] {
        String(decoding: try dataset(path), as: UTF8.self).split(separator: "\n").dropFirst().map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
    }

    @Test func magpieTablesEqualTheirFiles() throws {
        for (name, table) in MagpieKernel.properties + [
            ("MiracleRadius", MagpieTable.miracleRadius), ("ElectronAffinity", MagpieTable.electronAffinity),
        ] {
            let lines = String(decoding: try dataset("elements/magpie/\(name).table"), as: UTF8.self).split(
                omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            #expect(table.count == 119)
            for z in 1...118 {
                let expected = z <= lines.count ? Double(String(lines[z - 1].filter { !$0.isWhitespace })) ?? .nan : .nan
                #expect(table[z] == expected || table[z].isNaN && expected.isNaN, "\(name) \(z)")
            }
        }
    }

    @Test func imputedValuesEqualMatminer() throws {
        let tables = Dictionary(
            uniqueKeysWithValues: MagpieKernel.properties.map { ("magpie " + $0.name, $0.table) } + [
                ("magpie MiracleRadius", MagpieTable.miracleRadius), ("magpie ElectronAffinity", MagpieTable.electronAffinity),
                ("miedema molar_volume", MiedemaTable.molarVolume), ("miedema electron_density", MiedemaTable.electronDensity),
                ("miedema electronegativity", MiedemaTable.electronegativity), ("miedema valence_electrons", MiedemaTable.valenceElectrons),
                ("miedema a_const", MiedemaTable.volumeConstant), ("miedema R_const", MiedemaTable.hybridization),
                ("miedema H_trans", MiedemaTable.transitionEnthalpy), ("miedema compressibility", MiedemaTable.bulkModulus),
                ("miedema shear_modulus", MiedemaTable.shearModulus), ("miedema melting_point", MiedemaTable.meltingTemperature),
                ("miedema structural_stability", MiedemaTable.structuralStability),
                ("deml first_ioniz", DemlTable.firstIonizationEnergy), ("deml electron_affin", DemlTable.electronAffinity),
                ("cohesive_energy cohesive_energy", AlloyTable.cohesiveEnergy), ("pymatgen X", PymatgenTable.electronegativity),
            ])
        var compared = 0
        for row in try csv("elements/matminer/imputed_values.csv") {
            guard let table = tables["\(row[0]) \(row[1])"], let expected = Double(String(row[2])) else { continue }
            let absent = Set(row[3].split(separator: " ").map { Element(symbol: String($0))!.atomicNumber })
            let imputed = imputingMean(table)
            for z in 1...118 {
                #expect(table[z].isNaN == absent.contains(UInt8(z)), "\(row[1]) \(z)")
                if table[z].isNaN { #expect(abs(imputed[z] - expected) <= 1e-14 * abs(expected), "\(row[1])") }
            }
            compared += 1
        }
        #expect(compared >= 36)
    }

    @Test func mixingEnthalpiesEqualTheirFile() throws {
        let table = MixingEnthalpy(missing: .nan)
        var compared = 0
        for row in try csv("elements/miedema/mixing_enthalpy.csv") {
            let alloy = Composition(
                [(Element(symbol: String(row[0]))!, 1.0), (Element(symbol: String(row[1]))!, 1.0)].map { (element: $0, amount: $1) })
            let fractions = [0.5, 0.5]
            let value = try table.ofAlloy(alloy.atomicNumbers.span, fractions.span)
            #expect(value == max(1e-6, abs(Double(String(row[2]))!)))
            compared += 1
        }
        #expect(compared == 2_628)
    }
}
