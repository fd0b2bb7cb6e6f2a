import MaterialsCore

/// One number of each candidate from a table of its elements: mean, extreme, share of the mass, or whether any is listed.
///
///     mass_weighted_mean  Σ nᵢ mᵢ vᵢ / Σ nᵢ mᵢ        mass_fraction  Σ_listed nᵢ mᵢ / Σ nᵢ mᵢ
///
/// - Input:    compositions; amounts n per formula unit, standard atomic masses m
/// - Output:   one number a candidate, in the table's unit or as a fraction
/// - Scope:    any composition; numbers need tables of numbers, flags and shares need lists
/// - Numerics: sums in ascending atomic number, one rounding an operation; the same bits in any batch
/// - Cost:     O(elements of the candidates)
/// - Source:   mass-weighted Herfindahl–Hirschman indices: M. W. Gaultois et al., Chem. Mater. 25, 2911 (2013), doi:10.1021/cm400893e
public struct ElementAggregate: Sendable {
    /// The table.
    public let table: ElementTable
    /// How its values are combined.
    public let combination: ElementCombination
    /// What a missing value does.
    public let missing: MissingElements
    /// By atomic number: value, 1 or 0 for a flag, or 1 over the limit.
    private let weights: [Double]
    private let masses = Element.atomicMasses

    /// Refuses a combination that the table does not allow.
    public init(table: ElementTable, combination: ElementCombination, missing: MissingElements = .unknown) throws {
        guard combination.kind == table.kind else {
            let fitting = ElementCombination.allCases.filter { $0.kind == table.kind }.map(\.rawValue).joined(separator: ", ")
            let holds = table.kind == .list ? "is a list" : "holds numbers"
            throw MatSieveError.usage(
                "element table '\(table.name)' \(holds): '\(combination.rawValue)' does not go with it; use \(fitting)")
        }
        if combination == .maximumLimitRatio, table.list?.setsLimits != true {
            throw MatSieveError.usage("element table '\(table.name)' sets no limits: use maximum_mass_fraction and a limit of your own")
        }
        (self.table, self.combination, self.missing) = (table, combination, missing)
        weights = Self.weights(table, combination)
    }

    private static func weights(_ table: ElementTable, _ combination: ElementCombination) -> [Double] {
        guard let list = table.list else { return table.values }
        switch combination {
        case .reviewMassFraction: return list.review.map { $0 ? 1 : 0 }
        case .maximumLimitRatio: return list.listed.indices.map { list.listed[$0] ? 1 / list.limits[$0] : 0 }
        default: return table.values
        }
    }

    /// Unit of the result.
    public var unit: String? { combination.keepsUnit ? table.unit : nil }

    /// The numbers of a batch.
    public func values(for batch: CandidateBatch) -> [Double] {
        var result = [Double](repeating: .nan, count: batch.count)
        for row in 0..<batch.count {
            let range = batch.compositionOffsets[row]..<batch.compositionOffsets[row + 1]
            result[row] = value(batch, range)
        }
        return result
    }

    /// Rows with an element that the table has no value of.
    public func incompleteRows(of batch: CandidateBatch) -> Int {
        if table.kind == .list { return 0 }
        return (0..<batch.count).count { row in
            (batch.compositionOffsets[row]..<batch.compositionOffsets[row + 1]).contains { weights[Int(batch.atomicNumbers[$0])].isNaN }
        }
    }

    private func value(_ batch: CandidateBatch, _ range: Range<Int>) -> Double {
        switch combination {
        case .massWeightedMean: mean(batch, range) { $1 * masses[$0] }
        case .moleWeightedMean: mean(batch, range) { $1 }
        case .knownMassFraction: share(batch, range) { weights[$0].isNaN ? 0 : 1 }
        case .massFraction, .reviewMassFraction: share(batch, range) { weights[$0] }
        case .maximumMassFraction, .maximumLimitRatio: largestShare(batch, range)
        case .maximum: extreme(batch, range) { $0 > $1 }
        case .minimum: extreme(batch, range) { $0 < $1 }
        case .any: range.contains { weights[Int(batch.atomicNumbers[$0])] > 0 } ? 1 : 0
        }
    }
}

extension ElementAggregate {
    @inline(__always)
    private func mean(_ batch: CandidateBatch, _ range: Range<Int>, _ amount: (Int, Double) -> Double) -> Double {
        var (sum, total) = (0.0, 0.0)
        for i in range {
            let z = Int(batch.atomicNumbers[i])
            if missing == .skip && weights[z].isNaN { continue }
            let n = amount(z, batch.amounts[i])
            sum += n * weights[z]
            total += n
        }
        return total > 0 ? sum / total : .nan
    }

    @inline(__always)
    private func share(_ batch: CandidateBatch, _ range: Range<Int>, _ counts: (Int) -> Double) -> Double {
        var (sum, total) = (0.0, 0.0)
        for i in range {
            let z = Int(batch.atomicNumbers[i])
            let mass = batch.amounts[i] * masses[z]
            sum += counts(z) * mass
            total += mass
        }
        return total > 0 ? sum / total : .nan
    }

    @inline(__always)
    private func largestShare(_ batch: CandidateBatch, _ range: Range<Int>) -> Double {
        var (largest, total) = (0.0, 0.0)
        for i in range {
            let z = Int(batch.atomicNumbers[i])
            let mass = batch.amounts[i] * masses[z]
            largest = max(largest, weights[z] * mass)
            total += mass
        }
        return total > 0 ? largest / total : .nan
    }

    @inline(__always)
    private func extreme(_ batch: CandidateBatch, _ range: Range<Int>, _ isBetter: (Double, Double) -> Bool) -> Double {
        var best = Double.nan
        for i in range {
            let v = weights[Int(batch.atomicNumbers[i])]
            if v.isNaN {
                if missing == .unknown { return .nan }
            } else if best.isNaN || isBetter(v, best) {
                best = v
            }
        }
        return best
    }
}
