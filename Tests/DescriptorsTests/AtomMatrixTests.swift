import Descriptors
import MaterialsCore
import TestSupport
import Testing

@Suite struct AtomMatrixTests {
    @Test func agreesWithDScribe() throws {
        let cases = try DScribeCase.all("dscribe_matrices").filter { $0.descriptor != "ewald-energy" }
        #expect(cases.count > 30)
        var worst = 0.0
        for one in cases {
            let difference = one.difference(try one.computed())
            worst = max(worst, difference)
            #expect(difference < (one.descriptor == "ewald-matrix" ? 1e-10 : 1e-12), "\(one.label): \(difference)")
        }
        print("largest difference of the matrices: \(worst)")
    }

    /// H₂ at 1 Å: ½ ± 1.
    @Test func hydrogenMolecule() throws {
        let lattice = Lattice(a: CartesianVector(10, 0, 0), b: CartesianVector(0, 10, 0), c: CartesianVector(0, 0, 10))
        let molecule = CrystalStructure(
            lattice: lattice, periodicity: .none, atomicNumbers: [1, 1],
            positions: [FractionalPosition(0, 0, 0), FractionalPosition(0, 0.06, 0.08)])
        let row = try describedRow(molecule, by: descriptor("coulomb-matrix", #"{"n_atoms_max": 3}"#))
        #expect(zip(row, [1.5, -0.5, 0]).allSatisfy { abs($0 - $1) < 1e-14 })
    }

    @Test(arguments: ["coulomb-matrix", "sine-matrix", "ewald-matrix"]) func refusals(_ name: String) throws {
        var random = RandomCrystals(seed: 3)
        let crystal = random.crystal(atoms: 5)
        func reason(_ crystal: CrystalStructure) throws -> String? {
            let descriptor = try descriptor(name, #"{"n_atoms_max": 5, "permutation": "none"}"#)
            do {
                _ = try describedRow(crystal, by: descriptor)
                return nil
            } catch let defect as CandidateDefect { return defect.reason }
        }
        #expect(try reason(crystal) == nil)
        #expect(try reason(random.crystal(atoms: 6)) == "too-many-atoms")
        var double = crystal
        double.positions[3] = double.positions[1]
        #expect(try reason(double) == "coincident-atoms")
        #expect(throws: MatSieveError.self) { try descriptor(name, #"{"permutation": "random"}"#) }
        #expect(throws: MatSieveError.self) { try descriptor(name, #"{"n_atoms_max": 0}"#) }
        #expect(throws: MatSieveError.self) { try descriptor("ewald-matrix", #"{"r_cut": 5}"#) }
    }

    /// Eigenvalues by descending magnitude, also where they are negative.
    @Test func spectraAreOrdered() throws {
        var random = RandomCrystals(seed: 5)
        for name in ["coulomb-matrix", "sine-matrix", "ewald-matrix"] {
            for atoms in 1...12 {
                let row = try describedRow(random.crystal(atoms: atoms), by: descriptor(name, "{}"))
                #expect(row.count == 200 && row[atoms...].allSatisfy { $0 == 0 })
                #expect(zip(row, row.dropFirst()).allSatisfy { abs($0) >= abs($1) })
            }
        }
    }
}

@Suite struct EwaldEnergyTests {
    /// -M k q² / r for structures with known Madelung constants M; fluorite's is twice zinc blende's plus caesium chloride's.
    @Test(
        arguments: [
            ("NaCl", 1.747_564_594_633_182, 1.0), ("CsCl", 1.762_674_773_070_99, 1.0), ("ZnS", 1.638_055_053_388_79, 2.0),
            ("CaF2", 5.038_784_879_848_57, 1.0),
        ]) func madelungConstants(_ name: String, _ constant: Double, _ charge: Double) throws
    {
        let a = 5.3
        let (crystal, distance, charges) = Self.prototype(name, a, charge)
        let energy = try EwaldEnergyDescriptor.energy(crystal, charges: charges)
        let formulaUnit = -constant * charge * charge * EwaldEnergyDescriptor.coulombConstant / distance
        #expect(abs(energy - formulaUnit) < 1e-9, "\(energy) \(formulaUnit)")
    }

    /// Primitive cells with lattice parameter a: structure, nearest distance, charges.
    private static func prototype(_ name: String, _ a: Double, _ q: Double) -> (CrystalStructure, Double, [Double]) {
        let h = a / 2
        let cubic = Lattice(a: CartesianVector(a, 0, 0), b: CartesianVector(0, a, 0), c: CartesianVector(0, 0, a))
        let fcc = Lattice(a: CartesianVector(0, h, h), b: CartesianVector(h, 0, h), c: CartesianVector(h, h, 0))
        func at(_ x: Double) -> FractionalPosition { FractionalPosition(x, x, x) }
        switch name {
        case "NaCl": return (CrystalStructure(lattice: fcc, atomicNumbers: [11, 17], positions: [at(0), at(0.5)]), h, [q, -q])
        case "CsCl":
            return (CrystalStructure(lattice: cubic, atomicNumbers: [55, 17], positions: [at(0), at(0.5)]), h * 3.squareRoot(), [q, -q])
        case "ZnS":
            return (
                CrystalStructure(lattice: fcc, atomicNumbers: [30, 16], positions: [at(0), at(0.25)]), h * 0.75.squareRoot(), [q, -q]
            )
        default:
            let crystal = CrystalStructure(lattice: fcc, atomicNumbers: [20, 9, 9], positions: [at(0), at(0.25), at(0.75)])
            return (crystal, h * 0.75.squareRoot(), [2 * q, -q, -q])
        }
    }

    @Test func agreesWithPymatgen() throws {
        let cases = try DScribeCase.all("dscribe_matrices").filter { $0.descriptor == "ewald-energy" }
        #expect(cases.count == 4)
        for one in cases {
            let row = try one.computed()
            #expect(abs(row[0] - one.values[0]) < 1e-8 * Double(one.crystal.count), "\(one.label): \(row[0]) \(one.values[0])")
        }
    }

    @Test func guessesOxidationStates() throws {
        let (crystal, _, charges) = Self.prototype("CaF2", 5.46, 1)
        let guessed = try describedRow(crystal, by: descriptor("ewald-energy", "{}"))
        #expect(abs(guessed[0] - (try EwaldEnergyDescriptor.energy(crystal, charges: charges)) / 3) < 1e-12)
        let metal = CrystalStructure(lattice: crystal.lattice, atomicNumbers: [29], positions: [FractionalPosition(0, 0, 0)])
        #expect(try describedRow(metal, by: descriptor("ewald-energy", "{}")) == [0])
        #expect(throws: CandidateDefect.self) {
            try describedRow(crystal, by: descriptor("ewald-energy", #"{"charges": {"Ca": 2}}"#))
        }
        #expect(throws: MatSieveError.self) { try descriptor("ewald-energy", #"{"charges": {"Xx": 2}}"#) }
        #expect(throws: MatSieveError.self) { try descriptor("ewald-energy", #"{"charges": 2}"#) }
    }
}
