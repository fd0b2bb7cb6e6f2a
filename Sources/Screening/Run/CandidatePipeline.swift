import MaterialsCore
import Selection

/// What happens to a batch: filters in the order of their stages, properties when first needed, then the ranking's fold.
///
/// Composition filters run first and properties are computed for what is left, so nothing is computed for what is already out.
struct CandidatePipeline: Sendable {
    /// A property of the run and where its values come from.
    struct Property: Sendable {
        enum Origin: Sendable {
            /// A numeric column of the input.
            case column
            /// A surrogate's prediction.
            case surrogate(Surrogate)
            /// Values joined in.
            case join(JoinedValues)
            /// A number computed from the properties that stand at `of`.
            case expression(Selection.Expression, of: [Int])
            /// One feature of a descriptor.
            case feature(FeatureProperty)
            /// The probability of a class beside the prediction that stands at `of`; nil is class 1 of 0 and 1, else the class predicted.
            case probability(of: Int, code: Int?)
            /// 1 where any of the surrogates was trained on the composition.
            case known([Surrogate])
        }
        var definition: PropertyDefinition
        var origin: Origin

        /// Names of the classes that the values are codes of; nil for numbers and for the classes 0 and 1.
        var classNames: [String]? {
            if case .surrogate(let s) = origin, !s.classNames.isEmpty { s.classNames } else { nil }
        }
    }

    /// A filter, its label, stage, and where its properties stand.
    struct Step: Sendable {
        var name: String
        var stage: FilterStage
        var filter: any CandidateFilter
        var properties: [Int]
    }

    let properties: [Property]
    /// In the order that they run.
    let steps: [Step]
    /// What the ranking looks at.
    let ranked: RankedValues
    /// Name of the funnel's line for candidates without an objective.
    static let objectiveStepName = "every objective has a value"

    /// Lines of the funnel.
    var stepNames: [String] {
        steps.map(\.name) + [Self.objectiveStepName] + (ranked.probabilityStepName.map { [$0] } ?? [])
    }

    /// Takes one batch through the screen and adds it to `summary` and `fold`.
    func process(_ input: CandidateBatch, into summary: inout RunSummary, fold: inout some RankingFold) throws {
        var batch = ScreenedBatch(candidates: input, propertyCount: properties.count)
        summary.read += UInt64(input.count + input.rejections.count)
        for w in input.warnings { summary.warningCounts[w.defect.reason, default: 0] += 1 }
        var cache = FeatureCache()
        for (i, step) in steps.enumerated() {
            compute(step.properties, of: &batch, &summary, cache: &cache)
            var keep = [Bool](repeating: true, count: batch.count)
            step.filter.apply(batch, properties: step.properties, keep: &keep)
            summary.steps[i].entered += UInt64(batch.count)
            batch.compact(keeping: keep)
            summary.steps[i].passed += UInt64(batch.count)
        }
        compute(Array(properties.indices), of: &batch, &summary, cache: &cache)
        drop(from: &batch, &summary.steps[steps.count], missingObjectives)
        if ranked.probabilityStepName != nil { drop(from: &batch, &summary.steps[steps.count + 1], ranked.dropImprobable) }
        for (i, values) in batch.values.enumerated() { summary.distributions[i].insert(passed: values!) }
        summary.reject(batch.candidates.rejections.sorted { $0.index < $1.index })
        if batch.count > 0 { try fold.insert(ranked.objectiveBatch(batch)) }
    }

    private func compute(_ needed: [Int], of batch: inout ScreenedBatch, _ summary: inout RunSummary, cache: inout FeatureCache) {
        for p in needed where batch.values[p] == nil {
            switch properties[p].origin {
            case .column: batch.set(p, values: batch.candidates.numericColumn(properties[p].definition.name)!)
            case .join(let values): batch.set(p, values: values.values(for: batch.candidates))
            case .expression(let expression, let inputs):
                compute(inputs, of: &batch, &summary, cache: &cache)
                batch.set(p, values: expression.values(inputs.map { batch.values[$0]! }, rows: batch.count))
            case .feature(let feature):
                let (matrix, defects) = cache.features(feature.pipeline, of: batch.candidates)
                batch.set(p, values: matrix.column(feature.column))
                batch.reject(defects, stage: .describe)
            case .probability(let classes, _):
                compute([classes], of: &batch, &summary, cache: &cache)
                continue
            case .known(let surrogates): batch.set(p, values: known(surrogates, batch.candidates))
            case .surrogate(let surrogate):
                let output = surrogate.predict(batch.candidates, cache: &cache)
                batch.set(p, values: output.prediction.mean, spread: output.prediction.spread)
                let beside = probabilities(of: p)
                for (q, code) in beside { batch.set(q, values: surrogate.probabilities(output.prediction, ofClass: code)) }
                batch.reject(output.defects, stage: .describe)
                for (q, _) in beside { summary.distributions[q].insert(computed: batch.values[q]!) }
            }
            summary.distributions[p].insert(computed: batch.values[p]!)
        }
    }

    /// Properties that stand for probabilities of the classes at `p`.
    private func probabilities(of p: Int) -> [(property: Int, code: Int?)] {
        properties.indices.compactMap { q in
            if case .probability(let classes, let code) = properties[q].origin, classes == p { (q, code) } else { nil }
        }
    }

    private func known(_ surrogates: [Surrogate], _ batch: CandidateBatch) -> [Double] {
        var flags = [Double](repeating: 0, count: batch.count)
        for s in surrogates {
            let more = s.knownFlags(batch)
            for row in flags.indices { flags[row] = max(flags[row], more[row]) }
        }
        return flags
    }

    private func missingObjectives(_ batch: ScreenedBatch, keep: inout [Bool]) {
        for o in ranked.objectives {
            let values = batch.values[o]!
            for row in keep.indices where !values[row].isFinite { keep[row] = false }
        }
    }

    private func drop(from batch: inout ScreenedBatch, _ step: inout RunSummary.Step, _ choose: (ScreenedBatch, inout [Bool]) -> Void) {
        step.entered += UInt64(batch.count)
        var keep = [Bool](repeating: true, count: batch.count)
        choose(batch, &keep)
        batch.compact(keeping: keep)
        step.passed += UInt64(batch.count)
    }
}
