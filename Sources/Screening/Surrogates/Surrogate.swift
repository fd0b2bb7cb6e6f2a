import MaterialsCore
import Models

/// A trained model with all that is needed to use it on candidates: descriptors, columns, card, and what it was trained on.
struct Surrogate: Sendable {
    /// What people should know of it.
    var card: ModelCard
    /// From candidates to features.
    let features: FeaturePipeline
    /// Predicts from features.
    let model: any PropertyModel
    /// Compositions that it was trained on.
    let known: CompositionKeySet
    /// Gives the standard deviations where the model does not know its error.
    let errorModel: ErrorModel?
    /// Brings standard deviations and probabilities in line with what was seen on held-out rows.
    let calibration: Calibration
    /// Where the model has learned; nil where that is not known.
    let domain: ApplicabilityDomain?
    /// Columns of the features that the model reads, in its order; nil is all as they are.
    var featureOrder: [Int]?
    /// `elements[z]`: true where training data held the element.
    let elements: [Bool]

    /// Classes that it tells apart; 0 in a regression.
    var classCount: Int { card.task == .regression ? 0 : card.classes.count }

    /// Names of the classes, by which outputs show them; none for numbers and for the classes 0 and 1, which are shown as such.
    var classNames: [String] { card.classes == ["0", "1"] ? [] : card.classes }

    /// Predictions for a batch, one row a candidate; rows in `defects` have none.
    struct Output {
        var prediction: Prediction
        /// 1 where all elements stood in the training data and the features are near those of its rows, else 0.
        var inDomain: [Double]
        var defects: [(row: Int, defect: CandidateDefect)]
    }

    func predict(_ batch: CandidateBatch, cache: inout FeatureCache) -> Output {
        let (matrix, defects) = cache.features(features, of: batch)
        var prediction = Prediction(rows: batch.count, classCount: classCount)
        model.predict(featureOrder.map(matrix.selectingColumns) ?? matrix, into: &prediction)
        errorModel?.fillSpread(matrix, of: &prediction)
        calibration.apply(to: &prediction)
        var inDomain = [Double](repeating: 1, count: batch.count)
        domain?.judge(matrix, inDomain: &inDomain)
        for row in 0..<batch.count {
            for i in batch.compositionOffsets[row]..<batch.compositionOffsets[row + 1] where !elements[Int(batch.atomicNumbers[i])] {
                inDomain[row] = 0
            }
        }
        return Output(prediction: prediction, inDomain: inDomain, defects: defects)
    }

    /// Probability of a class in every row; nil is class 1 of 0 and 1, else the class that is predicted.
    func probabilities(_ prediction: Prediction, ofClass code: Int?) -> [Double] {
        if code == nil && classNames.isEmpty { return prediction.spread }
        guard let code else { return (0..<prediction.rows).map(prediction.certainty) }
        return (0..<prediction.rows).map { prediction.probability(ofClass: code, row: $0) }
    }

    /// 1 where the candidate's composition was trained on, else 0.
    func knownFlags(_ batch: CandidateBatch) -> [Double] {
        (0..<batch.count).map { known.contains(compositionKey(batch.composition($0))) ? 1 : 0 }
    }
}

/// Features of the batch in hand, so that surrogates with the same descriptors share them.
struct FeatureCache {
    private var indices: [CandidateIndex] = []
    private var described: [String: (matrix: FeatureMatrix, defects: [(row: Int, defect: CandidateDefect)])] = [:]

    mutating func features(_ pipeline: FeaturePipeline, of batch: CandidateBatch) -> (FeatureMatrix, [(row: Int, defect: CandidateDefect)])
    {
        if indices != batch.indices { (indices, described) = (batch.indices, [:]) }
        if let known = described[pipeline.identity] { return known }
        let made = pipeline.features(of: batch)
        described[pipeline.identity] = made
        return made
    }
}
