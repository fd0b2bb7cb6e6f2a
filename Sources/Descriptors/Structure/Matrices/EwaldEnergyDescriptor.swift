import MaterialsCore

/// Electrostatic energy of a crystal of point charges.
///
///     E = k ½ Σ_ij q_i q_j Σ_images 1/r        k = 14.3996 eV Å
///
/// - Input:    `charges`: a charge for each element, `{Na: 1, Cl: -1}`; without it the most likely oxidation states of the composition
///   (mean over the atoms of an element; those of a file are not read). `per_atom` (true)
/// - Output:   `ewald_energy_per_atom` (eV/atom), or `ewald_energy` (eV per cell)
/// - Scope:    an element without a charge is rejected (`no-charge`), as are atoms on one point (`coincident-atoms`); `undetermined`
///   decides where no neutral oxidation states can be guessed: `nan` (default) or `reject`. A net charge is met by a uniform background
/// - Numerics: sums reach terms of 10⁻¹⁵; equals pymatgen's EwaldSummation to 10⁻⁸ eV/atom at its tightest settings
/// - Cost:     of order n^1.5
/// - Source:   P. P. Ewald, Ann. Phys. 369, 253 (1921), doi:10.1002/andp.19213690304
public struct EwaldEnergyDescriptor: StructureDescriptor {
    /// `ewald-energy`.
    public static let name = "ewald-energy"
    /// The method, and the code that gives features of it.
    public static let references = [
        Citation("P. P. Ewald, Ann. Phys. 369, 253 (1921)", doi: "10.1002/andp.19213690304"),
        Citation("L. Ward et al., Comput. Mater. Sci. 152, 60 (2018)", doi: "10.1016/j.commatsci.2018.05.018"),
    ]
    /// All, per atom.
    public static let invariances: Invariances = .all
    /// e / 4πε₀ in eV Å (CODATA 2022).
    public static let coulombConstant = 14.399645468667815

    private let charges: [Double?]?
    private let isPerAtom: Bool
    private let undetermined: UndeterminedCharges

    /// Reads `charges`, `per_atom` and `undetermined`.
    public init(settings: inout Settings) throws {
        charges = try settings.elementCharges()
        isPerAtom = try settings.boolean("per_atom", default: true)
        undetermined = try settings.undeterminedCharges()
        try settings.finish()
    }

    /// One label.
    public var featureNames: [String] { [isPerAtom ? "ewald_energy_per_atom" : "ewald_energy"] }

    /// Fills one row.
    public func describe(_ crystal: CrystalStructure, into features: inout MutableSpan<Double>) throws(CandidateDefect) {
        guard let charges = try charges(of: crystal) else {
            return try undetermined.fill(&features, "no oxidation states can be guessed for the composition")
        }
        let energy = try Self.energy(crystal, charges: charges)
        features[0] = isPerAtom ? energy / Double(crystal.count) : energy
    }

    /// Energy of a cell in eV, with a charge for each atom.
    public static func energy(_ crystal: CrystalStructure, charges: [Double]) throws(CandidateDefect) -> Double {
        precondition(charges.count == crystal.count)
        if charges.allSatisfy({ $0 == 0 }) { return 0 }
        let reach = EwaldSum.Reach(atoms: crystal.count, volume: crystal.lattice.volume, accuracy: 1e-15)
        return coulombConstant * (try EwaldSum(crystal, reach: reach).energy(charges))
    }

    /// A charge for each atom; nil where none can be guessed.
    private func charges(of crystal: CrystalStructure) throws(CandidateDefect) -> [Double]? {
        guard let byElement = charges ?? Self.guess(crystal.composition) else { return nil }
        var result: [Double] = []
        for z in crystal.atomicNumbers {
            guard let charge = byElement[Int(z)] else {
                throw CandidateDefect("no-charge", "'charges' has none for \(Element.symbols[Int(z)])")
            }
            result.append(charge)
        }
        return result
    }

    private static func guess(_ composition: Composition) -> [Double?]? {
        let (numbers, amounts) = (composition.atomicNumbers, composition.amounts)
        guard let species = OxidationStateGuess.species(numbers.span, amounts.span) else { return nil }
        // A compound without a neutral assignment has no charges to guess; an element has none.
        if numbers.count > 1, species.allSatisfy({ $0.charge == 0 }) { return nil }
        var (sums, counts) = ([Double](repeating: 0, count: 119), [Double](repeating: 0, count: 119))
        for one in species {
            sums[Int(one.atomicNumber)] += Double(one.charge) * one.amount
            counts[Int(one.atomicNumber)] += one.amount
        }
        return counts.indices.map { counts[$0] > 0 ? sums[$0] / counts[$0] : nil }
    }
}

extension Settings {
    /// Reads `charges`, a mapping from elements to numbers, by atomic number; nil where the key is missing.
    fileprivate mutating func elementCharges() throws -> [Double?]? {
        guard let setting = setting("charges") else { return nil }
        guard case .mapping(let entries) = setting.value, !entries.isEmpty else {
            throw Self.error(setting.line, "'charges' of \(subject) must map elements to numbers: {Na: 1, Cl: -1}")
        }
        var charges = [Double?](repeating: nil, count: 256)
        for entry in entries {
            guard let element = Element(symbol: entry.key) else {
                let near = suggestion(for: entry.key, among: Element.symbols.dropFirst())
                throw Self.error(entry.line, "'\(entry.key)' in 'charges' of \(subject) is not an element" + near)
            }
            guard case .number(let charge) = entry.value.value, abs(charge) <= 20 else {
                throw Self.error(entry.line, "the charge of \(entry.key) must be a number from -20 to 20")
            }
            charges[Int(element.atomicNumber)] = charge
        }
        return charges
    }
}
