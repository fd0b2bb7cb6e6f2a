import MaterialsCore

/// Properties of the cations in their oxidation states.
///
/// - Output:   25 features, `DemlData <statistic> <property> of cations`: total_ioniz (energy to ionise to the state, J/mol),
///   xtal_field_split, magn_moment, so_coupling, sat_magn × minimum, maximum, range, mean, std_dev (weighted by atoms)
/// - Scope:    compounds with neutral oxidation states, cations and anions; `undetermined` decides for others: `nan` (default) or `reject`.
///   A state without an entry counts 0, one whose entry is unknown is NaN
/// - Numerics: equals matminer 0.10.1 to 10⁻¹⁰; std_dev of equal values is 0 up to rounding
/// - Source:   A. M. Deml, R. O'Hayre, C. Wolverton, V. Stevanović, Phys. Rev. B 93, 085142 (2016), doi:10.1103/PhysRevB.93.085142
public struct CationPropertyDescriptor: CompositionDescriptor {
    /// `cation-property`.
    public static let name = "cation-property"
    /// The features and the guess of oxidation states.
    public static let references = OxidationStatesDescriptor.references
    private static let mostCharge = 8

    /// By property, then `atomic number × (mostCharge + 1) + charge`.
    private let tables: [[Double]]
    private let undetermined: UndeterminedCharges

    /// Reads `undetermined`: `nan` or `reject`.
    public init(settings: inout Settings) throws {
        undetermined = try settings.undeterminedCharges()
        try settings.finish()
        let entries = [
            DemlTable.crystalFieldSplitting, DemlTable.magneticMoment, DemlTable.spinOrbitCoupling, DemlTable.saturationMagnetization,
        ]
        tables = [Self.totalIonization()] + entries.map(Self.table)
    }

    private static func table(_ entries: [(atomicNumber: Int, charge: Int, value: Double)]) -> [Double] {
        var table = [Double](repeating: 0, count: 119 * (mostCharge + 1))
        for e in entries { table[e.atomicNumber * (mostCharge + 1) + e.charge] = e.value }
        return table
    }

    /// Sums of the first ionisation energies; as many as are known. An element without any takes the mean of the first one.
    private static func totalIonization() -> [Double] {
        let first = imputingMean(DemlTable.firstIonizationEnergy)
        return (0...118).flatMap { z in
            let energies = DemlTable.ionizationEnergies[z].isEmpty ? [first[z]] : DemlTable.ionizationEnergies[z]
            return (0...mostCharge).map { charge in energies.prefix(charge).reduce(0, +) }
        }
    }

    /// 25 labels, property by property.
    public var featureNames: [String] {
        ["total_ioniz", "xtal_field_split", "magn_moment", "so_coupling", "sat_magn"].flatMap { property in
            ["minimum", "maximum", "range", "mean", "std_dev"].map { "DemlData \($0) \(property) of cations" }
        }
    }

    /// Fills the statistics of one composition.
    public func describe(_ atomicNumbers: Span<UInt8>, _ amounts: Span<Double>, into features: inout MutableSpan<Double>)
        throws(CandidateDefect)
    {
        try requireElements(atomicNumbers, of: Self.name)
        guard let ions = IonicSpecies(atomicNumbers, amounts) else { return try undetermined.fill(&features, IonicSpecies.absence) }
        for (property, table) in tables.enumerated() {
            var values = WeightedValues(capacity: ions.cations.count)
            for s in ions.cations {
                values.append(table[Int(s.atomicNumber) * (Self.mostCharge + 1) + min(s.charge, Self.mostCharge)], weight: s.amount)
            }
            values.fillFive(&features, from: property * 5)
        }
    }
}
