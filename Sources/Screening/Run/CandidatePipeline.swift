import MaterialsCore
import Selection

/// What happens to a batch: filters in the order of their stages, properties when first needed, then the ranking's fold.
///
/// Composition filters run first and properties are computed for what is left, so nothing is computed for what is already out.
struct CandidatePipeline: Sendable {
    /// A property of the run: a column of its outputs.
    struct Property: Sendable {
        var definition: PropertyDefinition
        /// Names of the classes that the values are codes of; none for numbers.
        var classes: [String]
        /// Which computation gives it.
        var computation: Int

        /// Names that outputs show instead of codes; nil for numbers and for the classes 0 and 1.
        var classNames: [String]? { classes.isEmpty || classes == ["0", "1"] ? nil : classes }
    }

    /// Where a computation takes its values from and where they go.
    struct Computation: Sendable {
        var part: any PropertyComputation
        /// Where the properties that it needs stand.
        var inputs: [Int]
        /// Where its columns stand.
        var outputs: [Int]
    }

    /// A filter, its label, stage, and where its properties stand.
    struct Step: Sendable {
        var name: String
        var stage: FilterStage
        var filter: any CandidateFilter
        var properties: [Int]
    }

    let properties: [Property]
    let computations: [Computation]
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
            for r in step.filter.remarks(on: batch, keep: keep) { summary.warningCounts[r.remark, default: 0] += UInt64(r.rows) }
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
            let computation = computations[properties[p].computation]
            compute(computation.inputs, of: &batch, &summary, cache: &cache)
            let inputs = computation.inputs.map { PropertyValues(values: batch.values[$0]!, spread: batch.spreads[$0]) }
            let computed = computation.part.values(of: batch.candidates, inputs: inputs, cache: &cache)
            for (place, column) in zip(computation.outputs, computed.columns) {
                batch.set(place, values: column.values, spread: column.spread)
            }
            for r in computed.remarks { summary.warningCounts[r.text, default: 0] += UInt64(r.rows) }
            batch.reject(computed.defects, stage: .describe)
            for place in computation.outputs { summary.distributions[place].insert(computed: batch.values[place]!) }
        }
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
