import MaterialsCore
import Models

extension SurrogateFit {
    /// Features that the card names.
    private static let importanceCount = 20

    /// What is told of the model.
    func card(model: any PropertyModel, pipeline: FeaturePipeline, judged: Judgement?) throws -> ModelCard {
        let mask = table.elementMask()
        var card = ModelCard(
            property: property, model: plan.model.name, target: plan.target, unit: table.targets[0].unit, task: plan.task,
            descriptors: pipeline.groups.map(\.name), featureCount: pipeline.featureNames.count,
            rows: table.count, rejectedRows: table.rejections.count,
            data: .init(path: displayPath, sha256: tableHash, dataClass: table.provenance.dataClass, license: table.provenance.license),
            settings: model.summary, validation: judged.map { validation($0.crossValidation) },
            baseline: judged.map { baseline($0.crossValidation.folds) } ?? [:],
            elements: (1...118).filter { mask[$0] }.map { Element.symbols[$0] },
            knownCompositions: table.compositionKeys().count, seed: plan.seed, version: MatSieve.version, warnings: warnings(judged))
        (card.classes, card.weightColumn) = (table.targets[0].classes, plan.weights)
        if judged?.errorModel?.isConstant == false { card.settings["standard_deviation"] = "learned from held-out errors" }
        card.holdsTrainingRows = (try? ModelRegistry.entry(named: plan.model.name).traits.holdsTrainingRows) ?? false
        guard let judged else { return card }
        (card.calibration, card.worstErrors, card.learningCurve) = (judged.summary, judged.worstErrors, judged.learningCurve)
        card.importance = judged.importance.result(shap: try meanShap(model), limit: Self.importanceCount)
        return card
    }

    /// Mean |SHAP value| of each column over at most 1,000 seeded training rows, fewer of large ensembles; nil for models other than trees
    /// and in a short card.
    private func meanShap(_ model: any PropertyModel) throws -> [Double]? {
        guard plan.cardDetail == .full, let trees = model as? any ExplainsByTrees else { return nil }
        let affordable = min(1_000, max(10, 20_000_000 / max(trees.leafCount, 1)))
        var random = SplitMix64(seed: plan.seed ^ 0x73_68_61_70)
        let rows = random.permutation(data.features.rows).prefix(affordable).sorted()
        let found = try trees.shapValues(data.features.selecting(rows), threads: workers.threads)
        return (0..<data.features.columns).map { column in
            let sum = found.reduce(0) { total, output in rows.indices.reduce(total) { $0 + output.values[$1, column].magnitude } }
            return sum / Double(rows.count * found.count)
        }
    }

    private func warnings(_ judged: Judgement?) -> [String] {
        var warnings = table.notes
        if judged == nil { warnings.append("its error was not judged") }
        if judged?.errorModel?.isConstant == true {
            warnings.append("one standard deviation for all rows: none that follows the row did better on held-out errors")
        }
        if !table.rejections.isEmpty {
            warnings.append(
                "\(table.rejections.count) rows of the table could not be used; the first: \(table.rejections[0].defect.detail)")
        }
        return warnings
    }

    private func validation(_ judged: CrossValidation) -> ModelCard.Validation {
        ModelCard.Validation(
            scheme: judged.folds.scheme, folds: judged.folds.testRows.count,
            metrics: judged.scores.filter { $0.value.mean.isFinite }.mapValues {
                ModelCard.Metric(mean: $0.mean, std: $0.perFold.count > 1 ? $0.standardDeviation : nil, perFold: $0.perFold)
            })
    }

    /// The same figures for predicting the mean, or the commonest class with the share of each as its probability, of the rows learned
    /// from; means over the folds that tell.
    private func baseline(_ folds: Folds) -> [String: Double] {
        let perFold = folds.testRows.indices.map { fold in
            let tested = folds.testRows[fold]
            let prediction = constant(data.selecting(folds.learnedRows(fold, of: data.targets.count)), rows: tested.count)
            return Metrics.scores(
                prediction, observed: tested.map { data.targets[$0] }, task: data.task,
                weights: data.weights.map { w in tested.map { w[$0] } })
        }
        var result: [String: Double] = [:]
        for name in perFold.first.map({ Array($0.keys) }) ?? [] {
            let telling = perFold.compactMap { $0[name] }.filter { !$0.isNaN }
            result[name] = telling.reduce(0, +) / Double(telling.count)
        }
        return result.filter(\.value.isFinite)
    }

    /// The prediction that knows nothing but the targets.
    private func constant(_ learned: TrainingData, rows: Int) -> Prediction {
        var prediction = Prediction(rows: rows, classCount: data.classCount)
        let total = learned.targets.indices.reduce(0) { $0 + learned.weight($1) }
        guard data.task == .classification else {
            let mean = learned.targets.indices.reduce(0) { $0 + learned.weight($1) * learned.targets[$1] } / total
            prediction.mean = [Double](repeating: mean, count: rows)
            return prediction
        }
        var shares = [Double](repeating: 0, count: data.classCount)
        for row in learned.targets.indices { shares[Int(learned.targets[row])] += learned.weight(row) / total }
        for row in 0..<rows { prediction.setProbabilities(shares.span, row: row) }
        return prediction
    }
}
