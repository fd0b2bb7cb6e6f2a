import MaterialsCore

/// How stable a composition with an energy is.
///
///     energy above hull    = energy − lowest mixture
///     decomposition energy = energy − lowest mixture without any entry of its own composition
///
/// - Output:   eV/atom; the decomposition energy of an element is NaN. Below 1e-9 eV/atom a value is 0.
/// - Source:   C. J. Bartel, J. Mater. Sci. 57, 10475 (2022), doi:10.1007/s10853-022-06915-4 (both energies and their signs).
public struct StabilityJudgement: Sendable {
    /// Never negative for an entry; negative for a candidate that lies below the hull.
    public var energyAboveHull: Double
    /// Negative: stable by that much.
    public var decompositionEnergy: Double
    /// The lowest mixture without its own composition; of an element itself.
    public var decomposition: Decomposition
}

extension HullSearch {
    /// Judges an entry, which is part of the hull itself.
    public mutating func judgement(ofEntry entry: Int) -> StabilityJudgement {
        var judgement = judgement(of: diagram.compositions[entry], formationEnergy: diagram.formationEnergies[entry])
        judgement.energyAboveHull = max(0, judgement.energyAboveHull)
        return judgement
    }

    /// Judges a candidate, which is no part of the hull.
    public mutating func judgement(of composition: Composition, formationEnergy: Double) -> StabilityJudgement {
        let above = withoutRounding(formationEnergy - hullEnergy(of: composition))
        guard let apart = decomposition(of: composition, excludingOwn: true) else {
            return StabilityJudgement(
                energyAboveHull: above, decompositionEnergy: .nan, decomposition: decomposition(of: composition)!)
        }
        return StabilityJudgement(
            energyAboveHull: above, decompositionEnergy: withoutRounding(formationEnergy - apart.energyEVPerAtom), decomposition: apart)
    }
}

/// 0 where a difference of energies is no more than rounding.
public func withoutRounding(_ difference: Double) -> Double { abs(difference) < resolutionEVPerAtom ? 0 : difference }

extension PhaseDiagram {
    /// Formula of a product, as in `Fe2O3`.
    public func formula(of product: Decomposition.Product) -> String {
        if let phase = product.phase { return compositions[phases[phase].entry].reducedFormula }
        return Composition(sortedAtomicNumbers: [product.element!], amounts: [1]).reducedFormula
    }

    /// Atom fractions and formulas, the largest share first: `0.625 Fe2O3 + 0.375 Li2O`.
    ///
    /// - Numerics: fractions are rounded to eight places.
    public func text(of decomposition: Decomposition) -> String {
        let parts = decomposition.products.map { (share: ($0.atomFraction * 1e8).rounded() / 1e8, formula: formula(of: $0)) }
        return parts.sorted { $0.share != $1.share ? $0.share > $1.share : $0.formula < $1.formula }
            .map { "\(plainDecimal($0.share)) \($0.formula)" }.joined(separator: " + ")
    }
}
