import MaterialsCore
import Selection

/// What a ranking looks at, found in the batches of a run.
struct RankedValues: Sendable {
    /// Where the objectives' properties stand.
    let objectives: [Int]
    private let constraints: [FeasibilityConstraint]
    private let constrained: [Int]
    private let minimumProbability: Double
    private let group: Group

    private enum Group {
        case none, chemicalSystem
        case text(Int)
        case property(Int)
    }

    /// Finds the places of a plan's names, which are known to exist.
    init(_ ranking: RankingPlan, properties: [String], texts: [String]) {
        objectives = ranking.objectives.map { o in properties.firstIndex(of: o.property)! }
        (constraints, minimumProbability) = (ranking.constraints, ranking.minimumProbability)
        constrained = ranking.constraints.map { c in properties.firstIndex(of: c.property)! }
        group =
            switch ranking.limit?.key {
            case nil: .none
            case GroupLimit.chemicalSystem: .chemicalSystem
            case let key?: texts.firstIndex(of: key).map { .text($0) } ?? .property(properties.firstIndex(of: key)!)
            }
    }

    /// Name of the funnel's line for what is too improbable; nil where nothing is asked.
    var probabilityStepName: String? {
        minimumProbability > 0 ? "meets all constraints with a probability of \(numberText(minimumProbability)) or more" : nil
    }

    /// Sets `keep` to false for rows that meet the constraints with less than the least probability.
    func dropImprobable(_ batch: ScreenedBatch, keep: inout [Bool]) {
        for row in keep.indices {
            var probability = 1.0
            for (constraint, p) in zip(constraints, constrained) {
                probability *= constraint.probability(mean: batch.values[p]![row], spread: batch.spreads[p]?[row] ?? .nan)
            }
            keep[row] = keep[row] && probability >= minimumProbability
        }
    }

    /// The objectives of a batch's survivors.
    func objectiveBatch(_ batch: ScreenedBatch) -> ObjectiveBatch {
        let columns = objectives.map { batch.values[$0]! }
        let spreads = objectives.map { batch.spreads[$0] }
        return ObjectiveBatch(indices: batch.candidates.indices, columns: columns, spreads: spreads) { row in
            let composition = batch.candidates.composition(row)
            return KeptCandidate(
                index: batch.candidates.indices[row], id: batch.candidates.ids[row], composition: composition,
                group: groupName(batch, row, composition), objectives: columns.map { $0[row] },
                objectiveSpreads: spreads.map { $0?[row] ?? .nan }, values: batch.values.map { $0![row] },
                spreads: batch.spreads.map { $0?[row] ?? .nan }, texts: batch.candidates.textColumns.map { $0[row] },
                structure: batch.candidates.structures?[row])
        }
    }

    private func groupName(_ batch: ScreenedBatch, _ row: Int, _ composition: Composition) -> String {
        switch group {
        case .none: ""
        case .chemicalSystem: GroupLimit.chemicalSystem(of: composition)
        case .text(let column): batch.candidates.textColumns[column][row]
        case .property(let p): numberText(batch.values[p]![row])
        }
    }
}
